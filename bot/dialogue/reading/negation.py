"""Which part of a text says what is not meant: "niet voor langere ondersteuning" asks for no support."""

import re
from collections.abc import Iterator

from bot.dialogue.reading.spelling import Span, plain, plain_way

CLAUSE_ENDS = re.compile(r"[,.;:!?()\n]")


def denied_parts(text: str, nots: tuple[str, ...], buts: tuple[str, ...]) -> tuple[Span, ...]:
    """
    The parts of ``plain(text)`` after a word that denies, up to the end of its clause, as (start, end).

    ``nots`` are the words that deny, ``buts`` those after which the opposite follows.
    """
    typed = plain(text)
    parts = []
    for start, end in _clauses(text, buts):
        denial = _words(nots).search(typed, start, end) if nots else None
        if denial:
            parts.append((denial.start(), end))
    return tuple(parts)


def _clauses(text: str, buts: tuple[str, ...]) -> Iterator[Span]:
    at = 0
    for clause in filter(None, map(plain, CLAUSE_ENDS.split(text))):
        start = at
        for but in _words(buts).finditer(clause) if buts else ():
            yield start, at + but.start()
            start = at + but.start()
        yield start, at + len(clause)
        at += len(clause) + 1


def _words(ways: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(plain_way(way)) for way in ways)})\b")
