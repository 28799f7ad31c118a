"""Runs the migrations with Alembic: in one transaction, by one process at a time, whole or not at all."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from storage.errors import MigrationFailed
from storage.migrations.alone import alone
from storage.migrations.revision import revision_of, up_to_date


def upgrade(engine: sa.Engine, head: str, folder: Path) -> None:
    """Bring the tables to ``head``. Raises MigrationFailed; the old state is then untouched."""
    with alone(engine, head) as connection:
        if up_to_date(revision_of(connection), head):
            return  # another process was first
        command.upgrade(_config(folder, connection), head)
        _check_references(connection)


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
