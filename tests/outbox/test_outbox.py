"""The outbox against senders that deliver, wait, refuse, move and break."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.outbox import Gone, Later, Moved, Pauses, Refused
from storage.contents import Edit, Send
from storage.records import Delivery, Notice, Outgoing
from tests.outbox.fake_storage import FakeOutboxTable, FakeStorage
from tests.outbox.helpers import QUICK, Bench, ScriptedSender, until

OUTCOMES = ("sent", "delayed", "failed", "forgotten")


async def test_messages_of_a_lane_leave_in_order() -> None:
    """A person reads the answers in the order in which they were given."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:1"] * 20)
        await until(lambda: len(sender.delivered) == 20)
    assert sender.delivered == ids


async def test_lanes_go_side_by_side() -> None:
    """A chat whose message is slow holds back no other chat."""
    slow = asyncio.Event()
    delivered: list[str] = []

    class Sender:
        async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
            if message.lane == "telegram:1":
                await slow.wait()
            delivered.append(message.lane)
            return None

    async with Bench(Sender()) as bench:
        await bench.commit(["telegram:1", "telegram:2", "telegram:3"])
        await until(lambda: delivered == ["telegram:2", "telegram:3"])
        slow.set()
        await until(lambda: len(delivered) == 3)


async def test_a_lane_told_to_wait_waits_alone() -> None:
    """One chat's 429 does not stop the others, and its own messages come in order afterwards."""
    told = [Later(0.05, "too many requests")]
    sender = ScriptedSender(lambda message: told.pop() if message.lane == "telegram:1" and told else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:1", "telegram:1", "telegram:2"])
        await until(lambda: len(sender.delivered) == 3)
    assert sender.delivered == [ids[2], ids[0], ids[1]]


async def test_after_an_outage_the_oldest_go_first() -> None:
    """What waited during an outage arrives complete and in order."""
    down = True
    sender = ScriptedSender(lambda message: Later(None, "out of reach") if down else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:9"] * 5)
        await until(lambda: len(sender.tried) >= 3)
        assert set(sender.tried) == {ids[0]}
        more = await bench.commit(["telegram:9"] * 3)
        down = False
        await until(lambda: len(sender.delivered) == 8)
    assert sender.delivered == [*ids, *more]


async def test_attempts_and_next_time_are_stored() -> None:
    """After a restart a waiting message knows how often it was tried and when it is due."""
    sender = ScriptedSender(lambda message: Later(30.0, "not now"))
    async with Bench(sender) as bench:
        [key] = await bench.commit(["telegram:1"])
        await until(lambda: bench.storage.outbox.rows[key].attempts == 1)
        row = bench.storage.outbox.rows[key]
        assert (row.status, row.error, row.due_at) == ("waiting", "not now", bench.now + timedelta(seconds=30))


async def test_an_attempt_that_hangs_is_ended() -> None:
    """A sender that never answers costs one attempt, not the lane."""
    sender = ScriptedSender()
    sender.gate.clear()
    async with Bench(sender, Pauses(first=0.005, attempt=0.02, flush=0.005, poll=0.01)) as bench:
        [key] = await bench.commit(["telegram:1"])
        await until(lambda: len(sender.tried) >= 2)
        sender.gate.set()
        await until(lambda: bench.status(key) == "sent")


async def test_delivered_messages_are_marked_by_themselves() -> None:
    """When nobody says anything any more, what was sent is stored all the same, with what the other side answered."""
    async with Bench(ScriptedSender()) as bench:
        [key] = await bench.commit(["telegram:1"])
        await until(lambda: bench.status(key) == "sent")
        assert bench.storage.outbox.rows[key].receipt == {"message_id": 1000 + key}


async def test_the_next_batch_takes_deliveries_along() -> None:
    """A busy bot marks what it sent in the commits that it makes anyway, not in commits of its own."""
    sender = ScriptedSender()
    async with Bench(sender, Pauses(flush=30.0, poll=0.01)) as bench:
        [key] = await bench.commit(["telegram:1"])
        await until(lambda: sender.delivered == [key])
        with contextlib.suppress(OSError), bench.outbox.deliveries() as taken:
            assert [(item.id, item.status, item.attempts) for item in taken] == [(key, "sent", 1)]
            with bench.outbox.deliveries() as nothing:
                assert nothing == []
            raise OSError("the database is away")
    assert bench.status(key) == "sent", "the stop stores what was given back"


async def test_marks_survive_a_database_that_is_away() -> None:
    """While the database is away nothing that was sent is forgotten, and the operator can see it."""
    async with Bench(ScriptedSender()) as bench:
        await bench.commit(["telegram:1"])
        await until(lambda: len(bench.storage.outbox.records) == 1)
        bench.storage.broken = True
        ids = await bench.commit(["telegram:1", "telegram:2"])
        await until(lambda: "outbox_marks" in bench.outbox.health())
        bench.storage.broken = False
        await until(lambda: all(bench.status(key) == "sent" for key in ids))
        await until(lambda: bench.outbox.health() == {})


class Picky(FakeOutboxTable):
    """Does not take the receipt of one message, or nothing at all of another."""

    def __init__(self, receipt: int, nothing: int) -> None:
        super().__init__()
        self.receipt, self.nothing = receipt, nothing

    async def record(self, deliveries: Iterable[Delivery]) -> list[Notice]:
        if any(one.id == self.nothing or (one.id == self.receipt and one.receipt) for one in deliveries):
            raise ZeroDivisionError
        return await super().record(deliveries)


async def test_what_became_of_one_that_cannot_be_stored() -> None:
    """That all others arrived is stored, and of that one what can be; none of them goes twice."""
    storage, sender = FakeStorage(), ScriptedSender()
    storage.outbox = Picky(receipt=2, nothing=3)
    async with Bench(sender, storage=storage) as bench:
        ids = await bench.commit([f"telegram:{number}" for number in range(4)])
        await until(lambda: [bench.status(key) for key in ids] == ["sent", "sent", "waiting", "sent"])
        bench.pass_time(hours=1)
        looks = bench.storage.outbox.looks
        await until(lambda: bench.storage.outbox.looks > looks + 1)
    assert sorted(sender.tried) == ids


async def test_a_message_about_a_lead_in_the_staff_chat_can_be_answered() -> None:
    """Staff reply to a notification: which person it is about is stored together with its delivery."""
    async with Bench(ScriptedSender()) as bench:
        about: dict[str, Any] = {"chat": "web:abc", "lead": "K7M2"}
        [key] = await bench.commit(["telegram:-100"], **about)
        await bench.commit(["telegram:5"], chat="telegram:5", lead="K7M2")
        await bench.commit(["telegram:-100"])
        await bench.commit(["telegram:-100"], content=Edit(message_id=3, html=None), **about)
        await until(lambda: all(row.status == "sent" for row in bench.storage.outbox.rows.values()))
    assert bench.storage.outbox.notices == [
        Notice(staff_chat="telegram:-100", message_id=1000 + key, chat="web:abc", lead="K7M2")
    ]


async def test_who_blocked_the_bot_is_dropped_quietly() -> None:
    """A person who is gone is no alarm, and the chat's next message is tried as ever."""
    gone = [Gone("blocked by the person")]
    sender = ScriptedSender(lambda message: gone.pop() if gone else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:1", "telegram:1"])
        await until(lambda: bench.status(ids[1]) == "sent")
        assert bench.status(ids[0]) == "failed"
        assert bench.storage.outbox.rows[ids[0]].error == "gone: blocked by the person"
        assert bench.outbox.health() == {}


async def test_a_refused_message_holds_back_nobody() -> None:
    """One message that Telegram cannot take does not keep a person from the answers after it."""
    sender = ScriptedSender(lambda message: Refused("cannot be read") if message.id == 1 else None)
    async with Bench(sender) as bench:
        await bench.commit(["telegram:1"] * 3)
        await until(lambda: sender.delivered == [2, 3])
        await until(lambda: sender.tried.count(1) >= 3)
        assert bench.status(1) == "waiting"


async def test_a_closed_lane_is_probed_and_recovers_oldest_first() -> None:
    """Removed from the staff chat and let in again: every lead arrives, oldest first, without a storm before."""
    closed = True
    sender = ScriptedSender(lambda message: Refused("not a member of the chat") if closed else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:-100"] * 10)
        await until(lambda: len(sender.tried) >= 16)
        assert sender.tried[:10] == ids
        later = sender.tried[10:]
        assert later.count(ids[0]) >= len(later) // 2, "the oldest is tried in every round"
        closed = False
        await until(lambda: len(sender.delivered) == 10)
    assert sender.delivered[1:] == sorted(sender.delivered[1:])


async def test_what_is_refused_for_a_day_is_given_up_loudly() -> None:
    """A lead that cannot reach staff is given up after a day: health says so until an operator repaired it."""
    closed = True
    sender = ScriptedSender(lambda message: Refused("mailbox unknown") if closed else None)
    async with Bench(sender) as bench:
        [key] = await bench.commit(["telegram:-100"], lead="K7M2")
        await until(lambda: sender.tried.count(key) >= 6)
        assert bench.outbox.health() == {}
        bench.pass_time(days=1)
        await until(lambda: bench.status(key) == "failed")
        assert "telegram: 1" in bench.outbox.health()["outbox"]
        assert "course_bot_outbox_given_up 1.0" in bench.metrics_page()
        closed = False
        await bench.storage.outbox.retry()
        await until(lambda: bench.status(key) == "sent")
        await until(lambda: bench.outbox.health() == {})


async def test_an_old_message_gets_a_few_attempts_before_it_is_given_up() -> None:
    """A program that was down for two days does not give up at the first refusal."""
    sender = ScriptedSender(lambda message: Refused("no") if len(sender.tried) < 4 else None)
    async with Bench(sender) as bench:
        [key] = await bench.commit(["telegram:1"], created_at=bench.now - timedelta(days=2))
        await until(lambda: bench.status(key) == "sent")


async def test_a_fault_of_ours_is_treated_as_a_refusal() -> None:
    """A bug that one message sets off is logged, and stops neither its lane nor the program."""
    sender = ScriptedSender(lambda message: KeyError("oops") if message.id == 1 else None)
    async with Bench(sender) as bench:
        await bench.commit(["telegram:1", "telegram:1"])
        await until(lambda: sender.delivered == [2])
        await until(lambda: bench.storage.outbox.rows[1].error == "refused: broke: KeyError")


async def test_a_kind_nobody_sends_waits() -> None:
    """Mail for which nothing is set up yet stays until something is."""
    async with Bench(ScriptedSender()) as bench:
        [key] = await bench.commit(["webhook"], kind="webhook")
        await until(lambda: bench.storage.outbox.rows[key].attempts == 1)
        assert bench.status(key) == "waiting"


async def test_a_group_that_became_a_supergroup_is_followed() -> None:
    """The staff chat gets its messages at its new address, the waiting ones and those to come, in order."""

    def moved(message: Outgoing) -> Exception | None:
        return Moved("telegram:-1002", "became a supergroup") if message.lane == "telegram:-7" else None

    sender = ScriptedSender(moved)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:-7"] * 3)
        await until(lambda: len(sender.delivered) == 3)
        ids += await bench.commit(["telegram:-7"])
        await until(lambda: len(sender.delivered) == 4)
        assert bench.outbox.address("telegram:-7") == "telegram:-1002"
    assert sender.delivered == ids
    assert set(sender.lanes) == {"telegram:-1002"}
    assert bench.storage.outbox.names == {"telegram:-7": "telegram:-1002"}


async def test_a_move_is_known_after_a_restart() -> None:
    """The settings still name the old staff chat; messages go to the new one at once."""
    storage = FakeStorage()
    storage.outbox.names = {"telegram:-7": "telegram:-1002"}
    sender = ScriptedSender()
    async with Bench(sender, storage=storage) as bench:
        await bench.commit(["telegram:-7"])
        await until(lambda: sender.lanes == ["telegram:-1002"])


async def test_a_move_that_cannot_be_stored_is_followed_all_the_same() -> None:
    """The database is away just then: the staff chat still gets its message."""
    sender = ScriptedSender(lambda message: Moved("telegram:-2", "moved") if message.lane == "telegram:-1" else None)
    async with Bench(sender) as bench:
        await until(lambda: bench.storage.beats > 0)
        bench.storage.broken = True
        await bench.commit(["telegram:-1"])
        await until(lambda: sender.lanes == ["telegram:-2"])
        bench.storage.broken = False


async def test_a_move_to_itself_is_a_refusal() -> None:
    """Nonsense from the other side makes no endless loop."""
    sender = ScriptedSender(lambda message: Moved(message.lane, "moved") if len(sender.tried) < 3 else None)
    async with Bench(sender) as bench:
        [key] = await bench.commit(["telegram:-1"])
        await until(lambda: bench.status(key) == "sent")


async def test_what_is_said_of_an_outcome_is_said_once() -> None:
    """Who waits for news of a message gets it after the outcome is stored, once, also when storing failed at first."""
    refusals = [Refused("not yet")]
    sender = ScriptedSender(lambda message: refusals.pop() if refusals and message.lane == "telegram:1" else None)
    async with Bench(sender, replace(QUICK, first=0.05, longest=0.05)) as bench:
        then = {name: bench.message("telegram:-100", content=Send(html=name)) for name in OUTCOMES}
        [key] = await bench.commit(["telegram:1"], then=then)
        await until(lambda: bench.said("telegram:-100") == ["delayed", "sent"])
        assert bench.status(key) == "sent"
    assert bench.said("telegram:-100") == ["delayed", "sent"]


async def test_what_is_said_of_a_message_that_never_arrives() -> None:
    """Who waits for news learns that nobody was there to get it."""
    sender = ScriptedSender(lambda message: Gone("blocked") if message.lane == "telegram:1" else None)
    async with Bench(sender) as bench:
        then = {name: bench.message("telegram:-100", content=Send(html=name)) for name in OUTCOMES}
        await bench.commit(["telegram:1"], then=then)
        await until(lambda: bench.said("telegram:-100") == ["failed"])
