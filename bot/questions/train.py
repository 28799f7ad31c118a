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

from bot.questions.encoder import Encoder
from bot.questions.features import SLOTS
from bot.questions.forms import Forms
from bot.questions.grouping import groups_of
from bot.questions.linear import Linear, Space
from bot.questions.meaning import Neighbours, labels_of, packed
from bot.questions.model import blend
from bot.questions.phrases import Phrase, languages_in, read_phrases
from bot.questions.report import Judged, certain_from, per_language, table
from bot.questions.weights import FILE, Weights

_FOLDS = 4
_SEED = 31


class Trainer:
    """Phrases made ready for training: their words, and what they mean."""

    def __init__(self, phrases: Sequence[Phrase], forms: Forms, encoder: Encoder) -> None:
        self.phrases = phrases
        self._words = [forms.levelled(phrase.words) for phrase in phrases]
        self._meanings = np.array([encoder.encode(typed) for typed in self._words])
        self._topics = np.array([phrase.topic for phrase in phrases])
        self._languages = np.array([phrase.language for phrase in phrases])

    def cross_validated(self) -> list[Judged]:
        """Give for each phrase what a model makes of it that never saw it, nor one that is much like it."""
        folds = self._folds()
        judged: dict[int, Judged] = {}
        for fold in range(_FOLDS):
            known, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            if len(known) and len(unseen):
                judged |= self._judge(known, unseen)
        return [judged[number] for number in sorted(judged)]

    def weights(self, judged: Sequence[Judged]) -> Weights:
        """Give the weights that all phrases together make, as sure of themselves as cross-validation allows."""
        certain = certain_from(judged)
        space = Space.of(self._words, self._meanings)
        matrix = space.matrix(self._words, self._meanings)
        topics, languages = Linear.fit(matrix, self._topics), Linear.fit(matrix, self._languages)
        coefficients = np.vstack([topics.coefficients, languages.coefficients])
        surface = coefficients[:, :SLOTS].T
        scale = np.maximum(np.abs(surface).max(axis=0), 1e-9) / 127
        return Weights(
            topics=topics.labels,
            languages=languages.labels,
            rarity=space.rarity,
            surface=np.round(surface / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            condenser=space.condenser,
            deep=coefficients[:, SLOTS:].astype(np.float32),
            bias=np.concatenate([topics.bias, languages.bias]).astype(np.float32),
            neighbours=packed(space.condenser.condense(self._meanings)),
            neighbour_topics=labels_of(self._topics.tolist(), topics.labels),
            certain=certain,
            figures=per_language(judged, certain),
        )

    def _folds(self) -> NDArray[np.int64]:
        groups = groups_of(self._words)
        dealt = np.random.default_rng(_SEED).integers(0, _FOLDS, int(np.max(groups)) + 1)
        return np.asarray(dealt[groups], dtype=np.int64)

    def _judge(self, known: NDArray[np.int64], unseen: NDArray[np.int64]) -> dict[int, Judged]:
        words, meanings, topics = [self._words[number] for number in known], self._meanings[known], self._topics[known]
        space = Space.of(words, meanings)
        linear = Linear.fit(space.matrix(words, meanings), topics)
        labels = labels_of(topics.tolist(), linear.labels)
        neighbours = Neighbours(packed(space.condenser.condense(meanings)), labels, len(linear.labels))
        likely = linear.likelihoods(space.matrix([self._words[number] for number in unseen], self._meanings[unseen]))
        condensed = space.condenser.condense(self._meanings[unseen])
        judged = {}
        for number, row, meaning in zip(unseen.tolist(), likely, condensed, strict=True):
            blended = blend(row, neighbours.likelihoods(meaning)).tolist()
            judged[number] = Judged.of(self.phrases[number], dict(zip(linear.labels, blended, strict=True)))
        return judged


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on a messages folder; say how well it does. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.questions.train", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[2] / "messages")
    folder = parser.parse_args(arguments).folder
    languages = languages_in(folder)
    phrases = read_phrases(folder, languages)
    if not phrases:
        sys.stderr.write(f"No question phrases in {folder}\n")
        return 1
    trainer = Trainer(phrases, Forms.load(folder, languages), Encoder.load())
    judged = trainer.cross_validated()
    weights = trainer.weights(judged)
    weights.save(folder / FILE, {phrase.identity for phrase in phrases})
    sys.stdout.write(table(judged, weights.certain))
    sys.stdout.write(f"{len(phrases)} phrases; weights written to {folder / FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
