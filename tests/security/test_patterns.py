"""No regular expression of the program goes back and forth: counted in steps, not by a clock."""

import importlib
import itertools
import math
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
import storage
from bot.dialogue.reading.questions import LONGEST_TEXT
from bot.dialogue.respond import respond
from tests.conftest import NOT_LOADED
from tests.security.hostile_texts import conversations, event, filled, real_context
from tests.security.regex_steps import Steps, TooManySteps, shared, signs_of

pytestmark = pytest.mark.usefixtures("unmeasured")

ROOT = Path(__file__).parents[2]
#: steps of a pattern on a text of 2,000 characters; Python's own engine takes more than forty million a second
MOST_STEPS = 200_000
#: patterns that only read what operators and editors write, once, at the start: these may take the square of its length
TRUSTED = ("bot.settings.", "bot.wording.prose", "bot.wording.check", "bot.wording.tables", "bot.wording.compiling")
TYPED = ("mijn naam is Jan", "niet bij een gemeente maar een corporatie", "tussen tien en twaalf", "x" * 300)


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
        frame = sys._getframe(1)
        while frame.f_back and Path(frame.f_code.co_filename).parent.name == "re":
            frame = frame.f_back
        if isinstance(pattern, str) and frame.f_globals.get("__name__", "").startswith(("bot.", "storage.")):
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
        for text in TYPED:
            respond(conversation, event(text), context)
    return made


def is_anchored(name: str, source: str) -> bool:
    """Whether a pattern is only held against the beginning of a text; a private one is used where it stands."""
    module, _, called = name.rpartition(".")
    own = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    source = own.read_text("utf-8") if called.startswith("_") and own.is_file() else source
    short = re.escape(called)
    looked_for = re.search(rf"\b{short}\.(?:search|finditer|findall|sub|subn|split)\b", source)
    return looked_for is None and re.search(rf"\b{short}\.(?:full)?match\b", source) is not None


def worst(pattern: str, flags: int, *, anchored: bool, patience: int = MOST_STEPS) -> tuple[float, float, str]:
    """
    The steps that the worst of many hostile texts takes at 2,000 characters, how they grow, and which it is.

    ``patience``: the steps on 600 characters at which nobody counts on.
    """
    own = signs_of(pattern, flags)[:6]
    signs = [*own, *(sign for sign in "a1 @.\n-é" if sign not in own)]
    ends = [*signs, *signs_of(pattern, flags)[6:14]]
    units = {*signs, *map("".join, itertools.permutations(signs[:6], 2))}
    quick, patient = counting(pattern, flags, 20_000, anchored), counting(pattern, flags, patience, anchored)
    texts = [("", unit, end) for unit in units for end in ("", "\0")]
    texts += [(head, unit, end) for head, unit in shared(pattern, flags) if head for end in ("\0", *ends)]
    most = max((estimated(quick, text, 16), text) for text in texts)
    if most[0][0] > MOST_STEPS:  # a bounded repetition shows only in a longer text
        most = estimated(patient, most[1], 300), most[1]
    return (*most[0], "".join(most[1]))


def counting(pattern: str, flags: int, most: int, anchored: bool) -> Callable[[str], int]:
    """What counts the steps of a pattern on a text, and loses patience after so many."""
    steps = Steps(pattern, flags, most)
    return steps.match if anchored else steps.search


def estimated(count: Callable[[str], int], text: tuple[str, str, str], length: int) -> tuple[float, float]:
    """
    The steps at 2,000 characters, judged by a short text and one of twice its length; and how they grow. ``text``: how
    it begins, what stands there over and over, and how it ends.
    """
    head, unit, end = text
    try:
        short, long = (max(1, count(head + filled(unit, size) + end)) for size in (length, 2 * length))
    except (TooManySteps, RecursionError):
        return math.inf, math.inf
    grows = math.log2(long / short)
    return long * (LONGEST_TEXT / (2 * length)) ** max(grows, 1.0), grows


def test_no_pattern_goes_back_and_forth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed, each pattern of the program is through with it in steps that grow with its length."""
    source = "".join(path.read_text("utf-8") for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py"))
    found = made_on_the_way(monkeypatch) | standing()
    assert len(found) > 80
    for (pattern, flags), name in found.items():
        if not set("*+{") & set(pattern):
            continue  # nothing in it is repeated
        trusted = name.startswith(TRUSTED)
        patience = 5 * MOST_STEPS if trusted else MOST_STEPS
        steps, grows, unit = worst(pattern, flags, anchored=is_anchored(name, source), patience=patience)
        if trusted:
            assert grows < 2.5, (name, pattern, unit)
        else:
            assert steps <= MOST_STEPS, (name, pattern, unit, steps, grows)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(a+)+b", r"\S+@\S+\.\S+", r"(a|a)*b", r"\s+$", r"(?:a*)*b"),
        r"""(?:^|;)\s*for\s*=\s*("?)([^";]*)\1\s*(?:;|$)""",  # only behind its beginning
    ],
)
def test_the_counter_sees_what_explodes(pattern: str) -> None:
    """The counter would notice the patterns that are known to take long."""
    assert worst(pattern, 0, anchored=False)[0] > MOST_STEPS


@given(st.text(alphabet="ab1@. -é\n", max_size=12), st.sampled_from([r"\S+@\S+\.\S+", r"(?:a|ab)*b", r"[^a]{1,3}?\b"]))
def test_the_counter_matches_as_python_does(text: str, pattern: str) -> None:
    """What it counts is the very matching that Python does."""
    steps = Steps(pattern, 0, 10**6)
    steps.search(text)
    assert steps.found == [one.span() for one in re.finditer(pattern, text)]
