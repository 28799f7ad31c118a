"""Brings the tables of a database to the form this release works with. Migrations go forward only.

Each tolerates the previous release still running: it adds, and what the previous release needs is only removed in the
release after. A migration commits together with its record, or not at all.
"""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from storage.errors import MigrationFailed, NoDatabase
from storage.migrations.revision import current, up_to_date

#: the newest revision in versions/; a test holds it equal. Known here so that a start need not import Alembic.
HEAD = "0004"
FOLDER = Path(__file__).parent


async def require_current(engine: sa.Engine, *, head: str = HEAD) -> None:
    """Raise NoDatabase when there are no tables, MigrationFailed when they are of an older release."""
    found = await asyncio.to_thread(current, engine)
    if found is None:
        advice = "see DATABASE_URL; only `run` and `migrate` make them"
        raise NoDatabase(f"there are no tables of this program in that database: {advice}")
    if not up_to_date(found, head):
        raise MigrationFailed("the tables of the database are not up to date: run `python -m bot migrate`")


async def migrate(engine: sa.Engine, *, head: str = HEAD, folder: Path = FOLDER) -> bool:
    """Bring the tables up to date where they are not; whether that was needed. Raises MigrationFailed.

    A database that is newer than this release is left as it is: this release still works with it.
    """
    return await asyncio.to_thread(_migrate, engine, head, folder)


def _migrate(engine: sa.Engine, head: str, folder: Path) -> bool:
    """Look first, and import Alembic only when there are older tables to change."""
    found = current(engine)
    if up_to_date(found, head):
        return False
    if found is None:
        from storage.migrations.fresh import make_tables

        found = make_tables(engine, HEAD)
    if not up_to_date(found, head):
        from storage.migrations.run import upgrade

        upgrade(engine, head, folder)
    return True
