"""The records that only storage and its callers share: frozen, keyword-only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

from bot.dialogue.records import Lead
from storage.case_records import Case, CaseEvent
from storage.contents import Content, React, Send

Wanted = TypeVar("Wanted", bound=Content)

Outcome = Literal["sent", "delayed", "failed", "forgotten"]
"""
What became of a message: it arrived; it did not at the first attempt, and is tried on; it never will; it was removed
before that was known, because its person was forgotten.
"""


class Listed(StrEnum):
    """What of many people a message to staff holds: it is out of date as soon as one of them is removed."""

    LEADS = "leads"
    QUESTIONS = "questions"  #: those that were not answered directly
    REFERENCE = "reference"  #: one that staff typed, and that nobody knows


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message that is to leave, or has left."""

    lane: str  #: messages of one lane leave in order: "telegram:<chat id>", "mail:<address>", "webhook"
    kind: str  #: which sender delivers it: "telegram", "mail" or "webhook"
    content: Content  #: what it says; encrypted at rest
    created_at: datetime
    id: int | None = None  #: given when stored; grows in the order of storing
    chat: str | None = None  #: the chat it is about, so that it can be forgotten
    lead: str | None = None  #: the reference of the lead it is about
    question: str | None = None  #: the reference of the forwarded question it is about
    listed: Listed | None = None  #: what of many people it holds; then it is about no chat, lead or question
    card: int | None = None  #: the version of the case that it is the card of; None: it is no card
    attempts: int = 0
    due_at: datetime | None = None  #: not before; None: at once
    status: Literal["waiting", "sent", "failed"] = "waiting"
    error: str | None = None  #: why the latest attempt failed, without personal data
    receipt: Mapping[str, Any] | None = (
        None  #: what the other side answered ({"message_id": 12}), kept to edit it later
    )
    #: what is to be said when it is known what became of this message, stored with it: outcome -> message
    then: Mapping[Outcome, "Outgoing"] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        """Whether a reply to it can be matched: it is new in a chat, and about somebody in another one, or a list."""
        of_many = self.listed in (Listed.LEADS, Listed.QUESTIONS)
        of_one = self.chat not in (None, self.lane) and (self.lead is not None or self.question is not None)
        return (of_one or of_many) and isinstance(self.content, Send | React)

    def content_as(self, wanted: type[Wanted]) -> Wanted:
        """Give its content, which is to be of this kind. Raises TypeError where it is of another."""
        if isinstance(self.content, wanted):
            return self.content
        raise TypeError(f"a message of kind {self.kind!r} is no {wanted.__name__}")


#: the ``version`` of a notice that is no message, but the topic of a case: it has the number of the one it begins with
TOPIC = 0


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A message of ours in the staff chat, kept to answer through it and to edit it when its person is forgotten."""

    staff_chat: str  #: "telegram:<chat id>"
    message_id: int
    chat: str | None  #: the person's chat; None: it is about nobody alone
    lead: str | None = None  #: the reference of the lead it is about
    question: str | None = None  #: the reference of the forwarded question it is about
    listed: Listed | None = None  #: what of many people it holds
    #: of the case that it is the card of; None: it is no card, or not any more; TOPIC: a case's topic begins with it
    version: int | None = None

    @property
    def reference(self) -> str | None:
        """The reference of what it is about."""
        return self.lead or self.question


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of one attempt to deliver an outgoing message."""

    id: int
    at: datetime
    status: Literal["waiting", "sent", "failed"]
    attempts: int
    due_at: datetime | None = None  #: the next attempt, when still waiting
    error: str | None = None
    receipt: Mapping[str, Any] | None = None
    then: Outgoing | None = None  #: what is to be said now, once
    notice: Notice | None = None  #: to be kept with it: what staff can answer, and what is edited when it is forgotten


@dataclass(frozen=True, kw_only=True)
class Handled:
    """An event that was handled, kept for 48 hours so that the same event again changes nothing."""

    chat: str
    event_id: str
    at: datetime
    body: Mapping[str, Any] | None = None  #: the response body, where the same request must get it again
    garbled: bool = False  #: there is a body, but it cannot be read


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a web conversation, kept so that the page can show it again. Encrypted at rest."""

    chat: str
    by: Literal["person", "bot", "staff"]
    at: datetime
    content: Mapping[str, Any] = field(
        default_factory=dict
    )  #: {"html", "text", "topic", "buttons"} as the API gives it
    id: int | None = None  #: given when stored; grows within a chat


@dataclass(frozen=True, kw_only=True)
class MissedQuestion:
    """A question that was not answered directly; whose it is is kept as a keyed hash, and never given again."""

    question: str
    language: str
    suggestions: tuple[str, ...]
    at: datetime
    chat: str | None = None  #: whose it is, so that it goes with the rest of theirs; None when it is read
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What was removed when a person was forgotten, to be removed elsewhere too."""

    leads: tuple[Lead, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()  #: messages to and about the person, left or waiting, mails included
    notices: tuple[Notice, ...] = ()  #: our messages in the staff chat, to be edited; lists of many people included
    unread: tuple[str, ...] = ()  #: references of removed leads that could not be read
    chats: int = 0  #: how many chats were found by an address
    lines: int = 0  #: in how many lines of other chats it stood

    @property
    def references(self) -> tuple[str, ...]:
        """The references of the removed leads."""
        return (*(lead.reference for lead in self.leads), *self.unread)

    @property
    def questions(self) -> tuple[str, ...]:
        """The references of the questions that were passed on and are removed, as far as anything was kept of them."""
        about: tuple[Outgoing | Notice, ...] = (*self.outgoing, *self.notices)
        return tuple(sorted({item.question for item in about if item.question}))


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How much was removed because it was kept long enough."""

    leads: int = 0
    drafts: int = 0
    conversations: int = 0
    questions: int = 0
    handled: int = 0
    outgoing: int = 0
    transcript: int = 0
    references: tuple[str, ...] = ()  #: of the removed leads, so that their mail files can be removed
    notices: tuple[Notice, ...] = ()  #: our messages in the staff chat about what was removed, to be edited

    def __add__(self, other: "Purged") -> "Purged":
        """Give what was removed in all."""
        return Purged(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a chat besides its conversation and leads."""

    said: tuple[Said, ...] = ()  #: the transcript of a web chat, oldest first
    outgoing: tuple[Outgoing, ...] = ()  #: messages to and about the person, oldest first
    notices: tuple[Notice, ...] = ()  #: our messages in the staff chat about the person
    missed: tuple[MissedQuestion, ...] = ()  #: questions of theirs that were not understood, oldest first
    cases: tuple[Case, ...] = ()  #: their leads and questions as staff have them, oldest first
    history: Mapping[str, tuple[CaseEvent, ...]] = field(default_factory=dict)  #: what staff did, by reference
