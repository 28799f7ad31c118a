"""Typed text made comparable: one case, no accents, plain words."""

import re
import unicodedata

LONGEST = 500  #: characters of a text that are looked at; a question that needs more is not one question

_WORD = re.compile(r"[a-z0-9]{1,40}")  #: a longer one falls apart, so that what is kept of each word stays small
_STRETCHED = re.compile(r"(.)\1{2,}")


def fold(text: str) -> str:
    """Give the text in lower case, without accents or stretched letters, cut at LONGEST characters."""
    bare = text[:LONGEST].casefold()
    if not bare.isascii():
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    return _STRETCHED.sub(r"\1\1", bare.replace("'", "").replace("’", ""))


def words(text: str) -> list[str]:
    """Give the words of a text, folded, in order."""
    return _WORD.findall(fold(text))
