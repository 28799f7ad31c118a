"""
The indexes of some rows of a table alone, which only migrations need.

Not in ``tables.py``: they make SQLAlchemy load all it knows of both databases, which every start would pay for.
"""

from sqlalchemy import Column, Index, text

from storage.tables import cases, handled, metadata, outgoing

__all__ = ["metadata"]


def _partial(name: str, *columns: Column[object], rows: str) -> None:
    Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))


_partial("ix_handled_chat_hash", handled.c.chat_hash, rows="body IS NOT NULL")
_partial("ix_outgoing_waiting", outgoing.c.lane_hash, rows="status = 'waiting'")
_partial("ix_outgoing_failed", outgoing.c.id, rows="status = 'failed'")
_partial("ix_outgoing_chat_hash", outgoing.c.chat_hash, rows="chat_hash IS NOT NULL")
_partial("ix_outgoing_lead", outgoing.c.lead, rows="lead IS NOT NULL")
_partial("ix_cases_open", cases.c.created_at, cases.c.reference, rows="status <> 'closed'")
_partial("ix_cases_talk", cases.c.talk_at, rows="talk_at IS NOT NULL")
