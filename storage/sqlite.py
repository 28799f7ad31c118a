"""
SQLite: one file, one connection that writes, others that read.

Statements run at once, in the event loop: against a local file they take microseconds, and handing each to another
thread, as aiosqlite does four times a statement, took ten times the CPU of the statement itself (0.6 ms against
0.05). Only COMMIT, which waits for the disk, is done in a thread; a lock that another process has is waited for by
asking again.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from storage.engine import Dialect, Statement, Values
from storage.errors import NotWritable, Rejected, Unavailable
from storage.statements import compiled

T = TypeVar("T")

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
_ASK_AGAIN = 0.01  # seconds
_IDLE_READERS = 2


def prepare_file(path: Path) -> None:
    """
    Make the folder and an empty database file for its owner only, where they are not there yet.

    SQLite gives its WAL the rights of the file. Raises NotWritable.
    """
    try:
        path.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        raise NotWritable(f"the database file {path} cannot be written: {error.strerror}") from None


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the driver raises into errors of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(str(error)) from error
    except sqlite3.Error as error:
        raise Rejected(str(error)) from error


def _set_up(connection: sqlite3.Connection) -> None:
    """Set what SQLite keeps per connection."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what was removed is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")


class SqliteConnection:
    """One transaction in SQLite."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows."""
        given = values or {}
        ready = compiled(statement, tuple(given))
        with _plain_errors():
            cursor = self._connection.execute(ready.text, ready.values(given))
            return ready.rows([column[0] for column in cursor.description], cursor.fetchall())

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        many: Sequence[Values] = [values or {}] if values is None or isinstance(values, Mapping) else values
        ready = compiled(statement, tuple(many[0]))
        with _plain_errors():
            return self._connection.executemany(ready.text, [ready.values(row) for row in many]).rowcount


class SqliteDatabase:
    """An SQLite file that is open. ``patience`` is how many seconds to wait for another process that writes."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float) -> None:
        """Raises NotWritable."""
        prepare_file(path)
        self._path = path
        self._patience = patience
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []
        self._write_lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self._path)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteConnection]:
        """Give the connection that writes; durable when the block ends, undone when it raises."""
        async with self._write_lock:
            with _plain_errors():
                writer = await self._begun()
            try:
                yield SqliteConnection(writer)
                with _plain_errors():
                    await self._in_thread(writer.commit)
            finally:
                writer.rollback()  # undoes what was not committed

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteConnection]:
        """Give a connection that reads: one moment's state, however long it takes."""
        with _plain_errors():
            reader = self._readers.pop() if self._readers else self._connected(self._patience)
            reader.execute("BEGIN")
        try:
            yield SqliteConnection(reader)
        finally:
            reader.rollback()
            if len(self._readers) < _IDLE_READERS:
                self._readers.append(reader)
            else:
                reader.close()

    def migration_engine(self) -> sa.Engine:
        """Give an engine to change the tables with."""
        return make_engine(self._path, patience=self._patience)

    async def backup(self, path: Path) -> None:
        """Write a whole copy to ``path`` while others write. Raises NotWritable or Unavailable."""
        await asyncio.to_thread(_copy, self._path, path)

    async def close(self) -> None:
        """Let go of the connections."""
        async with self._write_lock:
            for connection in (*self._readers, *([self._writer] if self._writer else [])):
                connection.close()
            self._readers, self._writer = [], None
            self._thread.shutdown()

    def _connected(self, patience: float) -> sqlite3.Connection:
        """Give a new connection, which waits for a lock for so many seconds."""
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,  # one at a time, in the event loop or in our thread
            cached_statements=512,
        )
        _set_up(connection)
        connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        return connection

    async def _begun(self) -> sqlite3.Connection:
        """Give the connection that writes, as soon as no other process writes."""
        writer = self._writer = self._writer or self._connected(0)
        clock = asyncio.get_running_loop().time
        until = clock() + self._patience
        while True:
            try:
                writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or clock() >= until:
                    raise
            else:
                return writer
            await asyncio.sleep(_ASK_AGAIN)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        """Run what waits in the thread. Cancelling waits for it too: the connection is in its hands."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                await asyncio.wait([future])
            raise


def _copy(source_path: Path, path: Path) -> None:
    """Copy in one step, which sees one moment, then put the copy in its place."""
    part = path.with_name(path.name + ".part")
    with contextlib.suppress(OSError):
        part.unlink()  # of a backup that was broken off
    prepare_file(part)
    source, target = sqlite3.connect(source_path), sqlite3.connect(part)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise Unavailable(f"the backup failed: {error}") from error
    finally:
        target.close()
        source.close()
    try:
        part.replace(path)
    except OSError as error:
        part.unlink()
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None


def make_engine(path: Path, *, patience: float) -> sa.Engine:
    """
    Give an engine of SQLAlchemy's, which Alembic needs.

    The execution option ``immediate`` lets a transaction take the write lock when it begins.
    """
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": patience, "isolation_level": None},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        """Set what SQLite keeps per connection."""
        _set_up(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        """Begin by hand: the driver would leave changes of tables outside the transaction."""
        at_once = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")

    return engine
