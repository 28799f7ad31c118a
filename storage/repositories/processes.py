"""Which processes of this program are at work on this database."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete

from storage.repositories.base import Repository, upsert
from storage.tables import processes

DEAD_AFTER = timedelta(seconds=15)  #: a process not seen for so long counts as gone
_FORGET_AFTER = timedelta(days=1)

_LEAVE = delete(processes).where(processes.c.owner == bindparam("who"))
_FORGET = delete(processes).where(processes.c.seen_at < bindparam("since"))


class Processes(Repository):
    """The processes, by owner name."""

    async def heartbeat(self, owner: str, now: datetime) -> None:
        """Say that this process is alive. To be said every few seconds."""
        row = {"owner": owner, "seen_at": now}
        await self._connection.run(upsert(processes, self._connection.dialect), [row])
        await self._connection.run(_FORGET, {"since": now - _FORGET_AFTER})

    async def leave(self, owner: str) -> None:
        """Say that this process ends: what it leaves waiting can be taken up at once."""
        await self._connection.run(_LEAVE, {"who": owner})
