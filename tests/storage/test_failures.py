"""When the database fails nothing is half stored, and it works again once the database does."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from storage.errors import NotWritable, Rejected, StorageError, Unavailable
from storage.records import Said
from storage.store import Storage
from storage.tables import conversations, handled, leads, questions, transcript
from storage.tables import outgoing as messages
from tests.postgres import OwnServer
from tests.storage.conftest import KEY, Open
from tests.storage.samples import NOW, conversation, lead, outgoing


async def save(storage: Storage, chat: str = "telegram:1") -> None:
    """Store a conversation."""
    async with storage.transaction() as tx:
        await tx.conversations.load([chat])
        await tx.conversations.save([conversation(chat)])


async def saved(storage: Storage) -> bool:
    """Whether it is stored."""
    async with storage.reading() as tx:
        return bool(await tx.conversations.load(["telegram:1"]))


async def test_locked(sqlite_ready: str, opened: Open) -> None:
    """While another program holds the database, reading goes on, storing says it failed; afterwards it works."""
    storage = await opened(sqlite_ready, patience=0.1)
    other = sqlite3.connect(sqlite_ready.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        await save(storage)
    assert not await saved(storage)
    other.execute("ROLLBACK")
    other.close()
    await save(storage)
    assert await saved(storage)


async def test_a_database_that_keeps_nothing_is_not_ready(sqlite_ready: str, opened: Open) -> None:
    """What can be read and keeps nothing is no answer for an operator; it is one again by itself, when it is."""
    storage = await opened(sqlite_ready, patience=0.1)
    other = sqlite3.connect(sqlite_ready.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        await save(storage)
    for _ in range(2):
        told = await asyncio.gather(storage.ping(), storage.ping(), return_exceptions=True)
        assert all(isinstance(one, Unavailable) and "keeps nothing" in str(one) for one in told)
    other.execute("ROLLBACK")
    other.close()
    await storage.ping()


async def test_a_server_that_is_only_read_from_is_not_ready(postgresql_ready: str, opened: Open) -> None:
    """After a failover to a copy that may not be written, operators read that nothing is kept."""
    storage = await opened(postgresql_ready)
    with psycopg.connect(postgresql_ready, autocommit=True) as other:
        here = f'ALTER DATABASE "{other.info.dbname}"'
        other.execute(f"{here} SET default_transaction_read_only = on".encode())
        try:
            await storage._database.close()  # its connections; the next are new
            with pytest.raises(Unavailable):
                await save(storage)
            with pytest.raises(Unavailable, match="read-only"):
                await storage.ping()
        finally:
            other.execute(f"{here} RESET default_transaction_read_only".encode())
            await storage._database.close()


async def test_waits_for_the_lock(sqlite_ready: str, opened: Open) -> None:
    """A short wait of another program is waited for, and the bot does other things meanwhile."""
    storage = await opened(sqlite_ready, patience=30)
    other = sqlite3.connect(sqlite_ready.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    saving = asyncio.create_task(save(storage))
    await asyncio.sleep(0.05)
    assert not saving.done()
    other.execute("COMMIT")
    other.close()
    await saving
    assert await saved(storage)


async def test_disk_full(sqlite_ready: str, opened: Open) -> None:
    """On a full disk nothing of a batch is stored, and it works again when there is room."""
    storage = await opened(sqlite_ready)

    async def limit(pages: int) -> None:
        async with storage._database.transaction() as connection:
            await connection.rows(sa.text(f"PRAGMA max_page_count={pages}"))

    async def add_much() -> None:
        async with storage.transaction() as tx:
            await tx.conversations.save([conversation()])
            await tx.outbox.add([outgoing(text="x" * 100_000)] * 10)

    await limit(1)
    with pytest.raises(Unavailable, match="full"):
        await add_much()
    assert not await saved(storage)
    await limit(1_000_000)
    await add_much()
    assert await saved(storage)


async def test_cancelled(storage: Storage) -> None:
    """A turn that is cut off half way leaves nothing behind and blocks nobody."""
    inside = asyncio.Event()

    async def hang() -> None:
        async with storage.transaction() as tx:
            await tx.conversations.save([conversation()])
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await saved(storage)
    await save(storage)
    assert await saved(storage)


async def save_a_turn(storage: Storage, number: int) -> None:
    """Store all that one turn of one chat leaves."""
    chat = f"telegram:{number}"
    async with storage.transaction() as tx:
        await tx.conversations.load([chat])
        await tx.conversations.save([conversation(chat)])
        await tx.leads.save([lead(f"LEAD-{number:04}", chat=chat)])
        await tx.outbox.add([outgoing(chat, chat=chat)])
        await tx.transcript.add([Said(chat=chat, by="bot", at=NOW, content={"text": "Dag"})])


async def stored_of(storage: Storage, number: int) -> tuple[int, int, int, int]:
    """How much is stored of this turn: conversations, leads, messages that wait, lines of the page."""
    chat = f"telegram:{number}"
    async with storage.reading() as tx:
        conversations = await tx.conversations.load([chat])
        leads = [one for one in await tx.leads.list() if one.chat == chat]
        kept = await tx.people.kept(chat)
    return len(conversations), len(leads), len(kept.outgoing), len(kept.said)


async def test_cancelled_anywhere(storage: Storage) -> None:
    """Wherever a turn is cut off, all of it is stored or nothing of it, and the next turn works."""
    outcomes: list[tuple[int, int, int, int]] = []
    steps, finished = 0, False
    while not finished:
        turn = asyncio.create_task(save_a_turn(storage, len(outcomes)))
        for _ in range(steps):
            await asyncio.sleep(0)
        finished = turn.done()
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
        outcomes.append(await stored_of(storage, len(outcomes)))
        steps += 1 + steps // 3
    assert set(outcomes) == {(0, 0, 0, 0), (1, 1, 1, 1)}
    await save(storage)
    assert await saved(storage)


async def test_reading_inside_reading(storage: Storage) -> None:
    """Reading never waits for reading or writing."""
    async with storage.transaction() as tx, storage.reading() as outer, storage.reading() as inner:
        await tx.conversations.save([conversation()])
        assert await outer.leads.list() == await inner.leads.list() == []


CRASH = """
import asyncio, os, sys
from storage.store import Storage
from tests.storage.samples import conversation, outgoing

async def main(url, key, committed):
    storage = await Storage.open(url, data_key=key)
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation()])
        await tx.outbox.add([outgoing()])
        if not committed:
            os.kill(os.getpid(), 9)
    os.kill(os.getpid(), 9)

asyncio.run(main(*sys.argv[1:3], sys.argv[3] == "after"))
"""


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed(url: str, opened: Open, when: str) -> None:
    """A process killed before its commit leaves nothing; killed right after it, all is there, the answer included."""
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", CRASH, url, KEY, when], cwd=root, check=False)
    assert killed.returncode == -9
    storage = await opened(url, owner="next")
    async with storage.transaction() as tx:
        found = await tx.conversations.load(["telegram:1"]), await tx.outbox.waiting_counts()
    assert [len(part) for part in found] == ([0, 0] if when == "before" else [1, 1])


async def test_postgresql_restarts(opened: Open) -> None:
    """While PostgreSQL is away storing fails with one line; once it is back it works by itself."""
    server = OwnServer()
    try:
        server.prepare()
        server.start()
        storage = await opened(server.url)
        await save(storage)
        server.stop()
        for _ in range(2):
            with pytest.raises(Unavailable) as raised:
                await save(storage)
            assert "\n" not in str(raised.value)
        server.start()
        await save(storage)
        assert await saved(storage)
    finally:
        server.remove()


@pytest.mark.parametrize("before", ["SET TRANSACTION READ ONLY", "SELECT no_such_column"])
async def test_postgresql_takes_nothing_now(postgresql_ready: str, opened: Open, before: str) -> None:
    """A server that became a read-only copy, or a transaction that broke: what was sent is kept for later."""
    storage = await opened(postgresql_ready)

    async def store() -> None:
        async with storage._database.transaction() as connection:
            with contextlib.suppress(Rejected):
                await connection.run(sa.text(before))
            await connection.run(sa.text("DELETE FROM leads"))

    with pytest.raises(Unavailable):
        await store()
    await save(storage)
    assert await saved(storage)


async def test_waits_for_a_row_only_so_long(postgresql_ready: str, opened: Open) -> None:
    """A chat that another process holds too long is given up with one line instead of waiting for ever."""
    first, second = await opened(postgresql_ready), await opened(postgresql_ready, patience=0.2)
    await save(first)
    async with first.transaction() as tx:
        await tx.conversations.load(["telegram:1"])
        with pytest.raises(Unavailable, match="lock"):
            await save(second)


async def test_backup_under_load(tmp_path: Path, sqlite_ready: str, opened: Open) -> None:
    """A backup taken while people talk is whole, and the bot starts from it."""
    storage = await opened(sqlite_ready)
    begun, done = asyncio.Event(), asyncio.Event()
    chats = [f"telegram:{number}" for number in range(40)]

    async def talk() -> int:
        turns = 0
        while not done.is_set() or turns < 3:
            turns += 1
            async with storage.transaction() as tx:
                await tx.conversations.save([conversation(chat, misses=turns) for chat in chats])
            begun.set()
        return turns

    talking = asyncio.create_task(talk())
    await begun.wait()
    for _ in range(2):
        await storage.backup(tmp_path / "backup" / "copy.db")
    done.set()
    assert await talking >= 3
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["copy.db"]
    restored = await opened(f"sqlite:///{tmp_path}/backup/copy.db")
    async with restored.reading() as tx:
        loaded = (await tx.conversations.load(chats)).values()
    assert len(loaded) == 40
    assert len({item.misses for item in loaded}) == 1


async def test_backup_that_cannot_be_written(tmp_path: Path, sqlite_ready: str, opened: Open) -> None:
    """A backup to where nothing can be written says so."""
    storage = await opened(sqlite_ready)
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable):
        await storage.backup(tmp_path / "file" / "copy.db")
    with pytest.raises(NotWritable, match="too long"):
        await storage.backup(tmp_path / ("x" * 300))
    (tmp_path / "copy.db").mkdir()
    with pytest.raises(NotWritable):
        await storage.backup(tmp_path / "copy.db")
    (tmp_path / "bad.db.part").write_text("Dit is geen database, maar een lange regel tekst. " * 100)
    await storage.backup(tmp_path / "bad.db")
    assert (tmp_path / "bad.db").read_bytes().startswith(b"SQLite format 3")


async def test_a_rehearsal(storage: Storage) -> None:
    """Whether the database keeps what turns keep is tried in each of their tables, and nothing stays of it."""
    async with storage.transaction() as tx:
        await tx.rehearsal.run()
    async with storage._database.reading() as connection:
        for table in (conversations, handled, leads, messages, questions, transcript):
            assert await connection.rows(sa.select(table)) == [], table.name


@pytest.mark.parametrize("table", ["conversations", "handled", "leads", "outgoing", "questions", "transcript"])
async def test_a_rehearsal_that_fails(storage: Storage, table: str) -> None:
    """Where one of these tables takes nothing, that is seen."""
    async with storage._database.transaction() as connection:
        await connection.run(sa.text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    try:
        with pytest.raises(StorageError):
            async with storage.transaction() as tx:
                await tx.rehearsal.run()
    finally:
        async with storage._database.transaction() as connection:
            await connection.run(sa.text(f"ALTER TABLE elsewhere RENAME TO {table}"))
