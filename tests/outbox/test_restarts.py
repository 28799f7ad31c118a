"""The outbox around a start and a stop: what was left is taken up, what was removed is let go."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from bot.outbox import Later, Outbox, Pauses
from storage.records import Outgoing
from storage.store import Storage
from tests.outbox.fake_storage import FakeStorage
from tests.outbox.helpers import QUICK, Bench, ScriptedSender, until


async def test_what_a_dead_process_left_is_taken_up_first() -> None:
    """After a kill the older answers come before the new ones of the same chat."""
    storage = FakeStorage()
    sender = ScriptedSender()
    bench = Bench(sender, storage=storage)
    await storage.outbox.add([bench.message(), bench.message()])
    storage.outbox.left = {1, 2}
    bench.outbox.put(await storage.outbox.add([bench.message(), bench.message()]))
    async with bench:
        await until(lambda: len(sender.delivered) == 4)
    assert sender.delivered == [1, 2, 3, 4]


async def test_a_start_while_the_database_is_away_goes_on_later() -> None:
    """The outbox waits for the database instead of ending the program."""
    storage = FakeStorage()
    storage.broken = True
    sender = ScriptedSender()
    async with Bench(sender, storage=storage) as bench:
        await until(lambda: storage.tries > 2)
        storage.broken = False
        await bench.commit(["telegram:1"])
        await until(lambda: sender.delivered == [1])


async def test_messages_given_to_this_process_are_found() -> None:
    """Another process stored an answer in a lane that is ours: we send it, once."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        await bench.storage.outbox.add([bench.message()])
        bench.storage.outbox.left = {1}
        await until(lambda: sender.delivered == [1])
        assert bench.storage.beats > 0


async def test_a_stored_due_time_is_kept() -> None:
    """What Telegram told an earlier process to wait, this one waits too."""
    sender = ScriptedSender()
    storage = FakeStorage()
    bench = Bench(sender, storage=storage)
    due_at = bench.now + timedelta(seconds=30)
    await storage.outbox.add([bench.message(due_at=due_at), bench.message("telegram:2")])
    refused = bench.message("telegram:3", due_at=bench.now, error="refused: no", attempts=3)
    await storage.outbox.add([refused])
    storage.outbox.left = {1, 2, 3}
    async with bench:
        await until(lambda: sorted(sender.delivered) == [2, 3])
        assert bench.outbox.waiting() == {"telegram": 1}
        assert 'course_bot_outbox_waiting{kind="telegram"} 1.0' in bench.metrics_page()
        assert 'course_bot_outbox_oldest_seconds{kind="telegram"} 0.0' in bench.metrics_page()
    assert 1 not in sender.delivered


async def test_a_removed_message_is_not_sent() -> None:
    """Who withdraws while a notification waits: it does not leave any more."""
    sender = ScriptedSender(lambda message: Later(0.02, "wait") if len(sender.tried) == 1 else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:1"] * 3)
        await until(lambda: len(sender.tried) == 1)
        bench.outbox.drop({ids[0], ids[1]})
        await until(lambda: sender.delivered == [ids[2]])


async def test_a_removed_message_is_not_sent_before_the_start_either() -> None:
    """The same for a message that was put before the outbox ran."""
    sender = ScriptedSender()
    bench = Bench(sender)
    bench.outbox.put(await bench.storage.outbox.add([bench.message(), bench.message()]))
    bench.outbox.drop({1})
    async with bench:
        await until(lambda: sender.delivered == [2])
    assert sender.tried == [2]


async def test_an_older_message_is_looked_up_before_it_is_sent() -> None:
    """Removed by a command while it waited, or taken over by another process: it is not sent by us."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        old = await bench.storage.outbox.add([bench.message(created_at=bench.now - timedelta(minutes=1))] * 3)
        del bench.storage.outbox.rows[1]
        bench.storage.outbox.others = {2}
        bench.outbox.put(old)
        await until(lambda: sender.delivered == [3])
    assert sender.tried == [3]


async def test_in_doubt_a_new_message_is_looked_up_too() -> None:
    """While others may take this process for gone, it sends nothing that another has taken over, however new it is."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        bench.storage.in_doubt = True
        bench.storage.outbox.others = {2}
        first, second, third = await bench.commit(["telegram:1", "telegram:1", "telegram:2"])
        await until(lambda: bench.status(third) == bench.status(first) == "sent", "what is still ours")
        assert second not in sender.tried


async def test_an_older_message_waits_for_a_database_that_is_away() -> None:
    """Whether it may still be sent cannot be known: it is sent once it can."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        await until(lambda: bench.storage.beats > 0)
        bench.storage.broken = True
        before = bench.storage.tries
        await bench.commit(["telegram:1"], created_at=bench.now - timedelta(minutes=1))
        await until(lambda: bench.storage.tries > before + 4)
        assert sender.tried == []
        bench.storage.broken = False
        await until(lambda: sender.delivered == [1])


async def test_a_stop_finishes_what_is_in_hand() -> None:
    """Ctrl-C: what can be delivered still is, what must wait stays stored, and others may take it."""
    sender = ScriptedSender(lambda message: Later(30.0, "wait") if message.lane == "telegram:2" else None)
    async with Bench(sender) as bench:
        ids = await bench.commit(["telegram:1"] * 5 + ["telegram:2"])
        await until(lambda: len(sender.tried) >= 1)
    assert sender.delivered == ids[:5]
    assert [bench.status(key) for key in ids] == ["sent"] * 5 + ["waiting"]
    assert bench.storage.processes.gone == ["here"]


async def test_a_stop_does_not_wait_for_who_hangs() -> None:
    """A sender that hangs cannot keep the program from ending."""
    sender = ScriptedSender()
    sender.gate.clear()
    storage = FakeStorage()
    outbox = Outbox(cast(Storage, storage), {"telegram": sender}, pauses=QUICK)
    run = asyncio.create_task(outbox.run())
    bench = Bench(sender, storage=storage)
    await asyncio.sleep(0.01)
    outbox.put(await storage.outbox.add([bench.message()]))
    await until(lambda: len(sender.tried) == 1)
    async with asyncio.timeout(30):
        await outbox.stop(0.01)
        await run
    assert storage.outbox.rows[1].status == "waiting"


async def test_a_process_that_left_does_not_come_back() -> None:
    """A last sign of life that takes long is over before the goodbye: what is left is another's at once."""
    storage = FakeStorage()
    outbox = Outbox(cast(Storage, storage), {}, pauses=QUICK)
    run = asyncio.create_task(outbox.run())
    await until(lambda: storage.beats > 0)
    storage.quick.clear()
    beats = storage.beats
    await until(lambda: storage.beats > beats)
    stop = asyncio.create_task(outbox.stop(0.01))
    await asyncio.sleep(0.05)
    storage.quick.set()
    await asyncio.gather(stop, run)
    assert (storage.processes.gone, storage.processes.seen) == (["here"], [])


async def test_what_comes_in_at_the_stop_is_left_to_others() -> None:
    """A message found in storage while the program stops is not begun any more: whoever starts next sends it."""
    sender = ScriptedSender()
    storage = FakeStorage()
    bench = Bench(sender, storage=storage)
    async with bench:
        await until(lambda: storage.beats > 0)
        storage.free.clear()
        await storage.outbox.add([bench.message()])
        tries = storage.tries
        await until(lambda: storage.tries > tries)
        storage.outbox.left = {1}
        stop = asyncio.create_task(bench.outbox.stop(0.01))
        await asyncio.sleep(0.05)
        storage.free.set()
        await stop
    assert sender.tried == []


async def test_a_message_whose_storing_was_not_answered_leaves() -> None:
    """It is stored, but this process was never told so: it is found, and sent once."""
    sender = ScriptedSender()
    async with Bench(sender) as bench:
        await bench.storage.outbox.add([bench.message()])
        await asyncio.sleep(0.1)
        assert sender.tried == [], "it may still be under way"
        bench.pass_time(minutes=2)
        await until(lambda: bench.status(1) == "sent")
    assert sender.tried == [1]


async def test_what_was_sent_but_is_not_marked_yet_is_not_sent_again() -> None:
    """While a batch that marks them is under way, messages that arrived are not taken for forgotten ones."""
    sender = ScriptedSender()
    storage = FakeStorage()
    async with Bench(sender, replace(QUICK, flush=30.0), storage) as bench:
        await bench.commit(["telegram:1", "telegram:2"])
        await until(lambda: sorted(sender.delivered) == [1, 2])
        with bench.outbox.deliveries() as delivered:
            bench.pass_time(minutes=2)
            looks = storage.outbox.looks
            await until(lambda: storage.outbox.looks > looks + 1)
            await storage.outbox.record(delivered)
    assert sorted(sender.tried) == [1, 2]


async def test_the_same_message_twice_is_sent_once() -> None:
    """Put by a batch and found in storage at the same time: still one message."""
    sender = ScriptedSender()
    sender.gate.clear()
    async with Bench(sender) as bench:
        await bench.commit(["telegram:1"])
        await until(lambda: sender.tried == [1])
        bench.storage.outbox.left = {1}
        await until(lambda: not bench.storage.outbox.left)
        sender.gate.set()
        await until(lambda: bench.status(1) == "sent")
    assert sender.tried == [1]


async def test_a_thousand_lanes_lose_nothing_and_keep_their_order() -> None:
    """Many chats at once, with failures of every kind mixed in: all arrive, each chat in order."""
    seen: dict[int, int] = defaultdict(int)

    def sometimes(message: Outgoing) -> Exception | None:
        key = message.id or 0
        seen[key] += 1
        return Later(0.001, "busy") if key % 7 == 0 and seen[key] < 3 else None

    sender = ScriptedSender(sometimes)
    async with Bench(sender) as bench:
        lanes = [f"telegram:{number % 200}" for number in range(1000)]
        ids = await bench.commit(lanes)
        await until(lambda: len(sender.delivered) == 1000)
    by_lane = defaultdict(list)
    for key, lane in zip(sender.delivered, sender.lanes, strict=True):
        by_lane[lane].append(key)
    assert sorted(sender.delivered) == ids
    assert all(keys == sorted(keys) for keys in by_lane.values())


def test_pauses_grow_to_a_minute_and_never_more() -> None:
    """The other side is left alone more and more, for a minute at most, and never by all at the same moment."""
    pauses = Pauses()
    assert [pauses.after(failures, 1.0) for failures in (1, 2, 3, 6, 7, 500)] == [1, 2, 4, 32, 60, 60]
    assert pauses.after(3, 0.0) == pytest.approx(2.0)
