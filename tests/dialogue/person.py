"""A person who talks to the pure dialogue: says, taps, and sees which messages follow."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.dialogue.context import Act, Context, Course, EmailCheck, Found, Match, Topic
from bot.dialogue.events import Chosen, Event, SharedPhone, Typed
from bot.dialogue.fields import Kind as FieldKind
from bot.dialogue.reading.spelling import plain
from bot.dialogue.records import Conversation, Effect, LeadSaved, LeadWithdrawn, Reply, State, Turn
from bot.dialogue.respond import respond
from bot.dialogue.transitions import rule_for
from tests.events import Kind, happens
from tests.form import FORM

NAVIGATION = {
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "skip": ("overslaan", "skip"),
    "back": ("terug", "back"),
    "cancel": ("stop", "annuleren"),
    "more": ("meer",),
    "submit": ("verstuur", "send"),
    "keep": ("klopt zo",),
    "fix": ("verbeter",),
    "resume": ("ga verder",),
    "restart": ("opnieuw",),
    "another": ("nieuwe aanmelding",),
    "signup": ("aanmelden", "sign up"),
    "menu": ("menu",),
    "contact": ("contact",),
    "share": ("deel",),
}
SPELLINGS: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "nl": {
        "interest": {
            "crash_course": ("1", "crash course", "de cursus"),
            "longer_support": ("2", "langere ondersteuning"),
            "both": ("3", "beide", "allebei"),
        },
        "organisation_type": {
            "municipality": ("1", "gemeente"),
            "housing_corporation": ("2", "woningcorporatie", "corpo"),
            "neighbourhood_organisation": ("3", "wijkorganisatie"),
            "energy_or_grid_company": ("4", "netbeheerder", "energiebedrijf"),
            "builder_or_installer": ("5", "bouwbedrijf", "installateur"),
            "other": ("6", "anders"),
        },
        "group_composition": {
            "one_municipality": ("één gemeente", "intern"),
            "municipality_with_partners": ("met partners",),
            "several_municipalities": ("meerdere gemeenten",),
            "unknown": ("weet ik niet",),
        },
        "fields": {"name": ("naam",), "email": ("mail", "e-mail"), "organisation": ("organisatie",)},
        "language": {"nl": ("nederlands",), "en": ("engels", "english")},
        "navigation": NAVIGATION,
        "lead_in": {"name": ("ik ben", "mijn naam is"), "organisation": ("ik werk bij",), "email": ("mijn mail is",)},
        "details": {"belongs": ("van", "bij"), "counted": ("met N man",)},
    },
    "en": {
        "organisation_type": {"municipality": ("municipality",), "housing_corporation": ("housing corporation",)},
        "interest": {"both": ("both",)},
    },
}
COURSE = Course(
    languages=("nl", "en"),
    phone_regions=("NL", "BE"),
    topics={
        "costs": Topic(id="costs", group="practical", next=("dates",)),
        "dates": Topic(id="dates", group="practical", next=("costs",), offer=("contact:ask",)),
        "help": Topic(id="help", offer=("menu",)),
        "privacy": Topic(id="privacy", offer=("data:show",)),
    },
    menu=(("topic:costs", "topic:dates"), ("signup:start",), ("contact:ask",)),
    form=FORM,
    participants=(6, 16),
    consent_version="1",
    spellings=SPELLINGS,
)
KNOWN = {"kost": "costs", "cost": "costs", "wanneer": "dates", "gegevens": "privacy"}


def match(text: str, language: str) -> Match:
    """A hand-written matcher: keywords, and a question mark."""
    low = text.casefold()
    topics = tuple(dict.fromkeys(topic for word, topic in KNOWN.items() if word in low))[:2]
    asks = low.startswith(("wat ", "waarom ", "wanneer ", "what ")) and low.endswith("?")
    unsure = ("dates", "costs") if "misschien" in low else ()
    return Match(
        topics=topics,
        suggestions=unsure,
        unpublished="certificaat" in low,
        question=asks,
        language="en" if "cost " in low else None,
    )


def check_email(text: str) -> EmailCheck:
    """A hand-written check: something with an @, and one well-known slip."""
    if "@" not in text or " " in text:
        return EmailCheck(address=None)
    local, _, domain = text.rpartition("@")
    address = f"{local}@{domain.lower()}"
    suggestion = f"{local}@gmail.com" if domain.lower() == "gmial.com" else None
    return EmailCheck(address=address, suggestion=suggestion)


def check_phone(text: str) -> str | None:
    """A hand-written check: ten digits or more."""
    digits = "".join(c for c in text if c.isdigit())
    if text.startswith("+"):
        return f"+{digits}" if len(digits) >= 10 else None
    return f"+31{digits.lstrip('0').removeprefix('31')}" if len(digits) >= 10 else None


def find(text: str) -> tuple[Found, ...]:
    """A hand-written search: words with an @, and rows of ten digits."""
    found = []
    for word in re.finditer(r"[^\s,;|<>()]+@[^\s,;|<>()]+|\b0[\d-]{9,11}\b", text):
        value = check_email(word[0]).address or check_phone(word[0]) or word[0]
        kind = FieldKind.EMAIL if "@" in word[0] else FieldKind.PHONE
        found.append(Found(kind=kind, value=value, start=word.start(), end=word.end()))
    return tuple(found)


#: act -> phrases of it
ACTS: Mapping[str, tuple[str, ...]] = {
    "wish": ("ik wil graag meedoen", "count us in"),
    "no_wish": ("alleen info, niet aanmelden",),
    "stop": ("laat maar", "ik stop ermee", "never mind"),
    "change": ("ik wil iets wijzigen", "mijn naam klopt niet", "i want to change something"),
    "withdraw": ("schrijf me uit", "unsubscribe"),
    "show": ("laat mijn aanmelding zien", "show my sign-up please"),
    "status": ("is het gelukt", "wanneer hoor ik iets", "did it arrive"),
    "language_en": ("english please",),
    "language_nl": ("nederlands graag",),
    "person": ("ik wil iemand spreken", "a human being please"),
    "submit": ("verstuur het maar",),
    "finish": ("dat was het", "that's all"),
    "yes": ("ja", "prima", "yes"),
    "no": ("nee", "no"),
    "thanks": ("dank je", "thank you"),
    "sorry": ("sorry",),
    "greeting": ("hoi", "hello"),
    "goodbye": ("doei",),
    "wait": ("wacht even", "wait a moment"),
    "why": ("waarom?", "moet dat?", "is that required?"),
    "despair": ("ik snap er niks van",),
    "joke_or_insult": ("grapje", "just kidding"),
    "resume": ("ik ben er weer", "i'm back"),
}


def acts(text: str, language: str) -> tuple[Act, ...]:
    """A hand-written model: exact phrases, and those that begin a text less surely."""
    typed = plain(text)
    exact = [name for name, ways in ACTS.items() if typed in map(plain, ways)]
    meant = [name for name, ways in ACTS.items() if any(typed.startswith(f"{plain(way)} hoor") for way in ways)]
    return tuple(Act(name=name, score=1.0 if exact else 0.9, exact=bool(exact)) for name in exact or meant)


@dataclass(kw_only=True)
class Person:
    """One chat with the dialogue."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    leads: list[LeadSaved] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    replies: tuple[Reply, ...] = ()
    heard: list[Reply] = field(default_factory=list)
    turn: Turn | None = None
    answered_at: datetime | None = None  #: when the newest replies came
    conversation: Conversation = field(default_factory=lambda: Conversation(chat="telegram:7", language="nl"))
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def context(self) -> Context:
        """What the dialogue is given, as of now."""
        return Context(
            now=self.now,
            course=COURSE,
            match=match,
            check_email=check_email,
            check_phone=check_phone,
            check_phone_in=lambda text, region: f"+32{text.lstrip('0')}",
            find=find,
            acts=acts,
            new_token=lambda: f"tok{next(self._ids)}",
            new_reference=lambda: f"REF-{next(self._ids)}",
        )

    def does(self, kind: Kind, text: str = "", *, own: bool = True, source: str | None = None) -> list[str]:
        """Do something; give the keys of the messages that follow. Holds the turn against the table."""
        card = {"own": own} if kind is SharedPhone else {}
        event = happens(
            kind, text, id=str(next(self._ids)), chat=self.conversation.chat, at=self.now, source=source, **card
        )
        before = self.conversation
        self.turn = respond(before, event, self.context())
        self._fits_the_table(before, event)
        self.conversation, self.replies = self.turn.conversation, self.turn.replies
        self.answered_at = self.now
        self.effects.extend(self.turn.effects)
        self.leads.extend(effect for effect in self.turn.effects if isinstance(effect, LeadSaved))
        self.heard.extend(self.replies)
        return [reply.message for reply in self.replies]

    def would(self, text: str, kind: Kind = Typed) -> Turn:
        """What would follow on a text, or on the button with this id; nothing is changed."""
        event = happens(kind, text, id="", chat=self.conversation.chat, at=self.now)
        return respond(self.conversation, event, self.context())

    def _fits_the_table(self, before: Conversation, event: Event) -> None:
        from bot.dialogue.reading.read import read

        assert self.turn is not None
        intent = read(before, event, self.context())
        rule = rule_for(before.state, intent.name)
        after = self.turn.conversation.state
        assert after in rule.to or (rule.stays and after is before.state), (before.state, intent.name, after)

    def says(self, text: str, source: str | None = None) -> list[str]:
        """Type a text."""
        return self.does(Typed, text, source=source)

    def taps(self, name: str) -> list[str]:
        """Tap the newest button whose id is or starts with ``name`` (its token aside)."""
        return self.does(Chosen, self.button(name))

    def button(self, name: str) -> str:
        """The id, with its token, of the newest button called ``name``."""
        for reply in reversed(self.heard):
            for row in reply.buttons:
                for button in row:
                    if button.id.partition("@")[0] == name:
                        return button.id
        raise AssertionError(f"there is no button {name}; there are {self.buttons()}")

    def buttons(self) -> list[str]:
        """The ids under the newest messages, without tokens."""
        return [b.id.partition("@")[0] for reply in self.replies for row in reply.buttons for b in row]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def signs_up(self, *, upto: str = "send") -> list[str]:
        """Walk through the required questions, up to and with the review or the sending."""
        self.taps_or_says("signup:start", "/aanmelden")
        for text in ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl"):
            keys = self.says(text)
        return self.taps("signup:submit") if upto == "send" else keys

    def taps_or_says(self, name: str, text: str) -> list[str]:
        """Tap a button where it was offered, else type."""
        try:
            return self.taps(name)
        except AssertionError:
            return self.says(text)

    @property
    def state(self) -> State:
        """Where the conversation is."""
        return self.conversation.state

    @property
    def answers(self) -> Mapping[str, str]:
        """What was given in the sign-up under way."""
        return self.conversation.draft.answers if self.conversation.draft else {}

    def forgotten(self) -> bool:
        """Whether everything was removed."""
        return any(isinstance(effect, LeadWithdrawn) for effect in self.effects)


def web_person() -> Person:
    """A person on the web page."""
    return Person(conversation=Conversation(chat="web:7", language="nl"))


def with_draft_token(person: Person, token: str) -> None:
    """Give the sign-up under way another token, as if a new one had begun."""
    draft = person.conversation.draft
    assert draft is not None
    person.conversation = replace(person.conversation, draft=replace(draft, token=token))
