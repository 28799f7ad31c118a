"""Typed text made comparable: one case, no accents, plain words."""

import re
import unicodedata
from collections.abc import Sequence

from bot.dialogue.signs import normal

LONGEST = 500  #: characters of a text that are looked at; a question that needs more is not one question

_WORD = re.compile(r"[a-z0-9]{1,40}")  #: a longer one falls apart, so that what is kept of each word stays small
_OF_ANOTHER = "♀♂"  #: signs that say whom the emoji before them shows
_STRETCHED = re.compile(r"(.)\1{2,}")


def fold(text: str) -> str:
    """Give the text in lower case, without accents or stretched letters, cut at LONGEST characters."""
    return _folded(text[:LONGEST])[: 2 * LONGEST]  # one sign may become eighteen


def words(text: str) -> list[str]:
    """Give the words of a text, folded, in order."""
    return _WORD.findall(fold(text))


def words_of_each(lines: Sequence[str]) -> list[list[str]]:
    """Give the words of each of these lines, as ``words`` would; thousands are folded in one go, which is quicker."""
    if not lines:
        return []
    folded = _folded("\n".join(line[:LONGEST] for line in lines))
    return [_WORD.findall(line) for line in folded.split("\n")]


def marks(text: str) -> tuple[str, ...]:
    """Give the emoji and other signs in a text, each once, without the colour of a skin."""
    found = (sign for sign in text[:LONGEST] if not sign.isascii() and unicodedata.category(sign) == "So")
    return tuple(dict.fromkeys(sign for sign in found if sign not in _OF_ANOTHER))


def _folded(text: str) -> str:
    bare = text.casefold()
    if not bare.isascii():
        bare = normal("NFKD", bare)
        for mark in filter(unicodedata.combining, set(bare)):
            bare = bare.replace(mark, "")
    return _STRETCHED.sub(r"\1\1", bare.replace("'", "").replace("’", ""))
