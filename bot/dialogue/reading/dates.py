"""From what a person types to a day: in words or in digits, with or without its year."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.dialogue.reading.spelling import plain, plain_way

_YEAR = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DIGITS = re.compile(r"(?<![\d./-])(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{4}|\d{2}))?(?![\d/-])")
_WORDS = re.compile(
    r"\b(?:(\d{1,2})(?:e|de|ste|st|nd|rd|th)? (?:of )?([a-z]{3,})|([a-z]{3,}) (\d{1,2})(?:st|nd|rd|th)?\b)(?: (\d{4}))?"
)
_YEARS = range(1900, 2100)  #: what else looks like a year is a slip
_SHORT = 3  #: letters of a month that tell it from the others


def date_meant(text: str, months: Mapping[str, Sequence[str]], today: date) -> date | None:
    """
    The one day in ``text``; without a year the next time it comes. ``months``: language -> the names of the twelve.

    None where there is no day, or more than one.
    """
    found = {day for parts in _parts(text, months) if (day := _day(*parts, today))}
    return found.pop() if len(found) == 1 else None


def _parts(text: str, months: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int, int | None]]:
    """The day, month and year of everything that looks like a date."""
    for year, month, day in _YEAR.findall(text):
        yield int(day), int(month), int(year)
    for day, month, year in _DIGITS.findall(_YEAR.sub(" ", text)):
        yield int(day), int(month), (int(year) + 2000 * (len(year) == 2) if year else None)
    numbers = {plain_way(name): at for names in months.values() for at, name in enumerate(names, 1)}
    numbers |= {name[:_SHORT]: at for name, at in numbers.items()} | numbers
    for before, name, other, after, year in _WORDS.findall(plain(text)):
        if month := numbers.get(name or other):
            yield int(before or after), month, (int(year) if year else None)


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    if year and year not in _YEARS:
        return None
    try:
        found = date(year or today.year, month, day)
        return found if year or found >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
