"""The sentence encoder's forward pass: embeddings, n-grams of 2, 3 and 5 pieces, and a net over their sum."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder.pieces import Pieces

Floats = NDArray[np.float32]

SIZE = 512  #: numbers in a text's meaning
_BRANCHES = ((2, 0), (3, 1), (5, 2))  #: length of the n-gram, and how many of its pieces stand before this one
_TINY = np.float32(1e-12)
_LONGEST = 64  #: pieces of a text that are looked at
HOME = Path(__file__).parent  #: where the data are kept


class Encoder:
    """Turns words into meaning. Its data stay outside the process's memory as far as they are not used."""

    def __init__(self, table: NDArray[np.uint8], network: Mapping[str, NDArray[np.generic]]) -> None:
        names = network["pieces"].tobytes().decode().split(" ")
        self._pieces = Pieces(names, network["scores"].tolist())
        self._table = table
        self._net: dict[str, Floats] = {
            name: values.astype(np.float32) for name, values in network.items() if name not in ("pieces", "scores")
        }

    @classmethod
    def load(cls, home: Path = HOME) -> "Encoder":
        """Give the encoder whose data lie in a folder; raises OSError when they do not."""
        with np.load(home / "network.npz", allow_pickle=False) as network:
            return cls(np.load(home / "pieces.npy", mmap_mode="r", allow_pickle=False), dict(network))

    def encode(self, words: Sequence[str]) -> Floats:
        """Give the meaning of a text's words: SIZE numbers, of length one."""
        rows = np.array(self._pieces.of(words)[:_LONGEST])
        pieces = self._table[rows] * self._net["scale"][rows, None] + self._net["low"][rows, None]
        features = np.concatenate([pieces, *self._branches(pieces)], axis=1)
        features = _normalise(features, self._net["all_gain"], self._net["all_shift"])
        mixed = features.sum(axis=0) @ self._net["mix"] + len(rows) * self._net["mix_bias"]
        return self._deepen(mixed / np.sqrt(np.float32(len(rows))))

    def _branches(self, pieces: Floats) -> list[Floats]:
        projected = pieces @ self._net["project"] + self._net["project_bias"]
        normal = _normalise(projected, self._net["gain"], self._net["shift"])
        parts = np.split(normal, len(_BRANCHES), axis=1)
        return [self._convolve(part, length, before) for part, (length, before) in zip(parts, _BRANCHES, strict=True)]

    def _convolve(self, branch: Floats, length: int, before: int) -> Floats:
        for layer in (1, 2):
            weights, bias = self._net[f"conv{layer}_{length}"], self._net[f"bias{layer}_{length}"]
            branch = branch + np.maximum(_windows(branch, length, before) @ weights + bias, 0)
        return branch

    def _deepen(self, mixed: Floats) -> Floats:
        net = self._net
        first = np.maximum(mixed @ net["p1"] + np.maximum(mixed @ net["d0"], 0) @ net["d1"], 0)
        meaning = np.tanh(first @ net["p3"] + np.maximum(first @ net["d2"], 0) @ net["d3"])
        length = np.sqrt(np.maximum(meaning @ meaning, _TINY))
        return np.asarray(meaning / length, dtype=np.float32)


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
