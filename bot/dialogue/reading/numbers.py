"""From what a person types to a number of people: in digits or in words, an estimate or a range."""

import re
from collections.abc import Mapping

from bot.dialogue.reading.spelling import Spellings, plain, plain_way

LARGEST = 999
PEOPLE = range(1, LARGEST + 1)
#: a plus and digits, a minus that stands for itself, a phone number's zero: none of them counts people
NO_COUNT = re.compile(r"\+\d|(?<!\d)(?<!\d\s)[-−–—]\s*\d|(?<!\d)0\d{2}")
DASHED = re.compile(r"(?<=\d)\s?[-–—]\s?(?=\d)")
DASH = "n n"  #: how a range with a dash looks once its numbers are taken out


def people_meant(
    text: str, numbers: Spellings, ranges: tuple[str, ...], added: tuple[str, ...] = (), within: range = PEOPLE
) -> int | None:
    """
    The number of people in ``text``, one that is ``within``; of a range the larger, so that nobody is short of a place.

    ``numbers`` are the words for numbers, ``ranges`` how a range is written with N for its numbers,
    ``added`` the words between numbers that are added ("10 van ons en 3 van hen"). None where the
    text has no number, or has several that make no range.
    """
    found, shape = _taken_out(text, numbers)
    if NO_COUNT.search(text) or not all(number in within for number in found):
        return None
    if len(found) == 1:
        return found[0]
    if len(found) == 2 and found[0] < found[1] and _is_range(text, shape, ranges):
        return found[1]
    whole = sum(found)
    return whole if len(found) > 1 and any(re.search(sums, shape) for sums in map(_shape, added)) else None


def _shape(way: str) -> str:
    """A pattern for a row of numbers that are added, with what they count between them."""
    return rf"\bn\b(?: (?!n\b)\w+){{1,4}} {re.escape(plain_way(way))} n\b"


def _taken_out(text: str, numbers: Spellings) -> tuple[list[int], str]:
    """The numbers in ``text`` in their order, and its plain form with "n" in the place of each."""
    ways = {plain_way(way): int(value) for value, spelled in numbers.items() for way in spelled}
    typed = plain(text)
    if typed in ways:
        return [ways[typed]], "n"
    words = _pattern({way: value for way, value in ways.items() if value > 1})  # "een" is mostly no number
    found = [ways[hit] if hit in ways else int(hit) for hit in words.findall(typed)]
    return found, words.sub("n", typed)


def _pattern(ways: Mapping[str, int]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, ways), key=len, reverse=True)
    return re.compile(rf"\d+|(?<![a-z0-9])(?:{'|'.join(longest_first)})(?![a-z0-9])" if ways else r"\d+")


def _is_range(text: str, shape: str, ranges: tuple[str, ...]) -> bool:
    dashed = len(DASHED.findall(text)) == 1 and DASH in shape
    return dashed or any(re.search(rf"\b{re.escape(plain_way(way))}\b", shape) for way in ranges)
