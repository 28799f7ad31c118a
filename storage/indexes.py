"""
The indexes of some rows of a table alone, which only migrations need.

Not in ``tables.py``: they make SQLAlchemy load all it knows of both databases, which every start would pay for.
"""

from sqlalchemy import Column, Index, text

from storage.tables import handled, metadata, outgoing

__all__ = ["metadata"]


def _partial(name: str, column: Column[object], rows: str) -> None:
    Index(name, column, sqlite_where=text(rows), postgresql_where=text(rows))


_partial("ix_handled_chat_hash", handled.c.chat_hash, "body IS NOT NULL")
_partial("ix_outgoing_waiting", outgoing.c.lane_hash, "status = 'waiting'")
_partial("ix_outgoing_failed", outgoing.c.id, "status = 'failed'")
_partial("ix_outgoing_chat_hash", outgoing.c.chat_hash, "chat_hash IS NOT NULL")
_partial("ix_outgoing_lead", outgoing.c.lead, "lead IS NOT NULL")
