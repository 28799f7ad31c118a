"""
What was kept long enough: which rows of each table that are.

They are looked for beside the conversations, by a reader, and removed a slice at a time by their keys, in transactions
of their own: looking through a million rows takes seconds, and nobody waits for it. What changed meanwhile is seen by
looking at the slice once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Delete, Select, bindparam, delete, exists, or_, select

from storage.among import among
from storage.case_records import Kind
from storage.tables import (
    cases,
    conversations,
    handled,
    lead_addresses,
    leads,
    notices,
    outgoing,
    questions,
    transcript,
)

HANDLED = timedelta(hours=48)  #: how long a handled event is known, with its answer
DELIVERED = timedelta(days=7)  #: how long delivered messages and transcripts are kept
SLICE = 100  #: rows of a table that are removed at a time
FOUND = 100 * SLICE  #: that are looked for at a time: every look begins anew with the first row

BEFORE: BindParameter[datetime] = bindparam("before")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How long things are kept, as of ``now``; a lead's days count from when its person last sent it."""

    now: datetime
    lead_days: int
    draft_days: int

    @property
    def leads(self) -> datetime:
        """Leads that were sent before this are old."""
        return self.now - timedelta(days=self.lead_days)

    @property
    def drafts(self) -> datetime:
        """Drafts, conversations and questions from before this are old."""
        return self.now - timedelta(days=self.draft_days)

    @property
    def delivered(self) -> datetime:
        """What was delivered before this is old: nothing outlives the leads."""
        return self.now - min(DELIVERED, timedelta(days=self.lead_days))

    @property
    def handled(self) -> datetime:
        """Events that were handled before this are old."""
        return self.now - HANDLED


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Rows that are removed once they are old."""

    key: Any  #: the column by which a slice is known
    old: tuple[ColumnElement[bool], ...]
    term: str  #: of the Terms

    @property
    def finds(self) -> Select[Any]:
        """Give the keys of a slice."""
        return select(self.key).where(*self.old).distinct().limit(bindparam("most"))

    @property
    def again(self) -> tuple[ColumnElement[bool], ...]:
        """Say that a row is of the slice, and still old."""
        return (among(self.key), *self.old)

    def removes(self) -> Delete:
        """Remove the slice."""
        return delete(self.key.table).where(*self.again)


_HAS_LEAD = exists().where(leads.c.chat_hash == conversations.c.chat_hash)
_LEAD_OF_MESSAGE = exists().where(leads.c.reference == outgoing.c.lead)
SWEEPS: Mapping[str, Sweep] = {
    "leads": Sweep(key=leads.c.reference, old=(leads.c.updated_at < BEFORE,), term="leads"),
    "drafts": Sweep(key=conversations.c.chat_hash, old=(conversations.c.draft_at < BEFORE,), term="drafts"),
    "conversations": Sweep(  # one whose chat has a lead stays, emptied: its person is known again on return
        key=conversations.c.chat_hash,
        old=(conversations.c.updated_at < BEFORE, or_(conversations.c.data.is_not(None), ~_HAS_LEAD)),
        term="drafts",
    ),
    "placeholders": Sweep(key=conversations.c.chat_hash, old=(conversations.c.state.is_(None),), term="now"),
    "notices": Sweep(  # of questions whose person said nothing since
        key=notices.c.chat_hash,
        old=(
            notices.c.lead.is_(None),
            notices.c.chat_hash != bindparam("lists"),
            ~exists().where(conversations.c.chat_hash == notices.c.chat_hash, conversations.c.updated_at >= BEFORE),
            ~exists().where(cases.c.reference == notices.c.question, cases.c.updated_at >= BEFORE),
        ),
        term="drafts",
    ),
    "cases": Sweep(
        key=cases.c.reference,
        old=(
            cases.c.kind == str(Kind.QUESTION),
            cases.c.updated_at < BEFORE,
            ~exists().where(conversations.c.chat_hash == cases.c.chat_hash, conversations.c.updated_at >= BEFORE),
        ),
        term="drafts",
    ),
    "questions": Sweep(key=questions.c.id, old=(questions.c.at < BEFORE,), term="drafts"),
    "handled": Sweep(key=handled.c.event_hash, old=(handled.c.at < BEFORE,), term="handled"),
    "sent": Sweep(key=outgoing.c.id, old=(outgoing.c.status == "sent", outgoing.c.done_at < BEFORE), term="delivered"),
    "failed": Sweep(  # what failed about a lead is kept as long as the lead
        key=outgoing.c.id,
        old=(outgoing.c.status == "failed", outgoing.c.done_at < BEFORE, ~_LEAD_OF_MESSAGE),
        term="delivered",
    ),
    "waiting": Sweep(
        key=outgoing.c.id,
        old=(outgoing.c.status == "waiting", outgoing.c.created_at < BEFORE, ~_LEAD_OF_MESSAGE),
        term="drafts",
    ),
    "transcript": Sweep(
        key=transcript.c.id,
        old=(
            transcript.c.at < BEFORE,
            ~exists().where(  # what is said in a talk is kept until so long after it ended
                cases.c.chat_hash == transcript.c.chat_hash,
                or_(cases.c.talk_at.is_not(None), cases.c.talked_at >= BEFORE),
            ),
        ),
        term="delivered",
    ),
    "addresses": Sweep(  # of questions that nothing is kept of any more, and what an earlier release left of a lead
        key=lead_addresses.c.reference,
        old=(
            ~exists().where(leads.c.reference == lead_addresses.c.reference),
            ~exists().where(cases.c.reference == lead_addresses.c.reference),
            ~exists().where(notices.c.question == lead_addresses.c.reference),
            ~exists().where(outgoing.c.question == lead_addresses.c.reference),
        ),
        term="now",
    ),
}
