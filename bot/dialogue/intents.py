"""What a person wants with what they did: the events of the conversation's table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.dialogue.context import Match
from bot.dialogue.events import Event
from bot.dialogue.reading.answers import NotAccepted


class Name(StrEnum):
    """Everything a person can want."""

    START = "start"  #: /start
    MENU = "menu"
    TOPIC = "topic"  #: a topic, by its button
    QUESTION = "question"  #: a typed question
    REPHRASE = "rephrase"  #: none of the offered topics
    CHOOSE_LANGUAGE = "choose language"
    LANGUAGE = "language"
    CHAT_ID = "chat id"
    ATTACHMENT = "attachment"
    EDITED = "edited"
    TOO_LONG = "too long"
    UNKNOWN_COMMAND = "unknown command"
    STALE = "stale button"
    EXPIRED = "expired button"
    ALREADY_SENT = "already sent"

    SIGN_UP = "sign up"
    RESUME = "resume"
    RESTART = "restart"
    ANSWER = "answer"  #: an answer to the question that is open
    WRONG_ANSWER = "wrong answer"
    EARLIER_ANSWER = "earlier answer"  #: a button of an earlier question of the same draft
    KEEP_EMAIL = "keep e-mail"
    FIX_EMAIL = "fix e-mail"
    SKIP = "skip"
    REMOVE = "remove answer"  #: the answer given to an optional question
    BACK = "back"
    EDIT = "edit"
    MORE = "more"
    SHARE_PHONE = "share phone"
    SUBMIT = "submit"
    CANCEL = "cancel"
    CONFIRM_CANCEL = "confirm cancel"
    ANOTHER = "another"
    SHOW_LEAD = "show lead"
    EDIT_LEAD = "edit lead"

    CONTACT = "contact"
    CONTACT_QUESTION = "contact question"  #: the question that is to be passed on
    REPLY_ADDRESS = "reply address"  #: where that question is to be answered
    FORWARD = "forward"
    NO_CONTACT = "no contact"

    SHOW_DATA = "show data"
    FORGET = "forget"
    CONFIRM_FORGET = "confirm forget"
    NO = "no"  #: no to the question that is open

    DETAILS = "details"  #: something of themselves, and nothing else
    SMALL_TALK = "small talk"  #: what is met with a sentence
    ABOUT_FIELD = "about the field"  #: what is meant by the question that is open, or why it is asked
    FINISH = "finish"  #: to the end of the sign-up, whatever optional questions are left
    STATUS = "status"  #: whether the sign-up arrived, and what comes of it
    CHANGE_LEAD = "change lead"  #: another answer in a sign-up that was sent
    FOLLOW_UP = "follow-up"  #: more about what was answered last
    ABOUT_ANSWER = "about the answer"  #: when and where a question that is passed on is answered
    REST_OF_TEXT = "rest of a text"  #: the second half of a text that was too long


NOTHING = Match()
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a person wants, and with what."""

    name: Name
    event: Event
    value: str = ""  #: an option, a topic, a language, a reference, a payload or a text, as the name asks
    about: str = ""  #: the sign-up field it is about
    suggestion: str | None = None  #: the e-mail address that was more likely meant
    refusal: NotAccepted | None = None
    also: Mapping[str, str] = field(default_factory=dict)  #: field -> what was told besides, as it will be stored
    match: Match = NOTHING
