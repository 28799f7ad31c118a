"""An outgoing message as its row, and back: what is encrypted of it, and what follows on it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.contents import Send, from_stored, to_stored
from storage.errors import Unreadable
from storage.listed import about, stored_chat, stored_question
from storage.records import Delivery, Outcome, Outgoing
from storage.repositories.base import Session
from storage.unreadable import GARBLED, reading

#: why a message was given up that cannot be read; begins as all do that are given up
UNREADABLE = "refused: cannot be read"


class OutgoingRows:
    """Makes rows of messages and messages of rows, with the keys of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keys = session.keys

    def read(self, row: Any) -> Outgoing:
        """Give the row as a message. Raises Unreadable."""
        with reading("a message", row):
            data = self._keys.open(row.data)
            return Outgoing(
                id=row.id,
                lane=data["lane"],
                kind=row.kind,
                content=from_stored(data["payload"]),
                created_at=row.created_at,
                lead=row.lead,
                **about(data["chat"], row.question),
                card=data.get("card"),
                attempts=row.attempts,
                due_at=row.due_at,
                status=row.status,
                error=self._keys.open(row.error) if row.error else None,
                receipt=self._receipt(row.receipt),
                then=_follow_ups(data, row.created_at),
            )

    def read_or_give_up(self, row: Any) -> Outgoing:
        """Give the row as a message; one that cannot be read as one that failed, and is for nobody."""
        try:
            return self.read(row)
        except Unreadable:
            return Outgoing(
                id=row.id,
                lane="",
                kind=row.kind,
                content=Send(html=""),
                created_at=datetime.min.replace(tzinfo=UTC) if row.created_at is GARBLED else row.created_at,
                lead=row.lead,
                question=row.question,
                attempts=row.attempts,
                status="failed",
                error=UNREADABLE,
            )

    def row(self, item: Outgoing, senders: Mapping[str, str]) -> dict[str, Any]:
        """Give the message as its row."""
        lane_hash, chat = self._session.hash("lane", item.lane), stored_chat(item)
        return {
            "lane_hash": lane_hash,
            "kind": item.kind,
            "owner": senders.get(lane_hash, self._session.owner),
            "assigned": lane_hash in senders,
            "status": item.status,
            "created_at": item.created_at,
            "due_at": item.due_at,
            "attempts": item.attempts,
            "chat_hash": chat and self._session.chat_hash(chat),
            "lead": item.lead,
            "question": stored_question(item),
            "data": self._keys.seal(_private(item)),
        }

    def delivered(self, item: Delivery) -> dict[str, Any]:
        """Give what became of a message as the values of its row."""
        return {
            "which": item.id,
            "new_status": item.status,
            "new_attempts": item.attempts,
            "new_due_at": item.due_at,
            "new_done_at": None if item.status == "waiting" else item.at,
            "new_error": self._keys.seal(item.error) if item.error else None,
            "new_receipt": self._sealed_receipt(item.receipt),
        }

    def _sealed_receipt(self, receipt: Mapping[str, Any] | None) -> str | None:
        """Give a receipt as stored: encrypted, unless it is numbers only, as Telegram's message ids are."""
        if not receipt:
            return None
        if all(isinstance(value, int) for value in receipt.values()):
            return json.dumps(dict(receipt))
        return self._keys.seal(dict(receipt))

    def _receipt(self, stored: str | None) -> Mapping[str, Any] | None:
        if not stored:
            return None
        receipt: Mapping[str, Any] = json.loads(stored) if stored.startswith("{") else self._keys.open(stored)
        return receipt

    def moved(self, row: Any, lane: str) -> dict[str, Any] | None:
        """Give the values that put a message into another lane; None for one that cannot be read."""
        data = self._keys.readable(row.data)
        if not isinstance(data, dict):
            return None
        sealed = self._keys.seal(data | {"lane": lane})
        return {"which": row.id, "new_lane": self._session.hash("lane", lane), "new_data": sealed}


def _private(item: Outgoing) -> dict[str, Any]:
    data = {"lane": item.lane, "chat": stored_chat(item), "payload": to_stored(item.content)}
    then = {outcome: _as_follow_up(message) for outcome, message in item.then.items()}
    few = {"then": then, "card": item.card}
    return data | {name: value for name, value in few.items() if value}


def _as_follow_up(item: Outgoing) -> dict[str, Any]:
    return _private(item) | {"kind": item.kind, "lead": item.lead, "question": stored_question(item)}


def _follow_ups(data: Mapping[str, Any], at: datetime) -> dict[Outcome, Outgoing]:
    return {outcome: _follow_up(stored, at) for outcome, stored in data.get("then", {}).items()}


def _follow_up(stored: Mapping[str, Any], at: datetime) -> Outgoing:
    """Give a follow-up from what was stored; its time is that of its message until it is to be said."""
    return Outgoing(
        lane=stored["lane"],
        kind=stored["kind"],
        content=from_stored(stored["payload"]),
        created_at=at,
        lead=stored["lead"],
        **about(stored["chat"], stored["question"]),
        then=_follow_ups(stored, at),
    )
