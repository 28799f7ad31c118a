"""How often something was done to or by somebody, hour by hour: what limits count with, also after a removal."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, select

from storage.among import among
from storage.repositories.base import Repository, insert_adding
from storage.tables import counts

_SINCE = (
    select(counts.c.who_hash, counts.c.what, func.sum(counts.c.number).label("number"))
    .where(among(counts.c.who_hash, "whom"), among(counts.c.what, "whats"), counts.c.at >= bindparam("since"))
    .group_by(counts.c.who_hash, counts.c.what)
)
_OF = (
    select(counts.c.what, counts.c.at, counts.c.number)
    .where(counts.c.who_hash == bindparam("who"))
    .order_by(counts.c.what, counts.c.at)
)
_OLD = delete(counts).where(counts.c.at < bindparam("before"))


class Counts(Repository):
    """
    Numbers by (whom, what), whom as a keyed hash alone: a chat ("web:…"), an address, a network.

    They outlive ``people.forget``, or who removes themselves would begin anew; retention removes them after two days.
    """

    async def add(self, items: Iterable[tuple[str, str]], at: datetime) -> None:
        """Count each (whom, what) once more, in the hour of ``at``; one that is given twice counts twice."""
        numbers = Counter((self._hash(whom), what) for whom, what in items)
        rows = [
            {"who_hash": who, "what": what, "at": _hour(at), "number": number}
            for (who, what), number in sorted(numbers.items())
        ]
        if rows:
            await self._connection.write(insert_adding(counts, self._connection.dialect, "number"), rows)

    async def since(self, items: Iterable[tuple[str, str]], since: datetime) -> dict[tuple[str, str], int]:
        """Give how often each (whom, what) was counted since the hour of ``since``; 0 where it never was."""
        wanted = {(self._hash(whom), what): (whom, what) for whom, what in items}
        if not wanted:
            return {}
        values = {"whom": sorted({who for who, _ in wanted}), "whats": sorted({what for _, what in wanted})}
        rows = await self._connection.rows(_SINCE, values | {"since": _hour(since)})
        found = {(row.who_hash, row.what): int(row.number) for row in rows}
        return {item: found.get(key, 0) for key, item in wanted.items()}

    async def carry(self, left: str, fresh: str) -> None:
        """Let what was counted for one count for another too: who begins anew in a new chat begins no new day."""
        rows = await self._connection.rows(_OF, {"who": self._hash(left)})
        copies = [{"who_hash": self._hash(fresh), "what": row.what, "at": row.at, "number": row.number} for row in rows]
        if copies:
            await self._connection.write(insert_adding(counts, self._connection.dialect, "number"), copies)

    async def purge(self, before: datetime) -> int:
        """Remove what was counted before this time; give how many numbers that were."""
        return await self._connection.run(_OLD, {"before": before})

    def _hash(self, whom: str) -> str:
        """Give what stands for somebody in the table; not what stands for their chat elsewhere."""
        return self._session.hash("count", whom)


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
