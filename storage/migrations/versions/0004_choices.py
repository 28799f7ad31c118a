"""The answers of a lead that are options, whatever the course asks: in one column, to be counted by."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("leads", sa.Column("choices", sa.Text(), nullable=True))
    leads = sa.table("leads", *map(sa.column, ("interest", "organisation_type", "choices")))
    known = (leads.c.interest, leads.c.organisation_type)
    for row in op.get_bind().execute(sa.select(*known).distinct()).all():
        these = [column == value if value else column.is_(None) for column, value in zip(known, row, strict=True)]
        choices = {column.name: value for column, value in zip(known, row, strict=True) if value}
        op.execute(sa.update(leads).where(*these).values(choices=json.dumps(choices, sort_keys=True)))
