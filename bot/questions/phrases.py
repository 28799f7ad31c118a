"""The phrases an editor keeps: how people ask about each topic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.questions.text import words_of_each

OUTSIDE = "oos"  #: what is not about the course
UNPUBLISHED = "unpublished"  #: what is about the course, but has no published answer


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One way to ask about a topic."""

    topic: str
    language: str
    text: str
    words: tuple[str, ...]  #: what the text consists of, made comparable

    @property
    def identity(self) -> str:
        """What it says and where it stands, in one line; another phrase, topic or language has another."""
        return f"{self.language}\t{self.topic}\t{' '.join(self.words) or self.text}"


def read_phrases(folder: Path, languages: Iterable[str]) -> list[Phrase]:
    """Give all phrases in ``folder``/<language>/questions/<topic>.txt; names that start with "_" are not topics."""
    return list(each_phrase(folder, languages))


def each_phrase(folder: Path, languages: Iterable[str]) -> Iterator[Phrase]:
    """Give what ``read_phrases`` gives, a file at a time: thousands of them together take megabytes."""
    for language in languages:
        for path in sorted((folder / language / "questions").glob("[!_]*.txt")):
            yield from _phrases_of(path, language)


def _phrases_of(path: Path, language: str) -> Iterator[Phrase]:
    topic, lines = path.stem, lines_of(path)
    for line, found in zip(lines, words_of_each(lines), strict=True):
        yield Phrase(topic=topic, language=language, text=line, words=tuple(found))


def lines_of(path: Path) -> list[str]:
    """Give the lines that say something: not empty, not a # comment. The check names a file that is no text."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def languages_in(folder: Path) -> list[str]:
    """Give the languages that have phrases in a messages folder."""
    return sorted(path.parent.name for path in folder.glob("*/questions") if path.is_dir())
