"""The table of bounds: what operators read is what the program holds, and each is seen to hold in two tests."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import bounds
from bot.bounds import BOUNDS, DAY, HOUR, Bound
from bot.web.limits import Rate
from scripts.bounds_table import TARGET, document

HOLD, TURNS, BOUNDED = "security/test_bounds_hold.py", "turns/test_bounding.py", "channels/web/test_bounded.py"
CHAT, MINUTE_OF_THIRTY = "channels/web/test_chat.py", f"{HOLD}::test_a_class_of_thirty_in_half_a_minute"
WAITS, THIRTY = f"{HOLD}::test_one_more_than_the_bound_waits", f"{BOUNDED}::test_a_class_of_thirty_notices_nothing"
A_CLASS = f"{TURNS}::test_a_class_of_thirty_behind_one_address_notices_nothing"
#: of each bound a test that goes over it, and one that stays under it: with thirty people behind one address, where
#: it is counted for more than one request
SEEN: Mapping[str, tuple[str, str]] = {
    "BODY": (f"{CHAT}::test_large_bodies_are_refused", f"{CHAT}::test_large_bodies_are_refused"),
    "BODY_PIECES": (f"{HOLD}::test_one_piece_of_a_body_more_than_the_bound",) * 2,
    "HEADERS": (f"{HOLD}::test_more_bytes_of_headers_than_the_bound",) * 2,
    "HEADER_LINES": (f"{HOLD}::test_one_header_more_than_the_bound",) * 2,
    "TEXT": (f"{CHAT}::test_long_text_is_refused", f"{CHAT}::test_long_text_is_refused"),
    "MARKS": (f"{HOLD}::test_one_mark_more_than_the_bound",) * 2,
    "TRANSCRIPT_LINES": (f"{HOLD}::test_a_long_conversation_loses_its_oldest_lines",) * 2,
    "PAGE_OF_LINES": (f"{HOLD}::test_one_page_of_lines", THIRTY),
    "SESSION_MESSAGES": (WAITS, MINUTE_OF_THIRTY),
    "SESSION_READS": (WAITS, MINUTE_OF_THIRTY),
    "SESSION_FILES": (WAITS, MINUTE_OF_THIRTY),
    "ADDRESS_BYTES": (f"{HOLD}::test_more_bytes_of_conversations_than_the_bound", MINUTE_OF_THIRTY),
    "ADDRESS_MESSAGES": (WAITS, MINUTE_OF_THIRTY),
    "ADDRESS_TYPED": (f"{HOLD}::test_more_characters_than_one_address_may_type", MINUTE_OF_THIRTY),
    "ADDRESS_REQUESTS": (WAITS, MINUTE_OF_THIRTY),
    "ADDRESS_PACE": (
        f"{HOLD}::test_one_request_more_than_the_pace_is_read_later",
        f"{HOLD}::test_a_class_of_thirty_is_read_at_once",
    ),
    "VISITS": (WAITS, MINUTE_OF_THIRTY),
    "ADDRESS_CONNECTIONS": (
        f"{HOLD}::test_one_connection_more_than_the_bound",
        "channels/web/test_connections.py::test_a_class_behind_one_address",
    ),
    "ALL_CONNECTIONS": (f"{HOLD}::test_one_connection_more_than_fit_in_all",) * 2,
    "ADDRESS_STREAMS": (f"{HOLD}::test_one_stream_more_than_the_bound", THIRTY),
    "STREAMS": (f"{HOLD}::test_one_stream_more_than_the_bound", THIRTY),
    "ALL_STREAMS": (f"{HOLD}::test_one_stream_more_than_the_bound", THIRTY),
    "WAITING_ANSWERS": ("reliability/test_flood.py::test_a_flood",) * 2,
    "LEADS": (f"{TURNS}::test_removing_oneself_begins_no_new_day", A_CLASS),
    "CHANGES": (f"{TURNS}::test_changes_of_a_lead_are_bounded", A_CLASS),
    "QUESTIONS": (f"{TURNS}::test_questions_of_one_person_are_bounded", A_CLASS),
    "TALK": (f"{TURNS}::test_a_talk_is_bounded", f"{TURNS}::test_a_talk_is_bounded"),
    "NETWORK_LEADS": (f"{TURNS}::test_a_network_reaches_its_own_bound", A_CLASS),
    "NETWORK_CHANGES": (f"{TURNS}::test_a_network_reaches_its_own_bound", A_CLASS),
    "NETWORK_QUESTIONS": (f"{TURNS}::test_a_network_reaches_its_own_bound", A_CLASS),
    "MISSED": (f"{TURNS}::test_few_questions_without_an_answer_are_kept", A_CLASS),
    "NETWORK_MISSED": (f"{TURNS}::test_a_network_reaches_its_own_bound", A_CLASS),
    "RECEIPTS": (f"{TURNS}::test_a_stranger_gets_two_receipts_a_day_whoever_signs_up_with_the_address", A_CLASS),
    "NETWORK_RECEIPTS": (f"{TURNS}::test_a_network_gets_forty_receipts_a_day", A_CLASS),
}


def test_each_bound_is_seen_to_hold() -> None:
    """No bound is a number alone: a test goes over it, and another stays under it as an ordinary class does."""
    named = {name: value for name, value in vars(bounds).items() if isinstance(value, Bound)}
    assert SEEN.keys() == named.keys()
    assert {id(bound) for bound in named.values()} == {id(bound) for bound in BOUNDS}, "the table shows them all"
    for test in {test for pair in SEEN.values() for test in pair}:
        path, _, name = test.partition("::")
        tree = ast.parse((Path(__file__).parent / path).read_text(encoding="utf-8"))
        assert name in {getattr(node, "name", "") for node in tree.body}, test


def test_operators_read_the_bounds_that_hold() -> None:
    """docs/operations.md shows the very numbers of bot/bounds.py; make it anew after a change."""
    text = TARGET.read_text(encoding="utf-8")
    assert document(text) == text


def test_each_bound_says_what_for_whom_and_what_happens() -> None:
    """No two bounds count the same for the same, and each says what who reaches it gets."""
    assert len({(bound.what, bound.per, bound.seconds) for bound in BOUNDS}) == len(BOUNDS)
    assert all(bound.what and bound.per and bound.said and bound.most > 0 for bound in BOUNDS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (DAY, "a day"), (2 * HOUR, "2 hours"), (90.0, "90 seconds"), (0.5, "0.5 seconds")],
)
def test_a_time_is_told_in_its_largest_whole_unit(seconds: float | None, words: str) -> None:
    """An operator reads "2 hours", not 7200 seconds."""
    assert Bound(what="x", per="y", most=1, seconds=seconds, said="z").row()[3] == words


def test_a_rate_needs_a_time() -> None:
    """A number without a time is no rate, which a developer is told."""
    assert Rate.of(Bound(what="x", per="y", most=6, seconds=2.0, said="z")) == Rate(burst=6, per_second=3.0)
    with pytest.raises(TypeError):
        Rate.of(Bound(what="x", per="y", most=1, said="z"))
