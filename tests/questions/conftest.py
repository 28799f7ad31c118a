"""The matcher as the program has it, loaded once; and a small course to train on."""

from pathlib import Path

import pytest

from bot.questions import Acts, Matcher
from tests.frozen import MESSAGES, REAL

LANGUAGES = ("nl", "en")

_SMALL = {
    "costs": ("wat kost het", "wat is de prijs", "hoe duur is de cursus", "is het gratis", "welk tarief geldt er"),
    "dates": ("wanneer is het", "op welke dag", "wat is de datum", "is het in mei", "wanneer begint de cursus"),
    "oos": ("regent het", "ik zoek werk", "vertel een mop", "wie is de koning", "asdf qwer", "😀"),
    "unpublished": ("krijg ik een diploma", "is er lunch", "wie is de docent", "moet ik iets weten vooraf"),
}


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    """The matcher for the course's own messages."""
    return Matcher.load(MESSAGES, LANGUAGES)


@pytest.fixture(scope="session")
def acts() -> Acts:
    """The acts as the program has them."""
    return Acts.load(REAL, LANGUAGES)


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A messages folder with a few Dutch phrases and no weights."""
    folder = tmp_path / "nl" / "questions"
    folder.mkdir(parents=True)
    for topic, phrases in _SMALL.items():
        (folder / f"{topic}.txt").write_text("# voorbeeldvragen\n" + "\n".join(phrases) + "\n", encoding="utf-8")
    return tmp_path
