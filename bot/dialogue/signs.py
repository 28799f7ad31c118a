"""Unicode in one form, at a cost that grows with the length of a text alone."""

import unicodedata
from functools import lru_cache
from typing import Literal

from bot.bounds import MARKS

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_TOO_MANY = "m" * (MARKS.most + 1)


def normal(form: Form, text: str) -> str:
    """
    ``text`` in this normal form, with 30 marks on one letter at most; no writing has as many.

    Normalising puts the marks of a letter in order one by one (UAX #15, canonical ordering), in time that grows with
    the square of how many they are. Unicode's own Stream-Safe Text Format (UAX #15, section 13) allows 30.
    """
    if text.isascii():
        return text
    many = _TOO_MANY in "".join(map(_shape, text))
    return unicodedata.normalize(form, _with_few_marks(text) if many else text)


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for sign in text:
        before, after = _marks(sign)
        run = run + before if after is None else after
        if run <= MARKS.most or after is not None:
            kept.append(sign)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _shape(sign: str) -> str:
    """What a sign counts for in a run of marks: an "m" for each of its own, behind a dot where it begins a new run."""
    before, after = _marks(sign)
    return "m" * before if after is None else "." + "m" * after


@lru_cache(maxsize=4096)
def _marks(sign: str) -> tuple[int, int | None]:
    """How many marks a sign begins with once it is taken apart, and how many it ends in; None where it is all marks."""
    parts = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", sign)]
    if all(parts):
        return len(parts), None
    return 0, parts[::-1].index(False)
