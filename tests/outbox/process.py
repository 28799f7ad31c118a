"""One process of the program, as far as the outbox goes: on the real storage, running."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.outbox import Outbox, Pauses
from storage.contents import Send
from storage.crypto import new_key
from storage.records import Outgoing
from storage.store import Storage
from tests.outbox.helpers import ScriptedSender

PAUSES = Pauses(first=0.01, longest=0.02, flush=0.02, poll=0.05, heartbeat=0.1, overlooked=timedelta(seconds=0.4))
KEY = new_key()


class Process:
    """One process of the program: its storage and its outbox, running."""

    def __init__(self, storage: Storage, sender: ScriptedSender) -> None:
        self.storage = storage
        self.sender = sender
        self.outbox = Outbox(storage, {"telegram": sender}, pauses=PAUSES)
        self.run = asyncio.create_task(self.outbox.run())

    @classmethod
    async def start(cls, url: str, owner: str, sender: ScriptedSender | None = None) -> "Process":
        storage = await Storage.open(url, data_key=KEY, owner=owner)
        return cls(storage, sender or ScriptedSender())

    async def say(self, *lanes: str, **values: Any) -> None:
        """Commit a message to each of these lanes, and put it."""
        now = datetime.now(UTC)
        async with self.storage.transaction() as tx:
            messages = [
                Outgoing(lane=lane, kind="telegram", content=Send(html=""), created_at=now, **values) for lane in lanes
            ]
            added = await tx.outbox.add(messages)
        self.outbox.put(added)

    async def waiting(self) -> int:
        async with self.storage.reading() as tx:
            return sum((await tx.outbox.waiting_counts()).values())

    async def stop(self) -> None:
        await self.outbox.stop(2.0)
        await self.run
        await self.storage.close()

    async def kill(self) -> None:
        """End without a goodbye: nothing is marked any more."""
        self.run.cancel()
        await asyncio.gather(self.run, return_exceptions=True)
        workers = [task for task in asyncio.all_tasks() if "Outbox._work" in repr(task.get_coro())]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self.storage.close()
