"""What the acts are learned from beside their own phrases: questions, which are no acts."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bot.questions.phrases import OUTSIDE, Phrase, languages_in, read_phrases

_NEAR = "near_acts.txt"  #: in a messages folder: the topics whose questions are, or are much like, an act; a line each
_EACH = 6  #: of the questions about topics every sixth is enough
_TELLING = 5  #: words from which what lies outside the course is no insult and no joke


def asked_for_no_act(folder: Path) -> Iterator[Phrase]:
    """Give questions about topics, which are no acts. Raises UnreadablePhrases."""
    near = (
        frozenset((folder / _NEAR).read_text(encoding="utf-8").split()) if (folder / _NEAR).is_file() else frozenset()
    )
    asked = (phrase for phrase in read_phrases(folder, languages_in(folder)) if _far(phrase, near))
    for phrase in islice(asked, 0, None, _EACH):
        yield Phrase(topic=OUTSIDE, language=phrase.language, text=phrase.text, words=phrase.words)


def _far(phrase: Phrase, near: frozenset[str]) -> bool:
    """Say whether a question is unlike all acts; ``near``: the topics whose questions are not."""
    return phrase.topic not in near and (phrase.topic != OUTSIDE or len(phrase.words) >= _TELLING)
