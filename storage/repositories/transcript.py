"""The messages of web conversations, so that the page can show them again."""

import dataclasses
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select

from storage.among import among
from storage.records import Said
from storage.repositories.base import Repository, insert_counted
from storage.repositories.conversations import Conversations
from storage.tables import transcript
from storage.unreadable import readable, reading

_OF_CHAT = (
    select(transcript)
    .where(transcript.c.chat_hash == bindparam("chat_hash"), transcript.c.id > bindparam("after"))
    .order_by(transcript.c.id)
)
_LATEST = (
    select(transcript.c.chat_hash, func.max(transcript.c.id).label("latest"))
    .where(among(transcript.c.chat_hash))
    .group_by(transcript.c.chat_hash)
)


class Transcript(Repository):
    """What was said, by chat."""

    async def add(self, items: Iterable[Said]) -> list[Said]:
        """
        Store these messages; give them with their ids, which grow within a chat in the order of storing.

        Who reads a chat after a certain id misses nothing: two processes never store for one chat at a time.
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
        return [dataclasses.replace(item, id=number) for item, number in zip(said, ids, strict=True)]

    async def of(self, chat: str, *, after: int = 0, whole: bool = False) -> list[Said]:
        """
        Give what was said in a chat, oldest first; only what came after the message with this id.

        A line that cannot be read is left out; with ``whole`` it raises Unreadable.
        """
        values = {"chat_hash": self._session.chat_hash(chat), "after": after}
        rows = await self._connection.rows(_OF_CHAT, values)
        read = partial(self._read, chat)
        return list(map(read, rows) if whole else readable(rows, read))

    def _read(self, chat: str, row: Any) -> Said:
        """Give the row as a line."""
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
