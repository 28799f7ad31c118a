"""What became of messages, until it is stored: by the next batch's commit, or by a flush of our own."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from storage.errors import Unavailable
from storage.follow import Following, record_outcomes
from storage.records import Delivery, Notice, Outgoing
from storage.store import Storage

log = structlog.get_logger()


class Marks:
    """Deliveries that are not stored yet; of each message the latest."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self.waiting = asyncio.Event()  #: set while there is something to store
        self._marks: dict[int, Delivery] = {}
        self._under_way: Counter[int] = Counter()  #: ids that a transaction is storing, by how many do
        self._since = 0.0
        self._lost: set[int] = set()  #: ids of those of which it can never be stored what became of them

    def add(self, delivery: Delivery) -> None:
        """Keep a delivery until it is stored."""
        if not self.waiting.is_set():
            self._since = time.monotonic()
            self.waiting.set()
        self._marks[delivery.id] = delivery

    def age(self, now: float) -> float:
        """Seconds since the oldest of them came in, by the monotonic clock."""
        return now - self._since

    def known(self) -> set[int]:
        """The ids of the messages whose delivery is not stored yet, as far as we know."""
        return {*self._marks, *self._under_way, *self._lost}

    @contextmanager
    def taken(self) -> Iterator[list[Delivery]]:
        """Hand out the deliveries, for the block's transaction to store; kept for the next one when that fails."""
        taken = list(self._marks.values())
        ids = Counter(self._marks.keys())
        self._marks = {}
        self.waiting.clear()
        self._under_way += ids
        try:
            yield taken
        except BaseException:
            self._give_back(taken)
            raise
        finally:
            self._under_way -= ids

    async def flush(self, storage: Storage, now: datetime) -> Sequence[Outgoing]:
        """
        Store all of them in one transaction. When that fails they are kept, and the error goes on.

        Gives the messages that follow: see ``record_outcomes``.
        """
        with self.taken() as taken:
            try:
                return await self._stored(storage, taken, now)
            except Unavailable:
                raise
            except Exception as problem:
                log.warning("deliveries_apart", deliveries=len(taken), error=type(problem).__name__)
                return await self._apart(storage, taken, now, problem)

    async def _stored(self, storage: Storage, taken: Sequence[Delivery], now: datetime) -> Sequence[Outgoing]:
        async with storage.transaction() as tx:
            follows = await record_outcomes(tx, taken, self._following, now)
            return await tx.outbox.add(follows) if follows else ()

    async def _apart(
        self, storage: Storage, taken: Sequence[Delivery], now: datetime, problem: Exception
    ) -> Sequence[Outgoing]:
        """Store each by itself, since one of them fails. Raises ``problem`` where none can be stored."""
        follows: list[Outgoing] = []
        lost = set()
        for delivery in taken:
            stored = await self._alone(storage, delivery, now)
            follows += stored or ()
            lost |= {delivery.id} if stored is None else set()
        if len(lost) == len(taken):
            raise problem
        self._lost |= lost
        return follows

    async def _alone(self, storage: Storage, delivery: Delivery, now: datetime) -> Sequence[Outgoing] | None:
        """Store one, or only that it arrived or failed, without what comes with it; None where not even that can be."""
        bare = replace(delivery, receipt=None, notice=None, then=None, error=None)
        for form in (delivery, bare):
            try:
                return await self._stored(storage, [form], now)
            except Unavailable:
                raise
            except Exception:
                log.exception("delivery_not_stored", id=delivery.id)
        return None

    def _give_back(self, deliveries: Iterable[Delivery]) -> None:
        """Take back deliveries that were not stored after all; what is known since goes before."""
        for delivery in deliveries:
            self._marks.setdefault(delivery.id, delivery)
            self.waiting.set()


def notice_of(message: Outgoing, receipt: Mapping[str, Any]) -> Notice | None:
    """What must be known of a message about one chat that was sent to another: staff answer through it."""
    message_id = receipt.get("message_id")
    if message_id is None or not message.answerable:
        return None
    return Notice(
        staff_chat=message.lane,
        message_id=message_id,
        chat=message.chat,
        lead=message.lead,
        question=message.question,
        listed=message.listed,
        version=message.card,
    )
