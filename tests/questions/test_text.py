"""Typed text made comparable."""

from hypothesis import given
from hypothesis import strategies as st

from bot.questions.text import fold, words, words_of_each

LINES = st.lists(st.text(max_size=600).map(lambda text: " ".join(text.splitlines())), max_size=5)


@given(lines=LINES)
def test_phrases_are_read_as_questions_are(lines: list[str]) -> None:
    """A phrase that an editor wrote is found when somebody types it: both are cut into words alike."""
    assert words_of_each(lines) == [words(line) for line in lines]


def test_accents_capitals_and_stretched_letters_do_not_matter() -> None:
    """Whoever types "COÖPERATIE" or "heeeel" is understood as with plain letters."""
    assert fold("COÖPERATIE") == "cooperatie"
    assert words("Heeeeel graag: wat's de prijs?") == ["heel", "graag", "wats", "de", "prijs"]
