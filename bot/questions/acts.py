"""
From a typed text to what a person does by saying it: stopping, thanking, wanting to take part.

A text that is a phrase, word for word, is that act. What consists of nothing but phrases of agreement agrees as surely
("ja hoor, prima zo, verstuur maar"). Of any other a model says how likely each act is, with names and questions on the
other side. What is written as a name is one ("Stop Armoede Nu") unless it is a phrase.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.dialogue.acts import CONSENT
from bot.dialogue.contacts import contact_names
from bot.dialogue.context import Act
from bot.questions.encoder import Encoder
from bot.questions.forms import Forms, sentences
from bot.questions.model import Model
from bot.questions.nearest import Nearest
from bot.questions.phrases import ACTS, OUTSIDE, Phrase, each_phrase, facts_of, no_acts
from bot.questions.text import LONGEST, marks, words
from bot.questions.weights import Weights, trained_on

ACTS_FILE = "acts.npz"  #: where a messages folder keeps what training made of them
SHARED = Path(__file__).parents[2] / "messages"  #: whose acts every course has; a course's own come beside them
_LIKE = 0.7  #: from this likeness to an untrained phrase a text is that act
_NONE = 0.8  #: from this likelihood of being no act the parts of a text are not looked at
_NAME = 4  #: words; so many may well be a name
_STRANGE = 0.65  #: from this likelihood what may well be a name is an act
_STRANGER = 0.9  #: the same where that is one of two, but for small words: "niek moment"
_ALONE = 0.8  #: from this likelihood a single word that is no phrase is an act
_SEEN = 0.05  #: from this likelihood an act is named: where others come to the same, they are likely enough together
_PAIR = 2  #: words
_PARTS = 4  #: parts of a text that are looked at
_LONGEST = 40  #: words; who writes more tells a story
_AGREED = 12  #: words; of which phrases of agreement may consist
#: what stands between the words of a name without a capital
_PARTICLES = frozenset(words("van de der den het t ter ten te the of and en op aan voor von du la le el in"))
_DENIALS = frozenset({"niet", "geen", "nooit", "niks", "niets", "not", "dont", "never", "wont"})
_WANTED = 2  #: words between a "not" and what is denied: "want to"
_ITEM = re.compile(r"[\w'’.&-]+")

Words = Sequence[str]


class Acts:
    """Says what a text does. Pure: the same text gives the same answer."""

    def __init__(
        self, phrases: Iterable[Phrase], *, trained: frozenset[str], forms: Forms, model: Model | None
    ) -> None:
        """Take the phrases, and the identities of those that the model knows."""
        self._forms = forms
        self._model = model
        self._certain = model.weights.certain if model else _LIKE
        self._exact: dict[str, str] = {}
        self._words: set[str] = set()  #: of the acts' phrases
        self._written: set[str] = set()  #: those with a capital by nature: Anne, English
        untrained = []
        for phrase in phrases:
            for key in self._keys(phrase.text, phrase.words):
                self._exact.setdefault(key, phrase.topic)
            if phrase.topic != OUTSIDE:
                self._words.update(phrase.words)
                self._written.update(word for word in _ITEM.findall(phrase.text)[1:] if word[0].isupper())
            if phrase.identity not in trained:
                untrained.append(phrase)
        self._untrained = Nearest(untrained)

    @classmethod
    def load(cls, folder: Path, languages: Iterable[str], encoder: Encoder | None = None) -> "Acts":
        """
        Give the acts that every course has, with what a messages folder adds to them in its own languages.

        ``encoder``: one that is loaded already. Raises DamagedWeights and UnreadablePhrases.
        """
        languages = tuple(languages)
        weights = Weights.load(SHARED / ACTS_FILE)
        trained = trained_on(SHARED / ACTS_FILE) if weights else frozenset[str]()
        model = Model(weights, encoder or Encoder.load().speak(languages)) if weights else None
        forms = Forms.load(folder, languages)
        return cls(_phrases(folder, languages), trained=trained, forms=forms, model=model)

    def of(self, text: str) -> tuple[Act, ...]:
        """Say what a text does, in any language, the surest first; nothing for a name, an answer or a question."""
        return tuple(act for act in self.near(text) if act.score >= act.enough)

    def near(self, text: str) -> tuple[Act, ...]:
        """Give what ``of`` gives, and besides what a text may do but is not likely enough to by itself."""
        known = {self._exact.get(key) for key in self._keys(text, words(text))}
        if len(known) == 1 and (name := known.pop()):
            return () if name == OUTSIDE else (self._said(name, text),)
        typed = self._forms.levelled(words(text))
        if not typed or len(typed) > _LONGEST or self._written_as_name(text):
            return ()
        if agreed := self._agreed(typed):
            return tuple(self._said(name, text) for name in sorted(agreed))
        parts = sentences(text)
        return tuple(act for act in self._likely(typed, parts) if not self._denied(act.name, parts))

    def _denied(self, name: str, parts: Iterable[Words]) -> bool:
        """Say whether a "not" stands right before what is a phrase of the act: "I don't want to stop"."""
        for part in parts:
            for at in (at for at, word in enumerate(part) if word in _DENIALS):
                after = (" ".join(part[start:]) for start in range(at + 1, min(at + 2 + _WANTED, len(part))))
                if any(self._exact.get(phrase) == name for phrase in after):
                    return True
        return False

    def _said(self, name: str, text: str) -> Act:
        """Give an act that was said word for word; a question mark, or a sign beside it, makes consent unsure."""
        beside = {self._exact.get(sign, name) for sign in marks(text)} - CONSENT
        return Act(name=name, score=1.0, exact=name not in CONSENT or not (beside or "?" in text))

    def _likely(self, typed: Words, parts: Sequence[Words]) -> tuple[Act, ...]:
        """Give what a text may do as a whole, then its parts, where every part does something."""
        likely, enough = self._likelihoods(typed), self._needed(typed)
        found = {name: value for name, value in likely.items() if value >= _SEEN and name != OUTSIDE}
        if 1 < len(parts) <= _PARTS and likely.get(OUTSIDE, 0.0) < _NONE:
            each = [self._surest(part) for part in parts]
            if all(name != OUTSIDE for name, _ in each):
                for name, value in each:
                    found[name] = max(value, enough, found.get(name, 0.0))
        surest = sorted(found.items(), key=lambda pair: -pair[1])
        return tuple(Act(name=name, score=value, exact=False, enough=enough) for name, value in surest)

    def _surest(self, typed: Words) -> tuple[str, float]:
        level = self._forms.levelled(typed)
        if known := self._exact.get(" ".join(level)):
            return known, 1.0
        likely = self._likelihoods(level)
        name = max(likely, key=likely.__getitem__, default=OUTSIDE)
        return (name, likely[name]) if likely.get(name, 0.0) >= self._needed(level) else (OUTSIDE, 1.0)

    def _needed(self, typed: Words) -> float:
        """Give how likely an act must be: more for one word, or for few of which one is in no phrase: names."""
        if len(typed) == 1:
            return max(self._certain, _ALONE)
        told = [word for word in typed if word not in _PARTICLES]
        strange = sum(word not in self._words for word in told) if len(typed) <= _NAME else 0
        if strange and len(told) <= _PAIR:
            return max(self._certain, _STRANGER)
        return max(self._certain, _STRANGE) if strange else self._certain

    def _likelihoods(self, typed: Words) -> dict[str, float]:
        """Give how likely each act is, and OUTSIDE, that of none."""
        likely = dict(self._model.estimate(typed).topics) if self._model else {}
        for name, likeness in self._untrained.topics(typed).items():
            if likeness >= _LIKE:
                likely[name] = max(likely.get(name, 0.0), likeness)
        return dict(sorted(likely.items(), key=lambda pair: -pair[1]))

    def _agreed(self, typed: Words) -> frozenset[str]:
        """Give the acts of agreement in words that are nothing but their phrases; none when there is anything else."""
        if len(typed) > _AGREED:
            return frozenset()
        reached: list[frozenset[str] | None] = [frozenset()]
        for end in range(1, len(typed) + 1):
            steps = ((reached[start], self._exact.get(" ".join(typed[start:end]), "")) for start in range(end))
            ways = [before | {name} for before, name in steps if before is not None and name in CONSENT]
            reached.append(ways[0] if ways else None)
        return reached[-1] or frozenset()

    def _keys(self, text: str, typed: Words) -> tuple[str, ...]:
        """Give what a text of these words is looked up by: the words, or else each of its signs."""
        return (" ".join(self._forms.levelled(typed)),) if typed else marks(text)

    def _written_as_name(self, text: str) -> bool:
        """
        Say whether a text is written as a name: the second word and most others with a capital of their own.

        A word by itself with a capital is one, unless it stands in a phrase.
        """
        first, *others = [item for item in _ITEM.findall(text[:LONGEST]) if any(map(str.isalnum, item))] or [""]
        later = [word for word in others if word.strip("'’") not in _PARTICLES]
        capitals = [word for word in later if word[0].isupper()]
        if not others:
            return first[:1].isupper() and not first.isupper() and not self._words.issuperset(words(first))
        if not later or later[0] not in capitals or len(capitals) * 2 <= len(later) or text.isupper():
            return False
        strange = first[0].isupper() and not self._words.issuperset(words(f"{first} {later[0]}"))
        return strange or not self._written.issuperset(capitals)


def _phrases(folder: Path, languages: Iterable[str]) -> Iterator[Phrase]:
    """Give the phrases of the shared folder, then those a course adds in its own."""
    shared = sorted(path.parent.name for path in SHARED.glob(f"*/{ACTS}"))
    names = contact_names(facts_of(folder))
    yield from each_phrase(SHARED, shared, ACTS, names)
    yield from no_acts(SHARED, shared, names)
    if folder.resolve() != SHARED:
        yield from each_phrase(folder, languages, ACTS)
        yield from no_acts(folder, languages)
