"""A matrix in half the room: whole numbers of 16 bits, made floats a part at a time while something is multiplied."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_STEPS = 32767  #: from zero to the largest number of a column
_AT_ONCE = 1 << 17  #: numbers that are floats at the same time: half a megabyte


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """Stands on the right of an ``@``."""

    numbers: NDArray[np.int16]
    steps: Floats  #: per column: what one step of a number is worth

    __array_ufunc__ = None  # so that numpy leaves ``rows @ matrix`` to us

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> "Matrix":
        """Give the matrix with these values, to within a 65,000th of the largest in each column."""
        steps = np.maximum(np.abs(values.astype(np.float64)).max(axis=0), 1e-9) / _STEPS
        return cls(numbers=np.round(values / steps).astype(np.int16), steps=steps.astype(np.float32))

    def __rmatmul__(self, rows: Floats) -> Floats:
        """Give ``rows @ matrix``, for one row or for several."""
        height, width = self.numbers.shape
        part = max(1, _AT_ONCE // width)
        total = np.zeros((*rows.shape[:-1], width), dtype=np.float32)
        for start in range(0, height, part):
            total += rows[..., start : start + part] @ self.numbers[start : start + part].astype(np.float32)
        return np.asarray(total * self.steps, dtype=np.float32)
