"""The trained weights: from a text's features and meaning to how likely each topic is."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.questions.encoder import SIZE, Encoder
from bot.questions.features import SLOTS, features
from bot.questions.phrases import Phrase

Floats = NDArray[np.float32]

FILE = "questions.npz"  #: where a messages folder keeps its weights
MEANING = 1.0  #: how much the meaning weighs beside each block of features
_LANGUAGE = "language:"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What training made of the phrases."""

    labels: tuple[str, ...]  #: the topics, then "language:<code>" for each language
    rarity: Floats  #: per slot
    surface: NDArray[np.int8]  #: per slot and label
    scale: Floats  #: per label: what one step of ``surface`` is worth
    deep: Floats  #: per label and number of the meaning
    bias: Floats  #: per label
    certain: float  #: from this likelihood a topic is answered
    phrases: frozenset[str]  #: the fingerprints of the phrases it was trained on

    def save(self, path: Path) -> None:
        """Write the weights; the same weights give the same bytes."""
        np.savez_compressed(
            path,
            labels=_packed(self.labels),
            rarity=self.rarity.astype(np.float16),
            surface=self.surface,
            scale=self.scale,
            deep=self.deep.astype(np.float16),
            bias=self.bias,
            certain=np.float32(self.certain),
            phrases=_packed(sorted(self.phrases)),
        )

    @classmethod
    def load(cls, path: Path) -> "Weights | None":
        """Give the weights in a file; None when there is no such file, or it is not of this version."""
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as kept:
            if kept["surface"].shape[0] != SLOTS or kept["deep"].shape[1] != SIZE:
                return None
            return cls(
                labels=tuple(_unpacked(kept["labels"])),
                rarity=kept["rarity"].astype(np.float32),
                surface=kept["surface"],
                scale=kept["scale"],
                deep=kept["deep"].astype(np.float32),
                bias=kept["bias"],
                certain=float(kept["certain"]),
                phrases=frozenset(_unpacked(kept["phrases"])),
            )


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How likely each topic is for a text, best first, and each language."""

    topics: Mapping[str, float]
    languages: Mapping[str, float]


class Model:
    """Estimates what a text asks about."""

    def __init__(self, weights: Weights, encoder: Encoder) -> None:
        self.weights = weights
        self._encoder = encoder
        self._languages = [n for n, label in enumerate(weights.labels) if label.startswith(_LANGUAGE)]
        self._topics = [n for n, label in enumerate(weights.labels) if not label.startswith(_LANGUAGE)]

    def estimate(self, typed: Sequence[str]) -> Estimate:
        """Say how likely each topic and language is for the words of a text."""
        kept, found = self.weights, features(typed, self.weights.rarity)
        scores = found.weights @ kept.surface[found.slots] * kept.scale + kept.bias
        scores += kept.deep @ (self._encoder.encode(typed) * MEANING)
        return Estimate(
            topics=self._likelihoods(scores, self._topics), languages=self._likelihoods(scores, self._languages)
        )

    def _likelihoods(self, scores: Floats, which: Sequence[int]) -> dict[str, float]:
        raised = np.exp(scores[which] - scores[which].max())
        likelihoods = (raised / raised.sum()).tolist()
        named = zip((self.weights.labels[number].removeprefix(_LANGUAGE) for number in which), likelihoods, strict=True)
        return dict(sorted(named, key=lambda pair: -pair[1]))


def fingerprint(phrase: Phrase) -> str:
    """Give a short name for a phrase and where it stands; another phrase, topic or language has another."""
    said = f"{phrase.language}\t{phrase.topic}\t{' '.join(phrase.words) or phrase.text}"
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def _packed(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(kept: NDArray[np.uint8]) -> list[str]:
    return kept.tobytes().decode().split("\n") if kept.size else []
