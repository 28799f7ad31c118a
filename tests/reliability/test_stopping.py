"""A clean stop, a backup under load, and a newer release's tables under a running program."""

import asyncio
import shutil
import sqlite3
from pathlib import Path

import psycopg
import pytest

from bot.running.listening import listen
from bot.running.serving import serve
from bot.settings import Settings, load_settings
from tests.reliability.crowd import Crowd
from tests.reliability.inside import answered, inside, sign_up
from tests.reliability.kills import everyone, leads_in
from tests.reliability.process import BotProcess, command, started
from tests.reliability.world import a_world

pytestmark = pytest.mark.timeout(300)


async def test_a_clean_stop_with_work_in_hand(tmp_path: Path, sqlite_url: str) -> None:
    """SIGTERM while people talk and the mail server hangs: it ends within seconds; the next start loses nothing."""
    async with a_world() as world:
        world.mailbox.hang = 3600
        bot = BotProcess(settings=world.settings(sqlite_url), folder=tmp_path)
        crowd = Crowd()
        async with started(bot):
            await sign_up(world, 100)
            talking = everyone(crowd, world, 6, lambda: bot.url)
            await crowd.progress(20)
            assert await bot.stop() < 10  # promised are 5; the machine that tests may be slow
            assert "Traceback" not in bot.log
            world.mailbox.hang = 0
            await bot.start()
            await asyncio.gather(*talking)
            assert crowd.unanswered == 0
            await bot.stop()
        assert len(await leads_in(sqlite_url, world.data_key)) == 7


async def test_a_backup_under_load_can_be_restored(tmp_path: Path, sqlite_url: str) -> None:
    """A backup taken while people sign up is whole; put in its place, the program goes on from it."""
    async with a_world() as world:
        settings = world.settings(sqlite_url)
        async with inside(world, settings):
            before = await sign_up(world, 100)
            crowd = Crowd()
            talking = everyone(crowd, world, 20, lambda: f"http://127.0.0.1:{settings['HTTP_PORT']}")
            await crowd.progress(20)
            code, said = await command(tmp_path, settings, "backup", str(tmp_path / "copy.db"))
            assert code == 0, said
            await asyncio.gather(*talking)
        copied = sqlite3.connect(tmp_path / "copy.db")
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        copied.close()
        for name in ("bot.db-wal", "bot.db-shm"):  # as docs/operations.md says
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copy(tmp_path / "copy.db", tmp_path / "bot.db")
        references = {reference for reference, _ in await leads_in(sqlite_url, world.data_key)}
        assert set(before.references) <= references <= set(before.references + crowd.references)
        async with inside(world, settings):
            await answered(world.api.person("Noor"))


def newer_tables(url: str) -> None:
    """What a newer release's migration does: it adds, and says which release the tables are of."""
    statements = (
        "ALTER TABLE leads ADD COLUMN newer TEXT",
        "ALTER TABLE conversations ADD COLUMN newer INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outgoing ADD COLUMN newer TEXT",
        "CREATE TABLE newer (id INTEGER PRIMARY KEY)",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
    else:
        with psycopg.connect(url) as session:
            for statement in statements:
                session.execute(statement.encode())


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_the_previous_release_goes_on(engine: str, request: pytest.FixtureRequest) -> None:
    """A newer release has migrated the database: this one goes on under way, and starts again on it."""
    url: str = request.getfixturevalue(f"{engine}_url")
    async with a_world() as world:
        settings = world.settings(url)
        async with inside(world, settings):
            noor = world.api.person("Noor")
            await answered(noor, "/aanmelden", "signup/ask/interest")
            await sign_up(world, 1)
            await asyncio.to_thread(newer_tables, url)
            await answered(noor, "beide", "signup/ask/organisation_type")
            await sign_up(world, 2)
        async with inside(world, settings):
            await answered(noor, "gemeente", "signup/ask/organisation")
            await sign_up(world, 3)
        assert len(await leads_in(url, world.data_key)) == 3


async def test_a_web_server_that_ends_ends_the_program(tmp_path: Path) -> None:
    """Where the web server ends by itself the program stops cleanly and fails, so that it is started again."""
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "HTTP_PORT": "0"}, None)

    def announce(_settings: Settings) -> None:
        next(task for task in asyncio.all_tasks() if task.get_name() == "web").cancel()

    with pytest.raises(RuntimeError, match="web server"):
        await asyncio.wait_for(serve(settings, asyncio.Event(), announce), 20)


async def test_who_comes_while_it_starts_is_answered(tmp_path: Path) -> None:
    """The door is open before anything is loaded: whoever comes meanwhile waits, and nobody is refused."""
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "HTTP_PORT": "0"}, None)
    listener, stopping = listen(settings), asyncio.Event()
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(60):
        running = asyncio.create_task(serve(settings, stopping, lambda _settings: None, listener=listener))
        assert b"200 OK" in await reader.readline()
        writer.close()
        stopping.set()
        await running
