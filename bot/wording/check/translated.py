"""What is not in its language: copied and not translated, marked so, or written in another one."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from bot.wording.catalogue import Catalogue
from bot.wording.check.raw import texts_in
from bot.wording.prose import without_code
from bot.wording.records import Problem
from bot.wording.translating import MARK, unmade

_TAG = re.compile(r"<[^<>]*>", re.DOTALL)
_WORD = re.compile(r"(?<![\w/.@-])[^\W\d_]+(?![\w@])")
_NAMED = 3  #: files that are named of those with something left
_TELLING = 4  #: small words of another language from which a text is hardly in its own


def untranslated(catalogue: Catalogue) -> Iterator[Problem]:
    """The messages and facts that are the same, word for word, in two languages."""
    first, *others = catalogue.codes
    for code in others:
        for name in catalogue.languages[code].templates.names:
            own, other = (catalogue.folder / one / name for one in (code, first))
            same = own.is_file() and other.is_file() and own.read_bytes() == other.read_bytes()
            if same and _says(own.read_bytes()) and MARK.encode() not in own.read_bytes():
                yield Problem(file=f"{code}/{name}", line=0, text=f"says the same as {first}/{name}: translate it")
    table = catalogue.tables["facts"]
    lines = (catalogue.folder / table.name).read_text(encoding="utf-8-sig").splitlines()
    for name, value in table.values.items():
        if isinstance(value, Mapping):
            for code in others:
                if MARK in _written(lines, table.line_of(name)):
                    continue  # it is counted among those that are marked
                if value.get(code) == value.get(first) and _says(" ".join(texts_in(value.get(code))).encode()):
                    text = (
                        f"{name} says the same in {first} and {code}: translate it, or write it once, without languages"
                    )
                    yield Problem(file=table.name, line=table.line_of(name), text=text)


def left_to_translate(catalogue: Catalogue) -> Iterator[Problem]:
    """Per language how much is marked as not translated."""
    for code in catalogue.codes:
        if left := list(unmade(catalogue.folder, code)):
            named = ", ".join(file for file, _ in left[:_NAMED]) + (" …" if len(left) > _NAMED else "")
            count = sum(marks for _, marks in left)
            text = f"{count} texts in {len(left)} files are marked as not translated yet: {named}"
            yield Problem(file=code, line=0, text=text)


def in_another_language(catalogue: Catalogue) -> Iterator[Problem]:
    """The messages whose small words are those of another of the course's languages: a guess."""
    known = {code: words for code, words in _small_words().items() if code in catalogue.codes}
    for code in known if len(known) > 1 else ():
        for name in catalogue.languages[code].templates.names:
            path = catalogue.folder / code / name
            if path.is_file() and (other := _sounds(path.read_text(encoding="utf-8", errors="replace"), code, known)):
                text = f"this reads as {other}, and not as {code}: is it translated?"
                yield Problem(file=f"{code}/{name}", line=0, text=text)


def _sounds(source: str, code: str, known: Mapping[str, frozenset[str]]) -> str | None:
    """The language that a text has clearly more small words of than of its own; None where that is not clear."""
    if MARK in source:
        return None
    words = [word.casefold() for word in _WORD.findall(_TAG.sub(" ", without_code(source)))]
    counts = {one: sum(word in small for word in words) for one, small in known.items()}
    other = max(counts, key=counts.__getitem__)
    return other if counts[other] >= max(_TELLING, 4 * counts[code]) and other != code else None


@lru_cache
def _small_words() -> Mapping[str, frozenset[str]]:
    """The words that are in most sentences of a language, and in no other of these."""
    path = Path(__file__).with_name("small_words.toml")
    return {code: frozenset(words.split()) for code, words in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def _written(lines: list[str], line: int) -> str:
    """How a fact is written, from its line up to an empty one."""
    return "\n".join(takewhile(str.strip, lines[line - 1 :]))


def _says(source: bytes) -> bool:
    """Whether a text has words that differ per language: two or more that are no names."""
    text = _TAG.sub(" ", without_code(source.decode("utf-8", "replace")))
    return len(re.findall(r"(?<!\w)[a-zà-ÿ]{3,}(?!\w)", text)) > 1
