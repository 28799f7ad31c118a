"""What was removed is overwritten beside the tables too, as soon as nobody reads an older state any more."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.privacy.overwriting import Overwriting
from storage.records import Said
from storage.store import Storage
from tests.outbox.helpers import until
from tests.security.journey import logged


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """A database in which somebody said something, and had it removed."""
    opened = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None, owner="first")
    async with opened.transaction() as tx:
        await tx.transcript.add([Said(chat="web:1", by="person", at=datetime.now(UTC), content={"text": "hoi"})])
    async with opened.transaction() as tx:
        await tx.people.forget(["web:1"])
    yield opened
    await opened.close()


async def test_a_reader_is_waited_for(storage: Storage, tmp_path: Path) -> None:
    """While a backup reads, say, the log cannot be cut; it is tried until it can, and said when that takes long."""
    log_file = tmp_path / "bot.db-wal"
    with (
        contextlib.closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as reader,
        logged("json") as log,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM leads").fetchall()
        async with storage.transaction() as tx:
            await tx.meta.set("staff", "x")
        overwriting = Overwriting(storage, first=0.0, patience=0.0)
        running = asyncio.create_task(overwriting.run())
        overwriting.ask()
        await until(lambda: "removed_not_overwritten" in log.getvalue(), "an operator is told")
        assert log_file.stat().st_size > 0
        reader.execute("COMMIT")
        await until(lambda: log_file.stat().st_size == 0, "the log is cut")
        running.cancel()
    assert log.getvalue().count("removed_not_overwritten") == 1


async def test_who_writes_meanwhile_notices_nothing(storage: Storage) -> None:
    """Forty turns stored while the log is cut again and again are all stored."""

    async def store(number: int) -> None:
        async with storage.transaction() as tx:
            await tx.meta.set(f"number-{number}", number)

    cuts = [storage.overwrite_removed() for _ in range(5)]
    await asyncio.gather(*(store(number) for number in range(40)), *cuts)
    async with storage.reading() as tx:
        assert [await tx.meta.get(f"number-{number}") for number in range(40)] == list(range(40))
