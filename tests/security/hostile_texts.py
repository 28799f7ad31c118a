"""Texts that are long for what they say, and conversations in which they are typed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.dialogue.context import Context, Match
from bot.dialogue.events import Event, Typed
from bot.dialogue.reading.questions import LONGEST_TEXT
from bot.dialogue.records import Conversation, Draft, Lead, State
from bot.loading import context_maker
from tests.events import happens
from tests.form import FIELDS
from tests.turns.post import words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GIVEN = {"interest": "both", "organisation_type": "other", "organisation": "G", "name": "N", "email": "a@b.nl"}
LEAD = Lead(
    reference="K7RM-42XD", chat="web:1", channel="web", language="nl", answers=GIVEN, created_at=NOW, updated_at=NOW,
    consent_at=NOW, consent_version="1", consent_language="nl",
)  # fmt: skip
DRAFT = Draft(token="t", started_at=NOW, answers=GIVEN, more=True)
UNITS = (
    "a", "@", "a@", "a@a.nl ", "a.", ".", " ", "x ", "ja ", "nee, ", "gemeente ", "gemeentw ", "niet ", "10 ", "1-",
    "tien ", "?", "wat? ", "á", "\u0301", "\u0323\u0301", "\u0f73", "a\u0344", "ﷺ", "İ", "ß", ": ", "naam: ", "a\n",
    "abcde ", "qwzxcv ploerk ", "\U0001f468\u200d", "crash course ", "06-12345678 ", "+31", "(", "-", "/a ", "http://",
    "www.", "K7RM42XD ", "en ", "A.", "Aa Bb ", "mijn naam is ", "ik ben ", "½", "1,2 ", "10 à 12 ", "{{", "<b>",
    "&amp;", "\u202e", "\u200b", "straat 1 ",
)  # fmt: skip


def filled(unit: str, length: int = LONGEST_TEXT) -> str:
    """The unit over and over, so many characters long."""
    return (unit * (length // len(unit) + 1))[:length]


def conversations() -> Iterator[tuple[str, Conversation]]:
    """A conversation in each state, and at each question, by its name."""
    idle = Conversation(chat="web:1", language="nl", leads=(LEAD,), question="Wat?", asked_at=NOW)
    for state in State:
        if state is State.ASK:
            for field in FIELDS:
                yield f"ask {field.name}", replace(idle, state=state, draft=replace(DRAFT, step=field.name))
        elif state is State.EMAIL:
            yield "email", replace(idle, state=state, draft=replace(DRAFT, step="email", suggestion="a@gmail.com"))
        else:
            bare = state in (State.IDLE, State.ANOTHER, State.REPHRASE)
            yield str(state), replace(idle, state=state, draft=None if bare else DRAFT)


def event(text: str) -> Event:
    """Something typed."""
    return happens(Typed, text, id="1", chat="web:1", at=NOW)


class NoMatcher:
    """Finds nothing: what a question is about is looked at apart."""

    def match(self, text: str, language: str) -> Match:
        """Nothing."""
        return Match()

    def may_ask(self, text: str) -> bool:
        """It may."""
        return True


def real_context() -> Context:
    """All that a turn needs, with the real words."""
    return replace(context_maker(words(), NoMatcher())(), now=NOW)  # type: ignore[arg-type]
