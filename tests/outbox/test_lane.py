"""One lane's order, by itself: whatever the other side answers, nothing is lost, nothing comes twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbox.lane import REFUSED, Lane, number
from storage.contents import Send
from storage.records import Outgoing

AT = datetime(2026, 11, 2, tzinfo=UTC)


def message(key: int | None, error: str | None = None) -> Outgoing:
    return Outgoing(lane="telegram:1", kind="telegram", content=Send(html=""), created_at=AT, id=key, error=error)


def test_messages_that_come_in_any_order_leave_in_order() -> None:
    """What a dead process left may be found after newer messages: it still goes first."""
    lane = Lane("telegram:1")
    for key in (3, 1, 2, 5, 4):
        lane.add(message(key))
    assert [number(lane.next()) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert not lane


def test_a_refused_message_from_storage_holds_back_nobody() -> None:
    """After a restart a message that was refused before stands aside again."""
    lane = Lane("telegram:1")
    lane.add(message(1, error=f"{REFUSED}no"))
    lane.add(message(2))
    lane.probe(50.0)
    assert number(lane.next()) == 2
    assert lane.delay(20.0) == 30.0
    assert lane.delay(50.0) == 0.0
    assert number(lane.next()) == 1


def test_a_message_that_was_not_stored_is_a_fault() -> None:
    """Nothing can leave that would be lost in a crash."""
    with pytest.raises(ValueError, match="stored"):
        number(message(None))


def test_dropped_messages_are_gone_wherever_they_stand() -> None:
    """A removed message neither leaves now nor later."""
    lane = Lane("telegram:1")
    for key in range(1, 6):
        lane.add(message(key))
    for _ in range(4):
        lane.set_aside(lane.next())
    lane.next()
    assert number(lane.next()) == 1
    assert sorted(lane.drop({2, 3, 4, 77})) == [2, 3, 4]
    assert not lane
    assert lane.drop({2}) == []


def test_when_the_oldest_arrives_the_rest_follow_oldest_first() -> None:
    """Let in again, the staff chat gets all leads in order, and each is tried although one of them stays refused."""
    lane = Lane("telegram:1")
    for key in range(1, 7):
        lane.add(message(key))
    for _ in range(6):
        lane.set_aside(lane.next())
    for _ in range(2):
        lane.set_aside(lane.next())
        lane.set_aside(lane.next())
    order: list[int] = []
    while lane and len(order) < 6:
        tried = lane.next()
        order.append(number(tried))
        if tried.id == 3:
            lane.set_aside(tried)
        else:
            lane.arrived()
    assert order == [1, 2, 3, 4, 5, 6]


@settings(deadline=None)  # never a timed failure
@given(st.lists(st.sampled_from(["ok", "later", "refuse", "give_up", "add"]), max_size=60))
def test_nothing_is_lost_and_nothing_comes_twice(outcomes: list[str]) -> None:
    """Any mix of outcomes: every message is delivered, given up, or still there, exactly once."""
    lane, clock, added, out = Lane("telegram:1"), 0.0, 0, []
    for outcome in outcomes:
        if outcome == "add" or not lane:
            added += 1
            lane.add(message(added))
            continue
        clock += lane.delay(clock)
        tried = lane.next()
        if outcome == "later":
            lane.wait(replace(tried, attempts=tried.attempts + 1), clock + 1)
        elif outcome == "refuse":
            lane.set_aside(replace(tried, attempts=tried.attempts + 1))
            lane.probe(clock + lane.most_attempts())
        else:
            out.append(number(tried))
            (lane.arrived if outcome == "ok" else lane.count_refusal)()
        assert sorted([*out, *map(number, lane.messages())]) == list(range(1, added + 1))
    while lane:
        out.append(number(lane.next()))
    assert sorted(out) == list(range(1, added + 1))
