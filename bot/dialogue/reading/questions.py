"""A text that is a question, in every state."""

from collections.abc import Mapping

from bot.bounds import TEXT
from bot.dialogue.context import Match
from bot.dialogue.events import Typed
from bot.dialogue.intents import NONE, Intent, Name

LONGEST_TEXT = LONGEST_QUESTION = TEXT.most  #: characters


def asked(event: Typed, text: str, match: Match, also: Mapping[str, str] = NONE) -> Intent:
    """The question that ``text`` is."""
    if len(text) > LONGEST_QUESTION:  # it could not be passed on either
        return Intent(name=Name.TOO_LONG, event=event)
    return Intent(name=Name.QUESTION, event=event, value=text, match=match, also=also)


def asked_or_again(event: Typed, text: str, match: Match) -> Intent:
    """A question, where the text reads as one; else the open question is asked again."""
    if match.question or match.topics:
        return asked(event, text, match)
    return Intent(name=Name.WRONG_ANSWER, event=event)
