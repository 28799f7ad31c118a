"""What a text consists of, as numbers for the linear model: its words, pairs of words and groups of letters."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SLOTS = 1 << 16  #: features share this many places; two that share one are rare
_LETTERS = (3, 4, 5)  #: how many letters the groups have

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Features:
    """A text's features: where each is kept, and how much it counts."""

    slots: NDArray[np.int64]
    weights: Floats


def features(words: Sequence[str], rarity: Floats) -> Features:
    """
    Give a text's features; ``rarity`` says per slot how much a feature there tells (see ``rarity_of``).

    Words, pairs and letter groups weigh the same as blocks, however many of each there are.
    """
    slots: list[int] = []
    weights: list[float] = []
    for found in _blocks(words):
        tells = rarity[list(found)].tolist()
        valued = [told * (1 + math.log(count)) for told, count in zip(tells, found.values(), strict=True)]
        length = math.sqrt(sum(value * value for value in valued)) or 1.0
        slots += found
        weights += (value / length for value in valued)
    return Features(slots=np.array(slots, dtype=np.int64), weights=np.array(weights, dtype=np.float32))


def rarity_of(texts: Sequence[Sequence[str]]) -> Floats:
    """Give for each slot how rare its features are among texts: 1 for one that is in all, more for rarer ones."""
    seen = np.zeros(SLOTS, dtype=np.float32)
    for words in texts:
        seen[list({slot for found in _blocks(words) for slot in found})] += 1
    return np.asarray(1 + np.log((1 + len(texts)) / (1 + seen)), dtype=np.float32)


def _blocks(words: Sequence[str]) -> Iterator[Counter[int]]:
    edged = ["^", *words, "$"]
    yield Counter(_slot("w", word) for word in words)
    yield Counter(_slot("p", f"{first} {second}") for first, second in pairwise(edged))
    yield Counter(chain.from_iterable(map(_letters, words)))


@lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[int, ...]:
    edged = f"<{word}>"
    groups = (edged[start : start + size] for size in _LETTERS for start in range(len(edged) - size + 1))
    return tuple(_slot("l", group) for group in groups)


def _slot(kind: str, feature: str) -> int:
    return crc32(f"{kind}:{feature}".encode()) & (SLOTS - 1)
