"""From what a person types to the button they mean."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import filterfalse

from bot.dialogue.signs import normal

Spellings = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]  #: start and end in a plain text
LONGEST_WAY = 500  #: characters; no spelling of an option or a button is longer
NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """``text`` in lower case, without accents and punctuation, words parted by one space."""
    decomposed = normal("NFKD", text.casefold())[: 2 * len(text) + 100]  # one sign may become eighteen
    return NOT_A_WORD.sub(" ", "".join(filterfalse(unicodedata.combining, decomposed))).strip()


def folded(text: str) -> str:
    """``text`` in its plain form, with the emoji that stand in it each as a word of its own."""
    if text.isascii():
        return plain(text)
    parted = "".join(f" {sign} " if unicodedata.category(sign) == "So" else sign for sign in text)
    return " ".join(filter(None, (word if _is_emoji(word) else plain(word) for word in parted.split())))


def _is_emoji(word: str) -> bool:
    return len(word) == 1 and unicodedata.category(word) == "So"


def made_of(text: str, pieces: frozenset[str]) -> tuple[str, ...] | None:
    """
    ``text`` as a row of these pieces (in their folded form), the longest that fit first; None where anything is left.

    So "ja hoor, klopt" is made of "ja", "hoor" and "klopt"; "ja maar" is not.
    """
    words = folded(text[:LONGEST_WAY]).split() if len(text) <= LONGEST_WAY else []
    longest = max((piece.count(" ") + 1 for piece in pieces), default=0)
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - longest), end):
            piece, before = " ".join(words[start:end]), ways[start]
            if before is not None and piece in pieces:
                ways[end] = (*before, piece)
                break
    return ways[-1] if words else None


plain_way = lru_cache(maxsize=4096)(plain)  # for spellings alone: what people type is not kept


class Ways(dict[str, tuple[str, ...]]):
    """
    Spellings that do not change once they are looked in: their plain forms are made once, not for each text.

    People's texts are looked up in dozens of groups of spellings, a hundred or more in each.
    """

    @cached_property
    def plain(self) -> tuple[tuple[str, str], ...]:
        """(value, plain form) of each, in their order."""
        return tuple((value, plain_way(way)) for value, ways in self.items() for way in ways)

    @cached_property
    def values_of(self) -> Mapping[str, str]:
        """The first value of each plain form."""
        return {way: value for value, way in reversed(self.plain)}


def _ways(spellings: Spellings) -> Ways:
    return spellings if isinstance(spellings, Ways) else Ways(spellings)


def exactly(text: str, spellings: Spellings) -> str | None:
    """The one value that ``text`` as a whole is a spelling of, if there is one."""
    typed = plain(text) if len(text) <= LONGEST_WAY else ""
    return _ways(spellings).values_of.get(typed) if typed else None


def options_meant(
    text: str, spellings: Spellings, denied: tuple[Span, ...] = (), *, slips: bool = True
) -> tuple[str, ...]:
    """
    The values whose spelling stands in ``text``; the longest spellings win over those inside them.

    One value: that is what was meant. Several: the person must be asked. None: it was something else.
    What begins inside a ``denied`` part of the plain text is not meant. ``slips``: one slip of a letter is forgiven.
    """
    ways = _ways(spellings)
    whole = exactly(text, ways)
    if whole:
        return (whole,)
    typed = plain(text)
    places = [one for one in _longest(_occurrences(typed, ways)) if not _inside(one[0], denied)]
    found = [value for _, _, value in places]
    if not found and slips:
        found = _near(_without(typed, denied), ways)
    return tuple(dict.fromkeys(found))


def _inside(start: int, denied: tuple[Span, ...]) -> bool:
    """Whether something that starts here follows a word that denies it; that word may be its own first one."""
    return any(begin < start < end for begin, end in denied)


def _without(typed: str, denied: tuple[Span, ...]) -> str:
    for start, end in reversed(denied):
        typed = typed[:start] + typed[end:]
    return typed


def _occurrences(typed: str, spellings: Ways) -> Iterable[tuple[int, int, str]]:
    """Where spellings of more than a number stand in ``typed`` as whole words: (start, end, value)."""
    for value, way in spellings.plain:
        if way not in typed or way.isdigit():
            continue
        for place in re.finditer(rf"(?<![a-z0-9]){re.escape(way)}(?![a-z0-9])", typed):
            yield place.start(), place.end(), value


def _longest(places: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those places that do not lie inside a longer one, in their order."""
    spans = list(places)
    return [
        (start, end, value)
        for start, end, value in sorted(spans)
        if not any(s <= start and end <= e and (e - s) > (end - start) for s, e, _ in spans)
    ]


def _near(typed: str, spellings: Ways) -> list[str]:
    """Values that a word of ``typed`` spells with one slip (a letter too many, too few, other, or two swapped)."""
    words = [word for word in typed.split() if len(word) >= 5]
    if not words:
        return []
    longest = max(map(len, words)) + 1
    near = (
        value for value, way in spellings.plain if 5 <= len(way) <= longest and any(one_slip(w, way) for w in words)
    )
    return list(dict.fromkeys(near))


def one_slip(a: str, b: str) -> bool:
    """Whether ``a`` and ``b`` differ by at most one letter added, left out or changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])
