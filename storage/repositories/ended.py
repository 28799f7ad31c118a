"""Web sessions that are over before their time: by "new conversation", or because their person was removed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.among import among
from storage.repositories.base import Repository, insert_missing
from storage.tables import conversations, ended

#: Longer than any token is good for, after which it needs no list to be refused.
DAYS = 100
_FIND = select(ended.c.chat_hash).where(among(ended.c.chat_hash))
_WEB = select(conversations.c.chat_hash).where(among(conversations.c.chat_hash), conversations.c.channel == "web")
_OLD = delete(ended).where(ended.c.at < bindparam("before"))


class Ended(Repository):
    """Which sessions ended, by their chat."""

    async def add(self, chats: Iterable[str], at: datetime) -> None:
        """End the sessions of these chats; those that have ended stay so."""
        await self._add(self._session.chat_hashes(chats), at)

    async def add_web(self, hashes: Mapping[str, str], at: datetime) -> None:
        """End the sessions of those of these chats (hash -> chat) that are web conversations."""
        rows = await self._connection.rows(_WEB, {"wanted": tuple(hashes)})
        await self._add([row.chat_hash for row in rows], at)

    async def of(self, chats: Collection[str]) -> set[str]:
        """Give those of these chats whose session has ended."""
        hashes = self._session.chat_hashes(chats)
        rows = await self._connection.rows(_FIND, {"wanted": tuple(hashes)}) if hashes else ()
        return {hashes[row.chat_hash] for row in rows}

    async def purge(self, before: datetime) -> int:
        """Remove what ended before this time; give how many."""
        return await self._connection.run(_OLD, {"before": before})

    async def _add(self, hashes: Iterable[str], at: datetime) -> None:
        rows = [{"chat_hash": chat_hash, "at": at} for chat_hash in sorted(hashes)]
        if rows:
            await self._connection.write(insert_missing(ended, self._connection.dialect), rows)
