"""
Makes all tables of a database that has none, as this release works with them.

That needs no Alembic, which takes a third of a first start and stays in memory. A test holds that what is made here
is what the migrations make. As Alembic's cookbook has it, "Building an Up to Date Database from Scratch".
"""

import sqlalchemy as sa

from storage.errors import NoDatabase
from storage.indexes import metadata
from storage.migrations.alone import alone
from storage.migrations.revision import revision_of

#: where Alembic keeps the revision, as it makes that table itself
_KEPT = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def make_tables(engine: sa.Engine, head: str) -> str:
    """Make the tables, unless another process was first; give their revision. Raises MigrationFailed."""
    with alone(engine, head) as connection:
        if found := revision_of(connection):
            return found
        if engine.dialect.name == "sqlite" and sa.inspect(connection).get_table_names():
            raise NoDatabase("that file is a database of another program: name another file")
        metadata.create_all(connection, checkfirst=False)
        _KEPT.create(connection)
        connection.execute(_KEPT.insert().values(version_num=head))
    return head
