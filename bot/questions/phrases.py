"""The phrases an editor keeps: how people ask about each topic, and how they say what they do."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.contacts import contact_names, with_names
from bot.questions.text import words_of_each

QUESTIONS = "questions"  #: the folder with how people ask, a file a topic
ACTS = "acts"  #: the folder with what people do by saying it, a file an act
NO_ACT = "_none.txt"  #: in it: what is no act, though it looks like one
OUTSIDE = "oos"  #: what is not about the course; among acts, what is none of them
UNPUBLISHED = "unpublished"  #: what is about the course, but has no published answer; and its folder, a file a subject

_OF_A_TOOL = (".", "~", "#")  #: what such files' names begin with: .#costs.txt, ._costs.txt, ~$costs.txt


class UnreadablePhrases(Exception):
    """A file with phrases cannot be read. The text is one line that says so of the messages folder, and why."""


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One way to ask about a topic."""

    topic: str
    language: str
    text: str
    words: tuple[str, ...]  #: what the text consists of, made comparable
    subject: str = ""  #: the name of the file it stands in, without its ending

    @property
    def identity(self) -> str:
        """What it says and where it stands, in one line; another phrase, topic or language has another."""
        return f"{self.language}\t{self.topic}\t{' '.join(self.words) or self.text}"


def read_phrases(folder: Path, languages: Iterable[str], kind: str = QUESTIONS) -> list[Phrase]:
    """
    Give all phrases in ``folder``/<language>/``kind``/<topic>.txt; names that start with "_" are not topics, and what
    tools put there is nobody's. Raises UnreadablePhrases.
    """
    return list(each_phrase(folder, languages, kind))


def each_phrase(
    folder: Path, languages: Iterable[str], kind: str = QUESTIONS, names: Sequence[str] | None = None
) -> Iterator[Phrase]:
    """
    Give what ``read_phrases`` gives, a file at a time: thousands of them together take megabytes.

    ``names``: those of the contact persons, where they are not those of this folder's own facts.
    """
    facts = facts_of(folder)
    names = contact_names(facts) if names is None else names
    known = _known(facts)
    for language in languages:
        for path in sorted((folder / language / kind).glob("[!_]*.txt")):
            if not path.name.startswith(_OF_A_TOOL):
                yield from _phrases_of(path, language, names=names)
        for path in sorted((folder / language / kind / UNPUBLISHED).glob("[!_]*.txt")):
            if not path.name.startswith(_OF_A_TOOL):
                topic = None if path.stem in known else UNPUBLISHED
                yield from _phrases_of(path, language, topic, names=names)


def facts_of(folder: Path) -> dict[str, Any]:
    """Give the course's facts; none of a file that cannot be read, which is named elsewhere."""
    try:
        return tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _known(facts: dict[str, Any]) -> frozenset[str]:
    """The facts that are filled in: a subject of that name is published, wherever its phrases stand."""
    filled = (name for name, value in facts.items() if any(value.values() if isinstance(value, dict) else (value,)))
    return frozenset(filled)


def no_acts(folder: Path, languages: Iterable[str], names: Sequence[str] | None = None) -> Iterator[Phrase]:
    """Give what stands in ``folder``/<language>/acts/_none.txt, as lying outside all acts. Raises UnreadablePhrases."""
    names = contact_names(facts_of(folder)) if names is None else names
    for language in languages:
        path = folder / language / ACTS / NO_ACT
        if path.is_file():
            yield from _phrases_of(path, language, OUTSIDE, names=names)


def _phrases_of(path: Path, language: str, topic: str | None = None, *, names: Sequence[str]) -> Iterator[Phrase]:
    subject, lines = path.stem, lines_of(path, names)
    for line, found in zip(lines, words_of_each(lines), strict=True):
        yield Phrase(topic=topic or subject, language=language, text=line, words=tuple(found), subject=subject)


def lines_of(path: Path, names: Sequence[str] = ()) -> list[str]:
    """
    Give the lines that say something: not empty, not a # comment; with ``names``, the contact persons', filled in. The
    check names a file that is no text.

    Raises UnreadablePhrases.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        place = "/".join(path.parts[-3:])
        raise UnreadablePhrases(f"must have files that can be read: {place} ({error.strerror})") from None
    lines = (line.strip() for line in text.splitlines())
    said = (line for line in lines if line and not line.startswith("#"))
    return [filled for line in said for filled in with_names(line, names)]


def languages_in(folder: Path, kind: str = QUESTIONS) -> list[str]:
    """Give the languages that have phrases in a messages folder."""
    found = (path.parent.name for path in folder.glob(f"*/{kind}") if path.is_dir())
    return sorted(name for name in found if not name.startswith(_OF_A_TOOL))


def act_phrases(folder: Path) -> list[Phrase]:
    """Give the phrases of the acts in a messages folder, and what it says is none. Raises UnreadablePhrases."""
    languages = languages_in(folder, ACTS)
    return [*read_phrases(folder, languages, ACTS), *no_acts(folder, languages)]
