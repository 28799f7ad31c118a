"""PostgreSQL itself knows which process is gone: what that left is taken over at once, and nothing else is."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from storage.presence import Presence
from storage.store import Storage
from tests.pooler import KINDS, pooled
from tests.storage.conftest import KEY, Open
from tests.storage.samples import outgoing
from tests.storage.test_outbox import add

LEAVES = """
import asyncio, sys
from storage.store import Storage
from tests.storage.samples import outgoing

async def main(url, key):
    storage = await Storage.open(url, data_key=key, owner="dead", seen=True)
    async with storage.transaction() as tx:
        await tx.outbox.add([outgoing(f"telegram:{number}") for number in range(3)])
    print(storage.owner, flush=True)
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""
LOCKS = b"""SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
SESSIONS = b"""SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"""


async def looks(storage: Storage) -> int:
    """How many messages a process takes over when it looks as it does every second."""
    await storage.notice_gone(0.1)
    async with storage.transaction() as tx:
        return len(await tx.outbox.take(datetime.now(UTC)))


async def until_let_go(url: str, held: int = 0) -> None:
    """Wait until the server itself knows that a session has ended: no more than so many locks are held."""
    async with asyncio.timeout(30):
        while await asyncio.to_thread(_held, url) > held:
            await asyncio.sleep(0.01)


def _held(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as admin:
        ((number,),) = admin.execute(LOCKS).fetchall()
    return int(number)


async def until_seen(storage: Storage, stored_at: datetime, doubted: bool) -> None:
    """Wait until what was stored then is in doubt, or what is stored from now on no more."""
    async with asyncio.timeout(10):
        while storage.doubts(datetime.now(UTC) if not doubted else stored_at) != doubted:
            await asyncio.sleep(0.01)


async def test_killed(postgresql_ready: str, opened: Open) -> None:
    """What a killed process left is sent by another within 2 seconds, and by the next start as well."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", LEAVES, postgresql_ready, KEY]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
    assert process.stdout
    assert await asyncio.to_thread(process.stdout.readline) == b"dead+\n"
    other = await opened(postgresql_ready, owner="other", seen=True)
    assert other.at_once
    assert await looks(other) == 0
    process.kill()
    process.wait()
    process.stdout.close()
    await until_let_go(postgresql_ready, held=1)
    assert await looks(other) == 3


async def test_the_next_start(postgresql_ready: str, opened: Open) -> None:
    """A process without a session of its own takes over too; one that ends cleanly leaves its lock to nobody."""
    dead = await opened(postgresql_ready, owner="dead", seen=True)
    await add(dead, outgoing(created_at=datetime.now(UTC)))
    await dead.close()
    await until_let_go(postgresql_ready)
    assert await looks(await opened(postgresql_ready, owner="next")) == 1


async def test_a_start_looks_first_of_all(postgresql_ready: str, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a start does meanwhile counts: by the time it takes over, it need not wait for a second look any more."""
    dead = await opened(postgresql_ready, owner="dead", seen=True)
    await add(dead, outgoing(created_at=datetime.now(UTC)))
    await dead.close()
    await until_let_go(postgresql_ready)
    next_one = await opened(postgresql_ready, owner="next", seen=True)
    began, sleep, slept = time.monotonic(), asyncio.sleep, list[float]()
    await sleep(0.05)  # it reads its messages folder

    async def noted(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", noted)
    spent = time.monotonic() - began
    assert await looks(next_one) == 1
    assert slept[0] <= 0.1 - spent


async def test_a_session_that_breaks(postgresql_ready: str, opened: Open) -> None:
    """A living process whose session ends takes another at once: nobody takes over, but it looks before it sends."""
    living = await opened(postgresql_ready, owner="living", seen=True)
    other = await opened(postgresql_ready, owner="other")
    now = datetime.now(UTC)
    await add(living, outgoing(created_at=now))
    assert not living.doubts(now)
    with psycopg.connect(postgresql_ready, autocommit=True) as admin:
        looking = asyncio.create_task(looks(other))
        admin.execute(SESSIONS)
    await until_seen(living, now, doubted=True)
    await until_seen(living, now, doubted=False)
    assert await looking == await looks(other) == 0
    assert living.doubts(now)


async def test_a_session_that_cannot_be_had_again(
    postgresql_ready: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it cannot be seen that a process lives others take over; it looks before it sends; then all is well."""
    living = await opened(postgresql_ready, owner="living", seen=True)
    other = await opened(postgresql_ready, owner="other")
    now = datetime.now(UTC)
    (mine,) = await add(living, outgoing(created_at=now))
    away = True
    takes = Presence._taken

    async def taken(presence: Presence) -> object:
        if away:
            raise psycopg.OperationalError("sorry, too many clients already")
        return await takes(presence)

    monkeypatch.setattr(Presence, "_taken", taken)
    with psycopg.connect(postgresql_ready, autocommit=True) as admin:
        admin.execute(SESSIONS)
    await until_seen(living, now, doubted=True)
    assert await looks(other) == 1
    async with living.reading() as tx:
        assert await tx.outbox.mine([mine.id or 0]) == set()
    away = False
    await until_seen(living, now, doubted=False)
    await add(living, outgoing("telegram:2", created_at=datetime.now(UTC)))
    assert await looks(other) == 0


@pytest.mark.parametrize("mode", ["transaction", "session"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_pooler(postgresql_ready: str, opened: Open, kind: str, mode: str) -> None:
    """Behind a pooler that gives sessions of one's own it is the same; where it does not, the sign of life decides."""
    async with pooled(postgresql_ready, kind, mode) as url:
        living = await opened(url, owner="living", seen=True)
        assert (living.at_once, living.owner) == ((True, "living+") if mode == "session" else (False, "living"))
        await add(living, outgoing(created_at=datetime.now(UTC)))
        other = await opened(postgresql_ready, owner="other", seen=True)
        assert await looks(other) == 0
        await living.close()
        taken, until = 0, time.monotonic() + (5 if mode == "session" else 0.3)
        while not taken and time.monotonic() < until:  # a pooler empties a session before it gives it to another
            taken = await looks(other)
        assert taken == (1 if mode == "session" else 0)


async def test_a_server_that_restarts_takes_nobody_for_dead(postgresql_ready: str, opened: Open) -> None:
    """All sessions end at once, as when the server restarts: every process lives on with what it has."""
    first, second = [await opened(postgresql_ready, owner=name, seen=True) for name in ("1", "2")]
    now = datetime.now(UTC)
    await add(first, outgoing(created_at=now))
    with psycopg.connect(postgresql_ready, autocommit=True) as admin:
        admin.execute(SESSIONS)
    await until_seen(second, now, doubted=True)
    assert await looks(second) == 0
