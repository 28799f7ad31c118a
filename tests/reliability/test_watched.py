"""What runs in the background is watched: it is started again when our own code fails, and that is counted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.running import supervision
from bot.turns.flood import Flood, Thinned
from storage.contents import Edit, Send
from storage.errors import Unavailable
from storage.records import Outgoing
from storage.store import Storage
from tests.outbox.helpers import Bench, until
from tests.storage.samples import NOW


class Confused:
    """A sender whose first receipt is none."""

    def __init__(self) -> None:
        self.times = 0

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        self.times += 1
        nonsense: Any = "nonsense"
        return nonsense if self.times == 1 else {"message_id": 7}


async def test_a_fault_of_ours_in_a_lane() -> None:
    """A fault after a message left ends neither its lane nor the message: it is counted, and tried again."""
    sender = Confused()
    async with Bench(sender) as bench:
        first, second = await bench.commit(["telegram:1", "telegram:1"])
        await until(lambda: bench.status(second) == "sent", "the second message")
        assert bench.status(first) == "sent"
        assert 'course_bot_task_restarts_total{task="lane"} 1.0' in bench.metrics_page()


async def test_a_task_that_fails_runs_again() -> None:
    """A background task that fails is started again and counted, until it ends by itself."""
    runs: list[str] = []
    counted: list[str] = []

    async def body() -> None:
        runs.append("again")
        if len(runs) < 3:
            raise RuntimeError

    await supervision.keep_running("part", body, counted.append, first_pause=0.001)
    assert (len(runs), counted) == (3, ["part", "part"])


async def test_a_task_that_finds_the_database_away(capsys: pytest.CaptureFixture[str]) -> None:
    """The operator reads one line for a clean-up that must wait for the database, and no trace of our code."""
    problems: list[Exception] = [Unavailable("the database does not answer"), RuntimeError("a fault")]

    async def body() -> None:
        if problems:
            raise problems.pop(0)

    await supervision.keep_running("retention", body, first_pause=0.001)
    waits, _, failed = capsys.readouterr().out.partition("task_failed")
    assert "task_waits" in waits
    assert "the database does not answer" in waits
    assert "Traceback" not in waits
    assert "RuntimeError" in failed


def message(
    chat: str = "telegram:1", number: int | None = None, html: str = "", *, supersedable: bool = True
) -> Outgoing:
    """An answer to somebody, which a later one makes superfluous."""
    content = Send(html=html, supersedable=supersedable)
    return Outgoing(lane=chat, kind="telegram", content=content, created_at=NOW, id=number)


def edit(html: str | None) -> Outgoing:
    """An edit of a message whose button somebody tapped."""
    return replace(message(), content=Edit(message_id=1, html=html))


def test_only_the_newest_of_what_waits() -> None:
    """Of ten answers that wait the newest is kept, what matters stays, and the line comes once a minute."""
    clock = [0.0]
    stored = [message(number=number) for number in range(1, 8)] + [message(number=8, supersedable=False)]
    flood = Flood(lambda lane: stored if lane == "telegram:1" else (), clock=lambda: clock[0])
    line = message(html="line", supersedable=False)
    lines = []
    for now in (0.0, 30.0, 120.0):
        clock[0] = now
        outgoing, thinned = [message("telegram:2")], Thinned()
        edits = [edit(None), edit("<b>ja</b>")]
        for fresh in (edits, [message(html="older")], [edit(None)], [message(html="new")]):
            flood.add(outgoing, fresh, thinned, lambda: line)
        flood.add(outgoing, [], thinned, lambda: line)
        flood.committed(thinned)
        assert thinned.superseded == {1, 2, 3, 4, 5, 6, 7}
        assert outgoing[0].lane == "telegram:2"
        assert outgoing[-1].content_as(Send).html == "new"
        assert "older" not in [one.content.html for one in outgoing if isinstance(one.content, Send)]
        lines.append(outgoing.count(line))
    assert lines == [1, 0, 1]


async def test_superfluous_messages_are_removed(sqlite_url: str) -> None:
    """What was made superfluous is gone from storage; what already left stays known."""
    storage = await Storage.open(sqlite_url, data_key=None, owner="first")
    try:
        async with storage.transaction() as tx:
            ids = [one.id for one in await tx.outbox.add([message(), message(), message()]) if one.id]
        async with storage.transaction() as tx:
            await tx.outbox.supersede(ids[:2])
            assert await tx.outbox.mine(ids) == {ids[2]}
    finally:
        await storage.close()
