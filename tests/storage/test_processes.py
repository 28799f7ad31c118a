"""Several processes on one PostgreSQL: each lane is sent by one of them, and what a dead one left by another."""

import asyncio
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage.contents import Send
from storage.store import Storage
from storage.tables import processes
from tests.storage.conftest import Open
from tests.storage.samples import NOW, outgoing, sent
from tests.storage.test_outbox import LATER, add, take


async def beat(*storages: Storage) -> None:
    """Let these processes be alive."""
    for storage in storages:
        await storage.heartbeat(NOW)


async def test_one_lane_one_sender(postgresql_ready: str, opened: Open) -> None:
    """Two answers to one chat leave in order, also when two processes gave them."""
    first, second = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await beat(first, second)
    (one,) = await add(first, outgoing(text="een"))
    assert await add(second, outgoing(text="twee")) == []
    (other,) = await add(second, outgoing("telegram:2", "apart"))
    assert other.content_as(Send).html == "apart"
    assert [item.content_as(Send).html for item in await take(first)] == ["twee"]
    assert await take(first) == []
    assert await take(second) == []
    async with first.transaction() as tx:
        await tx.outbox.record([sent(one)])


async def test_a_lane_that_is_free_again(postgresql_ready: str, opened: Open) -> None:
    """Once a lane is empty, whoever answers next sends."""
    first, second = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await beat(first, second)
    (one,) = await add(first, outgoing())
    async with first.transaction() as tx:
        await tx.outbox.record([sent(one)])
    assert len(await add(second, outgoing())) == 1


async def test_the_living_keep_theirs(postgresql_ready: str, opened: Open) -> None:
    """Nobody sends what a living process is sending."""
    first, second = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await add(first, outgoing())
    await beat(first)
    assert await take(second, NOW + timedelta(seconds=14)) == []


async def test_the_dead_are_inherited(postgresql_ready: str, opened: Open) -> None:
    """What a killed process left is sent by exactly one other, 15 seconds later."""
    dead, *living = [await opened(postgresql_ready, owner=name) for name in ("1", "2", "3")]
    left = await add(dead, *[outgoing(f"telegram:{number}") for number in range(40)])
    await beat(dead)
    taken = await asyncio.gather(*(take(storage, NOW + timedelta(seconds=16)) for storage in living))
    assert sorted(item.id or 0 for items in taken for item in items) == [item.id for item in left]


async def test_clocks_that_differ(postgresql_ready: str, opened: Open) -> None:
    """A machine whose clock is an hour off takes nobody for gone, nor is it taken for gone; see the server's clock."""
    slow, fast = [await opened(postgresql_ready, owner=name) for name in ("slow", "fast")]
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    slow._ahead, fast._ahead = hour, -hour  # as they find when they ask the server
    for storage, clock in ((slow, now - hour), (fast, now + hour)):
        async with storage.transaction() as tx:
            await tx.processes.heartbeat(storage.owner, clock)
            await tx.outbox.add([outgoing(f"telegram:{storage.owner}", created_at=clock)])
    assert await take(slow, now - hour) == await take(fast, now + hour) == []
    assert len(await take(slow, now - hour + timedelta(seconds=16))) == 1


async def test_the_servers_clock(postgresql_ready: str, opened: Open) -> None:
    """How far the server's clock is ahead is looked up when a process starts, and with each sign of life."""
    storage = await opened(postgresql_ready, owner="1")
    assert abs(storage._ahead) < timedelta(seconds=2)
    storage._ahead = timedelta(hours=1)
    await storage.heartbeat()
    assert abs(storage._ahead) < timedelta(seconds=2)


async def test_a_dead_lane_is_taken_over(postgresql_ready: str, opened: Open) -> None:
    """A new message is not given to a process that is gone."""
    dead, living = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await beat(dead)
    await add(dead, outgoing())
    assert len(await add(living, outgoing(created_at=LATER))) == 1


async def test_leaving(postgresql_ready: str, opened: Open) -> None:
    """A process that ends cleanly leaves nobody waiting."""
    first, second = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await beat(first, second)
    left = await add(first, outgoing())
    assert await take(second) == []
    async with first.transaction() as tx:
        await tx.processes.leave("1")
    assert await take(second) == left


async def test_known_from_the_start(postgresql_ready: str, opened: Open) -> None:
    """A process counts as alive before its first heartbeat."""
    first, second = await opened(postgresql_ready, owner="1"), await opened(postgresql_ready, owner="2")
    await add(first, outgoing())
    assert await take(second) == []


async def test_old_names_go(storage: Storage) -> None:
    """The list of processes does not grow with every restart."""
    async with storage.transaction() as tx:
        await tx.processes.heartbeat("old", NOW - timedelta(days=2))
        await tx.processes.heartbeat("new", NOW)
    async with storage._database.reading() as connection:
        rows = await connection.rows(sa.select(processes.c.owner))
    assert {row.owner for row in rows} & {"old", "new"} == {"new"}


async def test_transcripts_of_two_processes(postgresql_ready: str, opened: Open) -> None:
    """A web visitor misses nothing, whichever process stored it: ids of one chat appear in order."""
    from storage.records import Said

    storages = [await opened(postgresql_ready, owner=name) for name in ("1", "2")]
    seen: list[int] = []

    async def write(storage: Storage) -> None:
        for number in range(15):
            async with storage.transaction() as tx:
                said = [Said(chat="web:1", by="staff", at=NOW, content={"text": str(number)})] * 2
                await tx.transcript.add(said)
                await asyncio.sleep(0)

    writing = asyncio.gather(*(write(storage) for storage in storages))
    finished = False
    while not finished:
        finished = writing.done()  # and then looked once more
        async with storages[0].reading() as tx:
            seen += [said.id or 0 for said in await tx.transcript.of("web:1", after=seen[-1] if seen else 0)]
        await asyncio.sleep(0.001)
    await writing
    assert len(set(seen)) == 60
