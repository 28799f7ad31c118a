"""Small inputs cost little: what one text of 2,000 characters may cost is counted in steps, not by a clock."""

import ast
import importlib
import itertools
import math
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot
import storage
from bot.bounds import MARKS
from bot.dialogue.context import Context, Match
from bot.dialogue.fields import FIELDS
from bot.dialogue.reading.typed import LONGEST_TEXT
from bot.dialogue.records import Conversation, Draft, Event, Kind, Lead, State
from bot.dialogue.respond import respond
from bot.dialogue.signs import normal
from bot.loading import context_maker
from bot.questions import Matcher
from bot.turns.masking import without_details
from bot.wording import Wording
from tests.conftest import NOT_LOADED
from tests.security.regex_steps import Steps, TooManySteps, signs_of
from tests.turns.test_desk import FACTS, MESSAGES

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: steps of a pattern on a text of 2,000 characters; Python's own engine takes some ten million a second, and more
MOST_STEPS = 200_000
#: lines of Python in a turn; some ten million a second, so this is 4 ms
MOST_LINES = 40_000
#: patterns that only read what operators and editors write, once, at the start: these may take the square of its length
TRUSTED = ("bot.settings.", "bot.wording.prose", "bot.wording.check", "bot.wording.tables", "bot.wording.compiling")
UNITS = (
    "a", "@", "a@", "a@a.nl ", "a.", ".", " ", "x ", "ja ", "nee, ", "gemeente ", "gemeentw ", "niet ", "10 ", "1-", "tien ",
    "?", "wat? ", "á", "\u0301", "\u0323\u0301", "\u0f73", "a\u0344", "ﷺ", "İ", "ß", ": ", "naam: ", "a\n", "abcde ",
    "qwzxcv ploerk ", "👨‍👩‍👧", "crash course ", "06-12345678 ", "+31", "(", "-", "/a ", "http://", "www.", "K7RM42XD ", "en ",
    "A.", "Aa Bb ", "mijn naam is ", "ik ben ", "½", "1,2 ", "10 à 12 ", "{{", "<b>", "&amp;", "\u202e", "\u200b", "straat 1 ",
)  # fmt: skip


def filled(unit: str, length: int = LONGEST_TEXT) -> str:
    """This over and over, so many characters long."""
    return (unit * (length // len(unit) + 1))[:length]


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of our own Python this runs, each time round a loop counted."""
    count = 0

    def line(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


# The patterns


@dataclass(kw_only=True)
class Patterns:
    """The patterns of the program, by pattern and flags: where each stands."""

    found: dict[tuple[str, int], str] = field(default_factory=dict)

    def look(self, value: object, name: str) -> None:
        """Take what is a pattern, or holds some."""
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str):
                self.found.setdefault((value.pattern, value.flags), name)
        elif isinstance(value, dict):
            self.look(tuple(value.values()), name)
        elif isinstance(value, tuple | list | frozenset | set):
            for one in value:
                self.look(one, name)


def modules() -> Iterator[Any]:
    """All modules of the program."""
    for package in (bot, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(NOT_LOADED):
                yield importlib.import_module(module.name)


def standing() -> dict[tuple[str, int], str]:
    """The patterns that stand in modules."""
    patterns = Patterns()
    for module in modules():
        for name, value in vars(module).items():
            patterns.look(value, f"{module.__name__}.{name}")
    return patterns.found


def made_on_the_way(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], str]:
    """The patterns that are made while people talk, of spellings and the like."""
    made: dict[tuple[str, int], str] = {}
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    compile_ = compiler.compile

    def spy(pattern: Any, flags: int = 0) -> Any:
        if isinstance(pattern, str):
            made[pattern, int(flags)] = "made on the way"
        return compile_(pattern, flags)

    monkeypatch.setattr(compiler, "compile", spy)
    re.purge()
    for module in modules():
        for value in vars(module).values():
            if callable(getattr(value, "cache_clear", None)) and getattr(value, "__module__", "").startswith(
                "bot.dialogue"
            ):
                value.cache_clear()
    context = real_context()
    for _, conversation in conversations():
        for text in (
            "mijn naam is Jan",
            "niet bij een gemeente maar een corporatie",
            "tussen tien en twaalf",
            "x" * 300,
        ):
            respond(conversation, event(text), context)
    return made


def is_anchored(name: str, source: str) -> bool:
    """Whether a pattern is only held against the beginning of a text."""
    short = re.escape(name.rpartition(".")[2])
    looked_for = re.search(rf"\b{short}\.(?:search|finditer|findall|sub|subn|split)\b", source)
    return looked_for is None and re.search(rf"\b{short}\.(?:full)?match\b", source) is not None


def worst(pattern: str, flags: int, *, anchored: bool) -> tuple[float, float, str]:
    """The steps that the worst of many hostile texts takes at 2,000 characters, how they grow, and which it is."""
    steps = Steps(pattern, flags, MOST_STEPS)
    count = steps.match if anchored else steps.search
    own = signs_of(pattern, flags)[:10]
    signs = [*own, *(sign for sign in "a1 @.\n-é" if sign not in own)]
    units = {*signs, *map("".join, itertools.permutations(signs[:8], 2)), *UNITS}
    most = max((estimated(count, unit, end, 24), unit, end) for unit in units for end in ("", "\0"))
    if most[0][0] <= MOST_STEPS:
        return (*most[0], most[1])
    return (*estimated(count, most[1], most[2], 300), most[1])  # a bounded repetition shows only in a longer text


def estimated(count: Callable[[str], int], unit: str, end: str, length: int) -> tuple[float, float]:
    """The steps at 2,000 characters, judged by a short text and one of twice its length; and how they grow."""
    try:
        short, long = (max(1, count(filled(unit, size) + end)) for size in (length, 2 * length))
    except (TooManySteps, RecursionError):
        return math.inf, math.inf
    grows = math.log2(long / short)
    return long * (LONGEST_TEXT / (2 * length)) ** max(grows, 1.0), grows


def test_no_pattern_goes_back_and_forth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed, each regular expression of the program is through with it in steps that grow with its length."""
    source = "".join(path.read_text("utf-8") for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py"))
    found = made_on_the_way(monkeypatch) | standing()
    assert len(found) > 80
    for (pattern, flags), name in found.items():
        steps, grows, unit = worst(pattern, flags, anchored=is_anchored(name, source))
        if name.startswith(TRUSTED):
            assert grows < 2.5, (name, pattern, unit)
        else:
            assert steps <= MOST_STEPS, (name, pattern, unit, steps, grows)


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\S+@\S+\.\S+", r"(a|a)*b", r"\s+$", r"(?:a*)*b"])
def test_the_counter_sees_what_explodes(pattern: str) -> None:
    """The counter would notice the patterns that are known to take long."""
    assert worst(pattern, 0, anchored=False)[0] > MOST_STEPS


@given(st.text(alphabet="ab1@. -é\n", max_size=12), st.sampled_from([r"\S+@\S+\.\S+", r"(?:a|ab)*b", r"[^a]{1,3}?\b"]))
def test_the_counter_matches_as_python_does(text: str, pattern: str) -> None:
    """What it counts is the very matching that Python does."""
    steps = Steps(pattern, 0, 10**6)
    steps.search(text)
    assert steps.found == [one.span() for one in re.finditer(pattern, text)]


# One turn


def conversations() -> Iterator[tuple[str, Conversation]]:
    """A conversation in each state, and at each question."""
    given = {"interest": "both", "organisation_type": "other", "organisation": "G", "name": "N", "email": "a@b.nl"}
    lead = Lead(
        reference="K7RM-42XD", chat="web:1", channel="web", language="nl", answers=given, created_at=NOW, updated_at=NOW,
        consent_at=NOW, consent_version="1", consent_language="nl",
    )  # fmt: skip
    draft = Draft(token="t", started_at=NOW, answers=given, more=True)
    for state in State:
        steps = [one.name for one in FIELDS] if state is State.ASK else ["email" if state is State.EMAIL else None]
        for step in steps:
            asked = Draft(
                **{**draft.__dict__, "step": step, "suggestion": "a@gmail.com" if state is State.EMAIL else None}
            )
            yield (
                f"{state} {step or ''}",
                Conversation(
                    chat="web:1", language="nl", state=state, leads=(lead,), question="Wat?", asked_at=NOW,
                    draft=asked if state not in (State.IDLE, State.ANOTHER, State.REPHRASE) else None,
                ),
            )  # fmt: skip


def event(text: str) -> Event:
    """Something typed."""
    return Event(id="1", chat="web:1", at=NOW, kind=Kind.TEXT, text=text)


def real_context() -> Context:
    """All that a turn needs, with the real words; what a question is about is looked at apart."""
    wording = Wording.load(MESSAGES, FACTS)
    real = context_maker(wording, matcher=None)()  # type: ignore[arg-type]
    return Context(
        **{**real.__dict__, "match": lambda text, language: Match(), "may_ask": lambda text: True, "now": NOW}
    )


@pytest.mark.parametrize(
    ("where", "conversation"), conversations(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_turn(where: str, conversation: Conversation) -> None:
    """No text of 2,000 characters makes a turn long, whatever is being asked."""
    context = real_context()
    respond(conversation, event("dag"), context)
    respond(conversation, event(filled("á")), context)  # what is remembered is known now
    for unit in UNITS:
        lines = lines_of(lambda text=filled(unit): respond(conversation, event(text), context))
        assert lines <= MOST_LINES, (where, unit, lines)


def test_what_a_question_is_about() -> None:
    """Finding out what a hostile text asks takes no more than for a long question of several parts."""
    matcher = Matcher.load(MESSAGES, ("nl", "en"))
    usual = "Goedemorgen, wat kost de cursus voor tien mensen van de gemeente? Waar is het? En wanneer begint hij? " * 5
    matcher.match(usual, "nl")
    most = 2 * lines_of(lambda: matcher.match(usual, "nl"))
    for unit in UNITS:
        text = filled(unit)
        matcher.match(text, "nl")
        assert lines_of(lambda text=text: (matcher.match(text, "nl"), matcher.may_ask(text))) <= most, unit


def test_what_is_kept_of_a_question() -> None:
    """Blotting out who asked takes no longer than a turn."""
    for unit, length in itertools.product(UNITS, (500, LONGEST_TEXT)):
        assert lines_of(lambda text=filled(unit, length): without_details(text, ("Jan de Vries",))) <= MOST_LINES, unit


def test_more_than_the_longest_text_is_not_read() -> None:
    """Over 2,000 characters nothing is read, wherever it is typed; what is asked stays open, and is told why."""
    context = real_context()
    for where, conversation in conversations():
        turn = respond(conversation, event("x" * (LONGEST_TEXT + 1)), context)
        assert turn.replies[0].message in ("chat/too_long", "signup/problem/too_long"), where
        assert (turn.conversation.draft, turn.conversation.question) == (conversation.draft, conversation.question)
        assert not turn.effects
        assert lines_of(lambda: respond(conversation, event("ﷺ" * 400_000), context)) < MOST_LINES


def test_the_longest_remark_is_kept() -> None:
    """A remark may be as long as a text."""
    remark = next(one for where, one in conversations() if where == "ask remark")
    turn = respond(remark, event(filled("woord ").strip()), real_context())
    assert turn.conversation.draft is not None
    assert len(turn.conversation.draft.answers["remark"]) >= LONGEST_TEXT - 1


# Marks


@given(
    st.text(alphabet="aé\u0301\u0323\u0f73\u0344\u1d15eﷺ한 ", max_size=200),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
@example("a" + "\u0301\u0323" * 100, "NFC")
@example("\u0f73" * 100, "NFD")
def test_few_marks_on_a_letter(text: str, form: Any) -> None:
    """However many marks are typed on a letter, no more than a few are put in order; and nothing else is changed."""
    found = normal(form, text)
    runs = "".join("m" if unicodedata.combining(sign) else " " for sign in unicodedata.normalize("NFD", found)).split()
    assert max(map(len, runs), default=0) <= 2 * MARKS.most
    whole = unicodedata.normalize("NFD", text)
    if not re.search("m{29}", "".join("m" if unicodedata.combining(sign) else " " for sign in whole)):
        assert found == unicodedata.normalize(form, text)


def test_unicode_is_put_in_order_in_one_place() -> None:
    """Nothing normalises a text by itself: all go by the one function that cuts the marks."""
    for path in (ROOT / "bot").rglob("*.py"):
        named = [
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name | ast.Attribute)
        ]
        used = {node.id if isinstance(node, ast.Name) else node.attr for node in named}
        assert "normalize" not in used or path.name == "signs.py", path
