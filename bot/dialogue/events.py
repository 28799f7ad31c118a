"""What somebody did in a chat, whatever the channel: frozen, keyword-only, words-free."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


def chat_address(channel: str, chat_id: object) -> str:
    """A chat's name in the whole program: its channel and what it is called there."""
    return f"{channel}:{chat_id}"


def channel_of(chat: str) -> str:
    """The channel that a chat is in."""
    return chat.partition(":")[0]


def id_of(chat: str) -> str:
    """What a chat is called in its channel."""
    return chat.partition(":")[2]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did something, as the channel knows them. Never stored or logged by itself."""

    id: str  #: "telegram:<user id>", "telegram:group" for who writes as the group, a page's or terminal's chat
    name: str = ""  #: what they call themselves there; empty where the channel knows no name

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who of a group this is."""
        return id_of(self.id) == "group"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What staff typed, and a message of ours answered: read there again, and kept nowhere."""

    message_id: int  #: the channel's id of it
    text: str
    at: datetime  #: when, UTC
    by: Actor | None


@dataclass(frozen=True, kw_only=True)
class Tapped:
    """The message whose button was tapped, so that it can show what was chosen."""

    message_id: int  #: the channel's id of that message
    html: str  #: its text as HTML; empty where the channel no longer has it
    answers: Said | None = None  #: what of staff's it answers


@dataclass(frozen=True, kw_only=True)
class EventBase:
    """What is known of each thing that somebody did in a chat, whatever it was."""

    kind: ClassVar[str]  #: what logs call it
    id: str  #: unique within the chat (an update id, a web client's uuid); seen again, it changes nothing
    once: str | None = None  #: what events share of which one answer is enough: one button pressed three times, say
    chat: str  #: where answers go: "telegram:<chat id>", "web:<session hash>", "terminal:<name>"
    at: datetime  #: when it reached us, UTC
    actor: Actor | None = None  #: who did it; who passes on what another wrote did that; None where nobody is named
    language: str | None = None  #: the client's language code, a hint for the first turn only
    source: str | None = None  #: where the person came from (the web page's ?source=)
    network: str | None = None  #: the network address it came from, where there is one: to count with, never kept
    thread: int | None = None  #: the channel's id of the topic within the chat where this was done, and is answered

    @property
    def channel(self) -> str:
        """The channel's name: "telegram", "web" or "terminal"."""
        return channel_of(self.chat)


@dataclass(frozen=True, kw_only=True)
class MessageBase(EventBase):
    """What is known of each message, whatever it holds."""

    message_id: int | None = None  #: the channel's id of this message, where it has one
    replied_to: int | None = None  #: the channel's id of the message this one answers; 0: it was in another chat
    replied_text: str = ""  #: the text of that message, where it is one of ours


@dataclass(frozen=True, kw_only=True)
class Typed(MessageBase):
    """Somebody typed something, a command included."""

    kind = "text"
    text: str


@dataclass(frozen=True, kw_only=True)
class Chosen(EventBase):
    """Somebody tapped a button."""

    kind = "choice"
    button: str  #: its id
    tapped: Tapped | None = None  #: the message it stood under, where that may be edited


@dataclass(frozen=True, kw_only=True)
class SharedPhone(MessageBase):
    """Somebody shared a contact card."""

    kind = "phone"
    number: str  #: as the card has it
    own: bool = True  #: whether it is the person's own


@dataclass(frozen=True, kw_only=True)
class SentAttachment(MessageBase):
    """Somebody sent a photo, sticker, voice message or the like, of which nothing is read."""

    kind = "attachment"
    album: str | None = None  #: the channel's name of the album it belongs to, where several came together


@dataclass(frozen=True, kw_only=True)
class Edited(MessageBase):
    """Somebody changed a message that they sent earlier."""

    kind = "edited"
    text: str  #: as it is now


Message = Typed | SharedPhone | SentAttachment | Edited  #: what is sent as a message: it may answer another one
Event = Message | Chosen  #: one thing that one person did in one chat
