"""What the outbox needs of storage; ``storage.Storage`` is one, and the tests have one in memory."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from storage.records import Delivery, Notice, Outgoing


class OutboxTable(Protocol):
    """The outgoing messages; see storage's own for what each does."""

    async def record(self, deliveries: Iterable[Delivery]) -> Sequence[Notice]:
        """Store what became of these messages; give the notices of those that were removed while they left."""

    async def open(self, ids: Iterable[int]) -> set[int]:
        """Give those of these messages of which it is not stored yet what became of them."""

    async def add(self, items: Iterable[Outgoing]) -> Sequence[Outgoing]:
        """Store these messages; give, with their ids, those that this process is to send."""

    async def take(self, now: datetime, limit: int = 1000) -> list[Outgoing]:
        """Give the waiting messages that this process is to send from now on, each once."""

    async def overlooked(self, before: datetime, known: Collection[int]) -> list[Outgoing]:
        """Give the waiting messages of this process, made before this time, that are none of the known ones."""

    async def mine(self, ids: Sequence[int]) -> set[int]:
        """Give those of these messages that still wait to be sent by this process."""

    async def retarget(self, old_lane: str, new_lane: str) -> int:
        """Let what waits in one lane leave by another, and remember the new name."""

    async def aliases(self) -> dict[str, str]:
        """Give the lanes that have another name now."""

    async def failed(self) -> list[Outgoing]:
        """Give the messages that were given up."""


class ProcessesTable(Protocol):
    """The processes at work."""

    async def leave(self, owner: str) -> None:
        """Say that this process ends."""


class Transaction(Protocol):
    """One transaction's repositories."""

    @property
    def outbox(self) -> OutboxTable:
        """The outgoing messages."""

    @property
    def processes(self) -> ProcessesTable:
        """The processes at work."""


class Store(Protocol):
    """A database that is open."""

    @property
    def owner(self) -> str:
        """The name of this process."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """One durable transaction."""

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction to read in."""

    async def heartbeat(self) -> None:
        """Say that this process lives."""

    async def notice_gone(self) -> None:
        """Look which processes are gone, so that what they left can be taken."""

    def doubts(self, stored_at: datetime) -> bool:
        """Whether another process may have taken over what this one stored then, though it lives."""
