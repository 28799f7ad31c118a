"""Every address a lead ever had, whose a missed question is, counts that outlive a removal, ended sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_HASH = sa.String(length=32)


def upgrade() -> None:
    op.add_column("questions", sa.Column("chat_hash", _HASH, nullable=True))
    op.create_index(op.f("ix_questions_chat_hash"), "questions", ["chat_hash"], unique=False)
    op.create_table(
        "lead_addresses",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("email_hash", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("reference", "email_hash", name=op.f("pk_lead_addresses")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_lead_addresses_email_hash"), "lead_addresses", ["email_hash"], unique=False)
    op.execute(
        "INSERT INTO lead_addresses (reference, email_hash)"
        " SELECT reference, email_hash FROM leads WHERE email_hash IS NOT NULL"
    )
    op.create_table(
        "counts",
        sa.Column("who_hash", _HASH, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("who_hash", "what", "at", name=op.f("pk_counts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_counts_at"), "counts", ["at"], unique=False)
    op.create_table(
        "ended",
        sa.Column("chat_hash", _HASH, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_hash", name=op.f("pk_ended")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ended_at"), "ended", ["at"], unique=False)
