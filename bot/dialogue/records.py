"""What a conversation knows, says and leads to: frozen, keyword-only, words-free. What comes in: ``events``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.dialogue.asks import Ask, Given
from bot.dialogue.button_ids import Role
from bot.dialogue.events import channel_of
from bot.dialogue.fields import Role as Meaning
from bot.dialogue.talks import Talk as Talk

Rows = tuple[tuple["Button", ...], ...]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button by its id (see the wire names); its label is in messages/."""

    id: str
    values: Mapping[str, object] = field(default_factory=dict)  #: what the label's template needs
    role: Role | None = None  #: what it is here, where that is other than what its id says
    says: str | None = None  #: the name of its label here, where that is other than its id


class Keyboard(StrEnum):
    """What happens to the keyboard that replaces the person's own, where a channel has one."""

    UNCHANGED = "unchanged"
    SHARE_PHONE = "share_phone"  #: a keyboard with one button that shares one's own contact
    REMOVE = "remove"


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that goes with a message."""

    name: str
    content: str | bytes  #: a text, or what is made when the message leaves, and never stored
    page: str | None = None  #: the same as a web page for people to read; None where it has none

    @property
    def page_name(self) -> str:
        """What the page is called."""
        return f"{self.name.rpartition('.')[0]}.html"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One message to the person: its key in messages/ and the values it shows."""

    message: str  #: for example "signup/ask/email"
    values: Mapping[str, object] = field(default_factory=dict)
    buttons: Rows = ()
    topic: str | None = None  #: the topic this message answers
    keyboard: Keyboard = Keyboard.UNCHANGED
    file: File | None = None
    language: str | None = None  #: other than the conversation's
    ask: Ask | None = None  #: the question that is open with it
    summary: tuple[Given, ...] = ()  #: the answers that it shows, or that were given before the question
    groups: tuple[tuple[str, int], ...] = ()  #: the groups of its rows of buttons: a group's id, and how many it has
    refused: bool = False  #: what was typed is not taken as it is: it can be mended and sent again


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A sign-up under way."""

    token: str  #: short and random; the buttons of this draft end in "@token"
    started_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)  #: field -> value, as it will be stored
    step: str | None = None  #: the field that is asked now; None at the review
    revising: bool = False  #: one answer is being changed from the review
    more: bool = False  #: the optional questions are being asked
    suggestion: str | None = None  #: the e-mail address we think was meant
    reference: str | None = None  #: the lead that is being changed
    paused: bool = False  #: the person went to do something else; kept until they go on


@dataclass(frozen=True, kw_only=True)
class Consent:
    """To what a person agreed, and when."""

    at: datetime
    version: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A person's interest, as it was sent. Who gets which of its fields: ``bot/dialogue/leads.py``."""

    reference: str  #: short, unique, easy to read aloud, not guessable
    chat: str  #: where it was sent, last
    created_at: datetime
    updated_at: datetime  #: when its person last sent it
    status: str = "new"  #: new, claimed, contacted, planned or closed
    status_at: datetime | None = None  #: since when; None: since it was sent
    channel: str  #: the one it was sent by
    language: str  #: of the conversation
    source: str | None = None  #: where the person came from
    answers: Mapping[str, str]  #: sign-up field -> value; only the fields that were given
    consent_at: datetime  #: when the person agreed, last
    consent_version: str  #: to which text
    consent_language: str  #: in which language that was shown
    agreed_before: tuple[Consent, ...] = ()  #: what earlier versions of it were sent with, oldest first
    roles: Mapping[str, str] = field(default_factory=dict)  #: role -> the field that had it, where its id is another
    choices: tuple[str, ...] = ()  #: the fields whose answers are options

    def given(self, role: Meaning) -> str | None:
        """The answer with this role, whatever became of the form since."""
        return self.answers.get(self.roles.get(role, role))

    @property
    def email(self) -> str | None:
        """The person's e-mail address."""
        return self.given(Meaning.EMAIL)


class State(StrEnum):
    """Where a conversation is."""

    IDLE = "idle"  #: nothing is being asked
    ASK = "ask"  #: a sign-up question is open; the draft says which
    EMAIL = "email"  #: the e-mail address looks mistyped: keep or mend it
    REVIEW = "review"  #: everything is shown: send or change it
    CANCEL = "cancel"  #: whether to stop the sign-up
    RESUME = "resume"  #: an unfinished sign-up was found: go on or start again
    ANOTHER = "another"  #: there is an earlier lead: see it, change it, or make another
    REPHRASE = "rephrase"  #: the question was not understood and is asked once more
    CONTACT = "contact"  #: which question to pass on
    FORWARD = "forward"  #: whether to pass that question on
    FORGET = "forget"  #: whether to remove everything


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Everything the next turn needs to know of one chat."""

    chat: str
    language: str
    state: State = State.IDLE
    draft: Draft | None = None
    leads: tuple[Lead, ...] = ()  #: this chat's leads, oldest first; stored apart, saved by effects only
    source: str | None = None  #: what will be the next lead's source
    question: str | None = None  #: a question that may be passed on to staff
    reply_to: str | None = None  #: the e-mail address given for an answer by a person, until a sign-up has a newer one
    offer: str | None = None  #: the button that a bare yes means now, because the last message offered it
    answered: int = 0  #: how many answers to questions this person got
    misses: int = 0  #: questions in a row that were not understood
    asked_at: datetime | None = None  #: when it was asked whether to remove everything
    sharing: bool = False  #: the keyboard that shares one's own contact is shown
    last_draft: str | None = None  #: the token of the draft that was sent last
    passed_on: int = 0  #: how many questions were passed on; tells the button of one from that of another
    noted: Mapping[str, str] | None = None  #: what was told of the sign-up's fields before it began
    topic: str | None = None  #: the topic that was answered last, which a short question after it is about
    offered: str | None = None  #: the ids of the buttons that were offered last, parted by spaces: "the first one"
    stumbles: int = 0  #: messages in a row that could not be read as what was asked
    stumbled: str | None = None  #: what was said to the last of those
    cut_at: datetime | None = None  #: when a text came that was so long that its app sends the rest apart
    forgotten: str | None = None  #: the token of a button made when everything was removed last
    talk: Talk | None = None  #: with staff
    updated_at: datetime | None = None

    @property
    def channel(self) -> str:
        """The channel's name: "telegram", "web" or "terminal"."""
        return channel_of(self.chat)


@dataclass(frozen=True, kw_only=True)
class LeadSaved:
    """Effect: keep this lead, and tell staff; ``before`` is what it was, when it changed."""

    lead: Lead
    before: Lead | None = None
    receipt: bool = True  #: whether the person may get a mail about it


@dataclass(frozen=True, kw_only=True)
class LeadWithdrawn:
    """Effect: remove everything of this chat: leads, drafts, kept and waiting messages."""

    leads: tuple[Lead, ...]


@dataclass(frozen=True, kw_only=True)
class DataShown:
    """Effect: the file with what is kept of this person gets what the conversation itself does not know."""


@dataclass(frozen=True, kw_only=True)
class QuestionForwarded:
    """Effect: a person asked staff this question and agreed to it being passed on."""

    reference: str  #: names the question in the staff chat
    question: str
    reply_to: str | None  #: an e-mail address, where one was given
    name: str | None  #: from the lead or draft, where there is one


@dataclass(frozen=True, kw_only=True)
class QuestionMissed:
    """Effect: keep this question, without who asked, so that an editor can add it as a phrase."""

    question: str
    language: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TalkLine:
    """Effect: staff, who talk with this person, are to read this."""

    reference: str  #: of the lead or question that they talk about
    text: str  #: as typed
    name: str  #: the first word of the name of who of staff wrote last; may be empty
    message_id: int | None  #: the channel's id of the person's message


@dataclass(frozen=True, kw_only=True)
class TalkEnded:
    """Effect: the person ended their talk with staff."""

    reference: str  #: of the lead or question that they talked about


Effect = LeadSaved | LeadWithdrawn | DataShown | QuestionForwarded | QuestionMissed | TalkLine | TalkEnded


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The answer to one event: the conversation after it, what is said, and what must happen."""

    conversation: Conversation
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()
    chosen: bool = False  #: the tapped button did what it says; its message may show so
