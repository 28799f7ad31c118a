"""Phrases of what was not published when the weights were made, and is a topic now: what is like them is that topic."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder import Encoder
from bot.questions.forms import Forms
from bot.questions.phrases import UNPUBLISHED, Phrase

Floats = NDArray[np.float32]

ALIKE = 0.65  #: from this cosine on two phrases ask about the same; measured on those about a certificate


class Moved:
    """The moved phrases by their meaning."""

    def __init__(self, phrases: Sequence[Phrase], encoder: Encoder, forms: Forms) -> None:
        self._encoder = encoder
        self._topics = [phrase.topic for phrase in phrases]
        self._meanings = meanings(phrases, encoder, forms)

    def published(self, likely: Mapping[str, float], typed: Sequence[str]) -> dict[str, float]:
        """Give the likelihoods with what is taken for unpublished as the topic that it is now, where it is one."""
        found = dict(likely)
        alike = self._meanings @ self._encoder.encode(typed)
        nearest = int(alike.argmax())
        if UNPUBLISHED in found and alike[nearest] >= ALIKE:
            topic = self._topics[nearest]
            found[topic] = max(found.get(topic, 0.0), found.pop(UNPUBLISHED))
        return found


def meanings(phrases: Sequence[Phrase], encoder: Encoder, forms: Forms) -> Floats:
    """Give a row a phrase, of length one."""
    return np.array([encoder.encode(forms.levelled(phrase.words)) for phrase in phrases], dtype=np.float32)
