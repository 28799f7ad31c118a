"""PostgreSQL through psycopg 3: a small pool, and a time-out on everything that waits."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine import Dialect, Statement, Values, plain_errors, reason
from storage.errors import NotPossible, Unreachable

_CONNECT_SECONDS = 5
_POOL_SIZE = 5
_MIGRATION_SECONDS = 300


def server_options(patience: float) -> dict[str, Any]:
    """Give psycopg's connection options: UTC, and no statement, lock or idle transaction that waits for ever."""
    wait = int(patience * 1000)
    return {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 30,
        "application_name": "course-bot",
        "options": f"-c timezone=UTC -c lock_timeout={wait} -c statement_timeout={2 * wait}"
        f" -c idle_in_transaction_session_timeout={6 * wait}",
    }


class PostgresConnection:
    """One transaction in PostgreSQL."""

    dialect: Dialect = "postgresql"

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows."""
        with plain_errors():
            return (await self._connection.execute(statement, values)).all()

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values."""
        with plain_errors():
            return (await self._connection.execute(statement, values)).rowcount


class PostgresDatabase:
    """A PostgreSQL database. ``patience`` is how many seconds to wait for a lock or a free connection."""

    dialect: Dialect = "postgresql"

    def __init__(self, address: sa.URL, *, patience: float) -> None:
        self._address = address.set(drivername="postgresql+psycopg")
        self._engine: AsyncEngine = create_async_engine(
            self._address,
            connect_args=server_options(patience),
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_SIZE,
            pool_timeout=patience,
            pool_recycle=1800,
            hide_parameters=True,
        )

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return self._address.database or ""

    async def check(self) -> None:
        """Connect once. Raises Unreachable."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
        except (SQLAlchemyError, OSError, ValueError) as error:  # the last: a host name that cannot be one
            raise Unreachable(f"cannot reach the database: {reason(error)}") from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresConnection]:
        """Give a connection; durable when the block ends, undone when it raises."""
        with plain_errors():
            connection = await self._engine.connect()
        try:
            with plain_errors():
                begun = await connection.begin()
            yield PostgresConnection(connection)
            with plain_errors():
                await begun.commit()
        finally:
            await connection.close()  # undoes what was not committed

    reading = transaction

    def migration_engine(self) -> sa.Engine:
        """Give an engine to change the tables with: slow changes are let be."""
        return sa.create_engine(
            self._address, connect_args=server_options(_MIGRATION_SECONDS), poolclass=NullPool, hide_parameters=True
        )

    async def backup(self, path: Path) -> None:
        """Raises NotPossible."""
        raise NotPossible("a backup of PostgreSQL is made with pg_dump")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._engine.dispose()
