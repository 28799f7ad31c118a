"""Small inputs cost little: what one text of 2,000 characters may cost is counted in steps, not by a clock."""

import ast
import contextlib
import itertools
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request

from bot.bounds import MARKS
from bot.channels.web.gate import Gate
from bot.channels.web.sessions import Sessions
from bot.channels.web.words import Words
from bot.dialogue.reading.questions import LONGEST_TEXT
from bot.dialogue.respond import respond
from bot.dialogue.signs import normal
from bot.questions import Matcher
from bot.questions.text import LONGEST
from bot.staff.lists import QUESTIONS_READ
from bot.staff.unanswered import grouped
from bot.turns.masking import without_details
from bot.web.errors import ApiError
from bot.web.limits import Limits
from bot.web.peers import peer_address
from storage.records import MissedQuestion
from tests.channels.web.fakes import WORDING
from tests.security.hostile_texts import NOW, UNITS, conversations, event, filled, real_context
from tests.turns.post import MESSAGES

ROOT = Path(__file__).parents[2]
#: lines of Python in a turn; some ten million a second, so this is 4 ms
MOST_LINES = 40_000
STATES = dict(conversations())


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of Python this runs, each time round a loop counted."""
    count = 0

    def line(frame: FrameType, happened: str, arg: object) -> Any:
        nonlocal count
        count += happened == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("where", STATES)
def test_a_turn(where: str) -> None:
    """No text of 2,000 characters makes a turn long, whatever is being asked."""
    context, conversation = real_context(), STATES[where]
    for text in ("dag", filled("á")):
        respond(conversation, event(text), context)  # what is remembered is known now
    for unit in UNITS:
        lines = lines_of(partial(respond, conversation, event(filled(unit)), context))
        assert lines <= MOST_LINES, (where, unit, lines)


def test_what_a_question_is_about() -> None:
    """A hostile text is looked at no longer than a long question, and in no more parts."""
    matcher = Matcher.load(MESSAGES, ("nl", "en"))
    counted = Counted(matcher._model)
    matcher._model = counted  # type: ignore[assignment]
    for unit in UNITS:
        matcher.match(filled(unit), "nl")
        counted.asked.clear()
        lines = lines_of(partial(matcher.match, filled(unit), "nl")) + lines_of(partial(matcher.may_ask, filled(unit)))
        assert lines <= MOST_LINES, unit
        assert len(counted.asked) <= 5, unit
        assert max(counted.asked, default=0) <= 2 * LONGEST, unit


class Counted:
    """The model, which counts what it is asked: of how many characters each time."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.asked: list[int] = []

    def estimate(self, typed: tuple[str, ...]) -> Any:
        """Ask the model."""
        self.asked.append(sum(map(len, typed)))
        return self.real.estimate(typed)


def test_what_is_kept_of_a_question() -> None:
    """Masking who asked takes no longer than a turn."""
    for unit, length in itertools.product(UNITS, (500, LONGEST_TEXT)):
        assert lines_of(partial(without_details, filled(unit, length), ("Jan de Vries",))) <= MOST_LINES, unit


def test_what_staff_ask_about_questions() -> None:
    """Putting together what reads the same takes staff's command 40 ms at most, whoever asked it."""
    for unit in ("wat kost ", "ﷺ", "½", "á", "a\u0301\u0323"):
        missed = [
            MissedQuestion(question=filled(unit, 500) + str(number), language="nl", suggestions=(), at=NOW)
            for number in range(QUESTIONS_READ)
        ]
        assert lines_of(partial(grouped, missed)) <= 10 * MOST_LINES, unit


def test_more_than_the_longest_text_is_not_read() -> None:
    """Over 2,000 characters nothing is read, wherever it is typed; what is asked stays open, and is told why."""
    context = real_context()
    for where, conversation in STATES.items():
        turn = respond(conversation, event("x" * (LONGEST_TEXT + 1)), context)
        assert turn.replies[0].message in ("chat/too_long", "signup/problem/too_long"), where
        assert (turn.conversation.draft, turn.conversation.question) == (conversation.draft, conversation.question)
        assert not turn.effects
        assert lines_of(partial(respond, conversation, event("ﷺ" * 400_000), context)) < MOST_LINES


def test_the_longest_remark_is_kept() -> None:
    """A remark may be as long as a text."""
    turn = respond(STATES["ask remark"], event(filled("woord ").strip()), real_context())
    assert turn.conversation.draft is not None
    assert len(turn.conversation.draft.answers["remark"]) >= LONGEST_TEXT - 1


def marks_in_a_row(text: str) -> int:
    """The longest run of marks in a text once it is taken apart."""
    apart = unicodedata.normalize("NFD", text)
    runs = "".join("m" if unicodedata.combining(sign) else " " for sign in apart).split()
    return max(map(len, runs), default=0)


@given(st.text("aé\u0301\u0323\u0f73\u0344\u1d15eﷺ한 ", max_size=200), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
@example("a" + "\u0301\u0323" * 100, "NFC")
@example("\u0f73" * 100, "NFD")
def test_few_marks_on_a_letter(text: str, form: Any) -> None:
    """However many marks are typed on a letter, no more than a few are put in order; and nothing else is changed."""
    found = normal(form, text)
    assert marks_in_a_row(found) <= MARKS.most
    if marks_in_a_row(text) <= MARKS.most:
        assert found == unicodedata.normalize(form, text)


def test_unicode_is_put_in_order_in_one_place() -> None:
    """Nothing normalises a text by itself: all go by the one function that cuts the marks."""
    for path in (ROOT / "bot").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        used = {getattr(node, "id", None) or getattr(node, "attr", None) for node in nodes}
        assert "normalize" not in used or path.name == "signs.py", path


@pytest.mark.parametrize("text", ["https://x", "zie www.x.nl", "jan@x.nl", "a@@b.c", "@ a@b.c", "x@y.z."])
def test_an_address_is_no_name(text: str) -> None:
    """What is a link or an address to people is one here."""
    from bot.dialogue.reading.answers import has_address

    assert has_address(text)
    assert re.search(r"https?://|\bwww\.|\S+@\S+\.\S+", text, re.IGNORECASE)


@given(st.text("a@. w:/", max_size=14))
def test_addresses_are_seen_as_before(text: str) -> None:
    """Looking through a text once finds the very addresses that a pattern found by going back and forth."""
    from bot.dialogue.reading.answers import has_address

    assert has_address(text) == bool(re.search(r"https?://|\bwww\.|\S+@\S+\.\S+", text, re.IGNORECASE))


HEADERS = (
    ("cookie", 'chat="' + "\\" * 15_000 + '"'),
    ("cookie", "a=b;" * 3_700),
    ("cookie", "chat=" + "~" * 15_000),
    ("authorization", "Bearer " + "~" * 15_000),
    ("forwarded", "for=" + " " * 15_000 + '"'),
    ("forwarded", "for=" * 3_700),
    ("forwarded", 'for="' * 3_000),
    ("forwarded", "for=" + ";" * 15_000),
    ("x-forwarded-for", "1," * 7_500),
    ("x-forwarded-for", "1" * 15_000),
    ("accept-language", "a-" * 7_500),
    ("accept-language", "a;q=1," * 2_500),
    ("origin", "http://" + "a." * 7_500),
    ("origin", "http://" + "ü" * 7_500),
    ("host", "a." * 7_500),
)


@pytest.mark.parametrize("peer", ["127.0.0.1", "198.51.100.7"], ids=["by a proxy", "by a stranger"])
@pytest.mark.parametrize(("name", "value"), HEADERS, ids=lambda part: part[:12])
def test_a_header(name: str, value: str, peer: str) -> None:
    """No header of 16 kB makes a request long, on any Python: neither in our lines nor in those of a library."""
    chats: Any = None
    proxies = [ip_network("127.0.0.1")]
    gate = Gate(Sessions(lambda *_: "0" * 32), chats, Limits(), public_url="https://b.example", trusted_proxies=proxies)
    pairs = {"host": "b.example", "origin": "https://b.example", name: value}
    headers = [(one.encode(), other.encode()) for one, other in pairs.items()]

    def asks() -> None:
        request = Request({"type": "http", "client": (peer, 1), "headers": headers, "query_string": b"", "path": "/"})
        with contextlib.suppress(ApiError):
            gate.admit(request)
        gate.carried(request)
        gate.network(request)
        words.choose(request)

    page = WORDING
    words = Words(page, ("nl", "en"))
    assert lines_of(asks) <= 2 * MOST_LINES


def test_what_a_stranger_says_of_others_is_not_read() -> None:
    """Whom a request says it speaks for is looked at where a trusted proxy says so, and nowhere else."""
    headers = [(b"forwarded", b"for=198.51.100.7;" * 900)]
    request = Request({"type": "http", "client": ("192.0.2.1", 1), "headers": headers})
    assert lines_of(partial(peer_address, request, [ip_network("127.0.0.1")])) <= 100
