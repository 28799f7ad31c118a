"""Phrases that the weights do not know, or know as another topic's: what means the same asks about their topic."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder import Encoder
from bot.questions.forms import Forms
from bot.questions.phrases import OUTSIDE, UNPUBLISHED, Phrase

Floats = NDArray[np.float32]

ALIKE = 0.65  #: from this cosine on two phrases ask about the same; measured on those about a certificate
NEW = 0.72  #: the same for a phrase that no weights have seen: nothing else speaks for its topic
MOST = 400  #: so many phrases are read by their meaning, a millisecond each at a start; the others by their words alone


class Moved:
    """The phrases by their meaning."""

    def __init__(
        self,
        phrases: Sequence[tuple[Phrase, str]],
        stayed: Sequence[Phrase],
        encoder: Encoder,
        forms: Forms,
    ) -> None:
        """``phrases``: each with the topic that the weights know it as, or none; ``stayed``: what is left of those."""
        self._encoder = encoder
        self._topics = [(phrase.topic, before) for phrase, before in phrases]
        self._meanings = meanings([phrase for phrase, _ in phrases], encoder, forms)
        left = {topic: [one for one in stayed if one.topic == topic] for topic in {one.topic for one in stayed}}
        self._stayed = {topic: meanings(ones, encoder, forms) for topic, ones in left.items()}

    def published(self, likely: Mapping[str, float], typed: Sequence[str]) -> dict[str, float]:
        """Give the likelihoods with what is taken for what a phrase was before as the topic that it is now."""
        found, meaning = dict(likely), self._encoder.encode(typed)
        alike = self._meanings @ meaning
        nearest = int(alike.argmax())
        topic, before = self._topics[nearest]
        value = float(alike[nearest])
        if before in found and value >= max(ALIKE, self._nearest_of(before, meaning)):
            found[topic] = max(found.get(topic, 0.0), found.pop(before))
        elif not before and value >= NEW:
            unsaid = (found.pop(silent, 0.0) for silent in (UNPUBLISHED, OUTSIDE))  # nobody told the weights of it
            found[topic] = max(found.get(topic, 0.0), value, *unsaid)
        return found

    def _nearest_of(self, topic: str, meaning: Floats) -> float:
        """How near the nearest phrase is that stayed what it was; what is not published may be said of anything."""
        stayed = self._stayed.get(topic)
        return 0.0 if stayed is None or topic == UNPUBLISHED else float((stayed @ meaning).max())


def meanings(phrases: Sequence[Phrase], encoder: Encoder, forms: Forms) -> Floats:
    """Give a row a phrase, of length one."""
    return np.array([encoder.encode(forms.levelled(phrase.words)) for phrase in phrases], dtype=np.float32)
