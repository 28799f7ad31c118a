"""The phrases an editor keeps: how people ask about each topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.questions.text import words

OUTSIDE = "oos"  #: what is not about the course
UNPUBLISHED = "unpublished"  #: what is about the course, but has no published answer


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One way to ask about a topic."""

    topic: str
    language: str
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words it consists of, made comparable."""
        return tuple(words(self.text))


def read_phrases(folder: Path, languages: Iterable[str]) -> list[Phrase]:
    """Give all phrases in ``folder``/<language>/questions/<topic>.txt; names that start with "_" are not topics."""
    return [
        Phrase(topic=path.stem, language=language, text=line)
        for language in languages
        for path in sorted((folder / language / "questions").glob("[!_]*.txt"))
        for line in lines_of(path)
    ]


def lines_of(path: Path) -> list[str]:
    """Give the lines of a file that say something: not empty, not a # comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def languages_in(folder: Path) -> list[str]:
    """Give the languages that have phrases in a messages folder."""
    return sorted(path.parent.name for path in folder.glob("*/questions") if path.is_dir())
