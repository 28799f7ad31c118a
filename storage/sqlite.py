"""
SQLite, by aiosqlite: one file, one connection that writes, others that read.

SQLAlchemy compiles the statements (``storage/statements.py``) and aiosqlite runs each with one step into its thread;
through SQLAlchemy's own asynchronous connection a statement takes four such steps and ten times the CPU.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from storage.engine import Dialect, Statement, Values
from storage.errors import NotWritable, Rejected, Unavailable
from storage.statements import compiled

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
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


#: what SQLite keeps per connection
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",  # what was removed is overwritten
)


class SqliteConnection:
    """One transaction in SQLite."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows."""
        given = values or {}
        ready = compiled(statement, tuple(given))
        with _plain_errors():
            found = list(await self._connection.execute_fetchall(ready.text, ready.values(given)))
        return ready.rows(found[0].keys(), [tuple(row) for row in found]) if found else []

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        many: Sequence[Values] = [values or {}] if values is None or isinstance(values, Mapping) else values
        ready = compiled(statement, tuple(many[0]))
        with _plain_errors():
            cursor = await self._connection.executemany(ready.text, [ready.values(row) for row in many])
        return cursor.rowcount


class SqliteDatabase:
    """An SQLite file that is open. ``patience`` is how many seconds to wait for another process that writes."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float) -> None:
        """Raises NotWritable."""
        prepare_file(path)
        self._path = path
        self._patience = patience
        self._writer: aiosqlite.Connection | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._write_lock = asyncio.Lock()

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self._path)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteConnection]:
        """Give the connection that writes; durable when the block ends, undone when it raises."""
        async with self._write_lock:
            writer = self._writer = self._writer or await self._connected()
            try:
                with _plain_errors():
                    await writer.execute("BEGIN IMMEDIATE")
                yield SqliteConnection(writer)
                with _plain_errors():
                    await writer.commit()
            finally:
                await _undone(writer)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteConnection]:
        """Give a connection that reads: one moment's state, however long it takes."""
        reader = self._readers.pop() if self._readers else await self._connected()
        try:
            with _plain_errors():
                await reader.execute("BEGIN")
            yield SqliteConnection(reader)
        finally:
            try:
                await _undone(reader)
            finally:
                self._readers.append(reader)
                if len(self._readers) > _IDLE_READERS:
                    self._readers.pop(0).stop()

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
                await connection.close()
            self._readers, self._writer = [], None

    async def _connected(self) -> aiosqlite.Connection:
        """Give a new connection, which waits for a lock as long as patience lasts. Raises Unavailable."""
        with _plain_errors():
            connection = await aiosqlite.connect(
                self._path, timeout=self._patience, isolation_level=None, cached_statements=512
            )
            connection.row_factory = sqlite3.Row
            try:
                for pragma in _PRAGMAS:
                    await connection.execute_fetchall(f"PRAGMA {pragma}")
            except BaseException:
                connection.stop()
                raise
        return connection


async def _undone(connection: aiosqlite.Connection) -> None:
    """
    Undo what was not committed. Cancelling waits for it too: the next transaction is on the same connection.

    The thread does one thing after the other, so a statement that was cancelled has ended before.
    """
    undoing = asyncio.ensure_future(connection.rollback())
    try:
        await asyncio.shield(undoing)
    except asyncio.CancelledError:
        await asyncio.wait([undoing])
        raise


def _copy(source_path: Path, path: Path) -> None:
    """Copy in one step, which sees one moment, then put the copy in its place."""
    if path.exists() and path.samefile(source_path):
        raise NotWritable(f"the backup {path} would replace the database itself")
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
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        """Begin by hand: the driver would leave changes of tables outside the transaction."""
        at_once = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")

    return engine
