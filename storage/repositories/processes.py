"""
Which processes of this program are at work on this database.

Each says every few seconds that it lives. One whose name ends in ``HELD`` also holds a lock in PostgreSQL while it
lives (``storage.presence``): once that is free it is gone, however lately it was seen.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, text

from storage.repositories.base import Repository, upsert
from storage.tables import processes

DEAD_AFTER = timedelta(seconds=15)  #: a process not seen for so long counts as gone
HELD = "+"  #: what the name of a process ends in that holds a lock
LOCK = 1_668_114_548  #: the class of these locks: any number that no other program on this database uses
_FORGET_AFTER = timedelta(days=1)

_LEAVE = delete(processes).where(processes.c.owner == bindparam("who"))
_FORGET = delete(processes).where(processes.c.seen_at < bindparam("since"))
_HOLDERS = select(processes.c.owner).where(processes.c.owner != bindparam("me"), processes.c.owner.like(f"%{HELD}"))
_CLOCK = select(func.clock_timestamp().label("now"))
_HELD_LOCKS = text(
    "SELECT CAST(objid AS bigint) AS key FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND CAST(classid AS bigint) = :class"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def lock_key(owner: str) -> int:
    """Give the number of a process's lock, as PostgreSQL takes it: 32 bits with a sign."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4], signed=True)


class Processes(Repository):
    """The processes, by owner name."""

    async def heartbeat(self, owner: str, now: datetime) -> None:
        """Say that this process is alive, by the server's clock. To be said every few seconds."""
        seen_at = now + self._session.ahead
        await self._connection.write(
            upsert(processes, self._connection.dialect), [{"owner": owner, "seen_at": seen_at}]
        )
        await self._connection.write(_FORGET, {"since": seen_at - _FORGET_AFTER})

    async def clock(self) -> datetime:
        """Give the server's time. Only for PostgreSQL."""
        moment: datetime = (await self._connection.rows(_CLOCK))[0].now
        return moment

    async def leave(self, owner: str) -> None:
        """Say that this process ends: what it leaves waiting can be taken up at once."""
        await self._connection.write(_LEAVE, {"who": owner})

    async def gone(self) -> list[str]:
        """Give the other processes that held a lock and hold it no more. Only for PostgreSQL."""
        holders = [row.owner for row in await self._connection.rows(_HOLDERS, {"me": self._session.owner})]
        if not holders:
            return []
        held = {row.key for row in await self._connection.rows(_HELD_LOCKS, {"class": LOCK})}
        return [owner for owner in holders if lock_key(owner) & 0xFFFFFFFF not in held]
