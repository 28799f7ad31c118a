"""Cases of leads and forwarded questions, what staff did with them, and which messages of ours are their cards."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)
_HASH = sa.String(length=32)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("notices", sa.Column("version", sa.Integer(), nullable=True))
    _cases()
    _events()
    # what is encrypted of them stays empty: a migration has no key
    op.execute(
        "INSERT INTO cases (reference, kind, chat_hash, status, version, created_at, updated_at, status_at)"
        " SELECT reference, 'lead', chat_hash, status, 1, created_at, updated_at, status_at FROM leads"
    )
    op.execute(
        "INSERT INTO cases (reference, kind, chat_hash, status, version, created_at, updated_at)"
        " SELECT question, 'question', min(chat_hash), 'new', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM notices"
        " WHERE question IS NOT NULL AND lead IS NULL AND question NOT IN ('leads', 'questions') GROUP BY question"
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("chat_hash", _HASH, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner_hash", _HASH, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        *(sa.Column(name, _MOMENT, nullable=True) for name in ("status_at", "remind_at", "told_at")),
        *(sa.Column(name, _MOMENT, nullable=True) for name in ("talk_at", "talked_at")),
        sa.Column("topic", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_chat_hash"), "cases", ["chat_hash"], unique=False)
    _partial("ix_cases_open", ["created_at", "reference"], "status <> 'closed'")
    _partial("ix_cases_talk", ["talk_at"], "talk_at IS NOT NULL")


def _events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_hash", _HASH, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_events_reference"), "case_events", ["reference"], unique=False)


def _partial(name: str, columns: list[str], rows: str) -> None:
    op.create_index(name, "cases", columns, unique=False, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
