"""
Two thousand real names, typed as answers, and every phrase of an act, against everything that reads a text.

The lists stand in tests/questions/names, with their sources.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.dialogue.context import Act, Context, Match
from bot.dialogue.events import Typed
from bot.dialogue.intents import Name
from bot.dialogue.reading.read import read
from bot.dialogue.records import Conversation, Draft, State
from bot.loading import context_maker
from bot.questions.phrases import ACTS as FOLDER
from bot.questions.phrases import read_phrases
from tests.form import REQUIRED
from tests.frozen import MESSAGES
from tests.wording.test_understood import LANGUAGES, acts, real

NAMES = Path(__file__).parents[1] / "questions" / "names"
BEFORE = {"interest": "both", "organisation_type": "municipality"}


def listed(name: str) -> list[str]:
    """The lines of a list."""
    return (NAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def organisations() -> list[str]:
    """Municipalities, with and without that word, housing corporations and others."""
    towns = listed("municipalities")
    names = [*towns, *listed("housing_corporations"), *listed("organisations")]
    return list(dict.fromkeys([*names, *(f"Gemeente {town}" for town in towns)]))


def people() -> list[str]:
    """First names alone, and a thousand with a family name, prefixes and all."""
    first, family = listed("first_names"), listed("family_names")
    full = (f"{first[n % len(first)]} {family[(n * 7 + n // len(first)) % len(family)]}" for n in range(1000))
    return list(dict.fromkeys([*first, *full]))


@cache
def context() -> Context:
    """The real words and models; what a text means is worked out once for both languages, which it is the same for."""
    made = context_maker(*real(), acts())()

    @cache
    def match(text: str) -> Match:
        return made.match(text, "nl")

    @cache
    def near(text: str) -> tuple[Act, ...]:
        return made.acts(text, "nl")

    return replace(made, match=lambda text, language: match(text), acts=lambda text, language: near(text))


def eaten(names: list[str], step: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The names that are not stored as they were typed where ``step`` is asked, with what is read instead."""
    asked = Draft(token="", started_at=context().now, answers=BEFORE, step=step)
    conversation = Conversation(chat="web:7", language=language, state=State.ASK, draft=asked)
    for name in names:
        intent = read(conversation, Typed(id="", chat="web:7", at=context().now, text=name), context())
        if (intent.name, intent.about, intent.value, intent.also) != (Name.ANSWER, step, name, {}):
            yield name, intent.name.value, intent.value


def test_there_are_two_thousand() -> None:
    """Enough names to find what eats one in a thousand."""
    assert len(organisations()) + len(people()) >= 2000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_real_organisation_is_an_answer(language: str) -> None:
    """No municipality, corporation or association is refused, changed, or taken for something else."""
    assert list(eaten(organisations(), "organisation", language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_real_person_is_an_answer(language: str) -> None:
    """No first name, and no full name with its prefixes, is refused, changed, or taken for something else."""
    assert list(eaten(people(), "name", language)) == []


@pytest.mark.usefixtures("unmeasured")
def test_hardly_any_name_needs_its_capitals() -> None:
    """Typed in lower case, at most one name in a hundred looks like something else, and then it is asked again."""
    lower = [name.lower() for name in organisations()[::3]], [name.lower() for name in people()[::3]]
    taken = [*eaten(lower[0], "organisation", "nl"), *eaten(lower[1], "name", "nl")]
    assert len(taken) * 100 <= sum(map(len, lower))


ANY_TEXT = ("organisation", "name", "role", "place", "period", "remark")
GIVEN = {**BEFORE, "organisation": "Gemeente Ede", "name": "Ali Baba", "email": "ali@ede.nl"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("unmeasured")
def test_no_phrase_of_an_act_is_ever_stored(language: str) -> None:
    """Each phrase of each act, typed where any text is an answer, does something and is not kept as the answer."""
    phrases = read_phrases(MESSAGES, [language], FOLDER)
    stored = [
        (phrase.topic, field, phrase.text)
        for at, phrase in enumerate(phrases)
        for field in [ANY_TEXT[at % len(ANY_TEXT)]]  # all of them in each take half a minute
        if stores(phrase.text, field, language)
    ]
    assert stored == []


def stores(text: str, step: str, language: str) -> bool:
    """Whether this is stored as it stands where ``step`` is asked."""
    more = step not in REQUIRED
    draft = Draft(token="", started_at=context().now, answers=GIVEN if more else BEFORE, step=step, more=more)
    conversation = Conversation(chat="web:7", language=language, state=State.ASK, draft=draft)
    intent = read(conversation, Typed(id="", chat="web:7", at=context().now, text=text), context())
    return intent.name is Name.ANSWER and intent.value == text.strip()
