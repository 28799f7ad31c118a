"""What a person types instead of an answer: that there is none, that the one given must go, a word that asks."""

import re

from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.fields import Field, Kind
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer, spellings_of
from bot.dialogue.reading.spelling import Spellings, exactly
from bot.dialogue.records import Conversation

#: kinds in which "weet ik niet" would pass for an answer, or gets a better word than "that is no address"
NEEDED = (Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL)
_NOTHING = re.compile(r"[-–—/.…_\\\s]+")  #: what people put where they have nothing to say


def says_nothing(text: str) -> bool:
    """Whether a text is a dash, a stroke or a dot, or some of them."""
    return bool(_NOTHING.fullmatch(text.strip()))


def read_instead(conversation: Conversation, event: Event, text: str, context: Context) -> Intent | None:
    """What ``text`` as a whole asks for where it is no answer to the open question; None where it may be one."""
    draft = conversation.draft
    asked = context.form.by_name.get((draft.step or "") if draft else "")
    if draft is None or asked is None or _is_option(asked, text, conversation, context):
        return None
    topic = exactly(text, spellings_of("asides", conversation.language, context))
    if topic in context.course.topics and asked.kind is Kind.TEXT:  # a word such as "help" would pass for an answer
        return Intent(name=Name.TOPIC, event=event, value=topic or "")
    if asked.required:
        return _refused(asked, event, text, conversation, context)
    if not _none(text, conversation, context):
        return None
    return Intent(name=Name.REMOVE if asked.name in draft.answers else Name.SKIP, event=event, about=asked.name)


def _is_option(asked: Field, text: str, conversation: Conversation, context: Context) -> bool:
    """Whether the text chooses an option: "weet ik nog niet" is one of those for the group."""
    return bool(asked.options) and isinstance(read_answer(asked.name, text, conversation.language, context), Accepted)


def _refused(asked: Field, event: Event, text: str, conversation: Conversation, context: Context) -> Intent | None:
    ways = _ways(conversation, context)
    refusing = {name: ways.get(name, ()) for name in ("pass", "no", "skip")}
    if asked.kind not in NEEDED or not exactly(text, refusing):
        return None
    refusal = NotAccepted(reason="needed")
    return Intent(name=Name.WRONG_ANSWER, event=event, about=asked.name, refusal=refusal)


def _none(text: str, conversation: Conversation, context: Context) -> bool:
    ways = _ways(conversation, context)
    meaning_none = {name: ways.get(name, ()) for name in ("pass", "no", "remove")}
    return bool(exactly(text, meaning_none)) or says_nothing(text)


def _ways(conversation: Conversation, context: Context) -> Spellings:
    navigation = spellings_of("navigation", conversation.language, context)
    return {**navigation, **spellings_of("instead", conversation.language, context)}
