"""A text's meaning, condensed to what tells the phrases apart; and what the phrases nearest to it ask about."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NUMBERS = 256  #: of the condensed meaning, those that tell most first
_COMPARED = 96  #: of these, as many as phrases are compared by
_EVENED = 0.5  #: how far the directions in which phrases differ most are held back, 0 to 1
_NEIGHBOURS = 10
_AT_ONCE = 1000  #: phrases that are compared at the same time: their numbers are floats meanwhile
_SHARPNESS = 20.0  #: how much more a nearer neighbour counts
_TINY = np.float32(1e-9)
_STEPS = 127  #: of a number kept in eight bits; lengths are made one again after it


@dataclass(frozen=True, kw_only=True)
class Condenser:
    """From the encoder's numbers to fewer of them."""

    centre: Floats  #: the phrases' average
    directions: Floats  #: one column a number

    @classmethod
    def of(cls, meanings: Floats) -> "Condenser":
        """Give the condenser that keeps most of how these meanings differ."""
        centre = meanings.mean(axis=0)
        _, spread, directions = np.linalg.svd(meanings - centre, full_matrices=False)
        count = min(NUMBERS, len(spread))
        scaled = directions[:count].T / np.maximum(spread[:count], 1e-6) ** _EVENED
        return cls(centre=centre, directions=_halved(scaled))

    def condense(self, meanings: Floats) -> Floats:
        """Give condensed meanings, of length one, for one meaning or for rows of them."""
        return _unit((meanings - self.centre) @ self.directions)


class Neighbours:
    """The phrases by their condensed meaning."""

    def __init__(self, meanings: NDArray[np.int8], labels: NDArray[np.uint8], count: int) -> None:
        """Take the phrases' meanings as ``packed``, the number of each one's topic, and how many topics there are."""
        self._rows = np.split(meanings, range(_AT_ONCE, len(meanings), _AT_ONCE))
        self._lengths = np.concatenate([np.linalg.norm(rows.astype(np.float32), axis=1) for rows in self._rows])
        self._labels = labels
        self._count = count

    def likelihoods(self, meaning: Floats) -> Floats:
        """Give for each topic the share of the nearest phrases that ask about it, the nearer the more."""
        wanted = _unit(meaning[: self._rows[0].shape[1]])
        alike = np.concatenate([rows.astype(np.float32) @ wanted for rows in self._rows])
        likeness = alike / np.maximum(self._lengths, _TINY)
        nearest = np.argpartition(-likeness, min(_NEIGHBOURS, len(likeness)) - 1)[:_NEIGHBOURS]
        weights = np.exp(_SHARPNESS * (likeness[nearest] - likeness[nearest].max()))
        shares = np.bincount(self._labels[nearest], weights=weights, minlength=self._count) / weights.sum()
        return np.asarray(shares, dtype=np.float32)


def packed(meanings: Floats) -> NDArray[np.int8]:
    """Give what is compared of meanings, in eight bits a number."""
    compared = meanings[:, :_COMPARED]
    return np.asarray(np.round(compared / np.abs(compared).max() * _STEPS), dtype=np.int8)


def _unit(meanings: NDArray[np.floating]) -> Floats:
    length = np.sqrt(np.einsum("...i,...i->...", meanings, meanings))[..., None]
    return np.asarray(meanings / np.maximum(length, _TINY), dtype=np.float32)


def _halved(values: NDArray[np.floating]) -> Floats:
    """Give the values as they will be once they were kept in 16 bits."""
    return values.astype(np.float16).astype(np.float32)
