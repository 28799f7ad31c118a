"""Phrases with a word less: people leave words out, and what is learned must not hang on any one of them."""

from collections.abc import Sequence
from zlib import crc32

_LONG = 4  #: words from which a phrase without one of them says much the same


def shortened(texts: Sequence[Sequence[str]]) -> tuple[list[tuple[str, ...]], list[int]]:
    """Give each longer text without one of its words, the same one every time, and the number of the text it is of."""
    numbers = [number for number, words in enumerate(texts) if len(words) >= _LONG]
    return [_without_one(texts[number]) for number in numbers], numbers


def _without_one(words: Sequence[str]) -> tuple[str, ...]:
    left_out = crc32(" ".join(words).encode()) % len(words)
    return (*words[:left_out], *words[left_out + 1 :])
