"""Events, made and read briefly."""

from datetime import UTC, datetime
from typing import Any

from bot.dialogue.events import Chosen, Edited, Event, SentAttachment, SharedPhone, Typed

Kind = type[Typed] | type[Chosen] | type[SharedPhone] | type[SentAttachment] | type[Edited]
"""What somebody did, by its class."""


def happens(kind: Kind, words: str = "", **rest: Any) -> Event:
    """An event of this class, with its words: what was typed, the button's id, the number that was shared."""
    rest.setdefault("at", datetime.now(UTC))
    if kind is Chosen:
        return Chosen(button=words, **rest)
    if kind is SharedPhone:
        return SharedPhone(number=words, **rest)
    if kind is SentAttachment:
        return SentAttachment(**rest)
    return Edited(text=words, **rest) if kind is Edited else Typed(text=words, **rest)


def words_of(event: Event) -> str:
    """What was typed, the button's id, or the number that was shared; empty for what has no words."""
    match event:
        case Typed() | Edited():
            return event.text
        case Chosen():
            return event.button
        case SharedPhone():
            return event.number
        case SentAttachment():
            return ""
