"""How well questions are answered, in the figures that count: right, wrong, with buttons, outside."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.questions.phrases import OUTSIDE, UNPUBLISHED, Phrase
from bot.questions.weights import Figures

WRONG = 0.03  #: of the questions about the course, how many may be answered wrongly in cross-validation
OUTSIDE_KEPT = 0.965  #: of the questions outside it, how many must get no answer there
_SHOWN = 25  #: confusions shown
_BUTTONS = 3
_SILENT = (OUTSIDE, UNPUBLISHED)
_ENOUGH = 10  #: phrases of a topic; fewer is what to mend first
_ADDED = 5  #: topics that are named to add to


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
        offered = tuple(topic for topic in ranked if topic not in _SILENT)[:_BUTTONS]
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
        return self.score >= certain and self.best not in _SILENT


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


def per_topic(judged: Sequence[Judged], certain: float, small: Collection[str] = ()) -> str:
    """
    Give for each topic, as text, how much is found and how much is taken for it that is not.

    The topics of which least is found come first, those of ``small`` talk after them.
    """
    found = {
        topic: _of_topic(topic, judged, certain) for topic in sorted({topic for one in judged for topic in one.right})
    }
    order = sorted(found, key=lambda topic: (topic in small or topic in _SILENT, found[topic][0], topic))
    return "\n".join(found[topic][1] for topic in order) + "\n"


def _of_topic(topic: str, judged: Sequence[Judged], certain: float) -> tuple[float, str]:
    """Give the share of a topic's phrases that is found, and the topic's line."""
    own = [one for one in judged if topic in one.right]
    taken = [one for one in judged if one.best == topic and one.answered(certain)]
    good = sum(one in own for one in taken)
    if topic in _SILENT:
        good = sum(not one.answered(certain) for one in own)
        return good / len(own), f"{topic:18} {good / len(own):6.1%} of {len(own)} phrases not answered, as it should be"
    line = f"{topic:18} {good / len(own):6.1%} of {len(own)} phrases found, {len(taken) - good} taken for it wrongly"
    return good / len(own), line


def for_organiser(judged: Sequence[Judged], certain: float, small: Collection[str]) -> str:
    """
    Give the figures that tell how a course does, as text: of its own topics alone, per topic, and what to add next.

    ``small``: the topics of small talk, which are said in few ways, so that they would flatter an average.
    """
    own = [one for one in judged if not one.right & {*small}]
    lines = [f"{code}  {found}  without small talk" for code, found in per_language(own, certain).items()]
    lines += ["Per topic, each phrase asked of a model that knows none like it:", per_topic(judged, certain, small)]
    return "\n".join([*lines, *_advice([one for one in own if not one.outside], certain)]) + "\n"


def _advice(own: Sequence[Judged], certain: float) -> list[str]:
    """Give the topics to which phrases are to be added, as lines, each with one that is not found."""
    lost: dict[str, list[Judged]] = {}
    counts = Counter(topic for one in own for topic in one.right)
    for one in own:
        if not (one.answered(certain) and one.best in one.right):
            lost.setdefault(min(one.right), []).append(one)
    order = sorted(lost, key=lambda topic: (counts[topic] >= _ENOUGH, -len(lost[topic]) / counts[topic], topic))
    return ["Add next:"] * bool(order) + [
        f"  {topic} ({counts[topic]} phrases): more like {lost[topic][0].text!r}, which {_seemed(lost[topic][0])}"
        for topic in order[:_ADDED]
    ]


def _seemed(one: Judged) -> str:
    return "was not sure enough" if one.best in one.right else f"seemed {one.best}"
