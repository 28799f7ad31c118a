"""The first release: all tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("chat_hash", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.Column("draft_at", _MOMENT, nullable=True),
        sa.Column("updated_at", _MOMENT, nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("chat_hash", name=op.f("pk_conversations")),
    )
    op.create_table(
        "handled",
        sa.Column("event_hash", sa.String(length=32), nullable=False),
        sa.Column("chat_hash", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("event_hash", name=op.f("pk_handled")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_handled_chat_hash",
        "handled",
        ["chat_hash"],
        unique=False,
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_table(
        "leads",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("chat_hash", sa.String(length=32), nullable=False),
        sa.Column("email_hash", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("interest", sa.String(), nullable=True),
        sa.Column("organisation_type", sa.String(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("status_at", _MOMENT, nullable=True),
        sa.Column("consent_at", _MOMENT, nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("consent_language", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_leads")),
    )
    op.create_index(op.f("ix_leads_chat_hash"), "leads", ["chat_hash"], unique=False)
    op.create_index(op.f("ix_leads_created_at"), "leads", ["created_at"], unique=False)
    op.create_index(op.f("ix_leads_email_hash"), "leads", ["email_hash"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "notices",
        sa.Column("staff_hash", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_hash", sa.String(length=32), nullable=False),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("staff_hash", "message_id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_chat_hash"), "notices", ["chat_hash"], unique=False)
    op.create_index(op.f("ix_notices_lead"), "notices", ["lead"], unique=False)
    op.create_table(
        "outgoing",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("lane_hash", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("chat_hash", sa.String(length=32), nullable=True),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outgoing_chat_hash",
        "outgoing",
        ["chat_hash"],
        unique=False,
        sqlite_where=sa.text("chat_hash IS NOT NULL"),
        postgresql_where=sa.text("chat_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_outgoing_failed",
        "outgoing",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_index(
        "ix_outgoing_lead",
        "outgoing",
        ["lead"],
        unique=False,
        sqlite_where=sa.text("lead IS NOT NULL"),
        postgresql_where=sa.text("lead IS NOT NULL"),
    )
    op.create_index(
        "ix_outgoing_waiting",
        "outgoing",
        ["lane_hash"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "processes",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_processes")),
    )
    op.create_table(
        "questions",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "transcript",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("chat_hash", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transcript_chat_hash_id", "transcript", ["chat_hash", "id"], unique=False)
