"""The outbox: a task for each lane that has something to deliver, and what becomes of each attempt."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import structlog

from bot.observing.metrics import Metrics
from bot.outbox.addresses import Addresses
from bot.outbox.attempts import Attempts
from bot.outbox.conclusions import Conclusions, Destination, Tell, tell_nobody
from bot.outbox.lane import DENIED, ORDINARY, Lane, number, stands_aside
from bot.outbox.marks import Marks
from bot.outbox.outages import Outages
from bot.outbox.pauses import Pauses, happens_within
from bot.outbox.sending import Moved, Sender
from bot.outbox.shared import Shared
from bot.outbox.strangers import Strangers
from bot.outbox.upkeep import Upkeep
from storage.follow import Following
from storage.records import Delivery, Outgoing
from storage.store import Storage

log = structlog.get_logger()


def utc_now() -> datetime:
    """The time in UTC, with its zone."""
    return datetime.now(UTC)


class Outbox:
    """Delivers committed messages: ``put`` takes them, ``run`` must be running, ``stop`` ends it."""

    def __init__(
        self,
        storage: Storage,
        senders: Mapping[str, Sender],
        *,
        metrics: Metrics | None = None,
        pauses: Pauses | None = None,
        now: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
        following: Following | None = None,
        destinations: Mapping[str, Destination] | None = None,
        tell: Tell = tell_nobody,
        addresses: Addresses | None = None,
    ) -> None:
        """
        ``addresses`` keeps what lanes are called now, for others who want to know that too; ``destinations`` names
        the lanes that an operator set up; ``tell`` gives the news that mail does not reach its person.
        """
        pauses, self._metrics, self._now = pauses or Pauses(), metrics or Metrics(), now
        marks, outages = Marks(following or Following()), Outages(pauses.lasting)
        shared = self._shared = Shared(
            storage=storage, metrics=self._metrics, pauses=pauses, marks=marks, outages=outages, now=now, chance=chance
        )
        self._lanes: dict[str, Lane] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._sleeping: dict[Lane, asyncio.Event] = {}
        self._early: list[Outgoing] | None = []  #: put before the older ones were taken up; None: they were
        self._addresses, self._destinations = addresses or Addresses(), destinations or {}
        self._stopping = False
        self._senders: dict[str, Sender] = {}
        self._upkeep = Upkeep(shared, self._take_in)
        conclusions = self._conclusions = Conclusions(
            shared=shared,
            upkeep=self._upkeep,
            destination=self._destination,
            tell=tell,
            strangers=Strangers(home=self._destinations),
            put=self.put,
            hasten=self._hasten,
        )
        self._attempts = Attempts(shared=shared, senders=self._senders, conclusions=conclusions, moved=self._moved)
        for kind, sender in senders.items():
            self.add_sender(kind, sender)
        self._metrics.watch(self._metrics.given_up, lambda: self._upkeep.given_up.total())

    def add_sender(self, kind: str, sender: Sender) -> None:
        """Let this sender deliver messages of a kind; before ``run``."""
        self._senders[kind] = sender
        self._metrics.sent.labels(kind)  # shown from the start
        self._metrics.watch(self._metrics.waiting, lambda: self.waiting()[kind], kind=kind)
        self._metrics.watch(self._metrics.oldest, partial(self._oldest, kind), kind=kind)

    def put(self, messages: Iterable[Outgoing]) -> None:
        """Deliver these messages, which are committed and have ids. Returns at once."""
        if self._early is not None:
            self._early += messages
            return
        for message in messages:
            self._put(message)

    def drop(self, ids: Collection[int]) -> None:
        """Do not deliver these messages: they were removed. One that is just being sent still arrives."""
        if self._early is not None:
            self._early = [message for message in self._early if message.id not in ids]
        for lane in self._lanes.values():
            self._shared.held.difference_update(lane.drop(ids))
            self._wake(lane)

    def backlog(self, lane: str) -> Sequence[Outgoing]:
        """What waits in a lane since more came than may leave: nothing while the other side is away."""
        found = self._lanes.get(self.address(lane))
        return found.held_up() if found else ()

    def deliveries(self) -> AbstractContextManager[list[Delivery]]:
        """Hand out what was delivered, for the block's transaction to record; kept for the next one when that fails."""
        return self._shared.marks.taken()

    def address(self, lane: str) -> str:
        """What a lane is called now: the same, unless the chat moved."""
        return self._addresses.now(lane)

    def health(self) -> dict[str, str]:
        """What an operator must look at, by name; empty when all is well."""
        waiting = {kind: f"waits: {reason}" for kind, reason in self._shared.outages.lasting().items()}
        return self._upkeep.health() | waiting | self._conclusions.refusing()

    def blocking(self) -> dict[str, str]:
        """Of these, what keeps leads from reaching staff; the others stand in the way of nobody else."""
        return self._upkeep.blocking() | self._conclusions.refusing(needed=True)

    def waiting(self) -> Counter[str]:
        """How many messages are on their way, by kind."""
        return Counter(message.kind for lane in self._lanes.values() for message in lane.messages())

    async def run(self) -> None:
        """Take up what a dead process left, then look after everything until ``stop``. Storage may be away."""
        self._addresses.found(await self._upkeep.take_up())
        early, self._early = self._early or [], None
        self.put(early)
        await self._upkeep.run()

    async def stop(self, grace: float = 4.0) -> None:
        """Deliver what can be delivered within so many seconds, mark it, and let other processes have the rest."""
        self._stopping = True
        for lane in self._lanes.values():
            self._wake(lane)
        if self._workers:
            await asyncio.wait(self._workers, timeout=grace)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._upkeep.stop()

    def _take_in(self, messages: Iterable[Outgoing]) -> None:
        """Messages from storage: left by others, or given to this process. At the stop they are left to others."""
        for message in () if self._stopping else messages:
            if message.status == "failed":
                self._conclusions.given_up(message, message.error or "", {})  # it cannot be read any more
            else:
                self._put(message)

    def _put(self, message: Outgoing) -> None:
        if message.id in self._shared.held:
            return
        self._shared.held.add(number(message))
        address = self.address(message.lane)
        if address != message.lane:
            message = replace(message, lane=address)
        lane = self._lanes.get(message.lane)
        if lane is not None:
            lane.add(message)
            self._wake(lane)
        else:
            lane = self._lanes[message.lane] = Lane(message.lane)
            lane.add(message)
            worker = asyncio.create_task(self._work(lane))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        if message.due_at is not None:
            self._honour(lane, message, message.due_at)

    def _honour(self, lane: Lane, message: Outgoing, due_at: datetime) -> None:
        """Keep to the time that an earlier process was told."""
        at = asyncio.get_running_loop().time() + (due_at - self._now()).total_seconds()
        if message.error is not None and message.error.startswith(DENIED):
            strangers = self._conclusions.strangers
            strangers.waits(lane.address, message.error.removeprefix(DENIED))
            at = 0.0 if strangers.is_first(lane.address) else at  # it may be mended since
        (lane.probe if stands_aside(message) else lane.hold)(at)

    def _hasten(self, addresses: Iterable[str]) -> None:
        for lane in [self._lanes[address] for address in addresses if address in self._lanes]:
            lane.probe(0.0)
            self._wake(lane)

    def _wake(self, lane: Lane) -> None:
        if sleeping := self._sleeping.get(lane):
            sleeping.set()

    async def _work(self, lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        try:
            while lane:
                pause = lane.delay(loop.time())
                if pause <= 0:
                    await self._attempts.attempt(lane, lane.next())
                elif self._stopping:
                    return
                else:
                    await self._sleep(lane, pause)
        finally:
            if self._lanes.get(lane.address) is lane:
                del self._lanes[lane.address]
            self._conclusions.ended(lane)

    async def _sleep(self, lane: Lane, seconds: float) -> None:
        woken = self._sleeping[lane] = asyncio.Event()
        try:
            await happens_within(woken, seconds)
        finally:
            del self._sleeping[lane]

    async def _moved(self, lane: Lane, message: Outgoing, outcome: Moved) -> None:
        """The chat has another address: everything for it goes there from now on, after a restart too."""
        old, new = lane.address, outcome.lane
        log.info("lane_moved", kind=message.kind, reason=outcome.reason)
        self._addresses.moved(old, new)
        waiting = [message, *lane.messages()]
        lane.drop({number(item) for item in waiting})
        self._lanes.pop(old, None)
        for item in sorted(waiting, key=number):  # before anything new can be put in front of them
            self._shared.held.discard(number(item))
            self._put(item)
        try:
            async with self._shared.storage.transaction() as tx:
                await tx.outbox.retarget(old, new)
        except Exception as error:
            # we are told again at the next message to the old address
            log.warning("lane_not_stored", error=type(error).__name__)

    def _destination(self, lane: str) -> Destination | None:
        return next((to for name, to in self._destinations.items() if self.address(name) == lane), None)

    def _oldest(self, kind: str) -> float:
        """
        Age in seconds of the oldest message of a kind that is on its way; 0 when there is none. Mail that its person's
        mailbox puts off or does not take is no reason to look.
        """
        messages: Sequence[Outgoing] = [item for lane in self._lanes.values() for item in lane.messages()]
        times = [_since(item) for item in messages if item.kind == kind and not _is_ordinary(item)]
        return max(0.0, (self._now() - min(times)).total_seconds()) if times else 0.0


def _since(message: Outgoing) -> datetime:
    """Since when it could leave."""
    not_before = message.due_at if message.attempts == 0 else None
    return max(message.created_at, not_before or message.created_at)


def _is_ordinary(message: Outgoing) -> bool:
    return message.error is not None and message.error.startswith(ORDINARY)
