"""What SQLite says is "not saved" or a refusal; and a file that could not be used is opened anew."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from storage.errors import Rejected, Unavailable
from storage.sqlite_errors import plain_errors
from storage.store import Storage
from tests.storage.conftest import Open
from tests.storage.test_failures import save, saved

CODES = {name: code for name, code in vars(sqlite3).items() if name.startswith("SQLITE_") and isinstance(code, int)}
STATE = (
    "BUSY", "LOCKED", "NOMEM", "READONLY", "INTERRUPT", "IOERR", "CORRUPT", "FULL", "CANTOPEN", "PROTOCOL", "SCHEMA",
    "MISUSE", "AUTH", "NOTADB", "READONLY_DBMOVED", "IOERR_WRITE", "IOERR_SHMOPEN", "BUSY_SNAPSHOT", "CORRUPT_INDEX",
    "CANTOPEN_FULLPATH", "PERM", "INTERNAL", "NOLFS", "FORMAT", "ABORT_ROLLBACK",
)  # fmt: skip
REFUSED = ("CONSTRAINT", "CONSTRAINT_UNIQUE", "CONSTRAINT_NOTNULL", "TOOBIG", "MISMATCH", "RANGE", "ERROR")


def said(name: str, kind: type[sqlite3.Error] = sqlite3.OperationalError, text: str = "it is so") -> sqlite3.Error:
    """What the driver raises for this result."""
    error = kind(text)
    error.sqlite_errorcode = CODES[f"SQLITE_{name}"]
    return error


@pytest.mark.parametrize("kind", [sqlite3.OperationalError, sqlite3.DatabaseError])
@pytest.mark.parametrize("name", [*STATE, *REFUSED])
def test_each_result(name: str, kind: type[sqlite3.Error]) -> None:
    """A file that is locked, full, damaged or away is "not saved"; what is wrong with the data itself is refused."""
    with pytest.raises(Rejected if name in REFUSED else Unavailable, match="it is so"), plain_errors():
        raise said(name, kind)


@pytest.mark.parametrize(
    "error",
    [
        said("ERROR", text="no such table: leads"),
        said("ERROR", text="cannot commit - no transaction is active"),
        sqlite3.ProgrammingError("Cannot operate on a closed database."),
        MemoryError(),
        ValueError("no active connection"),
        ValueError("Connection closed"),
    ],
)
def test_the_state_of_file_and_driver(error: Exception) -> None:
    """A file that is being replaced, a connection that ended, no memory: the same may work later."""
    with pytest.raises(Unavailable), plain_errors():
        raise error


@pytest.mark.parametrize("error", [sqlite3.InterfaceError("Error binding parameter 1"), ValueError("of our own")])
def test_a_fault_of_ours(error: Exception) -> None:
    """What cannot be sent at all is no trouble of the database."""
    with pytest.raises((Rejected, ValueError), match=r"binding|own"), plain_errors():
        raise error


@contextmanager
def no_files_left() -> Iterator[None]:
    """Let this process open no other file."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(path.name) for path in Path("/proc/self/fd").iterdir())
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, before[1]))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.dup(0))
        yield
    finally:
        for number in taken:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_no_files_left(sqlite_ready: str, opened: Open) -> None:
    """When somebody has taken all files of the process, what is asked is still read and stored, one after the other."""
    storage = await opened(sqlite_ready)
    with no_files_left():
        await asyncio.gather(*(save(storage, f"telegram:{number}") for number in range(5)))
        assert all(await asyncio.gather(*(reads_slowly(storage) for _ in range(5))))
    assert await saved(storage)


async def test_no_files_left_and_nobody_done(sqlite_ready: str, opened: Open) -> None:
    """Who cannot have a turn to read in time is told that it cannot be read now."""
    storage = await opened(sqlite_ready, patience=0.1)
    with no_files_left():
        async with storage.reading():
            with pytest.raises(Unavailable, match="no more files"):
                await saved(storage)
    assert not await saved(storage)


async def reads_slowly(storage: Storage) -> bool:
    """Read while others wait."""
    async with storage.reading() as tx:
        await asyncio.sleep(0.01)
        return bool(await tx.conversations.load(["telegram:1"]))


async def test_a_file_that_is_removed_or_replaced(sqlite_ready: str, opened: Open) -> None:
    """Where an operator removes or replaces the file while the program runs nothing is said to be stored, or read."""
    storage = await opened(sqlite_ready)
    await save(storage)
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    path.rename(path.with_name("away"))
    for replaced in (False, True):
        if replaced:
            path.touch()
        for asked in (save(storage), storage.ping()):
            with pytest.raises(Unavailable, match="start it again"):
                await asked
    path.with_name("away").rename(path)
    await save(storage, "telegram:2")
    assert await saved(storage)


async def test_a_disk_that_fails(sqlite_ready: str, opened: Open) -> None:
    """While the disk takes nothing it is "not saved"; afterwards the file is opened anew, and it goes on by itself."""
    storage = await opened(sqlite_ready)
    await save(storage)
    log = Path(sqlite_ready.removeprefix("sqlite:///")).with_name("bot.db-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        with pytest.raises(Unavailable, match="I/O"):
            await save(storage, "telegram:2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    await save(storage, "telegram:2")
    assert await saved(storage)
