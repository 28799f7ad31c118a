"""A storage in memory: what the outbox needs of the real one, with switches to let it fail."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from storage.records import Delivery, Notice, Outgoing


class FakeOutboxTable:
    """Outgoing messages by id."""

    def __init__(self) -> None:
        self.rows: dict[int, Outgoing] = {}
        self.others: set[int] = set()  #: ids that another process sends
        self.left: set[int] = set()  #: ids that wait to be taken
        self.names: dict[str, str] = {}
        self.records: list[Delivery] = []
        self.notices: list[Notice] = []
        self.looks = 0  #: for what is overlooked

    async def add(self, items: Iterable[Outgoing]) -> list[Outgoing]:
        added = [replace(item, id=len(self.rows) + 1 + at) for at, item in enumerate(items)]
        self.rows |= {item.id: item for item in added if item.id is not None}
        return added

    async def open(self, ids: Iterable[int]) -> set[int]:
        return {key for key in ids if key in self.rows and self.rows[key].status == "waiting"}

    async def record(self, deliveries: Iterable[Delivery]) -> list[Notice]:
        late = []
        for item in deliveries:
            self.records.append(item)
            if item.id in self.rows:
                if self.rows[item.id].status != "waiting":
                    continue
                self.rows[item.id] = replace(
                    self.rows[item.id],
                    status=item.status,
                    attempts=item.attempts,
                    due_at=item.due_at,
                    error=item.error,
                    receipt=item.receipt,
                )
                self.notices += [item.notice] if item.notice else []
            elif item.notice:
                late.append(item.notice)
        return late

    async def take(self, now: datetime, limit: int = 1000) -> list[Outgoing]:
        taken = sorted(self.left & self.rows.keys())[:limit]
        self.left.difference_update(taken)
        return [self.rows[key] for key in taken]

    async def overlooked(self, before: datetime, known: Collection[int]) -> list[Outgoing]:
        self.looks += 1
        missing = self.rows.keys() - set(known) - self.left - self.others
        mine = [self.rows[key] for key in sorted(missing)]
        return [item for item in mine if item.status == "waiting" and item.created_at < before]

    async def mine(self, ids: Sequence[int]) -> set[int]:
        return {key for key in ids if key in self.rows and self.rows[key].status == "waiting"} - self.others

    async def retarget(self, old_lane: str, new_lane: str) -> int:
        self.names[old_lane] = new_lane
        moved = [item for item in self.rows.values() if item.lane == old_lane and item.status == "waiting"]
        self.rows |= {item.id: replace(item, lane=new_lane) for item in moved if item.id is not None}
        return len(moved)

    async def aliases(self) -> dict[str, str]:
        return dict(self.names)

    async def failed(self) -> list[Outgoing]:
        return [item for item in self.rows.values() if item.status == "failed"]

    async def retry(self, ids: Sequence[int] | None = None) -> int:
        chosen = [item for item in await self.failed() if ids is None or item.id in ids]
        for item in chosen:
            if item.id is not None:
                self.rows[item.id] = replace(item, status="waiting", attempts=0, due_at=None)
                self.left.add(item.id)
        return len(chosen)


class FakeProcessesTable:
    """Who said goodbye, and who counts as alive."""

    def __init__(self) -> None:
        self.gone: list[str] = []
        self.seen: list[str] = []

    async def leave(self, owner: str) -> None:
        self.gone.append(owner)
        self.seen = [other for other in self.seen if other != owner]


class FakeStorage:
    """The tables, in one transaction at a time; ``broken`` lets every transaction fail."""

    def __init__(self) -> None:
        self.owner = "here"
        self.outbox = FakeOutboxTable()
        self.processes = FakeProcessesTable()
        self.broken = False
        self.free = asyncio.Event()  #: while it is not set, who writes waits
        self.free.set()
        self.quick = asyncio.Event()  #: while it is not set, a sign of life takes long
        self.quick.set()
        self.beats = 0
        self.tries = 0
        self.in_doubt = False  #: whether others may have taken over what this process has

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["FakeStorage"]:
        self.tries += 1
        if self.broken:
            raise OSError("the database is away")
        await self.free.wait()
        yield self

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["FakeStorage"]:
        self.tries += 1
        if self.broken:
            raise OSError("the database is away")
        yield self

    async def notice_gone(self) -> None:
        pass

    def doubts(self, stored_at: datetime) -> bool:
        return self.in_doubt

    async def heartbeat(self) -> None:
        self.beats += 1
        await self.quick.wait()
        self.processes.seen.append(self.owner)
