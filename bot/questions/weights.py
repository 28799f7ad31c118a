"""What training made of the phrases, and the file it is kept in."""

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.questions.features import SLOTS
from bot.questions.meaning import Condenser

Floats = NDArray[np.float32]

FILE = "questions.npz"  #: where a messages folder keeps its weights


class DamagedWeights(Exception):
    """The file cannot be read. The text is one line that says so of the messages folder, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The measures of the project, as shares from 0 to 1."""

    right: float  #: answered directly and right, of questions about the course
    wrong: float  #: answered directly and wrong, of questions about the course
    buttons: float  #: right directly, or the right topic among the buttons, of questions about the course
    outside: float  #: not answered, of questions outside the course

    @classmethod
    def of(cls, shares: Sequence[float]) -> "Figures":
        """Give the figures from their shares, in the order above."""
        right, wrong, buttons, outside = shares
        return cls(right=right, wrong=wrong, buttons=buttons, outside=outside)

    def __str__(self) -> str:
        """Give the figures as a line of percentages."""
        named = {"right": self.right, "wrong": self.wrong, "with buttons": self.buttons, "outside": self.outside}
        return "  ".join(f"{name} {share:6.1%}" for name, share in named.items())


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The numbers that turn a text's features and meaning into topics and a language."""

    topics: tuple[str, ...]
    languages: tuple[str, ...]
    rarity: Floats  #: per slot
    surface: NDArray[np.int8]  #: per slot and label; the labels are the topics, then the languages
    scale: Floats  #: per label: what one step of ``surface`` is worth
    condenser: Condenser
    deep: Floats  #: per label and number of the condensed meaning
    bias: Floats  #: per label
    neighbours: NDArray[np.int8]  #: the phrases' condensed meanings
    neighbour_topics: NDArray[np.uint8]  #: and the number of each one's topic
    certain: float  #: from this likelihood a topic is answered
    figures: Mapping[str, Figures]  #: per language, what cross-validation reached

    def save(self, path: Path, identities: Iterable[str]) -> None:
        """
        Write the weights, and the identities of the phrases they were made from, whole or not at all.

        The same give the same bytes. Raises OSError.
        """
        half = path.with_name(f"{path.name}.part")
        try:
            with half.open("wb") as file:
                self._write(file, identities)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def _write(self, file: BinaryIO, identities: Iterable[str]) -> None:
        np.savez_compressed(
            file,
            topics=_packed(self.topics),
            languages=_packed(self.languages),
            rarity=self.rarity.astype(np.float16),
            surface=self.surface,
            scale=self.scale,
            centre=self.condenser.centre,
            directions=self.condenser.directions.astype(np.float16),
            deep=self.deep.astype(np.float16),
            bias=self.bias,
            neighbours=self.neighbours,
            neighbour_topics=self.neighbour_topics,
            certain=np.float32(self.certain),
            measured=_packed(self.figures),
            figures=np.array([astuple(found) for found in self.figures.values()]),
            phrases=_packed(sorted(identities)),
        )

    @classmethod
    def load(cls, path: Path) -> "Weights | None":
        """
        Give the weights in a file; None when there is no such file, or it is of another version of the program.

        Raises DamagedWeights.
        """
        if not path.is_file():
            return None
        with _opened(path) as kept:
            if "figures" not in kept or len(surface := kept["surface"]) != SLOTS:
                return None
            directions = kept["directions"].astype(np.float32)
            measured = zip(_unpacked(kept["measured"]), kept["figures"].tolist(), strict=True)
            return cls(
                topics=_unpacked(kept["topics"]),
                languages=_unpacked(kept["languages"]),
                rarity=kept["rarity"].astype(np.float32),
                surface=surface,
                scale=kept["scale"],
                condenser=Condenser(centre=kept["centre"], directions=directions),
                deep=kept["deep"].astype(np.float32),
                bias=kept["bias"],
                neighbours=kept["neighbours"],
                neighbour_topics=kept["neighbour_topics"],
                certain=float(kept["certain"]),
                figures={code: Figures.of(row) for code, row in measured},
            )


def trained_on(path: Path) -> frozenset[str]:
    """
    Give the identities of the phrases that the weights in a file were made from; none where there are no weights.

    Raises DamagedWeights.
    """
    if not path.is_file():
        return frozenset()
    with _opened(path) as kept:
        return frozenset(_unpacked(kept["phrases"]) if "phrases" in kept else ())


@contextmanager
def _opened(path: Path) -> Iterator[Mapping[str, NDArray[Any]]]:
    """Give what a file holds, read as far as it is asked for. Raises DamagedWeights."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            yield kept
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error):
        raise DamagedWeights(f"has a damaged {path.name}; `make questions` makes it anew") from None


def _packed(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(kept: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(kept.tobytes().decode().split("\n")) if kept.size else ()
