"""The database fails: nothing is confirmed, people on the web are told honestly, all is handled once it is back."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.postgres import OwnServer
from tests.reliability.inside import Inside, all_inside, answered, sign_up
from tests.reliability.process import BotProcess, started
from tests.reliability.world import World, a_world
from tests.said import is_message, label

pytestmark = pytest.mark.timeout(300)


async def is_told_honestly(program: Inside, session: str) -> None:
    """A visitor's message is not saved, and they are told so in kind words."""
    status, body = await program.says("/aanmelden", "the-same", session)
    assert status == 503
    assert body["error"]["code"] == "not_saved"
    assert body["error"]["message"] == label("page/error_not_saved")


async def goes_through(program: Inside, session: str) -> None:
    """The very same message, again: it is answered now."""
    async with asyncio.timeout(60):
        while (reply := await program.says("/aanmelden", "the-same", session))[0] != 200:
            assert reply[0] == 503
            await asyncio.sleep(0.2)
    assert is_message(reply[1]["messages"][0]["text"], "signup/ask/interest", "nl")


async def test_sqlite_locked(tmp_path: Path, sqlite_url: str) -> None:
    """Another program holds the file: nothing is confirmed; when it lets go, everyone gets their answer."""
    async with all_inside(sqlite_url) as program:
        noor, session = program.world.api.person("Noor"), await program.session()
        await answered(noor)
        other = await locking(tmp_path / "bot.db")
        await noor.send("waar is het?")
        await is_told_honestly(program, session)
        assert program.world.api.updates.pending
        other.execute("ROLLBACK")
        other.close()
        await goes_through(program, session)
        await noor.sees("plaats", within=60)


async def locking(database: Path) -> sqlite3.Connection:
    """A connection that holds the write lock, taken between two transactions of the program."""
    other = sqlite3.connect(database, isolation_level=None, timeout=0)
    async with asyncio.timeout(30):
        while True:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                await asyncio.sleep(0.01)
            else:
                return other


@asynccontextmanager
async def no_room(bot: BotProcess, folder: Path) -> AsyncIterator[None]:
    """No file of this process can grow."""
    process = psutil.Process(bot.pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    smallest = min(file.stat().st_size for file in folder.glob("bot.db-wal"))
    process.rlimit(psutil.RLIMIT_FSIZE, (min(smallest, 4096), resource.RLIM_INFINITY))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, before)


async def test_disk_full(tmp_path: Path, sqlite_url: str) -> None:
    """The disk is full: people on the web are told, Telegram keeps what it has, and it goes on once there is room."""
    async with a_world() as world:
        bot = BotProcess(settings=world.settings(sqlite_url), folder=tmp_path)
        async with started(bot), visiting(world, bot) as program:
            noor, session = world.api.person("Noor"), await program.session()
            await answered(noor)
            await goes_on_after_trouble(program, tmp_path, bot, session)
            await noor.sees("plaats", within=60)
            await sign_up(world, 1)


async def goes_on_after_trouble(program: Inside, folder: Path, bot: BotProcess, session: str) -> None:
    """Nothing is confirmed while the disk is full; afterwards the same message is answered."""
    async with no_room(bot, folder):
        noor = next(chat for chat in program.world.api.chats.values() if chat.title == "Noor")
        asked = {"message_id": 900, "date": 1_760_000_000, "chat": noor.as_json(), "text": "waar is het?"}
        sender = {"id": noor.id, "is_bot": False, "first_name": "Noor", "language_code": "nl"}
        program.world.api.tell("message", asked | {"from": sender})
        await is_told_honestly(program, session)
        assert program.world.api.updates.pending
    await goes_through(program, session)


@asynccontextmanager
async def visiting(world: World, bot: BotProcess) -> AsyncIterator[Inside]:
    """Somebody who looks at a process."""
    import aiohttp

    async with aiohttp.ClientSession() as http:
        yield Inside(world=world, url=bot.url, http=http)


async def test_postgresql_restarts() -> None:
    """PostgreSQL stops and starts in the middle: nothing is lost, everyone gets their answer, the program lives on."""
    server = OwnServer()
    try:
        server.prepare()
        server.start()
        async with all_inside(server.url) as program:
            noor, session = program.world.api.person("Noor"), await program.session()
            await answered(noor)
            await asyncio.to_thread(server.stop)
            await noor.send("waar is het?")
            await is_told_honestly(program, session)
            assert (await program.ready())[0] == 503
            await asyncio.to_thread(server.start)
            await goes_through(program, session)
            await noor.sees("plaats", within=60)
            crowd = await sign_up(program.world, 1)
            await program.world.staff.sees(crowd.references[0], within=60)
    finally:
        server.remove()
