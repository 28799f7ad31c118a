"""The messages of web conversations, so that the page can show them again."""

import dataclasses
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, delete, func, select

from storage.among import among
from storage.records import Said
from storage.repositories.base import Repository, insert_counted
from storage.repositories.conversations import Conversations
from storage.tables import transcript
from storage.unreadable import readable, reading

_ALL = 2**31 - 1
_MOST: BindParameter[int] = bindparam("most", type_=Integer)
_OF_CHAT = (
    select(transcript)
    .where(transcript.c.chat_hash == bindparam("chat_hash"), transcript.c.id > bindparam("after"))
    .order_by(transcript.c.id)
    .limit(_MOST)
)
_NEWEST = (
    select(transcript)
    .where(transcript.c.chat_hash == bindparam("chat_hash"), transcript.c.id < bindparam("before"))
    .order_by(transcript.c.id.desc())
    .limit(_MOST)
)
#: the newest line of a chat that is one too many
_FIRST_TOO_MANY = (
    select(transcript.c.id)
    .where(transcript.c.chat_hash == bindparam("chat_hash"))
    .order_by(transcript.c.id.desc())
    .limit(1)
    .offset(_MOST)
    .scalar_subquery()
)
_TRIM = delete(transcript).where(transcript.c.chat_hash == bindparam("chat_hash"), transcript.c.id <= _FIRST_TOO_MANY)
#: only every so many lines is it looked at whether a chat has too many
_TRIM_EVERY = 16
_LATEST = (
    select(transcript.c.chat_hash, func.max(transcript.c.id).label("latest"))
    .where(among(transcript.c.chat_hash))
    .group_by(transcript.c.chat_hash)
)


class Transcript(Repository):
    """What was said, by chat."""

    async def add(self, items: Iterable[Said], *, most: int = _ALL) -> list[Said]:
        """
        Store these messages; give them with their ids, which grow within a chat in the order of storing.

        A chat that has well over ``most`` lines then loses its oldest. Who reads a chat after a certain id misses
        nothing: two processes never store for one chat at a time.
        """
        said = list(items)
        if not said:
            return []
        await Conversations(self._session).hold(self._session.chat_hashes(item.chat for item in said))
        ids = await insert_counted(
            self._connection,
            transcript,
            [
                {
                    "chat_hash": self._session.chat_hash(item.chat),
                    "author": item.by,
                    "at": item.at,
                    "data": self._keys.seal(dict(item.content)),
                }
                for item in said
            ],
        )
        full = {item.chat for item, number in zip(said, ids, strict=True) if number % _TRIM_EVERY == 0}
        for chat_hash in self._session.chat_hashes(full) if most < _ALL else ():
            await self._connection.write(_TRIM, {"chat_hash": chat_hash, "most": most})
        return [dataclasses.replace(item, id=number) for item, number in zip(said, ids, strict=True)]

    async def newest(self, chat: str, *, before: int, most: int) -> list[Said]:
        """Give the latest lines of a chat before the one with this id, so many at most, oldest first."""
        values = {"chat_hash": self._session.chat_hash(chat), "before": before, "most": most}
        rows = await self._connection.rows(_NEWEST, values)
        return list(readable(reversed(rows), partial(self._read, chat)))

    async def of(self, chat: str, *, after: int = 0, most: int = _ALL, whole: bool = False) -> list[Said]:
        """
        Give what was said in a chat, oldest first; only what came after the message with this id, so much at most.

        A line that cannot be read is left out; with ``whole`` it raises Unreadable.
        """
        values = {"chat_hash": self._session.chat_hash(chat), "after": after, "most": most}
        rows = await self._connection.rows(_OF_CHAT, values)
        read = partial(self._read, chat)
        return list(map(read, rows) if whole else readable(rows, read))

    def _read(self, chat: str, row: Any) -> Said:
        with reading("a line of a conversation", row):
            content = dict(self._keys.open(row.data))
        return Said(id=row.id, chat=chat, by=row.author, at=row.at, content=content)

    async def latest(self, chats: Collection[str]) -> dict[str, int]:
        """Give the id of the latest message of each of these chats; a chat without messages is left out."""
        hashes = self._session.chat_hashes(chats)
        if not hashes:
            return {}
        rows = await self._connection.rows(_LATEST, {"wanted": tuple(hashes)})
        return {hashes[row.chat_hash]: row.latest for row in rows}
