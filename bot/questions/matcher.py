"""From a typed text to what it asks about."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.dialogue.context import Match
from bot.questions.encoder import Encoder
from bot.questions.forms import Forms, Message
from bot.questions.known import Known
from bot.questions.model import Model
from bot.questions.moved import Moved
from bot.questions.phrases import OUTSIDE, UNPUBLISHED, each_phrase
from bot.questions.weights import FILE, Weights, trained_on

_SILENT = frozenset({OUTSIDE, UNPUBLISHED})
_POLITE = frozenset({"greeting", "thanks", "goodbye"})  #: what is never offered as a button, nor beside an answer
_LIKE = 0.62  #: from this likeness to an untrained phrase its topic is answered
_PART = 0.6  #: from this likelihood a part of a message is answered beside another
_ALONE = 0.2  #: how likely the whole must make the topic of its only part that is sure
_CLEAR = 0.85  #: from this likelihood the one part that asks is answered, whatever is told beside it
_STORY, _SURELY = 3, 0.9  #: parts of a story; how likely its last one must ask about a topic
_OUTSIDE = 0.5  #: from this likelihood of being outside the course no part of a message is looked at, no topic near it
_OFFERED = 0.02  #: from this likelihood a topic is offered
_NEAR = 0.15  #: and from this share of the likelihood of the nearest
_BUTTONS = 3  #: topics that are offered at most
_TELLING = 3  #: from so many words a known phrase tells its language: "info" is both
_LANGUAGE = 0.9  #: from this likelihood a text's language is clear

Likelihoods = Mapping[str, float]


class Matcher:
    """Says what a text asks about. Pure: the same text gives the same answer."""

    def __init__(self, *, known: Known, forms: Forms, model: Model | None) -> None:
        self._known = known
        self._forms = forms
        self._model = model
        self._moved = Moved(known.moved, known.stayed, model.encoder, forms) if model and known.moved else None
        self.encoder = model.encoder if model else None  #: what says what a text means, for others to use too
        self._certain = model.weights.certain if model else _LIKE

    @classmethod
    def load(cls, folder: Path, languages: Iterable[str]) -> "Matcher":
        """
        Give the matcher for a messages folder.

        Without weights there, or for phrases added since they were made, the nearest phrase decides.
        """
        languages = tuple(languages)
        forms, weights = Forms.load(folder, languages), Weights.load(folder / FILE)
        trained = trained_on(folder / FILE) if weights else ()
        known = Known.of(each_phrase(folder, languages), trained, forms)
        return cls(known=known, forms=forms, model=Model(weights, Encoder.load().speak(languages)) if weights else None)

    def match(self, text: str, language: str) -> Match:
        """
        Say which topics a text asks about, whatever its language; never raises.

        ``language`` is the conversation's, which the text is in unless it is clearly in another.
        """
        message = self._forms.take_apart(text)
        if not message.whole:
            return Match(topics=(), suggestions=())
        likely, spoken = self._known_as(message.typed) or self._likelihoods(message.whole)
        if message.whole != message.typed and _best(likely)[0] == OUTSIDE:
            likely, spoken = self._thanked(message) or (likely, spoken)
        topics, also_unpublished = self._answered(message, likely)
        best, score = _best(likely)
        return Match(
            topics=topics,
            suggestions=() if topics else self._offered(likely),
            score=score,
            language=spoken,
            unpublished=also_unpublished or (not topics and best == UNPUBLISHED),
            question=self._forms.asks(text, certain=bool(topics) or best == UNPUBLISHED),
        )

    def _thanked(self, message: Message) -> tuple[Likelihoods, str | None] | None:
        """Give what all words say, where they say thank you or goodbye and ask nothing."""
        found = self._likelihoods(message.typed)
        return found if _best(found[0])[0] in _POLITE else None

    def may_ask(self, text: str) -> bool:
        """Say, by the form alone and so in no time, whether ``match`` could find a text to be a question."""
        return self._forms.asks(text, certain=True)

    def _answered(self, message: Message, likely: Likelihoods) -> tuple[tuple[str, ...], bool]:
        whole = self._sure(likely, self._certain)
        if not message.parts:
            return whole, False
        if likely.get(OUTSIDE, 0.0) >= _OUTSIDE:
            return self._asked_after_a_story(message) or whole, False
        found: dict[str, tuple[str, ...]] = {}
        asking, clear = self._forms.asking(message.parts), False
        for part in asking:
            best, value = _best(self._likelihoods(part)[0])
            if value >= _PART and best != OUTSIDE:
                found.setdefault(best, part)
                enough = self._certain if part == message.parts[-1] else _CLEAR
                clear = clear or (value >= enough and len(asking) < len(message.parts))
        asked = tuple(topic for topic in found if topic not in _POLITE | _SILENT)
        unpublished = UNPUBLISHED in found and bool(asked)
        if unpublished or len(asked) > 1:
            return asked[:2], unpublished
        if not asked or not set(whole) <= _POLITE:
            return whole, False
        polite = _best(likely)[0] in _POLITE
        meant = self._forms.begins_to_ask(found[asked[0]]) if polite else likely.get(asked[0], 0.0) >= _ALONE
        return asked if meant or clear else whole, False

    def _asked_after_a_story(self, message: Message) -> tuple[str, ...]:
        """Give what the last of several parts surely asks: all before it only told something."""
        last = message.parts[-1]
        if len(message.parts) < _STORY or not self._forms.begins_to_ask(last):
            return ()
        return self._sure(self._likelihoods(last)[0], _SURELY)

    def _sure(self, likely: Likelihoods, certain: float) -> tuple[str, ...]:
        best, value = _best(likely)
        return (best,) if best not in _SILENT and value >= certain else ()

    def _offered(self, likely: Likelihoods) -> tuple[str, ...]:
        topics = {topic: value for topic, value in likely.items() if topic not in _SILENT | _POLITE}
        if not topics or likely.get(OUTSIDE, 0.0) >= _OUTSIDE:
            return ()
        least = max(_OFFERED, _NEAR * max(topics.values()))
        return tuple(topic for topic, value in topics.items() if value >= least)[:_BUTTONS]

    def _likelihoods(self, typed: tuple[str, ...]) -> tuple[Likelihoods, str | None]:
        """Give the topics by how likely they are, best first, and the language when it is clear."""
        if known := self._known_as(typed):
            return known
        typed = self._forms.levelled(typed)
        estimate = self._model.estimate(typed) if self._model else None
        likely: dict[str, float] = {}
        spoken: str | None = None
        if estimate:
            likely = {topic: value for topic, value in estimate.topics.items() if topic in self._known.topics}
            spoken = next((code for code, value in estimate.languages.items() if value >= _LANGUAGE), None)
        for topic, likeness in self._known.untrained.topics(typed).items():
            if not estimate or likeness >= _LIKE:
                likely[topic] = max(likely.get(topic, 0.0), likeness)
        if self._moved:
            likely = self._moved.published(likely, typed)
        return dict(sorted(likely.items(), key=lambda pair: -pair[1])), spoken

    def _known_as(self, typed: tuple[str, ...]) -> tuple[Likelihoods, str | None] | None:
        """Give what words that are a phrase ask, for sure, and its language; None where they are none."""
        exact = self._known.exact.get(" ".join(self._forms.levelled(typed)))
        return ({exact[0]: 1.0}, exact[1] if len(typed) >= _TELLING else None) if exact else None


def _best(likely: Likelihoods) -> tuple[str, float]:
    """Give the likeliest topic and how likely it is; where nothing is known a text lies outside the course."""
    return next(iter(likely.items()), (OUTSIDE, 0.0))
