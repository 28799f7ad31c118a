"""Many who read at once share a few connections, and none of them outlives the program's end."""

import asyncio
import threading
import time

import pytest

from storage.errors import Unavailable
from storage.sqlite import READERS
from storage.store import Storage
from tests.storage.conftest import Open


def threads() -> int:
    """How many connections are open: each has a thread."""
    return sum("_connection_worker_thread" in thread.name for thread in threading.enumerate())


def wait_for_threads(expected: int) -> None:
    """Wait until so many are left; a connection that was let go ends its thread a moment later."""
    until = time.monotonic() + 10
    while threads() != expected and time.monotonic() < until:
        time.sleep(0.005)
    assert threads() == expected


async def read(storage: Storage) -> None:
    """Read something."""
    async with storage.reading() as tx:
        await tx.leads.list()


async def test_many_pages_at_once(sqlite_ready: str, opened: Open) -> None:
    """Three hundred pages that connect again at once are all answered, over a few connections."""
    before = threads()
    storage = await opened(sqlite_ready)
    reading: list[int] = []
    most = 0

    async def page(number: int) -> None:
        nonlocal most
        async with storage.reading() as tx:
            reading.append(number)
            most = max(most, len(reading))
            await tx.leads.list()
            reading.remove(number)

    await asyncio.gather(*(page(number) for number in range(300)))
    assert 1 < most <= READERS
    await storage.close()
    wait_for_threads(before)


async def test_a_close_is_final(sqlite_ready: str, opened: Open) -> None:
    """What still reads or writes when the database is closed is let finish; afterwards nothing is left open."""
    before = threads()
    storage = await opened(sqlite_ready)
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with storage.reading() as tx:
            inside.set()
            await go_on.wait()
            assert await tx.leads.list() == []

    reading = asyncio.create_task(slow())
    await inside.wait()
    opening = asyncio.create_task(read(storage))
    await asyncio.sleep(0)
    await storage.close()
    go_on.set()
    await reading
    await asyncio.gather(opening, return_exceptions=True)
    with pytest.raises(Unavailable, match="closed"):
        await read(storage)
    with pytest.raises(Unavailable, match="closed"):
        async with storage.transaction():
            pass
    wait_for_threads(before)


async def test_closing_twice_is_once(sqlite_ready: str, opened: Open) -> None:
    """A second close changes nothing."""
    storage = await opened(sqlite_ready)
    await storage.close()
    await storage.close()
