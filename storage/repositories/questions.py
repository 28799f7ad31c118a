"""Questions that were not answered directly, with a keyed hash of whose they are, so that they go with the rest."""

import asyncio
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from storage.records import MissedQuestion
from storage.repositories.base import Repository
from storage.tables import questions
from storage.unreadable import readable, reading

_AT_A_TIME = 50  #: questions that are decrypted before others get their turn
_ADD = insert(questions)
_COUNT = select(func.count().label("number")).select_from(questions)
_OF_CHAT = select(questions).where(questions.c.chat_hash == bindparam("chat_hash")).order_by(questions.c.id)


class Questions(Repository):
    """The missed questions."""

    async def add(self, items: Iterable[MissedQuestion]) -> None:
        """Store these questions."""
        rows = [
            {
                "language": item.language,
                "at": item.at,
                "chat_hash": None if item.chat is None else self._session.chat_hash(item.chat),
                "data": self._keys.seal({"question": item.question, "suggestions": list(item.suggestions)}),
            }
            for item in items
        ]
        if rows:
            await self._connection.write(_ADD, rows)

    async def recent(self, limit: int = 100) -> list[MissedQuestion]:
        """
        Give the latest questions that can be read, newest first. Raises Unreadable where none can.

        Others go on meanwhile: decrypting hundreds takes a while.
        """
        rows = await self._connection.rows(select(questions).order_by(questions.c.id.desc()).limit(limit))
        found: list[MissedQuestion] = []
        for start in range(0, len(rows), _AT_A_TIME):
            found += readable(rows[start : start + _AT_A_TIME], self._read)
            await asyncio.sleep(0)
        return found or [self._read(row) for row in rows[:1]]

    async def of(self, chat: str) -> list[MissedQuestion]:
        """Give the questions of a chat, oldest first."""
        rows = await self._connection.rows(_OF_CHAT, {"chat_hash": self._session.chat_hash(chat)})
        return [self._read(row) for row in rows]

    async def count(self) -> int:
        """Give how many there are, read or not."""
        rows = await self._connection.rows(_COUNT)
        number: int = rows[0].number
        return number

    def _read(self, row: Any) -> MissedQuestion:
        with reading("a question that was not answered", row):
            data = self._keys.open(row.data)
            return MissedQuestion(
                id=row.id,
                question=data["question"],
                language=row.language,
                suggestions=tuple(data["suggestions"]),
                at=row.at,
            )
