"""Handled events, so that the same event again changes nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from storage.among import among
from storage.errors import Unreadable
from storage.records import Handled as HandledEvent
from storage.repositories.base import Repository
from storage.tables import handled
from storage.unreadable import reading

_FIND = select(handled).where(among(handled.c.event_hash))
_ADD = insert(handled)


class Handled(Repository):
    """The events that were handled, by chat and event id."""

    async def find(self, events: Iterable[tuple[str, str]]) -> dict[tuple[str, str], HandledEvent]:
        """Give those of these events (chat, event id) that were handled before."""
        hashes = {self._event_hash(*event): event for event in events}
        if not hashes:
            return {}
        found = {}
        for row in await self._connection.rows(_FIND, {"wanted": tuple(hashes)}):
            chat, event_id = hashes[row.event_hash]
            found[chat, event_id] = self._read(row, chat, event_id)
        return found

    def _read(self, row: Any, chat: str, event_id: str) -> HandledEvent:
        """Give the row as a handled event: that it was handled is known, whatever became of its body."""
        try:
            with reading("a handled event", row):
                body = dict(self._keys.open(row.body)) if row.body else None
        except Unreadable:
            return HandledEvent(chat=chat, event_id=event_id, at=datetime.now(UTC), garbled=True)
        return HandledEvent(chat=chat, event_id=event_id, at=row.at, body=body)

    async def add(self, items: Iterable[HandledEvent]) -> None:
        """Store that these events were handled. Raises Rejected when one of them was already."""
        rows = [
            {
                "event_hash": self._event_hash(item.chat, item.event_id),
                "chat_hash": self._session.chat_hash(item.chat),
                "at": item.at,
                "body": None if item.body is None else self._keys.seal(dict(item.body)),
            }
            for item in items
        ]
        if rows:
            await self._connection.write(_ADD, rows)

    def _event_hash(self, chat: str, event_id: str) -> str:
        return self._session.hash("event", f"{chat}\0{event_id}")
