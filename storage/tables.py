"""
All tables, the same for SQLite and PostgreSQL.

What a person wrote stands in ``data``, ``body``, ``error`` and ``value``, encrypted, and in ``receipt``, encrypted
unless it holds numbers alone. ``…_hash`` columns are keyed hashes, to find a value without knowing it. Everything else
is an enumeration, a time, a count, a reference or a process's name: counting needs no key. Indexes of some rows of
a table alone stand in ``indexes.py``.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"},
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC: ``timestamptz`` in PostgreSQL, ISO text in SQLite. Always with its time zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC: PostgreSQL gives it in its session's zone, SQLite keeps none."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


Hash = String(32)
Word = String()
Number = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself in SQLite


def _counted(name: str, *columns: Any) -> Table:
    """Give a table whose ids only grow: an id that was removed never comes back."""
    return Table(name, metadata, Column("id", Number, primary_key=True), *columns, sqlite_autoincrement=True)


conversations = Table(
    "conversations",
    metadata,
    Column("chat_hash", Hash, primary_key=True),
    Column("channel", Word, nullable=False),
    Column("language", Word, nullable=False),
    Column("state", Word),  # null: taken, but nothing was saved yet
    Column("misses", Integer, nullable=False),
    Column("marks", Text),  # JSON: what else is to be known that nobody wrote
    Column("draft_at", Moment),  # when the sign-up under way was started
    Column("updated_at", Moment),
    Column("data", Text),  # null: holds nothing a person wrote
)

handled = Table(
    "handled",
    metadata,
    Column("event_hash", Hash, primary_key=True),
    Column("chat_hash", Hash, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text),
    sqlite_with_rowid=False,
)

leads = Table(
    "leads",
    metadata,
    Column("reference", Word, primary_key=True),
    Column("chat_hash", Hash, nullable=False, index=True),
    Column("email_hash", Hash, index=True),
    Column("channel", Word, nullable=False),
    Column("language", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("interest", Word),  # this and the next: what the previous release counts by; ``choices`` has them too
    Column("organisation_type", Word),
    Column("created_at", Moment, nullable=False, index=True),
    Column("updated_at", Moment, nullable=False),
    Column("status_at", Moment),
    Column("consent_at", Moment, nullable=False),
    Column("consent_version", Word, nullable=False),
    Column("consent_language", Word, nullable=False),
    Column("data", Text, nullable=False),
    Column("choices", Text),  # JSON: the answers that are options
)

lead_addresses = Table(  # every address that a lead ever had, and where a forwarded question is to be answered
    "lead_addresses",
    metadata,
    Column("reference", Word, nullable=False),  # of the lead or the question
    Column("email_hash", Hash, nullable=False, index=True),
    PrimaryKeyConstraint("reference", "email_hash"),
    sqlite_with_rowid=False,
)

counts = Table(
    "counts",
    metadata,
    Column("who_hash", Hash, nullable=False),
    Column("what", Word, nullable=False),
    Column("at", Moment, nullable=False, index=True),  # the beginning of the hour
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("who_hash", "what", "at"),
    sqlite_with_rowid=False,
)

ended = Table(  # web sessions that are over before their time: their tokens open nothing any more
    "ended",
    metadata,
    Column("chat_hash", Hash, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

outgoing = _counted(
    "outgoing",
    Column("lane_hash", Hash, nullable=False),
    Column("kind", Word, nullable=False),
    Column("owner", Word, nullable=False),  # the process that sends it
    Column("assigned", Boolean, nullable=False),  # given to its owner by another process, which it does not know yet
    Column("status", Word, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("done_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("chat_hash", Hash),
    Column("lead", Word),
    Column("question", Word),
    Column("data", Text, nullable=False),
    Column("error", Text),
    Column("receipt", Text),
)

transcript = _counted(
    "transcript",
    Column("chat_hash", Hash, nullable=False),
    Column("author", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_transcript_chat_hash_id", "chat_hash", "id"),
)

questions = _counted(
    "questions",
    Column("language", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", Text, nullable=False),
    Column("chat_hash", Hash, index=True),  # null: kept by an earlier release, which did not know whose it was
)

notices = Table(
    "notices",
    metadata,
    Column("staff_hash", Hash, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("chat_hash", Hash, nullable=False, index=True),
    Column("lead", Word, index=True),
    Column("question", Word),
    Column("version", Integer),  # of the case whose card it is; null: it is no card, or not any more
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("staff_hash", "message_id"),
)

cases = Table(
    "cases",
    metadata,
    Column("reference", Word, primary_key=True),  # of the lead or the question
    Column("kind", Word, nullable=False),
    Column("chat_hash", Hash, nullable=False, index=True),
    Column("status", Word, nullable=False),
    Column("owner_hash", Hash),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("status_at", Moment),
    Column("remind_at", Moment),
    Column("told_at", Moment),
    Column("talk_at", Moment),
    Column("talked_at", Moment),
    Column("topic", BigInteger),
    Column("data", Text),  # null: made by a migration, which has no key
)

case_events = _counted(
    "case_events",
    Column("reference", Word, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", Word, nullable=False),
    Column("actor_hash", Hash),
    Column("data", Text, nullable=False),
)

processes = Table(
    "processes",
    metadata,
    Column("owner", Word, primary_key=True),
    Column("seen_at", Moment, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Word, primary_key=True),
    Column("value", Text, nullable=False),
)
