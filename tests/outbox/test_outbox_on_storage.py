"""The outbox on the real storage: nothing missing after a kill, and each message with one process."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.outbox import Gone, Moved, Refused
from storage.contents import Delete, Send
from storage.errors import Unavailable
from storage.records import Outgoing
from tests.outbox.cutter import Cutter
from tests.outbox.helpers import ScriptedSender, until
from tests.outbox.process import Process


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a database that is still to be made."""
    return f"sqlite:///{tmp_path}/bot.db"


async def marked(process: Process) -> None:
    """Wait until storage knows that everything left."""
    async with asyncio.timeout(30):
        while await process.waiting():
            await asyncio.sleep(0.01)


async def test_what_left_is_stored(url: str) -> None:
    """Messages, their receipts and the staff chat's notices stand in the database after a clean stop."""
    process = await Process.start(url, "one")
    await process.say("telegram:1", "telegram:2", "telegram:1")
    await process.say("telegram:-100", chat="web:abc", lead="K7M2")
    await until(lambda: len(process.sender.delivered) == 4)
    await marked(process)
    key = process.sender.delivered[-1]
    async with process.storage.reading() as tx:
        notice = await tx.notices.find("telegram:-100", 1000 + key)
    assert notice is not None
    assert (notice.chat, notice.lead) == ("web:abc", "K7M2")
    await process.stop()


async def test_a_kill_loses_nothing(url: str) -> None:
    """Killed with messages waiting and sent but not marked: the next start sends what may be missing, in order."""
    sender = ScriptedSender()
    sender.gate.clear()
    first = await Process.start(url, "one", sender)
    await first.say("telegram:1", "telegram:1", "telegram:1")
    await until(lambda: sender.tried == [1])
    await first.kill()
    second = await Process.start(url, "two")
    await second.say("telegram:1")
    await until(lambda: second.sender.delivered == [1, 2, 3, 4])
    await marked(second)
    await second.stop()


async def test_given_up_gone_and_retried(url: str) -> None:
    """What was given up is found after a restart and delivered once repaired; who is gone is no alarm."""

    def answer(message: Outgoing) -> Exception | None:
        return Gone("blocked") if message.lane == "telegram:1" else Refused("not a member")

    first = await Process.start(url, "one", ScriptedSender(answer))
    old = datetime.now(UTC) - timedelta(days=2)
    async with first.storage.transaction() as tx:
        messages = [
            Outgoing(lane=f"telegram:{number}", kind="telegram", content=Send(html=""), created_at=old)
            for number in (1, 2)
        ]
        first.outbox.put(await tx.outbox.add(messages))
    await until(lambda: "outbox" in first.outbox.health())
    await first.stop()
    second = await Process.start(url, "two")
    await until(lambda: "telegram: 1" in second.outbox.health().get("outbox", ""))
    async with second.storage.transaction() as tx:
        assert await tx.outbox.retry([2]) == 1
    await until(lambda: second.sender.delivered == [2])
    await until(lambda: second.outbox.health() == {})
    await second.stop()


async def test_what_is_taken_away_in_time(url: str) -> None:
    """It is known by the number it arrived with; a kill before its time loses nothing, and nothing waits behind it."""
    first = await Process.start(url, "one")
    now = datetime.now(UTC)
    away = Outgoing(
        lane="telegram-1:-100", kind="telegram", content=Delete(after=3600), created_at=now, chat="web:1"
    )  # fmt: skip
    file = replace(away, lane="telegram:-100", content=Send(html=""), then={"sent": away})
    async with first.storage.transaction() as tx:
        first.outbox.put(await tx.outbox.add([file]))
    waiting: list[Outgoing] = []
    async with asyncio.timeout(30):
        while not (waiting and isinstance(waiting[0].content, Delete)):
            await asyncio.sleep(0.01)
            async with first.storage.reading() as tx:
                waiting = await tx.outbox.waiting_about("web:1")
    await first.kill()
    second = await Process.start(url, "two")
    await second.say("telegram:-100")
    await until(lambda: second.sender.delivered == [3])
    async with second.storage.reading() as tx:
        [waits] = await tx.outbox.waiting_about("web:1")
    assert waits.content == Delete(after=3600, message_id=1001)
    assert waits.due_at is not None
    assert waits.due_at > now + timedelta(minutes=59)
    await second.stop()


async def test_a_removed_message_does_not_leave(url: str) -> None:
    """Forgotten by a command of another process while it waited: not sent."""
    process = await Process.start(url, "one")
    old = datetime.now(UTC) - timedelta(minutes=1)
    async with process.storage.transaction() as tx:
        added = await tx.outbox.add(
            [
                Outgoing(lane="telegram:9", kind="telegram", content=Send(html=""), created_at=old, chat=chat)
                for chat in ("web:gone", "web:kept")
            ]
        )
        await tx.people.forget(["web:gone"])
    process.outbox.put(added)
    await until(lambda: process.sender.delivered == [2])
    await process.stop()
    assert process.sender.tried == [2]


async def test_a_moved_chat_is_known_after_a_restart(url: str) -> None:
    """The staff group became a supergroup: the next process writes to the right one at once."""
    sender = ScriptedSender(lambda message: Moved("telegram:-2", "moved") if message.lane == "telegram:-1" else None)
    first = await Process.start(url, "one", sender)
    await first.say("telegram:-1", "telegram:-1")
    await until(lambda: sender.lanes == ["telegram:-2", "telegram:-2"])
    await first.stop()
    second = await Process.start(url, "two")
    await second.say("telegram:-1")
    await until(lambda: second.sender.lanes == ["telegram:-2"])
    await second.stop()


async def test_two_processes_share_the_work(postgres_url: str) -> None:
    """Two processes on one PostgreSQL: one sends in a lane at a time, each message once, and in order."""
    told: list[int] = []

    class Slow(ScriptedSender):
        async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
            receipt = await super().send(message)
            told.append(message.id or 0)
            return receipt

    slow = Slow()
    slow.gate.clear()
    one = await Process.start(postgres_url, "one", slow)
    two = await Process.start(postgres_url, "two", Slow())
    await asyncio.sleep(0.2)
    await one.say("telegram:1")
    await until(lambda: len(slow.tried) == 1)
    await two.say("telegram:1", "telegram:2")
    await until(lambda: len(told) == 1)
    slow.gate.set()
    await until(lambda: len(told) == 3)
    assert slow.delivered == [1, 2]
    assert two.sender.delivered == [3]
    await one.stop()
    await two.stop()


async def test_what_a_stopped_process_leaves_is_taken_over(postgres_url: str) -> None:
    """One of two processes ends with messages waiting: the other sends them."""
    slow = ScriptedSender()
    slow.gate.clear()
    one = await Process.start(postgres_url, "one", slow)
    two = await Process.start(postgres_url, "two")
    await asyncio.sleep(0.2)
    await one.say("telegram:1", "telegram:1")
    await until(lambda: len(slow.tried) == 1)
    await one.outbox.stop(0.01)
    await until(lambda: two.sender.delivered == [1, 2])
    await one.run
    await one.storage.close()
    await two.stop()


async def test_a_commit_whose_answer_is_lost(postgres_url: str) -> None:
    """The connection breaks when the answer is stored, but before we know: the person gets it all the same, once."""
    async with Cutter(postgres_url).listening() as way:
        process = await Process.start(way.url, "one")
        way.armed = True
        with pytest.raises(Unavailable):
            await process.say("telegram:1")
        way.armed = False
        assert (way.cuts, process.sender.tried) == (1, [])
        await until(lambda: process.sender.delivered == [1])
        await marked(process)
        await asyncio.sleep(0.3)
        await process.stop()
    assert process.sender.tried == [1]
