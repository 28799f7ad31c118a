"""
SQLite, by aiosqlite: one file, one connection that writes, others that read.

SQLAlchemy compiles the statements (``storage/statements.py``) and aiosqlite runs them with one step into its thread;
through SQLAlchemy's own asynchronous connection a statement takes four such steps and ten times the CPU.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.engine import Dialect, Statement, Values
from storage.errors import Unavailable
from storage.sqlite_engine import PRAGMAS, make_engine
from storage.sqlite_errors import is_lost, is_shortage, plain_errors
from storage.sqlite_file import copy_whole, look_at_file, prepare_file
from storage.sqlite_steps import Change, SteppedConnection
from storage.statements import compiled

READERS = 16  #: connections that read at a time; who comes after them waits for one of theirs
_IDLE_READERS = 2


class SqliteConnection:
    """One transaction in SQLite."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: SteppedConnection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows."""
        given = values or {}
        ready = compiled(statement, tuple(given))
        with plain_errors():
            found = await self._connection.read((ready.text, ready.values(given)))
        return ready.rows(found[0].keys(), [tuple(row) for row in found]) if found else []

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        with plain_errors():
            return await self._connection.change(_change(statement, values))

    async def write(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> None:
        """Run a statement with what is read or committed next."""
        self._connection.change_later(_change(statement, values))


class SqliteDatabase:
    """An SQLite file that is open. ``patience`` is how many seconds to wait for another process that writes."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float, make: bool) -> None:
        """``make``: make the file where it is not there yet. Raises NoDatabase or NotWritable."""
        look_at_file(path, make=make)
        prepare_file(path)
        self._path = path
        self._is = path.stat().st_ino
        self._patience = patience
        self._writer: SteppedConnection | None = None
        self._write_lock = asyncio.Lock()
        self._readers: list[SteppedConnection] = []  #: those that nobody uses
        self._free_readers = asyncio.Semaphore(READERS)
        self._returned = asyncio.Event()
        self._closed = False

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self._path)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteConnection]:
        """Give the connection that writes; durable when the block ends, undone when it raises."""
        async with self._write_lock:
            self._look()
            writer = self._writer = self._writer or await self._connected()
            committed = False
            try:
                with plain_errors():
                    await writer.read(("BEGIN IMMEDIATE", ()))
                yield SqliteConnection(writer)
                with plain_errors():
                    await writer.commit()
                committed = True
            except Unavailable as error:
                if is_lost(error.__cause__):
                    self._writer = None
                    await _ended(writer)
                raise
            finally:
                if self._writer is writer and not committed:
                    await _undone(writer)

    @asynccontextmanager
    async def reading(self, within: float | None = None) -> AsyncIterator[SqliteConnection]:
        """Give a connection that reads: one moment's state, however long it takes."""
        async with self._free_readers:
            self._look()
            reader = await self._reader()
            broken = False
            try:
                with plain_errors():
                    await reader.read(("BEGIN", ()))
                yield SqliteConnection(reader)
            except Unavailable as error:
                broken = is_lost(error.__cause__)
                raise
            finally:
                try:
                    await _undone(reader)
                finally:
                    await self._let_go(reader, broken=broken)

    def migration_engine(self) -> sa.Engine:
        """Give an engine to change the tables with."""
        return make_engine(self._path, patience=self._patience)

    async def backup(self, path: Path) -> None:
        """Write a whole copy to ``path`` while others write. Raises NotWritable or Unavailable."""
        await asyncio.to_thread(copy_whole, self._path, path)

    def presence(self, owner: str) -> None:
        """Give nothing: one process at a time is at work on a file."""

    async def close(self) -> None:
        """Let go of the connections, for good; one that reads is let finish."""
        self._closed = True
        async with self._write_lock:
            idle = [*self._readers, *([self._writer] if self._writer else [])]
            self._readers, self._writer = [], None
            for connection in idle:
                await connection.close()

    def _look(self) -> None:
        """Raise Unavailable when another file, or none, has come in the place of ours: what goes there is lost."""
        try:
            is_ours = self._path.stat().st_ino == self._is
        except OSError:
            is_ours = False
        if not is_ours:
            raise Unavailable("the database file was removed or replaced while the program runs: start it again")

    async def _reader(self) -> SteppedConnection:
        """
        Give a connection to read with: one that nobody uses, else a new one; where no more files or threads can be
        had, the first that others are done with. Raises Unavailable.
        """
        until = asyncio.get_running_loop().time() + self._patience
        while not self._readers:
            try:
                return await self._connected()
            except Unavailable as error:
                if not is_shortage(error.__cause__):
                    raise
            self._returned.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._returned.wait()
            except TimeoutError:
                raise Unavailable("no more files can be opened, and nobody was done reading in time") from None
        return self._readers.pop()

    async def _let_go(self, reader: SteppedConnection, *, broken: bool) -> None:
        """Keep a connection for who reads next, unless enough are kept, or it is of no use."""
        if broken or self._closed or len(self._readers) >= _IDLE_READERS:
            await _ended(reader)
        else:
            self._readers.append(reader)
        self._returned.set()

    async def _connected(self) -> SteppedConnection:
        """Give a new connection, which waits for a lock as long as patience lasts. Raises Unavailable."""
        if self._closed:
            raise Unavailable("the database is closed")
        with plain_errors():
            connection = SteppedConnection(
                self._path, timeout=self._patience, isolation_level=None, cached_statements=512
            )
            await connection
            connection.row_factory = sqlite3.Row
            try:
                for pragma in PRAGMAS:
                    await connection.execute_fetchall(f"PRAGMA {pragma}")
            except BaseException:
                await _ended(connection)
                raise
        return connection


def _change(statement: Statement, values: Values | Sequence[Values] | None) -> Change:
    many: Sequence[Values] = [values or {}] if values is None or isinstance(values, Mapping) else values
    ready = compiled(statement, tuple(many[0]))
    return ready.text, [ready.values(row) for row in many]


async def _ended(connection: SteppedConnection) -> None:
    """Let go of a connection. Its thread has nothing to tell the loop any more, which may be closed next."""
    if ending := connection.stop():
        await asyncio.wait([ending])


async def _undone(connection: SteppedConnection) -> None:
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
