"""
Training: `python -m scripts.training.train` makes the weights from the phrases, and shows how well they do.

Needs scikit-learn, which the running program does not. The same phrases give the same weights.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.questions.acts import ACTS_FILE
from bot.questions.encoder import Encoder
from bot.questions.features import SLOTS
from bot.questions.forms import Forms
from bot.questions.meaning import Neighbours, packed
from bot.questions.model import blend
from bot.questions.phrases import Phrase, act_phrases, languages_in, read_phrases
from bot.questions.weights import FILE, Weights
from bot.wording.course import read_small_talk
from scripts.training.examples import asked_for_no_act
from scripts.training.grouping import ALIKE, groups_of
from scripts.training.linear import STEPS, STRENGTH, Linear, Space
from scripts.training.report import (
    OUTSIDE_KEPT,
    WRONG,
    Judged,
    certain_from,
    for_organiser,
    per_language,
    per_topic,
    table,
)
from scripts.training.shortened import shortened

_FOLDS = 4
_SEED = 31


@dataclass(frozen=True, kw_only=True)
class Learning:
    """How something is learned, and how sure of itself it must be."""

    wrong: float  #: of what is something, how much may be taken for something else in cross-validation
    kept: float  #: of what is nothing, how much must be taken for nothing there
    alike: float = ALIKE  #: from this share of letter groups in common a phrase tells nothing of another
    steps: int = STEPS  #: of fitting
    strength: float = STRENGTH  #: how little the weights are held back
    shortened: bool = False  #: whether longer phrases are learned without one of their words too

    def certain(self, judged: Sequence[Judged]) -> float:
        """Give the likelihood from which something is taken for what it most likely is."""
        return certain_from(judged, self.wrong, self.kept)


QUESTIONS = Learning(wrong=WRONG, kept=OUTSIDE_KEPT, shortened=True)
#: acts are said in short phrases that vary little; in more steps they are learned no better
ACTS = Learning(wrong=0.1, kept=0.92, alike=0.75, steps=60, strength=30.0)


class Trainer:
    """Phrases made ready for training: their words, and what they mean."""

    def __init__(
        self, phrases: Sequence[Phrase], forms: Forms, encoder: Encoder, learning: Learning = QUESTIONS
    ) -> None:
        self.phrases = phrases
        self._learning = learning
        typed = [forms.levelled(phrase.words) for phrase in phrases]
        shorter, numbers = shortened(typed) if learning.shortened else ([], [])
        self._of = np.array([*range(len(typed)), *numbers])  #: the number of the phrase that each text is of
        self._words = [*typed, *shorter]
        self._meanings = np.array([encoder.encode(words) for words in self._words])
        self._topics = np.array([phrases[number].topic for number in self._of])
        self._languages = np.array([phrases[number].language for number in self._of])

    def cross_validated(self) -> list[Judged]:
        """Give for each phrase what a model makes of it that never saw it, nor one that is much like it."""
        folds = self._folds()
        judged: dict[int, Judged] = {}
        for fold in range(_FOLDS):
            known, unseen = np.flatnonzero(folds[self._of] != fold), np.flatnonzero(folds == fold)
            if len(known) and len(unseen):
                judged |= self._judge(known, unseen)
        return [judged[number] for number in sorted(judged)]

    def weights(self, judged: Sequence[Judged], certain: float) -> Weights:
        """Give the weights that all phrases together make, which answer from so certain; ``judged``: their figures."""
        space, count = Space.of(self._words, self._meanings), len(self.phrases)
        matrix = space.matrix(self._words, self._meanings)
        topics, languages = (
            Linear.fit(matrix, labels, self._learning.steps, self._learning.strength)
            for labels in (self._topics, self._languages)
        )
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
            neighbours=packed(space.condenser.condense(self._meanings[:count])),
            neighbour_topics=_numbered(self._topics[:count].tolist(), topics.labels),
            certain=certain,
            figures=per_language(judged, certain),
        )

    def _folds(self) -> NDArray[np.int64]:
        groups = groups_of(self._words[: len(self.phrases)], self._learning.alike)
        dealt = np.random.default_rng(_SEED).integers(0, _FOLDS, int(np.max(groups)) + 1)
        return np.asarray(dealt[groups], dtype=np.int64)

    def _judge(self, known: NDArray[np.int64], unseen: NDArray[np.int64]) -> dict[int, Judged]:
        words, meanings, topics = [self._words[number] for number in known], self._meanings[known], self._topics[known]
        space = Space.of(words, meanings)
        linear = Linear.fit(space.matrix(words, meanings), topics, self._learning.steps, self._learning.strength)
        whole = known < len(self.phrases)
        labels = _numbered(topics[whole].tolist(), linear.labels)
        neighbours = Neighbours(packed(space.condenser.condense(meanings[whole])), labels, len(linear.labels))
        likely = linear.likelihoods(space.matrix([self._words[number] for number in unseen], self._meanings[unseen]))
        condensed = space.condenser.condense(self._meanings[unseen])
        judged = {}
        for number, row, meaning in zip(unseen.tolist(), likely, condensed, strict=True):
            blended = blend(row, neighbours.likelihoods(meaning)).tolist()
            judged[number] = Judged.of(self.phrases[number], dict(zip(linear.labels, blended, strict=True)))
        return judged


def _numbered(topics: Sequence[str], classes: Sequence[str]) -> NDArray[np.uint8]:
    """Give each topic's number among the classes."""
    numbers = {name: number for number, name in enumerate(classes)}
    return np.array([numbers[topic] for topic in topics], dtype=np.uint8)


def train_questions(folder: Path, encoder: Encoder) -> str:
    """Learn the topics of a messages folder; give how well that went, empty where there are no phrases."""
    languages = languages_in(folder)
    phrases = read_phrases(folder, languages)
    if not phrases:
        return ""
    trainer = Trainer(phrases, Forms.load(folder, languages), encoder.speak(languages))
    judged = trainer.cross_validated()
    weights = trainer.weights(judged, QUESTIONS.certain(judged))
    weights.save(folder / FILE, {phrase.identity for phrase in phrases})
    told = for_organiser(judged, weights.certain, read_small_talk(folder))
    return f"{table(judged, weights.certain)}{told}{len(phrases)} phrases; weights written to {folder / FILE}\n"


def train_acts(folder: Path, encoder: Encoder) -> str:
    """Learn the acts of a messages folder; give how well that went, empty where it has no acts of its own."""
    phrases = act_phrases(folder)
    if not phrases:
        return ""
    questions = languages_in(folder)
    spoken = [phrase for phrase in phrases if phrase.words]  # an emoji is known or not
    trainer = Trainer([*spoken, *asked_for_no_act(folder)], Forms.load(folder, questions), encoder, ACTS)
    judged = trainer.cross_validated()
    weights = trainer.weights(judged, ACTS.certain(judged))
    weights.save(folder / ACTS_FILE, {phrase.identity for phrase in phrases})
    return (
        f"{table(judged, weights.certain)}{per_topic(judged, weights.certain)}"
        f"{len(phrases)} phrases of acts; weights written to {folder / ACTS_FILE}\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on a messages folder; say how well it does, and what it took. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.training.train", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[2] / "messages")
    parser.add_argument("--only", choices=TRAINED, help="train these alone")
    given = parser.parse_args(arguments)
    encoder, reported = Encoder.load(), False
    for kind in (given.only,) if given.only else TRAINED:
        start = time.perf_counter()
        if report := TRAINED[kind](given.folder, encoder):
            reported = True
            sys.stdout.write(f"{report}Training took {time.perf_counter() - start:.0f} s.\n")
    if not reported:
        sys.stderr.write(f"No question phrases in {given.folder}\n")
    return 0 if reported else 1


TRAINED: Mapping[str, Callable[[Path, Encoder], str]] = {"questions": train_questions, "acts": train_acts}

if __name__ == "__main__":
    sys.exit(main())
