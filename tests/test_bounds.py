"""The table of bounds: what operators read is what the program holds."""

import pytest

from bot.bounds import BOUNDS, DAY, HOUR, Bound
from bot.web.limits import Rate
from scripts.bounds_table import TARGET, document


def test_operators_read_the_bounds_that_hold() -> None:
    """docs/operations.md shows the very numbers of bot/bounds.py; make it anew after a change."""
    text = TARGET.read_text(encoding="utf-8")
    assert document(text) == text


def test_each_bound_says_what_for_whom_and_what_happens() -> None:
    """No two bounds count the same for the same, and each says what who reaches it gets."""
    assert len({(bound.what, bound.per, bound.seconds) for bound in BOUNDS}) == len(BOUNDS)
    assert all(bound.what and bound.per and bound.said and bound.most > 0 for bound in BOUNDS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (DAY, "a day"), (2 * HOUR, "2 hours"), (90.0, "90 seconds"), (0.5, "0.5 seconds")],
)
def test_a_time_is_told_in_its_largest_whole_unit(seconds: float | None, words: str) -> None:
    """An operator reads "2 hours", not 7200 seconds."""
    assert Bound(what="x", per="y", most=1, seconds=seconds, said="z").row()[3] == words


def test_a_rate_needs_a_time() -> None:
    """A number without a time is no rate, which a developer is told."""
    assert Rate.of(Bound(what="x", per="y", most=6, seconds=2.0, said="z")) == Rate(burst=6, per_second=3.0)
    with pytest.raises(TypeError):
        Rate.of(Bound(what="x", per="y", most=1, said="z"))
