"""What a person wants with what they did: the events of the conversation's table."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.context import Match
from bot.dialogue.reading.answers import Problem
from bot.dialogue.records import Event


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


NOTHING = Match()


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a person wants, and with what."""

    name: Name
    event: Event
    value: str = ""  #: an option, a topic, a language, a reference, a payload or a text, as the name asks
    about: str = ""  #: the sign-up field it is about
    suggestion: str | None = None  #: the e-mail address that was more likely meant
    problem: Problem | None = None
    match: Match = NOTHING
