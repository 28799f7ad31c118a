"""Our messages in the staff chat, kept to answer through them and to edit them when their person is forgotten."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from storage.listed import about, stored_chat, stored_question
from storage.records import TOPIC, Notice
from storage.repositories.base import Repository, upsert
from storage.tables import notices
from storage.unreadable import reading

_FIND = select(notices).where(
    notices.c.staff_hash == bindparam("staff_hash"), notices.c.message_id == bindparam("message_id")
)
_OF_QUESTION = select(notices).where(notices.c.question == bindparam("question")).order_by(notices.c.message_id)
_CARDS = (
    select(notices)
    .where(
        notices.c.chat_hash == bindparam("chat_hash"),
        or_(notices.c.lead == bindparam("which"), notices.c.question == bindparam("which")),
        notices.c.version > TOPIC,
    )
    .order_by(notices.c.message_id)
)
_TOPICS = (
    select(notices.c.message_id)
    .where(notices.c.staff_hash == bindparam("staff"), notices.c.version == TOPIC)
    .limit(bindparam("most", 1))
)
_RETIRE = (
    update(notices)
    .where(notices.c.staff_hash == bindparam("staff"), notices.c.message_id == bindparam("message"))
    .values(version=None)
)
_REMOVE = delete(notices).where(
    notices.c.staff_hash == bindparam("staff"), notices.c.message_id == bindparam("message")
)


class Notices(Repository):
    """The notices, by staff chat and message id."""

    async def add(self, items: Iterable[Notice]) -> None:
        """Store these notices; one that is there is replaced."""
        rows = [
            {
                "staff_hash": self._session.chat_hash(item.staff_chat),
                "message_id": item.message_id,
                "chat_hash": self._session.chat_hash(stored_chat(item) or ""),
                "lead": item.lead,
                "question": stored_question(item),
                "version": item.version,
                "data": self._keys.seal({"staff_chat": item.staff_chat, "chat": stored_chat(item)}),
            }
            for item in items
        ]
        if rows:
            await self._connection.write(upsert(notices, self._connection.dialect), rows)

    async def find(self, staff_chat: str, message_id: int) -> Notice | None:
        """Give the notice that this message of the staff chat is."""
        values = {"staff_hash": self._session.chat_hash(staff_chat), "message_id": message_id}
        rows = await self._connection.rows(_FIND, values)
        return self.read(rows[0]) if rows else None

    async def of_question(self, reference: str) -> Notice | None:
        """Give the first notice about a question that was passed on."""
        rows = await self._connection.rows(_OF_QUESTION, {"question": reference})
        return self.read(rows[0]) if rows else None

    async def has_topics(self, staff_chat: str) -> bool:
        """Give whether any case has, or had, a topic in this staff chat."""
        return bool(await self._connection.rows(_TOPICS, {"staff": self._session.chat_hash(staff_chat)}))

    async def cards(self, chat: str, reference: str) -> list[Notice]:
        """Give our messages that are the card of this case of a chat: one, or more after a kill."""
        values = {"chat_hash": self._session.chat_hash(chat), "which": reference}
        return [self.read(row) for row in await self._connection.rows(_CARDS, values)]

    async def retire(self, items: Iterable[Notice]) -> None:
        """Let these be cards no more: a newer one says all."""
        rows = [{"staff": self._session.chat_hash(one.staff_chat), "message": one.message_id} for one in items]
        if rows:
            await self._connection.write(_RETIRE, rows)

    async def remove(self, rows: Iterable[Any]) -> None:
        """Forget the notices that these rows are; that needs not be able to read them."""
        found = [{"staff": row.staff_hash, "message": row.message_id} for row in rows]
        if found:
            await self._connection.write(_REMOVE, found)

    def read(self, row: Any) -> Notice:
        """Give the row as a notice."""
        with reading("a notice in the staff chat", row):
            data = self._keys.open(row.data)
            return Notice(
                staff_chat=data["staff_chat"],
                message_id=row.message_id,
                lead=row.lead,
                version=row.version,
                **about(data["chat"], row.question),
            )
