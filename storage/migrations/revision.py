"""Which form the tables of a database have."""

import re

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.engine import reason
from storage.errors import NoDatabase, Unreachable


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
    finally:
        engine.dispose()


def revision_of(connection: sa.Connection) -> str | None:
    """Give the revision of the tables this connection sees."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))
    if revision is not None and not re.fullmatch(r"\d{4}", revision):
        raise NoDatabase("the tables in that database are another program's: give this one a database of its own")
    return revision
