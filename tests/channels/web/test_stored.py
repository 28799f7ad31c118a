"""Which sessions have ended: looked up for all who ask at the same moment, and anew for who asks later."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from typing import cast

import pytest

from bot.channels.web.stored import StoredChats
from storage.errors import Unavailable
from storage.store import Storage


class Slow:
    """A database whose looks take as long as the test lets them, and which can be away."""

    def __init__(self) -> None:
        self.looks: list[set[str]] = []
        self.over: set[str] = set()
        self.away = False
        self.free = asyncio.Event()
        self.free.set()

    @property
    def ended(self) -> "Slow":
        return self

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator["Slow"]:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("away")
        yield self

    async def of(self, chats: Collection[str]) -> set[str]:
        self.looks.append({*chats})
        found = self.over & {*chats}
        await self.free.wait()
        return found


@pytest.fixture
def slow() -> Slow:
    """A database."""
    return Slow()


@pytest.fixture
def chats(slow: Slow) -> StoredChats:
    """What is asked of it."""
    return StoredChats(cast(Storage, slow))


async def test_a_hundred_who_ask_together_share_one_look(slow: Slow, chats: StoredChats) -> None:
    """Each is told of its own session alone."""
    slow.over = {"web:3"}
    told = await asyncio.gather(*(chats.ended([f"web:{number}"]) for number in range(100)))
    assert len(slow.looks) == 1
    assert [bool(one) for one in told] == [number == 3 for number in range(100)]


async def test_who_asks_later_is_told_what_holds_then(slow: Slow, chats: StoredChats) -> None:
    """A session that ended after a look began is known as ended to whoever asks after that."""
    slow.free.clear()
    first = asyncio.create_task(chats.ended(["web:1"]))
    while not slow.looks:
        await asyncio.sleep(0)
    slow.over = {"web:1"}
    second = asyncio.create_task(chats.ended(["web:1"]))
    while len(slow.looks) < 2:
        await asyncio.sleep(0)
    slow.free.set()
    assert (await first, await second) == (set(), {"web:1"})


async def test_a_database_that_is_away_is_told_to_all(slow: Slow, chats: StoredChats) -> None:
    """None waits for ever, and once it is back all is as before; who left meanwhile takes nobody along."""
    slow.away = True
    asking = [asyncio.create_task(chats.ended([f"web:{number}"])) for number in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(one) for one in told] == [asyncio.CancelledError, Unavailable, Unavailable]
    slow.away, slow.over = False, {"web:1"}
    assert await chats.ended(["web:1"]) == {"web:1"}
    assert slow.looks == [{"web:1"}]
