"""Cases as storage and its callers share them: a lead or a forwarded question, and what staff did with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a case is."""

    LEAD = "lead"
    QUESTION = "question"  #: one that was passed on


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"  #: nobody has it
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    PLANNED = "planned"
    CLOSED = "closed"


class Did(StrEnum):
    """What happened to a case."""

    CLAIMED = "claimed"
    CONTACTED = "contacted"
    PLANNED = "planned"
    CLOSED = "closed"
    RELEASED = "released"
    REOPENED = "reopened"
    WROTE = "wrote"  #: staff wrote to its person, which made it theirs
    CHANGED = "changed"  #: its person changed it after it was closed
    NOTED = "noted"  #: staff kept a note
    TALKED = "talked"  #: a talk began
    ENDED = "ended"  #: a talk ended


class Card(StrEnum):
    """What the latest message about a case in the staff chat shows of it."""

    NEW = "new"  #: what came in
    CHANGED = "changed"  #: what its person changed, too
    WHOLE = "whole"  #: everything, with its history


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Somebody of staff, as a case knows them."""

    key: str  #: keyed hash of who they are
    name: str  #: as the channel knew it; may be empty


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that was passed on."""

    question: str
    reply_to: str | None  #: an e-mail address, where one was given
    name: str | None
    language: str  #: of the conversation
    via: str  #: the channel it was asked in


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Something that staff wrote, and that no page of its person showed yet."""

    line: int  #: the id of its line in the transcript
    message_id: int | None  #: the channel's id of what staff wrote
    text: str
    mail: int  #: the number of the mail it is in


@dataclass(frozen=True, kw_only=True)
class Case:
    """A lead or a forwarded question, and where staff are with it."""

    reference: str
    kind: Kind
    chat: str | None  #: its person's; None where a migration made the case, which cannot read it
    status: Status = Status.NEW
    owner: Staff | None = None
    version: int = 1  #: counts up with each change
    created_at: datetime
    updated_at: datetime
    status_at: datetime | None = None  #: when it got its status; None: as it came
    remind_at: datetime | None = None
    told_at: datetime | None = None  #: when its person was told that it is taking long
    talk_at: datetime | None = None  #: when somebody last said something in the talk that is open; None: none is
    talked_at: datetime | None = None  #: when the last talk ended
    topic: int | None = None  #: the channel's id of its topic in the staff chat
    asked: Asked | None = None  #: of a question
    card: Card = Card.NEW  #: what its latest card shows
    card_version: int = 1  #: the version with which that was made
    changes: tuple[tuple[str, str | None, str | None], ...] = ()  #: what its person changed last: field, before, after
    told: tuple[str, ...] = ()  #: keys of the owners of whom its person was told
    unread: tuple[Unread, ...] = ()  #: what staff wrote and no page showed yet, oldest first
    mails: int = 0  #: how many mails there were with what staff wrote
    mail_at: datetime | None = None  #: when the last of them leaves, unless a page shows what is in it

    @property
    def lead(self) -> str | None:
        """Its reference, where it is a lead."""
        return self.reference if self.kind is Kind.LEAD else None

    @property
    def question(self) -> str | None:
        """Its reference, where it is a question."""
        return self.reference if self.kind is Kind.QUESTION else None


@dataclass(frozen=True, kw_only=True)
class CaseEvent:
    """One thing that happened to a case."""

    reference: str
    at: datetime
    did: Did
    by: Staff | None  #: None: its person, or nobody
    before: Status | None = None  #: the status before, where it changed
    after: Status | None = None  #: and after
    text: str | None = None  #: of a note
    id: int | None = None  #: given when stored
