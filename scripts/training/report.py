"""How well questions are answered, in the figures that count: right, wrong, with buttons, outside."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.questions.phrases import OUTSIDE, UNPUBLISHED, Phrase
from bot.questions.weights import Figures

WRONG = 0.03  #: of the questions about the course, how many may be answered wrongly in cross-validation
OUTSIDE_KEPT = 0.965  #: of the questions outside it, how many must get no answer there
_SHOWN = 25  #: confusions shown
_BUTTONS = 3


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A question with the right topics, and what was made of it."""

    language: str
    text: str
    right: frozenset[str]
    best: str  #: the likeliest, which may be OUTSIDE or UNPUBLISHED
    score: float  #: how likely that is
    offered: tuple[str, ...]  #: the likeliest topics that can be offered as buttons

    @classmethod
    def of(cls, phrase: Phrase, likelihoods: Mapping[str, float]) -> "Judged":
        """Judge a phrase by how likely a model finds each topic."""
        ranked = sorted(likelihoods, key=lambda topic: -likelihoods[topic])
        offered = tuple(topic for topic in ranked if topic not in (OUTSIDE, UNPUBLISHED))[:_BUTTONS]
        right = frozenset(phrase.topic.split("|"))
        score = likelihoods[ranked[0]]
        return cls(
            language=phrase.language, text=phrase.text, right=right, best=ranked[0], score=score, offered=offered
        )

    @property
    def outside(self) -> bool:
        """Say whether no topic is the right answer."""
        return bool(self.right & {OUTSIDE, UNPUBLISHED})

    def answered(self, certain: float) -> bool:
        """Say whether it would be answered directly."""
        return self.score >= certain and self.best not in (OUTSIDE, UNPUBLISHED)


def figures(judged: Iterable[Judged], certain: float) -> Figures:
    """Count how well questions are answered when only what is at least so certain is answered directly."""
    counts: Counter[str] = Counter()
    for one in judged:
        answered, good = one.answered(certain), one.best in one.right
        kind = "outside" if one.outside else "inside"
        counts[kind] += 1
        counts[f"{kind} answered"] += answered
        counts["right"] += not one.outside and answered and good
        counts["button"] += not one.outside and not answered and bool(one.right & set(one.offered))
    inside, outside = max(counts["inside"], 1), max(counts["outside"], 1)
    return Figures(
        right=counts["right"] / inside,
        wrong=(counts["inside answered"] - counts["right"]) / inside,
        buttons=(counts["right"] + counts["button"]) / inside,
        outside=1 - counts["outside answered"] / outside,
    )


def certain_from(judged: Sequence[Judged], wrong: float = WRONG, kept: float = OUTSIDE_KEPT) -> float:
    """Give the lowest certainty at which at most ``wrong`` are answered wrongly and ``kept`` are not answered."""
    steps = [float(step) for step in np.round(np.arange(0.3, 0.9, 0.01), 2)]
    found = ((step, figures(judged, step)) for step in steps)
    return next((step for step, at in found if at.wrong <= wrong and at.outside >= kept), steps[-1])


def per_language(judged: Iterable[Judged], certain: float) -> dict[str, Figures]:
    """Count how well questions in each language are answered."""
    grouped: dict[str, list[Judged]] = {}
    for one in judged:
        grouped.setdefault(one.language, []).append(one)
    return {code: figures(grouped[code], certain) for code in sorted(grouped)}


def table(judged: Sequence[Judged], certain: float) -> str:
    """Give the figures per language and the commonest confusions, as text."""
    lines = [f"Grouped cross-validation; answered directly from {certain:.2f}:"]
    lines += (f"{code}  {found}" for code, found in per_language(judged, certain).items())
    wrong = [one for one in judged if one.answered(certain) and one.best not in one.right]
    lines.append("What was answered wrongly, most often first; phrases that tell these apart help most:")
    confused = Counter(("|".join(sorted(one.right)), one.best) for one in wrong)
    for (right, best), count in confused.most_common(_SHOWN):
        sample = next(one.text for one in wrong if one.best == best and "|".join(sorted(one.right)) == right)
        lines.append(f"{count:4} x {right} answered as {best}, for example: {sample}")
    return "\n".join(lines) + "\n"


def per_topic(judged: Sequence[Judged], certain: float) -> str:
    """Give for each topic, as text, how much is found and how much is taken for it that is not."""
    lines = []
    for topic in sorted({topic for one in judged for topic in one.right}):
        own = [one for one in judged if topic in one.right]
        taken = [one for one in judged if one.best == topic and one.answered(certain)]
        good = sum(one in own for one in taken)
        false = len(taken) - good
        lines.append(
            f"{topic:18} {good / len(own):6.1%} of {len(own)} found, {false} of {len(taken)} taken for it wrongly"
        )
    return "\n".join(lines) + "\n"
