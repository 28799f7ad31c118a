"""
Outgoing messages: stored with what caused them, kept until they left.

Every waiting message has an owner, the process that sends it. A lane is sent by one process at a time, in order: a
message for a lane in which another living process still has messages waiting is given to that process.
"""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, false, func, literal_column, not_, or_, select, true, update

from storage.among import among
from storage.errors import Unreadable
from storage.records import Delivery, Notice, Outgoing
from storage.repositories.base import Repository, Session, insert_counted
from storage.repositories.meta import Meta
from storage.repositories.notices import Notices
from storage.repositories.outgoing_rows import OutgoingRows
from storage.repositories.processes import DEAD_AFTER
from storage.tables import outgoing, processes

_ALIASES = "lane-aliases"
# as the indexes have it: with a parameter they would not be used, and every look would read all that was ever sent
_WAITING = outgoing.c.status == literal_column("'waiting'")
_GIVEN_UP = outgoing.c.status == literal_column("'failed'")
_OF_LIVING = outgoing.c.owner.in_(select(processes.c.owner).where(processes.c.seen_at > bindparam("since")))
_MINE = outgoing.c.owner == bindparam("me")
_ASSIGNED = and_(_MINE, outgoing.c.assigned == true())

_SENDERS = (
    select(outgoing.c.lane_hash, func.max(outgoing.c.owner).label("owner"))
    .where(_WAITING, among(outgoing.c.lane_hash), not_(_MINE), _OF_LIVING)
    .group_by(outgoing.c.lane_hash)
)
# "+ 0": of those that wait, not by going through all in the order of ids
_OLDEST_FIRST = select(outgoing).order_by(outgoing.c.id + literal_column("0")).with_for_update(skip_locked=True)
_TAKE = {
    # one SQLite file, one process that sends: what others left is ours at once
    "sqlite": _OLDEST_FIRST.where(_WAITING, or_(not_(_MINE), _ASSIGNED)),
    "postgresql": _OLDEST_FIRST.where(_WAITING, or_(and_(not_(_MINE), not_(_OF_LIVING)), _ASSIGNED)),
}
_OVERLOOKED = select(outgoing.c.id).where(
    _WAITING, _MINE, outgoing.c.assigned == false(), outgoing.c.created_at < bindparam("before")
)
_BY_ID = select(outgoing).where(among(outgoing.c.id)).order_by(outgoing.c.id)
_STILL_MINE = select(outgoing.c.id).where(_WAITING, _MINE, among(outgoing.c.id))
_OPEN = select(outgoing.c.id).where(_WAITING, among(outgoing.c.id)).order_by(outgoing.c.id).with_for_update()
_OWN = update(outgoing).where(among(outgoing.c.id)).values(owner=bindparam("me"), assigned=False)
_RECORD = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("which"), _WAITING)  # what is known as sent or given up is not undone by old news
    .values(
        {name: bindparam(f"new_{name}") for name in ("status", "attempts", "due_at", "done_at", "error", "receipt")}
    )
)
_THERE = select(outgoing.c.id).where(among(outgoing.c.id))
_OF_LANE = select(outgoing.c.id, outgoing.c.data).where(_WAITING, outgoing.c.lane_hash == bindparam("lane"))
_RELANE = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("which"))
    .values(lane_hash=bindparam("new_lane"), data=bindparam("new_data"))
)
_WAITING_ABOUT = (
    select(outgoing).where(outgoing.c.chat_hash == bindparam("chat_hash"), _WAITING).order_by(outgoing.c.id)
)
_WAITING_COUNTS = select(outgoing.c.kind, func.count().label("number")).where(_WAITING).group_by(outgoing.c.kind)
_FAILED = select(outgoing).where(_GIVEN_UP).order_by(outgoing.c.id)
_TRIED = (
    select(outgoing)
    .where(_WAITING, outgoing.c.attempts > 0)
    .order_by(outgoing.c.id + literal_column("0"))
    .limit(bindparam("most"))
)
_DROP = delete(outgoing).where(
    among(outgoing.c.id), or_(outgoing.c.status == "failed", and_(_WAITING, outgoing.c.attempts > 0))
)
_SUPERSEDE = delete(outgoing).where(_WAITING, among(outgoing.c.id))
_RETRY = (
    update(outgoing)
    .where(among(outgoing.c.id), outgoing.c.status == "failed")
    .values(status="waiting", attempts=0, due_at=None, done_at=None, assigned=True)
)


class Outbox(Repository):
    """The outgoing messages, by id."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._rows = OutgoingRows(session)

    async def add(self, items: Iterable[Outgoing]) -> list[Outgoing]:
        """Store these messages; give, with their ids, those that this process is to send (in SQLite all of them)."""
        messages = list(items)
        if not messages:
            return []
        senders = await self._senders(messages)
        rows = [self._rows.row(item, senders) for item in messages]
        ids = await insert_counted(self._connection, outgoing, rows)
        return [
            dataclasses.replace(item, id=number)
            for item, number, row in zip(messages, ids, rows, strict=True)
            if not row["assigned"]
        ]

    async def record(self, deliveries: Iterable[Delivery]) -> list[Notice]:
        """
        Store what became of these messages, with their notices. A message that was removed meanwhile stays so, and one
        that is known as sent or given up too: the news of an earlier attempt may come later.

        Gives the notices of messages that were removed while they left: these are not kept, but must be edited.
        """
        ordered = sorted(deliveries, key=lambda item: item.id)
        if ordered:
            await self._connection.write(_RECORD, [self._rows.delivered(item) for item in ordered])
        noted = {item.id: item.notice for item in ordered if item.notice}
        if not noted:
            return []
        there = {row.id for row in await self._connection.rows(_THERE, {"wanted": list(noted)})}
        await Notices(self._session).add(notice for number, notice in noted.items() if number in there)
        return [notice for number, notice in noted.items() if number not in there]

    async def open(self, ids: Iterable[int]) -> set[int]:
        """Give those of these messages of which it is not stored yet what became of them; nobody else stores it now."""
        wanted = sorted(ids)
        return {row.id for row in await self._connection.rows(_OPEN, {"wanted": wanted})} if wanted else set()

    async def take(self, now: datetime, limit: int = 1000) -> list[Outgoing]:
        """
        Give the waiting messages that this process is to send from now on, oldest first; each is given once. One that
        cannot be read has failed: it is to be given up.

        Those are: what processes left that are gone (in SQLite: whatever was left), and what another process gave to
        this one. To be asked at start, and again every second or so. ``due_at`` is not looked at.
        """
        values: dict[str, Any] = {"me": self._session.owner}
        if self._connection.dialect == "postgresql":
            values["since"] = now + self._session.ahead - DEAD_AFTER
        statement = _TAKE[self._connection.dialect].limit(limit)
        return await self._taken(await self._connection.rows(statement, values))

    async def overlooked(self, before: datetime, known: Collection[int]) -> list[Outgoing]:
        """
        Give the waiting messages of this process, made before this time, that are none of the known ones, oldest first.

        They were stored, but the process did not learn of it: the answer to its commit was lost on the way.
        """
        rows = await self._connection.rows(_OVERLOOKED, {"me": self._session.owner, "before": before})
        missing = [row.id for row in rows if row.id not in known]
        if not missing:
            return []
        return [self._rows.read_or_give_up(row) for row in await self._connection.rows(_BY_ID, {"wanted": missing})]

    async def mine(self, ids: Sequence[int]) -> set[int]:
        """Give those of these messages that still wait to be sent by this process: the others were removed or taken."""
        values = {"wanted": list(ids), "me": self._session.owner}
        return {row.id for row in await self._connection.rows(_STILL_MINE, values)}

    async def retarget(self, old_lane: str, new_lane: str) -> int:
        """Let what waits in one lane leave by another, and remember the new name; give how many messages moved."""
        aliases = await self.aliases()
        followed = {old: new_lane if new == old_lane else new for old, new in aliases.items()}
        await Meta(self._session).set(_ALIASES, followed | {old_lane: new_lane})
        rows = await self._connection.rows(_OF_LANE, {"lane": self._session.hash("lane", old_lane)})
        moved = [values for row in rows if (values := self._rows.moved(row, new_lane))]
        if moved:
            await self._connection.write(_RELANE, moved)
        return len(moved)

    async def aliases(self) -> dict[str, str]:
        """Give the lanes that have another name now: old -> new."""
        try:
            found = await Meta(self._session).get(_ALIASES)
            return found if isinstance(found, dict) else {}
        except Unreadable:  # the other side says it again at the next message to the old address
            return {}

    async def waiting_counts(self) -> dict[str, int]:
        """Give how many messages wait, by kind."""
        return Counter({row.kind: row.number for row in await self._connection.rows(_WAITING_COUNTS)})

    async def waiting_about(self, chat: str) -> list[Outgoing]:
        """Give the waiting messages to and about the person of a chat, oldest first."""
        rows = await self._connection.rows(_WAITING_ABOUT, {"chat_hash": self._session.chat_hash(chat)})
        return [self._rows.read_or_give_up(row) for row in rows]

    async def failed(self) -> list[Outgoing]:
        """Give the messages that were given up, oldest first."""
        return [self._rows.read_or_give_up(row) for row in await self._connection.rows(_FAILED)]

    async def tried(self, most: int = 1000) -> list[Outgoing]:
        """Give the waiting messages that were tried before, oldest first: put off, refused, or held up."""
        return [self._rows.read_or_give_up(row) for row in await self._connection.rows(_TRIED, {"most": most})]

    async def drop(self, ids: Sequence[int]) -> int:
        """
        Remove these messages, which were given up or tried in vain; give how many. The process that sends a waiting
        one looks before the next attempt whether it is still there.
        """
        return await self._connection.run(_DROP, {"wanted": list(ids)})

    async def retry(self, ids: Sequence[int] | None = None) -> int:
        """Let these messages that were given up wait again, or all of them; give how many. ``take`` gives them."""
        chosen = [item.id for item in await self.failed() if item.id is not None] if ids is None else list(ids)
        return await self._connection.run(_RETRY, {"wanted": chosen})

    async def supersede(self, ids: Iterable[int]) -> None:
        """Remove these waiting messages: a later one says all that matters. One that left meanwhile stays known."""
        await self._connection.write(_SUPERSEDE, {"wanted": sorted(ids)})

    async def _senders(self, messages: Sequence[Outgoing]) -> dict[str, str]:
        if self._connection.dialect == "sqlite":
            return {}
        lanes = sorted({self._session.hash("lane", item.lane) for item in messages})
        since = max(item.created_at for item in messages) + self._session.ahead - DEAD_AFTER
        values = {"wanted": lanes, "me": self._session.owner, "since": since}
        return {row.lane_hash: row.owner for row in await self._connection.rows(_SENDERS, values)}

    async def _taken(self, rows: Sequence[Any]) -> list[Outgoing]:
        if rows:
            await self._connection.write(_OWN, {"wanted": [row.id for row in rows], "me": self._session.owner})
        return [self._rows.read_or_give_up(row) for row in rows]
