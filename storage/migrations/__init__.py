"""Brings the tables of a database to the form this release works with. Migrations go forward only.

Each tolerates the previous release still running: it adds, and what the previous release needs is only removed in the
release after. A migration commits together with its record, or not at all.
"""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.engine import reason
from storage.errors import MigrationFailed, Unreachable

#: the newest revision in versions/; a test holds it equal. Known here so that a start need not import Alembic.
HEAD = "0001"
FOLDER = Path(__file__).parent


async def require_current(engine: sa.Engine, *, head: str = HEAD) -> None:
    """Raise MigrationFailed when the tables are of an older release, or not there."""
    try:
        found = await asyncio.to_thread(current, engine)
    finally:
        engine.dispose()
    if not up_to_date(found, head):
        raise MigrationFailed("the tables of the database are not up to date: run `python -m bot migrate`")


async def migrate(engine: sa.Engine, *, head: str = HEAD, folder: Path = FOLDER) -> bool:
    """Bring the tables up to date where they are not; whether that was needed. Raises MigrationFailed.

    A database that is newer than this release is left as it is: this release still works with it.
    """
    return await asyncio.to_thread(_migrate, engine, head, folder)


def _migrate(engine: sa.Engine, head: str, folder: Path) -> bool:
    """Look first, and import Alembic only when there is work."""
    try:
        if up_to_date(current(engine), head):
            return False
    finally:
        engine.dispose()
    from storage.migrations.run import upgrade

    upgrade(engine, head, folder)
    return True


def up_to_date(revision: str | None, head: str) -> bool:
    """Whether a database at this revision needs no migration. Revisions are numbers of the same length."""
    return revision is not None and revision >= head


def current(engine: sa.Engine) -> str | None:
    """Give the revision of the tables; None when there are none yet. Raises Unreachable."""
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    except DBAPIError as error:
        raise Unreachable(f"cannot use the database: {reason(error)}") from error


def revision_of(connection: sa.Connection) -> str | None:
    """Give the revision of the tables this connection sees."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))
    return revision
