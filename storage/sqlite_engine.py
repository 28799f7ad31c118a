"""SQLite through SQLAlchemy's own engine, which Alembic needs to change the tables; and how a connection is set up."""

import sqlite3
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

#: what is set anew on every connection
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-1000",  # kilobytes: the system keeps the pages as well, and there is a connection for each reader
    "secure_delete=ON",  # what was removed is overwritten
)


def make_engine(path: Path, *, patience: float) -> sa.Engine:
    """
    Give an engine to change the tables with; ``patience`` is how many seconds to wait for another that writes.

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
        for pragma in PRAGMAS:
            _set(connection, pragma, patience)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        """Begin by hand: the driver would leave changes of tables outside the transaction."""
        at_once = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")

    return engine


def _set(connection: sqlite3.Connection, pragma: str, patience: float) -> None:
    """Set one of these; while another just makes the file it fails at once, without waiting by itself."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
