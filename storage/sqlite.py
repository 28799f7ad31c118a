"""
SQLite: one file, one connection that writes, others that read.

Statements run at once, in the event loop: against a local file they take microseconds, and handing each to another
thread, as aiosqlite does four times a statement, took ten times the CPU of the statement itself (0.6 ms against
0.05). Only COMMIT, which waits for the disk, is done in a thread; a lock that another process has is waited for by
asking again.
"""

import asyncio
import contextlib
import functools
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ClauseElement, Executable, Row, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine import Dialect, Values, plain_errors
from storage.errors import NotWritable, Unavailable

T = TypeVar("T")

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
_ASK_AGAIN = 0.01  # seconds


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


def make_engine(path: Path, *, patience: float, immediate: bool, foreign_keys: bool = True) -> sa.Engine:
    """
    Give an engine. One whose transactions take the write lock when they begin has one connection.

    The execution option ``immediate`` lets a connection of another engine do so too.
    """
    pool: dict[str, Any] = {"poolclass": StaticPool} if immediate else {"pool_size": 2, "max_overflow": -1}
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        **pool,
        connect_args={
            "check_same_thread": False,
            "timeout": patience,
            "isolation_level": None,
            "cached_statements": 512,
        },
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        """Set what SQLite keeps per connection."""
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what was removed is overwritten
        ):
            connection.execute(f"PRAGMA {pragma}")
        if immediate:
            connection.execute("PRAGMA busy_timeout=0")  # whoever begins waits by asking again

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        """Begin by hand: the driver would leave changes of tables outside the transaction."""
        at_once = connection.get_execution_options().get("immediate", immediate)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")

    return engine


@functools.cache
def _compiled(statement: ClauseElement, names: tuple[str, ...]) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Give a statement as SQLite's text, the names of its values in their order, and the values that are fixed."""
    compiled = statement.compile(dialect=sqlite.dialect(), column_keys=list(names))
    order = tuple((compiled.positiontup if isinstance(compiled, SQLCompiler) else None) or ())
    return str(compiled), order, {name: compiled.params[name] for name in order if name not in names}


def _moment(value: datetime) -> str:
    """Give a time as SQLite keeps it, which is UTC without saying so; see ``tables.Moment``."""
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _is_busy(error: OperationalError) -> bool:
    """Whether another process has the lock."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


class SqliteConnection:
    """One transaction in SQLite."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> Sequence[Row[Any]]:
        """Run a statement that gives rows."""
        with plain_errors():
            return self._connection.execute(statement, values).all()

    async def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        with plain_errors():
            if isinstance(values, list):
                return self._run_many(statement, values)
            return self._connection.execute(statement, values).rowcount

    def _run_many(self, statement: Executable, values: list[Values]) -> int:
        """Run a statement once for each of the values, without the library's work on every single value."""
        text, names, fixed = _compiled(statement, tuple(values[0]))
        if fixed:
            values = [fixed | dict(row) for row in values]
        rows = [
            tuple([_moment(value) if type(value) is datetime else value for value in [row[name] for name in names]])
            for row in values
        ]
        return self._connection.exec_driver_sql(text, rows).rowcount


class SqliteDatabase:
    """An SQLite file that is open. ``patience`` is how many seconds to wait for another process that writes."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, patience: float) -> None:
        """Raises NotWritable."""
        prepare_file(path)
        self._path = path
        self._patience = patience
        self._writer = make_engine(path, patience=patience, immediate=True)
        self._reader = make_engine(path, patience=patience, immediate=False)
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
            with plain_errors():
                connection = self._writer.connect()
            try:
                with plain_errors():
                    begun = await self._begin(connection)
                yield SqliteConnection(connection)
                with plain_errors():
                    await self._in_thread(begun.commit)
            finally:
                connection.close()  # undoes what was not committed

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteConnection]:
        """Give a connection that reads: one moment's state, however long it takes."""
        with plain_errors():
            connection = self._reader.connect()
        try:
            with plain_errors():
                connection.begin()
            yield SqliteConnection(connection)
        finally:
            connection.close()

    def migration_engine(self) -> sa.Engine:
        """Give an engine to change the tables with."""
        return make_engine(self._path, patience=self._patience, immediate=False)

    async def backup(self, path: Path) -> None:
        """Write a whole copy to ``path`` while others write. Raises NotWritable or Unavailable."""
        await asyncio.to_thread(self._copy, path)

    def _copy(self, path: Path) -> None:
        """Copy in one step, which sees one moment, then put the copy in its place."""
        part = path.with_name(path.name + ".part")
        with contextlib.suppress(OSError):
            part.unlink()  # of a backup that was broken off
        prepare_file(part)
        source = sqlite3.connect(self._path, timeout=self._patience)
        target = sqlite3.connect(part)
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

    async def close(self) -> None:
        """Let go of the connections."""
        async with self._write_lock:
            self._writer.dispose()
            self._reader.dispose()
            self._thread.shutdown()

    async def _begin(self, connection: sa.Connection) -> sa.RootTransaction:
        """Begin, as soon as no other process writes."""
        clock = asyncio.get_running_loop().time
        until = clock() + self._patience
        while True:
            try:
                return connection.begin()
            except OperationalError as error:
                if not _is_busy(error) or clock() >= until:
                    raise
            await asyncio.sleep(_ASK_AGAIN)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        """Run what may wait in the thread. Cancelling waits for it too: the connection is in its hands."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                await asyncio.wait([future])
            raise
