"""What the dialogue is given from outside: the course, the clock, and what only libraries know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.fields import Form, Kind


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One topic people ask about, as messages/ declares it."""

    id: str
    group: str | None = None  #: the menu group it stands in; None for small talk
    next: tuple[str, ...] = ()  #: topics people ask next
    offer: tuple[str, ...] = ()  #: button ids shown under its answer besides, for example "contact:ask"
    yes: str | None = None  #: the button that a bare yes right after its answer means
    about: tuple[str, ...] = ()  #: topics that a short question right after it seems to be about, and is about it


@dataclass(frozen=True, kw_only=True)
class Course:
    """What messages/ says about this course that the dialogue decides with."""

    languages: tuple[str, ...]  #: the first is the default
    phone_regions: tuple[str, ...] = ("",)  #: of a number without a country code: where it is of, and the neighbours
    topics: Mapping[str, Topic]
    menu: tuple[tuple[str, ...], ...]  #: rows of button ids, in the order of the menu's groups
    menu_groups: tuple[tuple[str, int], ...] = ()  #: the groups of those rows: a group's id, and how many rows it has
    form: Form  #: what a sign-up asks
    participants: tuple[int, int]  #: the smallest and the largest group
    consent_version: str  #: changes when the text that is agreed to changes
    #: language -> group -> value -> how people write it. The groups: a sign-up field with options, "fields" (the field
    #: a person wants to change), "language", "navigation" (the words of typed.WORDS), "numbers" (by number), "range"
    #: (between), "negation" (not, but), "lead_in" (what goes before a name or an organisation), "instead" (pass,
    #: remove), "asides" (by topic), "points" (what a question may ask of a topic, by topic/point)
    spellings: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = field(default_factory=dict)
    months: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: language -> the names of the twelve
    #: the spellings of all languages together, each group once it is asked for: see answers.spellings_of
    spelled: dict[tuple[str, str], Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    #: what buttons say, in any language, as spelling.plain() gives it and without a reference or address -> their ids
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a typed text asks about."""

    topics: tuple[str, ...] = ()  #: topics that are certain enough to answer, at most two
    suggestions: tuple[str, ...] = ()  #: the nearest topics, best first, at most three
    score: float = 0.0  #: certainty of the best topic, 0 to 1
    language: str | None = None  #: its code when the text is clearly in one
    unpublished: bool = False  #: belongs to the course, but no answer is published; with topics, a part of it
    question: bool = False  #: reads as a question rather than as an answer to one


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a person does by saying it, as messages/<language>/acts/ declares it: stopping, thanking, taking part."""

    name: str  #: the name of its file there
    score: float  #: how likely it is, 0 to 1
    exact: bool  #: the whole text is a phrase of the act, but for case, punctuation, emoji and spaces
    enough: float = 0.0  #: from this likelihood it is meant; acts that come to the same are counted together


@dataclass(frozen=True, kw_only=True)
class Found:
    """An e-mail address or a phone number that stands in a text."""

    kind: Kind  #: EMAIL or PHONE
    value: str  #: as it will be stored
    start: int  #: where it stands in the text, with what belongs to it
    end: int
    suggestion: str | None = None  #: the address we think was meant
    unsure: bool = False  #: more than one reading is likely: it has an extension, or no country is known


@dataclass(frozen=True, kw_only=True)
class EmailCheck:
    """What is known of a typed e-mail address."""

    address: str | None  #: as it will be stored; None when it cannot be an address
    suggestion: str | None = None  #: the address we think was meant


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything a turn needs besides the conversation and the event."""

    now: datetime  #: UTC
    course: Course
    match: Callable[[str, str], Match]  #: (text, language) -> what it asks about
    check_email: Callable[[str], EmailCheck]
    check_phone: Callable[[str], str | None]  #: E.164, or None when it cannot be a number
    #: (text, region) -> the same, of a number that is meant for that region ("BE")
    check_phone_in: Callable[[str, str], str | None] = lambda text, region: None
    new_token: Callable[[], str]  #: six characters for a draft's buttons
    new_reference: Callable[[], str]  #: for a lead or a forwarded question
    acts: Callable[[str, str], tuple[Act, ...]] = lambda text, language: ()  #: text, language -> acts, best first
    find: Callable[[str], tuple[Found, ...]] = lambda text: ()  #: the addresses and numbers in a text, in their order
    may_ask: Callable[[str], bool] = lambda text: True  #: a quick look at a text's form; False: surely no question

    @property
    def form(self) -> Form:
        """What the sign-up asks."""
        return self.course.form
