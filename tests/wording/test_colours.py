"""The colours of the page, as a course sets them."""

import pytest

from bot.wording.colours import BESIDE, READABLE, STANDARD, contrast
from tests.wording.conftest import Broken


def test_the_standard_colours_can_be_read() -> None:
    """What a course does not set can be read, on all that it stands on."""
    assert all(contrast(STANDARD[name], other) >= READABLE for name, others in BESIDE.items() for other in others)
    assert (round(contrast("#000000", "#ffffff")), contrast("#123456", "#123456")) == (21, 1)


@pytest.mark.parametrize(
    ("colour", "says"),
    [
        ("#99ccbb", "is too little unlike #ffffff to be read"),
        ("green", "is no colour such as"),
        ("#0b5d5", "is no colour"),
    ],
)
def test_a_colour_that_cannot_be_read_is_named(broken: Broken, colour: str, says: str) -> None:
    """An editor is told of a colour that is none, or too pale, by its line."""
    broken.replace("page.toml", 'accent = "#0b5d52"', f'accent = "{colour}"')
    found = [line for line in broken.found() if says in line]
    assert found
    assert all(line.startswith("page.toml:6: ") for line in found)


def test_a_colour_that_the_page_does_not_have(broken: Broken) -> None:
    """A misspelt name is told, with those that there are."""
    broken.replace("page.toml", "accent_dark", "acent_dark")
    (line,) = [line for line in broken.found() if "page.toml" in line]
    assert "acent_dark is no colour of the page; these are: brand" in line
