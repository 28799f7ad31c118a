"""From a typed text to what it asks about."""

from collections.abc import Iterable
from pathlib import Path

from bot.dialogue.context import Match
from bot.questions.nearest import Nearest
from bot.questions.phrases import OUTSIDE, UNPUBLISHED, read_phrases
from bot.questions.text import words

_CERTAIN = 0.62
_NEAR = 0.2
_ASKS = frozenset(
    "wie wat waar waarom wanneer hoe hoeveel welke kan kun kunnen who what where why when how which can do".split()
)


class Matcher:
    """Says what a text asks about."""

    def __init__(self, nearest: Nearest) -> None:
        self._nearest = nearest

    @classmethod
    def load(cls, folder: Path, languages: Iterable[str]) -> "Matcher":
        """Give the matcher for the phrases in a messages folder."""
        return cls(Nearest(read_phrases(folder, languages)))

    def match(self, text: str, language: str) -> Match:
        """Say which topics a text asks about; never raises."""
        ranked = self._nearest.topics(text)
        best = next(iter(ranked), OUTSIDE)
        score = ranked.get(best, 0.0)
        sure = score >= _CERTAIN and best not in (OUTSIDE, UNPUBLISHED)
        near = tuple(t for t, v in ranked.items() if v >= _NEAR and t not in (OUTSIDE, UNPUBLISHED))[:3]
        typed = words(text)
        return Match(
            topics=(best,) if sure else (),
            suggestions=() if sure else near,
            score=score,
            unpublished=best == UNPUBLISHED and score >= _CERTAIN,
            question=text.rstrip().endswith("?") or bool(typed and typed[0] in _ASKS),
        )
