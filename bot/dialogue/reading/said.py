"""A text in its place in the conversation, and what stands in it: what every reader of it needs."""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.context import Context, Match
from bot.dialogue.events import Typed
from bot.dialogue.fields import Field, Form, Kind
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.details import Details
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way
from bot.dialogue.records import Conversation, State

CLAUSE = re.compile(r"[,.;!\n](?:\s|$)")
MOST_CLAUSES = 4
LONGEST_ACT = 200  #: characters in which something is done by saying it
#: what stands in a name without a capital
PARTICLES = frozenset(
    ("van", "de", "der", "den", "het", "'t", "ter", "ten", "te", "el", "la", "of", "the", "and", "en")
)
LAST = "last"  #: among the ordinals, which are numbers otherwise


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text in its place: what every reader of it needs."""

    conversation: Conversation
    event: Typed
    text: str
    details: Details
    context: Context

    @property
    def step(self) -> str:
        """The field that is open; empty where none is."""
        asking = self.conversation.state in (State.ASK, State.EMAIL)
        return (self.conversation.draft.step or "") if asking and self.conversation.draft else ""

    @property
    def form(self) -> Form:
        """What the sign-up asks."""
        return self.context.form

    @property
    def field(self) -> Field | None:
        """The field that is open, where one is."""
        return self.form.by_name.get(self.step)

    @property
    def takes_anything(self) -> bool:
        """Whether a field is open in which anything may be said, but what is said exactly so."""
        return self.field is not None and self.field.kind is Kind.LONG_TEXT

    @property
    def is_free(self) -> bool:
        """Whether a field is open whose answers look like any text."""
        return self.field is not None and self.field.kind is Kind.TEXT

    def match(self) -> Match:
        """What the text asks about; where the whole tells nothing, its last clause."""
        whole = self.context.match(self.text, self.conversation.language)
        last = "" if whole.topics or whole.unpublished else last_clause(self.text)
        part = self.context.match(last, self.conversation.language) if last else whole
        return part if part.topics and part.question else whole

    def asks_at_last(self) -> bool:
        """Whether the last clause of the text is a question that has an answer."""
        last = last_clause(self.text)
        match = self.context.match(last, self.conversation.language) if last else None
        return match is not None and match.question and bool(match.topics)

    def intent(self, name: Name, **values: Any) -> Intent:
        """An intent of this text, with what was told beside it."""
        told = {} if self.takes_anything else dict(self.details.told)
        return replace(Intent(name=name, event=self.event, also=told), **values)


def last_clause(text: str) -> str:
    """The last clause of a text of a few: "sorry dat ik stoor, wat kost het?"; empty where there is but one."""
    if len(text) > LONGEST_ACT:
        return ""
    clauses = [part.strip() for part in CLAUSE.split(text) if any(map(str.isalnum, part))]
    return clauses[-1] if 1 < len(clauses) <= MOST_CLAUSES and len(clauses[-1].split()) > 2 else ""


def placed(text: str, offered: int, language: str, context: Context) -> int | None:
    """Which of so many that are offered is meant by its place ("de tweede graag", "de laatste"); None where none is."""
    if len(text) > LONGEST_ACT or not offered:
        return None
    ordinals = spellings_of("ordinals", language, context)
    fillers = set(map(plain_way, spellings_of("assent", language, context).get("filler", ())))
    bare = " ".join(word for word in plain(text[:LONGEST_ACT]).split() if word not in fillers)
    place = exactly(text, ordinals) or exactly(bare, ordinals)
    number = offered if place == LAST else int(place or 0)
    return number if 0 < number <= offered else None


def field_named(said: Said) -> str | None:
    """The one field of the sign-up that the text names; None where it names none, or several."""
    if len(said.text) > LONGEST_ACT:
        return None
    fields = spellings_of("fields", said.conversation.language, said.context)
    meant = [name for name in options_meant(said.text, fields) if name in said.form.by_name]
    return meant[0] if len(meant) == 1 else None


def reference_in(conversation: Conversation, text: str) -> str | None:
    """The reference of a sign-up of this chat that stands in the text, with or without its dash."""
    typed = plain(text).replace(" ", "")
    return next((one.reference for one in conversation.leads if plain(one.reference).replace(" ", "") in typed), None)


def as_a_name(text: str) -> bool:
    """Whether a text is written as a name: every word of some length with a capital, or the only one there is."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    named = len(words) > 1 or (len(words) == 1 and words[0] == text)
    return named and all(word[0].isupper() for word in words) and not text.isupper()
