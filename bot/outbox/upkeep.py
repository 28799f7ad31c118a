"""What goes on beside the lanes: storing what was delivered, looking for what others left, saying that we live."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.outbox.lane import REFUSED
from bot.outbox.pauses import happens_within
from bot.outbox.shared import Shared
from storage.records import Outgoing

log = structlog.get_logger()

_TAKEN_AT_ONCE = 1000
_REST_SECONDS = 1.0  #: what the job in hand may take when stopping
_LOOK_AGAIN = 12  #: heartbeats between two looks at what was given up, while nothing was


class Upkeep:
    """What goes on beside the lanes. Whatever storage does, it goes on."""

    def __init__(self, shared: Shared, take_in: Callable[[Iterable[Outgoing]], None]) -> None:
        """``take_in`` takes messages to deliver."""
        self._shared = shared
        self._storage, self._marks, self._pauses = shared.storage, shared.marks, shared.pauses
        self._take_in = take_in
        self._stopped = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._away: set[str] = set()  #: which of the jobs storage fails
        self.given_up: Counter[str] = Counter()  #: messages given up, by kind
        self._times = 0  #: that a message was given up

    def gave_up(self, kind: str) -> None:
        """A message of this kind was given up."""
        self.given_up[kind] += 1
        self._times += 1

    def blocking(self) -> dict[str, str]:
        """What keeps every message from being marked as sent, by name; empty when nothing does."""
        return {"outbox_marks": "what was delivered cannot be stored"} if "flush" in self._away else {}

    def health(self) -> dict[str, str]:
        """What an operator must look at, by name: messages given up, and what ``blocking`` gives."""
        if not self.given_up:
            return self.blocking()
        counts = ", ".join(f"{kind}: {count}" for kind, count in sorted(self.given_up.items()))
        given_up = f"messages were given up ({counts}); see: python -m bot outbox list"
        return {"outbox": given_up} | self.blocking()

    async def take_up(self) -> dict[str, str]:
        """Take up what dead processes left; give the lanes that have another name now. Waits for storage."""
        aliases: dict[str, str] = {}
        while not self._stopped.is_set():
            if await self._guarded("take_up", lambda: self._first_take(aliases)):
                break
            await self._pause(self._pauses.poll)
        return aliases

    async def run(self) -> None:
        """Flush, look and say that we live, until ``stop``."""
        self._at_rest.clear()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_flushing())
                group.create_task(self._keep_looking())
        finally:
            self._at_rest.set()

    async def stop(self) -> None:
        """End ``run``; store what is left to store, and let other processes have what still waits."""
        self._stopped.set()
        self._marks.waiting.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REST_SECONDS):
                await self._at_rest.wait()  # a sign of life after the goodbye would make others wait for us
        await self._guarded("flush", self._flush)
        await self._guarded("leave", self._leave)

    async def _flush(self) -> None:
        """Store what was delivered; what follows from it is delivered too, by another process when this one ends."""
        self._take_in(await self._marks.flush(self._storage, self._shared.now()))

    async def _leave(self) -> None:
        async with self._storage.transaction() as tx:
            await tx.processes.leave(self._storage.owner)

    async def _first_take(self, aliases: dict[str, str]) -> None:
        async with self._storage.reading() as tx:
            aliases.update(await tx.outbox.aliases())
        await self._take()
        await self._count_given_up()

    async def _take(self) -> None:
        await self._storage.notice_gone()
        taken = _TAKEN_AT_ONCE
        while taken == _TAKEN_AT_ONCE:
            async with self._storage.transaction() as tx:
                messages = await tx.outbox.take(self._shared.now(), _TAKEN_AT_ONCE)
            self._take_in(messages)
            taken = len(messages)

    async def _take_overlooked(self) -> None:
        """Take what is ours and we do not know of: it was stored, but the answer to that commit never came."""
        known = (
            self._shared.held | self._marks.known()
        )  # before looking: what is marked meanwhile is not taken for overlooked
        async with self._storage.reading() as tx:
            messages = await tx.outbox.overlooked(self._shared.now() - self._pauses.overlooked, known)
        self._take_in(messages)

    async def _count_given_up(self) -> None:
        """Look in storage what was given up, and what an operator lets be tried again."""
        before = self._times
        async with self._storage.reading() as tx:
            failed = await tx.outbox.failed()
        if self._times == before and not self._marks.waiting.is_set():
            # else storage does not know of all of them yet
            self.given_up = Counter(item.kind for item in failed if (item.error or "").startswith(REFUSED))

    async def _keep_flushing(self) -> None:
        """Store what no batch took along in time."""
        while not self._stopped.is_set():
            await self._marks.waiting.wait()
            rest = self._pauses.flush - self._marks.age(time.monotonic())
            if rest > 0:
                await self._pause(rest)
            elif not await self._guarded("flush", self._flush):
                await self._pause(self._pauses.poll)

    async def _keep_looking(self) -> None:
        beats = 0
        next_beat = 0.0
        while not self._stopped.is_set():
            await self._guarded("take", self._take)
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + self._pauses.heartbeat
                await self._guarded("heartbeat", self._storage.heartbeat)
                await self._guarded("overlooked", self._take_overlooked)
                if self.given_up or beats % _LOOK_AGAIN == 0:
                    await self._guarded("given_up", self._count_given_up)
                beats += 1
            await self._pause(self._pauses.poll)

    async def _guarded(self, job: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do a job on storage; whether it worked. Says once that it does not, and once that it does again."""
        try:
            await work()
        except Exception as error:
            if job not in self._away:
                log.warning("outbox_storage_fails", job=job, error=type(error).__name__)
            self._away.add(job)
            return False
        if job in self._away:
            log.info("outbox_storage_answers", job=job)
        self._away.discard(job)
        return True

    async def _pause(self, seconds: float) -> None:
        await happens_within(self._stopped, seconds)
