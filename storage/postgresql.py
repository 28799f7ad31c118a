"""PostgreSQL through psycopg 3: a small pool, and a time-out on everything that waits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine import Dialect, Statement, Values
from storage.errors import NotPossible, StorageError, Unreachable
from storage.postgresql_address import Address, advice
from storage.postgresql_errors import is_crowded, is_lost, plain_errors
from storage.postgresql_silence import ends_within
from storage.presence import Presence

_POOL_SIZE = 5
_MIGRATION_SECONDS = 300
_CROWDED_SECONDS = 0.05  #: before a connection is asked for again
_LONGEST = 3  #: times its patience that a statement may take: the server itself ends it after two
_DRIVER = "postgresql+psycopg://"


class PostgresConnection:
    """One transaction in PostgreSQL."""

    dialect: Dialect = "postgresql"

    def __init__(self, connection: AsyncConnection, longest: float) -> None:
        """``longest``: seconds after which a server that says nothing at all is given up."""
        self._connection = connection
        self._longest = longest

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows."""
        with plain_errors(), ends_within(self._longest, self._connection):
            return (await self._connection.execute(statement, values)).all()

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        with plain_errors(), ends_within(self._longest, self._connection):
            return (await self._connection.execute(statement, values)).rowcount

    async def write(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> None:
        """Run a statement."""
        await self.run(statement, values)


class PostgresDatabase:
    """A PostgreSQL database. ``patience`` is how many seconds to wait for a lock or a free connection."""

    dialect: Dialect = "postgresql"

    def __init__(self, address: Address, *, patience: float) -> None:
        self._address = address
        self._patience = patience
        self._engine: AsyncEngine = create_async_engine(
            _DRIVER,
            async_creator=self.connected,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_SIZE,
            pool_timeout=patience,
            pool_recycle=1800,
            hide_parameters=True,
            use_native_hstore=False,
        )
        _set_up(self._engine.sync_engine, address.begin(patience))

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return self._address.database

    async def connected(self) -> "psycopg.AsyncConnection[Any]":
        """Give a new connection, for who needs one of its own. Raises psycopg.Error or OSError."""
        return await psycopg.AsyncConnection.connect(**self._address.arguments)

    async def check(self) -> None:
        """Begin a transaction once. Raises Unreachable."""
        try:
            async with self.transaction() as connection:
                await connection.rows(sa.text("SELECT 1"))
        except (StorageError, ValueError) as error:  # the last: a host name that cannot be one
            said = " ".join(str(error).split())
            told = f"; {more}" if (more := advice(said)) else ""
            raise Unreachable(f"cannot reach the database: {said}{told}") from None

    @asynccontextmanager
    async def transaction(self, within: float | None = None) -> AsyncIterator[PostgresConnection]:
        """
        Give a connection; durable when the block ends, undone when it raises.

        ``within``: seconds for a look whose answer is of no use later.
        """
        connection, begun = await self._begun(within or self._patience)
        longest = within or _LONGEST * self._patience
        try:
            yield PostgresConnection(connection, longest)
            with plain_errors(), ends_within(longest, connection):
                await begun.commit()
        finally:
            with ends_within(longest, connection):
                await connection.close()  # undoes what was not committed

    reading = transaction

    def migration_engine(self) -> sa.Engine:
        """Give an engine to change the tables with: slow changes are let be."""
        arguments = self._address.arguments
        engine = sa.create_engine(
            _DRIVER,
            creator=lambda: psycopg.connect(**arguments),
            poolclass=NullPool,
            hide_parameters=True,
            use_native_hstore=False,
        )
        _set_up(engine, self._address.begin(_MIGRATION_SECONDS))
        return engine

    async def backup(self, path: Path) -> None:
        """Raises NotPossible always: PostgreSQL has its own tool for this."""
        raise NotPossible("a backup of PostgreSQL is made with pg_dump")

    def presence(self, owner: str) -> Presence:
        """Give the lock of the process of this name."""
        return Presence(self.connected, owner)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._engine.dispose()

    async def _begun(self, within: float) -> tuple[AsyncConnection, Any]:
        """
        Give a connection with a transaction begun on it; another one when the first was closed while nobody used it.

        To begin is as good as asking whether the connection lives, and costs nothing more. Raises Unavailable.
        """
        with plain_errors():
            try:
                return await self._begin(within)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return await self._begin(within)  # a new one: the pool drops all that are as old as the one that failed

    async def _connection(self) -> AsyncConnection:
        """Give a connection of the pool; where the server takes no more, the first that others are done with."""
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                return await self._engine.connect()
            except DBAPIError as error:
                if not is_crowded(error) or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(_CROWDED_SECONDS)

    async def _begin(self, within: float) -> tuple[AsyncConnection, Any]:
        connection = await self._connection()
        try:
            with ends_within(within, connection):
                return connection, await connection.begin()
        except BaseException:
            await connection.close()
            raise


def _set_up(engine: sa.Engine, statement: str) -> None:
    """Let every transaction begin with this statement, and drop connections that are of no further use."""

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(statement)

    @event.listens_for(engine, "handle_error")
    def judge(context: ExceptionContext) -> None:
        if is_lost(context.original_exception):
            context.is_disconnect = True
