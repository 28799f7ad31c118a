"""What the encoder needs for more languages than the first two: read only where a course speaks one of them."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FILE, TABLE = "beside.npz", "beside.npy"
SPELLED = "spelled_"  #: what the name of a language's table of spellings begins with; its code follows


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """More pieces, and how the words of these languages are written: "fur" is "für"."""

    names: Sequence[str]
    scores: Sequence[float]
    spelled: dict[str, str]  #: a word as the program folds it -> as it is written
    table: NDArray[np.uint8]
    scale: Floats
    low: Floats

    @classmethod
    def load(cls, home: Path, languages: Iterable[str]) -> Self:
        """Give what these languages need of what a folder has. Raises OSError where it has none."""
        with np.load(home / FILE, allow_pickle=False) as kept:
            tables = (kept[name] for code in languages if (name := f"{SPELLED}{code}") in kept.files)
            lines = [line.split(" ") for table in tables for line in table.tobytes().decode().splitlines()]
            return cls(
                names=kept["pieces"].tobytes().decode().split(" "),
                scores=array("f", kept["scores"].tobytes()),
                spelled={line[0]: line[1] for line in lines},
                table=np.load(home / TABLE, mmap_mode="r", allow_pickle=False),
                scale=kept["scale"],
                low=kept["low"],
            )

    def rows(self, at: NDArray[np.int64]) -> Floats:
        """Give the numbers of pieces, by their place among these."""
        return np.asarray(self.table[at] * self.scale[at, None] + self.low[at, None], dtype=np.float32)
