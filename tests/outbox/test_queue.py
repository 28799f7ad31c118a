"""Who goes first in a lane: leads before questions, and who asks much after everybody else."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.lane import Lane
from bot.outbox.queue import Queue, number
from storage.contents import Send
from storage.records import Listed, Outgoing

AT = datetime(2026, 11, 2, tzinfo=UTC)


def question(key: int, sender: str) -> Outgoing:
    return Outgoing(
        lane="telegram:-100",
        kind="telegram",
        content=Send(html=""),
        created_at=AT,
        id=key,
        chat=sender,
        question=f"Q{key}",
    )


def lead(key: int) -> Outgoing:
    return Outgoing(
        lane="telegram:-100", kind="telegram", content=Send(html=""), created_at=AT, id=key, chat="x", lead="L"
    )


def taken(queue: Queue) -> list[int]:
    found = []
    while queue:
        found.append(number(queue.take()))
    return found


def test_a_lead_goes_before_the_questions_of_a_flood() -> None:
    """A visitor asks thirty questions, then somebody signs up: staff read the sign-up next."""
    lane = Lane("telegram:-100")
    for key in range(1, 31):
        lane.add(question(key, "flooder"))
    assert number(lane.next()) == 1
    lane.add(lead(31))
    assert number(lane.next()) == 31
    assert number(lane.next()) == 2


def test_one_senders_questions_wait_for_everybody_elses() -> None:
    """Two more people ask one question each after the thirty: both are next, and each sender's stay in order."""
    queue = Queue()
    for key in range(1, 31):
        queue.add(question(key, "flooder"))
    assert [number(queue.take()) for _ in range(3)] == [1, 2, 3]
    queue.add(question(31, "noor"))
    queue.add(question(32, "bram"))
    assert taken(queue) == [31, 32, *range(4, 31)]


def test_what_could_not_leave_is_next_of_its_kind() -> None:
    """Telegram says to wait: the question keeps its place, and a lead that came meanwhile goes before it."""
    lane = Lane("telegram:-100")
    lane.add(question(1, "noor"))
    lane.add(question(2, "noor"))
    tried = lane.next()
    lane.wait(tried, 5.0)
    lane.add(lead(3))
    assert [number(lane.next()) for _ in range(3)] == [3, 1, 2]


def test_an_answer_in_the_askers_own_chat_keeps_its_place() -> None:
    """What staff answer to a question is not sent after what the bot says later."""
    queue = Queue()
    queue.add(replace(question(1, "telegram:5"), lane="telegram:5"))
    queue.add(replace(lead(2), lane="telegram:5", lead=None))
    assert taken(queue) == [1, 2]


@given(st.lists(st.sampled_from(["lead", "a", "b", "c", "take", "back", "drop"]), max_size=60))
def test_nothing_is_lost_and_everything_in_order(steps: list[str]) -> None:
    """Whatever comes and goes: each message leaves once, and those of one sender in their order."""
    queue, key, out, there = Queue(), 0, [], dict[int, Outgoing]()
    for step in steps:
        if step == "take" and queue:
            out.append(queue.take())
        elif step == "back" and out:
            queue.put_back(out.pop())
        elif step == "drop" and there:
            gone = min(there)
            queue.drop({gone})
            there = {one: message for one, message in there.items() if one != gone}
        elif step not in ("take", "back", "drop"):
            key += 1
            there[key] = lead(key) if step == "lead" else question(key, step)
            queue.add(there[key])
        waiting, left = {number(one) for one in queue}, {number(one) for one in out}
        assert len(waiting) == sum(1 for _ in queue)
        assert not waiting & left
        assert set(there) <= waiting | left
        for sender in ("a", "b", "c"):
            asked = [number(one) for one in out if one.question and one.chat == sender]
            assert asked == sorted(asked)


def test_what_staff_asked_for_waits_for_no_question() -> None:
    """In a flood of questions staff still get the list they ask for, and the news of their own answer, at once."""
    queue = Queue()
    for key in range(1, 5):
        queue.add(question(key, "flooder"))
    queue.add(replace(lead(5), chat=None, lead=None, listed=Listed.LEADS))
    queue.add(replace(question(6, "someone"), then={"forgotten": lead(9)}))
    assert taken(queue)[:2] == [5, 6]
