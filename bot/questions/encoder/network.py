"""The sentence encoder's forward pass: embeddings, n-grams of 2, 3 and 5 pieces, and a net over their sum."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.questions.encoder.beside import FILE, SPELLED, Beside
from bot.questions.encoder.matrix import Matrix
from bot.questions.encoder.pieces import Pieces

Floats = NDArray[np.float32]

SIZE = 512  #: numbers in a text's meaning
_BRANCHES = ((2, 0), (3, 1), (5, 2))  #: length of the n-gram, and how many of its pieces stand before this one
_TINY = np.float32(1e-12)
_LONGEST = 64  #: pieces of a text that are looked at
_RECENT = 4  #: texts whose meaning is kept
HOME = Path(__file__).parent  #: where the data are kept
#: what the network has beside its matrices
VECTORS = (
    "scale",
    "low",
    "project_bias",
    "gain",
    "shift",
    "all_gain",
    "all_shift",
    "mix_bias",
    *(f"bias{layer}_{length}" for layer in (1, 2) for length, _ in _BRANCHES),
)


class Encoder:
    """Turns words into meaning. Its numbers stay in their files as far as they are not used."""

    def __init__(
        self, table: NDArray[np.uint8], pieces: Pieces, net: Mapping[str, Matrix], vectors: Mapping[str, Floats]
    ) -> None:
        """
        Take the pieces' rows of numbers, how words are cut into pieces, and the network's matrices and vectors by name.

        Among the vectors are ``scale`` and ``low``: a piece's numbers are its row times the one, plus the other.
        """
        self._table = table
        self._pieces = pieces
        self._net = net
        self._vectors = vectors
        self._recent: dict[tuple[str, ...], Floats] = {}  # a turn asks for its topics and for its acts
        self._beside: Beside | None = None

    def speak(self, languages: Iterable[str], home: Path = HOME) -> Self:
        """Take what these languages need besides, where it is kept; nothing is read where none of them does."""
        if self._beside is None and (self.languages_beside(home) & frozenset(languages)):
            self._beside = Beside.load(home, languages)
            self._pieces.add(self._beside.names, self._beside.scores)
        return self

    @staticmethod
    def languages_beside(home: Path = HOME) -> frozenset[str]:
        """The languages that need more than the encoder has for the first two."""
        with np.load(home / FILE, allow_pickle=False) as kept:
            return frozenset(name.removeprefix(SPELLED) for name in kept.files if name.startswith(SPELLED))

    @classmethod
    def load(cls, home: Path = HOME) -> "Encoder":
        """Give the encoder whose data lie in a folder; raises OSError when they do not."""
        threadpool_limits(limits=1, user_api="blas")  # these matrices are small: threads would only wait for each other
        with np.load(home / "network.npz", allow_pickle=False) as kept:
            pieces = Pieces(kept["pieces"].tobytes().decode().split(" "), array("f", kept["scores"].tobytes()))
            net = _cut(_mapped(home / "numbers.npy"), kept["steps"], kept["layout"].tobytes().decode())
            vectors = {name: kept[name] for name in VECTORS}
        return cls(_mapped(home / "pieces.npy"), pieces, net, vectors)

    def encode(self, words: Sequence[str]) -> Floats:
        """Give the meaning of a text's words: SIZE numbers, of length one. A text that was just read costs nothing."""
        if (known := self._recent.get(typed := tuple(words))) is not None:
            return known
        if len(self._recent) >= _RECENT:
            self._recent.pop(next(iter(self._recent)))
        return self._recent.setdefault(typed, self._encoded(typed))

    def _encoded(self, words: Sequence[str]) -> Floats:
        if self._beside:
            words = [self._beside.spelled.get(word, word) for word in words]
        rows = np.array(self._pieces.of(words)[:_LONGEST])
        own = self._vectors
        pieces = self._numbers(rows)
        features = np.concatenate([pieces, *self._branches(pieces)], axis=1)
        features = _normalise(features, own["all_gain"], own["all_shift"])
        mixed = features.sum(axis=0) @ self._net["mix"] + len(rows) * own["mix_bias"]
        return self._deepen(mixed / np.sqrt(np.float32(len(rows))))

    def _numbers(self, rows: NDArray[np.int64]) -> Floats:
        """Give a row of numbers for each piece, of those that lie beside the others too."""
        first, own = len(self._table), self._vectors
        at = np.minimum(rows, first - 1)
        found = np.asarray(self._table[at] * own["scale"][at, None] + own["low"][at, None], dtype=np.float32)
        if self._beside and (more := rows >= first).any():
            found[more] = self._beside.rows(rows[more] - first)
        return found

    def _branches(self, pieces: Floats) -> list[Floats]:
        projected = pieces @ self._net["project"] + self._vectors["project_bias"]
        normal = _normalise(projected, self._vectors["gain"], self._vectors["shift"])
        parts = np.split(normal, len(_BRANCHES), axis=1)
        return [self._convolve(part, length, before) for part, (length, before) in zip(parts, _BRANCHES, strict=True)]

    def _convolve(self, branch: Floats, length: int, before: int) -> Floats:
        for layer in (1, 2):
            branch = branch + np.maximum(self._respond(f"{layer}_{length}", _windows(branch, length, before)), 0)
        return branch

    def _respond(self, convolution: str, windows: Floats) -> Floats:
        """Give what a convolution makes of each window: its matrix stands as a narrow one and one that widens again."""
        narrowed = windows @ self._net[f"narrow{convolution}"]
        return narrowed @ self._net[f"widen{convolution}"] + self._vectors[f"bias{convolution}"]

    def _deepen(self, mixed: Floats) -> Floats:
        net = self._net
        first = np.maximum(mixed @ net["p1"] + np.maximum(mixed @ net["d0"], 0) @ net["d1"], 0)
        meaning = np.tanh(first @ net["p3"] + np.maximum(first @ net["d2"], 0) @ net["d3"])
        length = np.sqrt(np.maximum(meaning @ meaning, _TINY))
        return np.asarray(meaning / length, dtype=np.float32)


def _mapped(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _cut(numbers: NDArray[np.int16], steps: Floats, layout: str) -> dict[str, Matrix]:
    """Give the matrices that stand one after another in ``numbers``; the layout has a line each: name and shape."""
    found, at, column = dict[str, Matrix](), 0, 0
    for line in layout.splitlines():
        name, *shape = line.split(" ")
        height, width = map(int, shape)
        own = numbers[at : at + height * width].reshape(height, width)
        found[name] = Matrix(numbers=own, steps=steps[column : column + width])
        at, column = at + height * width, column + width
    return found


def _normalise(rows: Floats, gain: Floats, shift: Floats) -> Floats:
    centred = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + _TINY)
    return np.asarray(centred / spread * gain + shift, dtype=np.float32)


def _windows(rows: Floats, length: int, before: int) -> Floats:
    """Give beside each row its neighbours, ``length`` rows in all; beyond the ends stand zeros."""
    count = len(rows)
    padded = np.zeros((count + length - 1, rows.shape[1]), dtype=np.float32)
    padded[before : before + count] = rows
    return np.concatenate([padded[step : step + count] for step in range(length)], axis=1)
