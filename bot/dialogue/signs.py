"""Unicode in one form, at a cost that grows with the length of a text alone."""

import unicodedata
from functools import lru_cache
from typing import Literal

from bot.bounds import MARKS

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normal(form: Form, text: str) -> str:
    """
    ``text`` in this normal form, with 30 marks on one letter at most; no writing has as many.

    Normalising puts the marks of a letter in order one by one (UAX #15, canonical ordering), in time that grows with
    the square of how many they are. Unicode's own Stream-Safe Text Format (UAX #15, section 13) allows 30.
    """
    if text.isascii():
        return text
    marked = any(_marks(sign)[1] is None for sign in set(text))
    return unicodedata.normalize(form, _with_few_marks(text) if marked else text)


#: so many signs in a row that are all marks; fewer, of a few marks each, never come near 30
_MANY = "1" * 5


def _with_few_marks(text: str) -> str:
    if _MANY not in "".join(["1" if _marks(sign)[1] is None else "0" for sign in text]):
        return text
    kept: list[str] = []
    run = 0
    for sign in text:
        before, after = _marks(sign)
        run = run + before if after is None else after
        if run <= MARKS.most or after is not None:
            kept.append(sign)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks(sign: str) -> tuple[int, int | None]:
    """How many marks a sign begins with once it is taken apart, and how many it ends in; None where it is all marks."""
    parts = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", sign)]
    if all(parts):
        return len(parts), None
    return 0, parts[::-1].index(False)
