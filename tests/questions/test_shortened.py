"""Phrases with a word less, for training."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.training.shortened import shortened

WORDS = st.lists(st.sampled_from(["hoe", "lang", "duurt", "de", "cursus", "het"]), min_size=1, max_size=8)


@given(st.lists(WORDS, max_size=5))
def test_a_long_text_loses_one_word(texts: list[list[str]]) -> None:
    """What is learned beside a phrase is that phrase with one word left out, the same one every time."""
    shorter, numbers = shortened(texts)
    assert numbers == [number for number, words in enumerate(texts) if len(words) >= 4]
    for words, number in zip(shorter, numbers, strict=True):
        whole = texts[number]
        assert any(words == (*whole[:at], *whole[at + 1 :]) for at in range(len(whole)))
    assert shortened(texts) == (shorter, numbers)
