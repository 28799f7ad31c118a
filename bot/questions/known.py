"""What the phrases say by themselves: the topic of each, word for word, and how like a text the untrained ones are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.questions.forms import Forms
from bot.questions.moved import MOST
from bot.questions.nearest import Nearest
from bot.questions.phrases import OUTSIDE, UNPUBLISHED, Phrase


@dataclass(frozen=True, kw_only=True)
class Known:
    """The phrases, of which no more is kept than is looked up."""

    topics: frozenset[str]
    exact: dict[str, tuple[str, str]]  #: topic and language of each phrase, by its words
    untrained: Nearest  #: the phrases that no model knows
    moved: tuple[tuple[Phrase, str], ...]  #: of these, some that ask, with the topic that the model knows each as
    stayed: tuple[Phrase, ...]  #: the phrases of those topics that are still theirs

    @classmethod
    def of(cls, phrases: Iterable[Phrase], trained: Collection[str], forms: Forms) -> "Known":
        """Go through the phrases once; ``trained``: the identities of those that the model knows."""
        exact: dict[str, tuple[str, str]] = {}
        kinds: dict[tuple[str, str], tuple[str, str]] = {}  # one for thousands of phrases
        untrained, all_of = list[Phrase](), dict[str, list[Phrase]]()
        for phrase in phrases:
            kind = (phrase.topic, phrase.language)
            exact[" ".join(forms.levelled(phrase.words))] = kinds.setdefault(kind, kind)
            if phrase.identity not in trained:
                untrained.append(phrase)
            elif phrase.topic != UNPUBLISHED:
                all_of.setdefault(phrase.topic, []).append(phrase)
        topics = frozenset(topic for topic, _ in kinds)
        moved = _moved(untrained, trained)
        stayed = tuple(one for topic in {before for _, before in moved} for one in all_of.get(topic, ()))
        return cls(topics=topics, exact=exact, untrained=Nearest(untrained), moved=moved, stayed=stayed)


def _moved(untrained: Collection[Phrase], trained: Collection[str]) -> tuple[tuple[Phrase, str], ...]:
    """The phrases of topics with what the model knows them as, those that it knows first."""
    asked = [phrase for phrase in untrained if phrase.topic not in (UNPUBLISHED, OUTSIDE)]
    if not asked or not trained:
        return ()
    known = {(language, said): topic for language, topic, said in (one.split("\t", 2) for one in trained)}
    found = [(phrase, known.get((phrase.language, " ".join(phrase.words)), "")) for phrase in asked]
    return tuple(sorted(found, key=lambda pair: not pair[1])[:MOST])
