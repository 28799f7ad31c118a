"""Cases: who of staff has a lead or a forwarded question, where it stands, and what was done with it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, literal_column, select, update

from storage.among import among
from storage.case_records import Asked, Card, Case, CaseEvent, Did, Kind, Staff, Status, Unread
from storage.records import TOPIC, Notice
from storage.repositories.base import Repository, insert_counted, insert_missing, upsert
from storage.repositories.notices import Notices
from storage.tables import case_events, cases, leads
from storage.unreadable import reading

PAGE = 10  #: open cases that are given at a time

_FIND = select(cases).where(cases.c.reference == bindparam("which"))
_HOLD = _FIND.with_for_update()
_OPEN = cases.c.status != literal_column("'closed'")  # as the index has it, which a bound value would not fit
_OLDEST_FIRST = (cases.c.created_at, cases.c.reference)
_PAGE = select(cases).where(_OPEN).order_by(*_OLDEST_FIRST).limit(PAGE + 1).offset(bindparam("skipped"))
_QUIET = select(cases).where(cases.c.talk_at < bindparam("before")).order_by(cases.c.talk_at).limit(100)
_IN_TOPIC = update(cases).where(cases.c.reference == bindparam("which")).values(topic=bindparam("thread"))
_COUNTS = select(cases.c.kind, cases.c.status, func.count().label("number")).group_by(cases.c.kind, cases.c.status)
_OF_CHATS = select(cases).where(among(cases.c.chat_hash)).order_by(*_OLDEST_FIRST)
_HISTORY = select(case_events).where(among(case_events.c.reference)).order_by(case_events.c.id)
_LEAD_STATUS = (
    update(leads)
    .where(leads.c.reference == bindparam("which"))
    .values(status=bindparam("new_status"), status_at=bindparam("new_status_at"))
)
#: leads that have no case: the release before this one made them
_WITHOUT_CASE = ~exists().where(cases.c.reference == leads.c.reference)
_ORPHANS = select(leads.c.reference).where(_WITHOUT_CASE)
_ADOPT = insert(cases).from_select(
    ["reference", "kind", "chat_hash", "status", "version", "created_at", "updated_at", "status_at"],
    select(
        leads.c.reference,
        literal_column("'lead'"),
        leads.c.chat_hash,
        leads.c.status,
        literal_column("1"),
        leads.c.created_at,
        leads.c.updated_at,
        leads.c.status_at,
    ).where(among(leads.c.reference), _WITHOUT_CASE),
)
_TIMES = ("created_at", "updated_at", "status_at", "remind_at", "told_at", "talk_at", "talked_at")
_AS_IT_IS = (*_TIMES, "reference", "version", "topic")


class Cases(Repository):
    """The cases, by reference; and their history."""

    async def open(self, items: Iterable[Case]) -> None:
        """Store these new cases; one that is there stays as it is."""
        rows = {item.reference: self._row(item) for item in items}
        if rows:
            ordered = [rows[reference] for reference in sorted(rows)]
            await self._connection.write(insert_missing(cases, self._connection.dialect), ordered)

    async def orphans(self) -> list[str]:
        """Give the references of the leads that have no case; reads all of them."""
        return [row.reference for row in await self._connection.rows(_ORPHANS)]

    async def adopt(self, references: Sequence[str]) -> None:
        """Make cases of these leads, where they have none."""
        await self._connection.run(_ADOPT, {"wanted": references})

    async def find(self, reference: str) -> Case | None:
        """Give the case with this reference. Raises Unreadable."""
        rows = await self._connection.rows(_FIND, {"which": reference})
        return self._case(rows[0]) if rows else None

    async def hold(self, reference: str) -> Case | None:
        """
        Give the case, which nobody else changes until the transaction ends, where the database locks rows.

        Its chat is to be held before (``conversations.load``), as everybody does. Raises Unreadable.
        """
        rows = await self._connection.rows(_HOLD, {"which": reference})
        return self._case(rows[0]) if rows else None

    async def save(self, item: Case) -> None:
        """Store a case as it is now; of a lead its status, too, which exports read there."""
        if item.kind is Kind.LEAD:  # before the case: whoever removes a lead goes by this order
            values = {"which": item.reference, "new_status": str(item.status), "new_status_at": item.status_at}
            await self._connection.write(_LEAD_STATUS, values)
        kept = ("kind", "chat_hash", "created_at", "topic")
        await self._connection.write(upsert(cases, self._connection.dialect, kept), [self._row(item)])

    async def in_topic(self, item: Case, notice: Notice) -> bool:
        """Store that the topic which begins with this message is the case's; give whether the case is still there."""
        values = {"which": item.reference, "thread": notice.message_id}
        known = await self._connection.run(_IN_TOPIC, values) > 0
        await Notices(self._session).add([replace(notice, version=TOPIC)] if known else [])
        return known

    async def page(self, number: int) -> tuple[list[Case], bool]:
        """Give a page of the open cases, oldest first, and whether there is another behind it; pages count from 1."""
        rows = await self._connection.rows(_PAGE, {"skipped": max(number - 1, 0) * PAGE})
        return [self._case_or_bare(row) for row in rows[:PAGE]], len(rows) > PAGE

    async def counts(self) -> dict[tuple[str, str], int]:
        """Give how many cases there are by (kind, status)."""
        return {(row.kind, row.status): row.number for row in await self._connection.rows(_COUNTS)}

    async def of_chat(self, chat: str) -> list[Case]:
        """Give the cases of a chat, oldest first. Raises Unreadable."""
        rows = await self._connection.rows(_OF_CHATS, {"wanted": [self._session.chat_hash(chat)]})
        return [self._case(row) for row in rows]

    async def quiet(self, before: datetime) -> list[str]:
        """Give the chats in whose talk nobody said anything since then, a hundred cases' at most."""
        rows = await self._connection.rows(_QUIET, {"before": before})
        return list(dict.fromkeys(chat for row in rows if (chat := self._case_or_bare(row).chat)))

    async def log(self, items: Iterable[CaseEvent]) -> None:
        """Keep what happened."""
        rows = [self._event_row(item) for item in items]
        if rows:
            await insert_counted(self._connection, case_events, rows)

    async def history(self, references: Iterable[str]) -> dict[str, tuple[CaseEvent, ...]]:
        """Give what happened to these cases, by reference, oldest first. Raises Unreadable."""
        found: defaultdict[str, list[CaseEvent]] = defaultdict(list)
        for row in await self._connection.rows(_HISTORY, {"wanted": list(references)}):
            found[row.reference].append(self._event(row))
        return {reference: tuple(events) for reference, events in found.items()}

    def staff(self, actor: str, name: str) -> Staff:
        """Give somebody of staff as cases know them."""
        return Staff(key=self._session.hash("staff", actor), name=name)

    def _row(self, item: Case) -> dict[str, Any]:
        """Give the case as its row."""
        return {name: getattr(item, name) for name in _AS_IT_IS} | {
            "kind": str(item.kind),
            "status": str(item.status),
            "chat_hash": self._session.chat_hash(item.chat or ""),
            "owner_hash": item.owner and item.owner.key,
            "data": self._keys.seal(_private(item)),
        }

    def _case(self, row: Any) -> Case:
        """Give the row as a case. Raises Unreadable."""
        with reading(f"case {row.reference}", row):
            return _made(row, self._keys.open(row.data) if row.data is not None else {})

    def _case_or_bare(self, row: Any) -> Case:
        """Give the row as a case; where what is encrypted of it cannot be read, without that."""
        private = self._keys.readable(row.data) if row.data is not None else {}
        return _made(row, private if isinstance(private, dict) else {})

    def _event_row(self, item: CaseEvent) -> dict[str, Any]:
        """Give what happened as its row."""
        data = {"name": item.by and item.by.name, "from": item.before, "to": item.after, "text": item.text}
        return {
            "reference": item.reference,
            "at": item.at,
            "kind": str(item.did),
            "actor_hash": item.by and item.by.key,
            "data": self._keys.seal(data),
        }

    def _event(self, row: Any) -> CaseEvent:
        """Give the row as what happened. Raises Unreadable."""
        with reading("what happened to a case", row):
            data = self._keys.open(row.data)
            return CaseEvent(
                id=row.id,
                reference=row.reference,
                at=row.at,
                did=Did(row.kind),
                by=Staff(key=row.actor_hash, name=data["name"] or "") if row.actor_hash else None,
                before=data["from"] and Status(data["from"]),
                after=data["to"] and Status(data["to"]),
                text=data["text"],
            )


def _private(item: Case) -> dict[str, Any]:
    """Give what of a case is encrypted."""
    return {
        "chat": item.chat,
        "owner": item.owner and item.owner.name,
        "asked": item.asked and asdict(item.asked),
        "card": [str(item.card), item.card_version],
        "changes": item.changes,
        "told": item.told,
        "unread": [asdict(one) for one in item.unread],
        "mails": item.mails,
        "mail_at": item.mail_at and item.mail_at.isoformat(),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _made(row: Any, private: dict[str, Any]) -> Case:
    """Give a case from its row and what is encrypted of it, which may be nothing."""
    asked, (card, card_version) = private.get("asked"), private.get("card", (Card.NEW, 1))
    return Case(
        **{name: getattr(row, name) for name in _AS_IT_IS},
        kind=Kind(row.kind),
        status=Status(row.status),
        chat=private.get("chat"),
        owner=Staff(key=row.owner_hash, name=private.get("owner") or "") if row.owner_hash else None,
        asked=Asked(**asked) if asked else None,
        card=Card(card),
        card_version=card_version,
        changes=tuple((field, old, new) for field, old, new in private.get("changes", ())),
        told=tuple(private.get("told", ())),
        unread=tuple(Unread(**one) for one in private.get("unread", ())),
        mails=private.get("mails", 0),
        mail_at=_moment(private.get("mail_at")),
    )
