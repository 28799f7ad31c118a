"""A sender that does as it is told, and messages to send."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from prometheus_client import generate_latest

from bot.observing.metrics import Metrics
from bot.outbox import Outbox, Pauses, Sender
from storage.contents import Send
from storage.records import Outgoing
from storage.store import Storage
from tests.outbox.fake_storage import FakeStorage

#: pauses so short that a test need not wait, in the proportions of the real ones
QUICK = Pauses(
    first=0.005, longest=0.02, deferred_first=0.005, deferred_longest=0.02, deferred_staff=0.01,
    attempt=0.2, flush=0.005, poll=0.01, heartbeat=0.02,
)  # fmt: skip

Answer = Callable[[Outgoing], Exception | None]


class ScriptedSender:
    """Keeps what it was given, and answers as ``answer`` says: None delivers, an exception is raised."""

    def __init__(self, answer: Answer = lambda message: None) -> None:
        self.answer = answer
        self.tried: list[int] = []
        self.delivered: list[int] = []
        self.lanes: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        assert message.id is not None
        self.tried.append(message.id)
        await self.gate.wait()
        if error := self.answer(message):
            raise error
        self.delivered.append(message.id)
        self.lanes.append(message.lane)
        return {"message_id": 1000 + message.id}


class Bench:
    """An outbox with its storage and one sender for Telegram, running."""

    def __init__(
        self, sender: Sender, pauses: Pauses = QUICK, storage: FakeStorage | None = None, **options: Any
    ) -> None:
        self.storage = storage or FakeStorage()
        self.now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
        self.metrics = Metrics()
        self.outbox = Outbox(
            cast(Storage, self.storage),
            {"telegram": sender, "mail": sender},
            metrics=self.metrics,
            pauses=pauses,
            now=lambda: self.now,
            chance=lambda: 1.0,
            **options,
        )
        self._run: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Bench":
        self._run = asyncio.create_task(self.outbox.run())
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.outbox.stop(1.0)
        if self._run is not None:
            await asyncio.wait_for(self._run, 5)

    def said(self, lane: str) -> list[str]:
        """What arrived in this lane, as it was stored."""
        rows = self.storage.outbox.rows.values()
        return [row.content_as(Send).html for row in rows if row.lane == lane and row.status == "sent"]

    async def commit(self, lanes: Sequence[str], **values: Any) -> list[int]:
        """Store a message for each of these lanes and put it; give the ids."""
        fresh = [self.message(lane, **values) for lane in lanes]
        added = await self.storage.outbox.add(fresh)
        self.outbox.put(added)
        return [message.id for message in added if message.id is not None]

    def message(self, lane: str = "telegram:1", **values: Any) -> Outgoing:
        """A message that is not stored yet."""
        given: dict[str, Any] = {"content": Send(html=""), "created_at": self.now, "kind": "telegram", **values}
        return Outgoing(lane=lane, **given)

    def pass_time(self, **parts: float) -> None:
        """Let the clock that messages are dated by go on."""
        self.now += timedelta(**parts)

    def metrics_page(self) -> str:
        """What /metrics says."""
        return generate_latest(self.metrics.registry).decode()

    def status(self, key: int) -> str:
        """What storage says of a message."""
        return self.storage.outbox.rows[key].status


async def until(true: Callable[[], bool], what: str = "it") -> None:
    """Wait until something is so; fail after twenty seconds, which a busy machine may need."""
    try:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"{what} did not happen") from None
