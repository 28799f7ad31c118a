"""What the phrases say by themselves: the topic of each, word for word, and how like a text the untrained ones are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.questions.forms import Forms
from bot.questions.nearest import Nearest
from bot.questions.phrases import UNPUBLISHED, Phrase


@dataclass(frozen=True, kw_only=True)
class Known:
    """The phrases, of which no more is kept than is looked up."""

    topics: frozenset[str]
    exact: dict[str, tuple[str, str]]  #: topic and language of each phrase, by its words
    untrained: Nearest  #: the phrases that no model knows
    moved: tuple[Phrase, ...]  #: of these, the ones that the model knows as unpublished

    @classmethod
    def of(cls, phrases: Iterable[Phrase], trained: Collection[str], forms: Forms) -> "Known":
        """Go through the phrases once; ``trained``: the identities of those that the model knows."""
        exact: dict[str, tuple[str, str]] = {}
        kinds: dict[tuple[str, str], tuple[str, str]] = {}  # one for thousands of phrases
        untrained, moved = [], []
        for phrase in phrases:
            kind = (phrase.topic, phrase.language)
            exact[" ".join(forms.levelled(phrase.words))] = kinds.setdefault(kind, kind)
            if phrase.identity not in trained:
                untrained.append(phrase)
                if replace(phrase, topic=UNPUBLISHED).identity in trained:
                    moved.append(phrase)
        topics = frozenset(topic for topic, _ in kinds)
        return cls(topics=topics, exact=exact, untrained=Nearest(untrained), moved=tuple(moved))
