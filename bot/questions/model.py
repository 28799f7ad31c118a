"""How likely each topic is for a text: a linear model on its features and meaning, beside the phrases nearest to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder import Encoder
from bot.questions.features import features
from bot.questions.meaning import Neighbours
from bot.questions.weights import Weights

Floats = NDArray[np.float32]

MEANING = 1.5  #: how much the meaning weighs beside each block of features
NEIGHBOURS = 0.4  #: how much the nearest phrases weigh beside the linear model


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How likely each topic, and each language, is for a text."""

    topics: Mapping[str, float]
    languages: Mapping[str, float]


class Model:
    """Estimates what a text asks about."""

    def __init__(self, weights: Weights, encoder: Encoder) -> None:
        self.weights = weights
        self.encoder = encoder
        self._neighbours = Neighbours(weights.neighbours, weights.neighbour_topics, len(weights.topics))

    def estimate(self, typed: Sequence[str]) -> Estimate:
        """Say how likely each topic and language is for the words of a text."""
        kept, found = self.weights, features(typed, self.weights.rarity)
        meaning = kept.condenser.condense(self.encoder.encode(typed))
        scores = found.weights @ kept.surface[found.slots] * kept.scale + kept.bias + kept.deep @ meaning * MEANING
        count = len(kept.topics)
        topics = blend(_softmax(scores[:count]), self._neighbours.likelihoods(meaning))
        return Estimate(topics=_named(kept.topics, topics), languages=_named(kept.languages, _softmax(scores[count:])))


def blend(linear: Floats, neighbours: Floats) -> Floats:
    """Give the likelihoods that both views make together."""
    return np.asarray((1 - NEIGHBOURS) * linear + NEIGHBOURS * neighbours, dtype=np.float32)


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - np.max(scores))
    return np.asarray(raised / raised.sum(), dtype=np.float32)
