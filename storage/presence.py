"""
How PostgreSQL itself knows which process lives: a session of its own that holds a lock as long as it does.

However a process ends, its session ends with it, and the server lets go of the lock; others see that at once. Where a
pooler gives every transaction another session no lock is anybody's: there the sign of life alone counts, see
``repositories.processes``. A session can also end while its process lives (an administrator, a network): then another
is taken at once, and until that is known everything is in doubt that others may have taken over meanwhile.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from storage.repositories.processes import LOCK, lock_key

Session = psycopg.AsyncConnection[Any]

_BEGIN_SECONDS = 3.0  #: what taking the lock may delay a start
_LOOK_SECONDS = 5.0  #: how often to look whether the lock is still ours
_PAUSES = (0.0, 0.05, 0.2, 0.5)  #: seconds before the lock is tried again; then the last of them each time
_OTHERS = 3  #: sessions that a pooler is asked for at once, to see whose they are

_TAKE = "SELECT pg_try_advisory_lock(%s, %s)"
_HELD = """SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
AND classid::bigint = %s AND objid::bigint = %s"""


class Presence:
    """The lock of one process, named by its owner name."""

    def __init__(self, connect: Callable[[], Awaitable[Session]], owner: str) -> None:
        self._connect = connect
        self._key = lock_key(owner)
        self._session: Session | None = None
        self._since: datetime | None = None  # None: nobody can see now that this process lives
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> bool:
        """Take the lock; whether it was to be had, in a session that is this process's own."""
        try:
            async with asyncio.timeout(_BEGIN_SECONDS):
                self._session = await self._taken() if await _are_ours(self._connect) else None
        except (psycopg.Error, OSError):  # the time that ran out is one of these
            return False
        if self._session:
            self._since = datetime.min.replace(tzinfo=UTC)
        return self._session is not None

    def hold(self, announce: Callable[[], Awaitable[None]]) -> None:
        """Hold the lock from now on; ``announce`` says that this process lives, whenever the lock had to be retaken."""
        self._task = asyncio.create_task(self._hold(announce), name="presence")

    def doubts(self, stored_at: datetime) -> bool:
        """Whether others may have taken this process for gone since then, and taken over what it stored."""
        return self._since is None or stored_at < self._since

    async def close(self) -> None:
        """Let go of the lock."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def _hold(self, announce: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._ended()
            self._since = None
            attempt = 0
            while not await self._again(announce):
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
            self._since = datetime.now(UTC)

    async def _again(self, announce: Callable[[], Awaitable[None]]) -> bool:
        """Take the lock in another session, and say that we live; whether that worked."""
        try:
            self._session = await self._taken()
            if self._session:
                await announce()
        except Exception:  # storage's own errors too: whatever it is, it is tried again
            return False
        return self._session is not None

    async def _ended(self) -> None:
        """Return once the session has ended, or the lock is not in it any more."""
        session = self._session
        if session is None:
            return
        try:
            while await self._is_held(session):
                async with contextlib.aclosing(session.notifies(timeout=_LOOK_SECONDS)) as nothing:
                    async for _ in nothing:
                        pass
        except (psycopg.Error, OSError):
            pass
        finally:
            await session.close()

    async def _taken(self) -> Session | None:
        """Give a session that holds the lock; None while another one has it (ours of before, say)."""
        session = await self._connect()
        try:
            if (await (await session.execute(_TAKE, [LOCK, self._key])).fetchall())[0][0]:
                return session
        except BaseException:
            await session.close()
            raise
        await session.close()
        return None

    async def _is_held(self, session: Session) -> bool:
        found = await (await session.execute(_HELD, [LOCK, self._key & 0xFFFFFFFF])).fetchall()
        return bool(found[0][0])


async def _are_ours(connect: Callable[[], Awaitable[Session]]) -> bool:
    """
    Whether a session stays ours between transactions.

    A server tells its clients its own process number at the start, a pooler makes one up. Then it is looked whether
    another transaction gets the session that ours was in, or ours another.
    """
    async with contextlib.AsyncExitStack() as stack:
        session = await _opened(connect, stack)
        number = await _number(session)
        if number == session.info.backend_pid:
            return True
        for other in [await _opened(connect, stack) for _ in range(_OTHERS)]:
            if await _number(session) != number:
                return False
            await other.execute("BEGIN")
            if await _number(other) == number:
                return False
    return True


async def _opened(connect: Callable[[], Awaitable[Session]], stack: contextlib.AsyncExitStack) -> Session:
    """Give a session that the stack ends, with the transaction that is open in it."""
    session = await connect()
    stack.push_async_callback(session.close)
    stack.push_async_callback(session.rollback)
    return session


async def _number(session: Session) -> int:
    """The number of the server's process in which this session's statements run now."""
    return int((await (await session.execute("SELECT pg_backend_pid()")).fetchall())[0][0])
