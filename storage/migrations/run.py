"""Runs the migrations with Alembic: in one transaction, by one process at a time, whole or not at all."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from storage.engine import reason
from storage.errors import MigrationFailed
from storage.migrations import revision_of, up_to_date

_LOCK = 7_203_519_846  # any number that no other program on this database uses


def upgrade(engine: sa.Engine, head: str, folder: Path) -> None:
    """Bring the tables to ``head``. Raises MigrationFailed; the old state is then untouched."""
    try:
        with engine.execution_options(immediate=True).connect() as connection:
            _upgrade(connection, head, folder)
    except Exception as error:
        raise MigrationFailed(f"the tables could not be brought to {head}: {reason(error)}") from error
    finally:
        engine.dispose()


def _upgrade(connection: sa.Connection, head: str, folder: Path) -> None:
    """Hold everyone else off, look again, migrate, check."""
    if connection.dialect.name == "sqlite":
        # Rebuilding a table drops the old one, which would remove the rows that refer to it. Has no effect inside a
        # transaction; the connection is thrown away afterwards.
        _without_foreign_keys(connection)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        if up_to_date(revision_of(connection), head):
            return  # another process was first
        command.upgrade(_config(folder, connection), head)
        _check_references(connection)


def _without_foreign_keys(connection: sa.Connection) -> None:
    """Stop SQLite from acting on references."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _check_references(connection: sa.Connection) -> None:
    """Raise when a row refers to one that is not there. PostgreSQL sees to that itself."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise MigrationFailed(f"{len(broken)} rows of {broken[0][0]} would refer to rows that are not there")


def _config(folder: Path, connection: sa.Connection) -> Config:
    """Give Alembic its folder and our connection; there is no configuration file."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
