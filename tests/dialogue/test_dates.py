"""A day that somebody types is the day that is kept, however it is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reading.dates import date_meant

NAMES = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
MONTHS = {language: names.split() for language, names in NAMES.items()}
TODAY = date(2026, 11, 22)
WAYS = (
    "{d:%Y-%m-%d}",
    "{d.day}-{d.month}-{d.year}",
    "{d.day}/{d.month}/{d.year}",
    "{d.day}. {m} {d.year}",
    "op {d.day} {m} {d.year}",
)


@given(
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), way=st.sampled_from(WAYS), language=st.sampled_from([*MONTHS])
)
def test_every_day_is_read_back(day: date, way: str, language: str) -> None:
    """In words of either language and in digits."""
    text = way.format(d=day, m=MONTHS[language][day.month - 1])
    assert date_meant(text, MONTHS, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 maart", date(2027, 3, 12)),
        ("22-11", TODAY),
        ("21-11", date(2027, 11, 21)),
        ("3 dec graag", date(2026, 12, 3)),
        ("am 3. Dez.", date(2026, 12, 3)),
        ("March 12", None),
        ("mei", None),
        ("12.05.27", date(2027, 5, 12)),
        ("31-12-9999", None),
        ("1-1-0001", None),
        ("31 februari", None),
        ("12 of 13 maart 2027", date(2027, 3, 13)),
        ("12 maart of 13 maart", None),
        ("06 12345678", None),
        ("0612-345678", None),
        ("", None),
    ],
)
def test_the_next_time_it_comes_or_nothing(text: str, day: date | None) -> None:
    """Without a year it is the first to come; what is no day, or two, is asked again."""
    assert date_meant(text, MONTHS, TODAY) == day


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Nothing that is typed breaks it."""
    date_meant(text, MONTHS, TODAY)
