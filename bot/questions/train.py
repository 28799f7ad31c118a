"""
Training: `python -m bot.questions.train` makes the weights from the phrases, and shows how well they do.

Needs scikit-learn, which the running program does not. The same phrases give the same weights.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.questions.encoder import Encoder
from bot.questions.features import SLOTS, Floats, features, rarity_of
from bot.questions.grouping import groups_of
from bot.questions.model import FILE, MEANING, Weights, fingerprint
from bot.questions.phrases import Phrase, languages_in, read_phrases
from bot.questions.report import Judged, certain_from, table

_FOLDS = 4
_STRENGTH = 10.0  #: how little the weights are held back; chosen by cross-validation
_SEED = 31


class Trainer:
    """Phrases made ready for training: their words, and what they mean."""

    def __init__(self, phrases: Sequence[Phrase], encoder: Encoder) -> None:
        self.phrases = phrases
        self._words = [phrase.words for phrase in phrases]
        self._meanings = np.array([encoder.encode(typed) for typed in self._words]) * MEANING
        self._topics = np.array([phrase.topic for phrase in phrases])
        self._languages = np.array([phrase.language for phrase in phrases])

    def cross_validated(self) -> list[Judged]:
        """Give for each phrase what a model makes of it that never saw it, nor one that is much like it."""
        folds = self._folds()
        judged: list[Judged | None] = [None] * len(self.phrases)
        for fold in range(_FOLDS):
            for number, found in self._judge(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)):
                judged[number] = found
        return [found for found in judged if found is not None]

    def weights(self, certain: float) -> Weights:
        """Give the weights that all phrases together make."""
        everything = np.arange(len(self.phrases))
        rarity = rarity_of(self._words)
        matrix = self._matrix(everything, rarity)
        topics, languages = _fit(matrix, self._topics), _fit(matrix, self._languages)
        labels = (*topics.classes_, *(f"language:{code}" for code in languages.classes_))
        coefficients = np.vstack([_per_class(topics.coef_), _per_class(languages.coef_)])
        bias = np.concatenate([_per_class(topics.intercept_), _per_class(languages.intercept_)])
        surface = coefficients[:, :SLOTS].T
        scale = np.maximum(np.abs(surface).max(axis=0), 1e-9) / 127
        return Weights(
            labels=tuple(str(label) for label in labels),
            rarity=rarity.astype(np.float16).astype(np.float32),
            surface=np.round(surface / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            deep=coefficients[:, SLOTS:].astype(np.float16).astype(np.float32),
            bias=bias.astype(np.float32),
            certain=certain,
            phrases=frozenset(fingerprint(phrase) for phrase in self.phrases),
        )

    def _folds(self) -> NDArray[np.int64]:
        groups = groups_of(self._words)
        dealt = np.random.default_rng(_SEED).integers(0, _FOLDS, int(groups.max()) + 1)
        return np.asarray(dealt[groups], dtype=np.int64)

    def _judge(self, known: NDArray[np.int64], unseen: NDArray[np.int64]) -> list[tuple[int, Judged]]:
        rarity = rarity_of([self._words[number] for number in known])
        model = _fit(self._matrix(known, rarity), self._topics[known])
        likely = model.predict_proba(self._matrix(unseen, rarity))
        return [
            (int(number), Judged.of(self.phrases[number], dict(zip(model.classes_, row, strict=True))))
            for number, row in zip(unseen, likely, strict=True)
        ]

    def _matrix(self, numbers: NDArray[np.int64], rarity: Floats) -> sparse.csr_matrix:
        found = [features(self._words[number], rarity) for number in numbers]
        rows = np.repeat(np.arange(len(found)), [len(one.slots) for one in found])
        slots = np.concatenate([one.slots for one in found])
        values = np.concatenate([one.weights for one in found])
        surface = sparse.csr_matrix((values, (rows, slots)), shape=(len(found), SLOTS))
        return sparse.hstack([surface, sparse.csr_matrix(self._meanings[numbers])]).tocsr()


def _fit(matrix: sparse.csr_matrix, labels: NDArray[np.str_]) -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, max_iter=400).fit(matrix, labels)


def _per_class(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give one row a class, where scikit-learn gives one row for two classes."""
    return np.concatenate([-values / 2, values / 2]) if len(values) == 1 else values


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on a messages folder; say how well it does. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.questions.train", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[2] / "messages")
    folder = parser.parse_args(arguments).folder
    phrases = read_phrases(folder, languages_in(folder))
    if not phrases:
        sys.stderr.write(f"No question phrases in {folder}\n")
        return 1
    trainer = Trainer(phrases, Encoder.load())
    judged = trainer.cross_validated()
    certain = certain_from(judged)
    sys.stdout.write(table(judged, certain))
    trainer.weights(certain).save(folder / FILE)
    sys.stdout.write(f"{len(phrases)} phrases; weights written to {folder / FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
