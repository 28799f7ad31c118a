"""What staff want, whichever way they say it: typed in their chat, say, or tapped there."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.events import Chosen, Edited, Message, Typed
from bot.staff.transitions import Act


class List(StrEnum):
    """What staff look at, and nothing more: it is read when its answer leaves, and in nobody's way."""

    LEADS = "leads"  #: the open cases
    COUNTS = "counts"
    QUESTIONS = "questions"  #: those that were not answered directly
    EXPORT = "export"  #: the file with all leads


@dataclass(frozen=True, kw_only=True)
class Look:
    """To see one of the lists."""

    at: List
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """To see one lead or question."""

    reference: str  #: as typed


@dataclass(frozen=True, kw_only=True)
class Answer:
    """To let the person read this whom a message of ours is about."""

    event: Message
    message_id: int  #: the channel's id of that message of ours


@dataclass(frozen=True, kw_only=True)
class Do:
    """To do something with a case, by a button under its card."""

    event: Chosen
    act: Act
    reference: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """To keep a note with the case that a message of ours is about."""

    event: Message
    message_id: int | None  #: the channel's id of that message; None where none was answered
    text: str


@dataclass(frozen=True, kw_only=True)
class SendTopic:
    """To let a person read a topic's answer."""

    event: Typed
    message_id: int | None  #: the channel's id of the message of ours that was answered
    topic: str


@dataclass(frozen=True, kw_only=True)
class End:
    """To end the talk with a person."""

    event: Typed
    message_id: int | None  #: the channel's id of the message of ours that was answered, or that its topic began with


@dataclass(frozen=True, kw_only=True)
class Aside:
    """Nothing: something that was said in a topic, and answers nobody."""

    event: Typed | Edited


@dataclass(frozen=True, kw_only=True)
class PassOn:
    """To let the person read after all what was said in their topic."""

    event: Chosen


@dataclass(frozen=True, kw_only=True)
class NoSuchButton:
    """Something that no button of ours asks."""


@dataclass(frozen=True, kw_only=True)
class Help:
    """To see what can be asked."""


@dataclass(frozen=True, kw_only=True)
class ChatId:
    """To see what this chat is called."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Something that cannot be asked."""


@dataclass(frozen=True, kw_only=True)
class Reword:
    """To change what was asked before, which cannot be."""


Intent = (
    Look
    | LookUp
    | Answer
    | Do
    | Note
    | SendTopic
    | End
    | Aside
    | PassOn
    | NoSuchButton
    | Help
    | ChatId
    | Unknown
    | Reword
)
