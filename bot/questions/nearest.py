"""The phrase that is most like a text, by the words and letter groups they share. Needs no training."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.questions.phrases import Phrase


class Nearest:
    """An index of phrases, to be asked which topics a text is like."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._topics: list[str] = []
        self._index: dict[str, list[tuple[int, float]]] = {}
        kept = [(phrase.topic, parts(phrase.words)) for phrase in phrases]
        seen = Counter(part for _, found in kept for part in found)
        self._rarity = {part: 1 + math.log((1 + len(kept)) / (1 + count)) for part, count in seen.items()}
        for topic, found in kept:
            self._add(topic, found)

    def _add(self, topic: str, found: Mapping[str, float]) -> None:
        for part, weight in self._weigh(found).items():
            self._index.setdefault(part, []).append((len(self._topics), weight))
        self._topics.append(topic)

    def _weigh(self, found: Mapping[str, float]) -> dict[str, float]:
        unknown = 1 + math.log(1 + len(self._topics))
        weighed = {part: weight * self._rarity.get(part, unknown) for part, weight in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        return {part: weight / length for part, weight in weighed.items()}

    def topics(self, typed: Sequence[str]) -> dict[str, float]:
        """Give each topic's likeness to a text, 0 to 1: that of its most similar phrase. Best first."""
        likeness: dict[int, float] = {}
        for part, weight in self._weigh(parts(typed)).items():
            for phrase, other in self._index.get(part, ()):
                likeness[phrase] = likeness.get(phrase, 0.0) + weight * other
        best: dict[str, float] = {}
        for phrase, value in sorted(likeness.items(), key=lambda pair: -pair[1]):
            best.setdefault(self._topics[phrase], min(value, 1.0))
        return best


def parts(typed: Sequence[str]) -> dict[str, float]:
    """Give a text's words and the groups of three letters in them, with their weights."""
    found: dict[str, float] = {}
    for word in typed:
        found[word] = 1.0
        edged = f"<{word}>"
        for start in range(len(edged) - 2):
            found.setdefault("~" + edged[start : start + 3], 0.4)
    return found
