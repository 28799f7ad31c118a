"""An e-mail address in what others said: who asks to be removed is removed there too, line by line."""

from sqlalchemy import bindparam, delete, select, update

from storage.among import among
from storage.repositories.base import Repository
from storage.repositories.searched import Searched, texts_of
from storage.tables import conversations, handled, outgoing, questions, transcript

_LINES = select(transcript.c.id, transcript.c.data)
_DROP_LINES = delete(transcript).where(among(transcript.c.id))
_LEFT = select(outgoing.c.id, outgoing.c.data).where(outgoing.c.status == "sent")
_DROP_LEFT = delete(outgoing).where(among(outgoing.c.id))
_MISSED = select(questions.c.id, questions.c.data)
_DROP_MISSED = delete(questions).where(among(questions.c.id))
_ANSWERS = select(handled.c.event_hash, handled.c.body).where(handled.c.body.is_not(None))
_DROP_ANSWERS = update(handled).where(among(handled.c.event_hash)).values(body=None)
_ALL = ((_LINES, _DROP_LINES), (_LEFT, _DROP_LEFT), (_MISSED, _DROP_MISSED), (_ANSWERS, _DROP_ANSWERS))
_TALK = (
    select(conversations.c.chat_hash, conversations.c.data)
    .where(conversations.c.data.is_not(None))
    .order_by(conversations.c.chat_hash)
    .with_for_update()
)
_REPLACE = update(conversations).where(conversations.c.chat_hash == bindparam("which")).values(data=bindparam("new"))


class Traces(Repository):
    """What is left of an address once its own chats are removed."""

    async def remove(self, search: Searched) -> int:
        """
        Remove the lines, answers and messages that left in which the address stands, and nothing else of their chats.

        A message that still waits, or was given up, stays: it is to arrive. Gives how many were removed. Reads
        everything, so it is for an operator.
        """
        count = await self._questions(search)
        for find, drop in _ALL:
            found = [key for key, sealed in await self._connection.rows(find) if self._holds(search, sealed)]
            if found:
                count += await self._connection.run(drop, {"wanted": found})
        return count

    async def _questions(self, search: Searched) -> int:
        """Remove it from the questions that might still be passed on."""
        changed = []
        for row in await self._connection.rows(_TALK):
            private = self._keys.readable(row.data)
            if isinstance(private, dict) and search.within(str(private.get("question") or "")):
                changed.append({"which": row.chat_hash, "new": self._keys.seal(private | {"question": None})})
        if changed:
            await self._connection.run(_REPLACE, changed)
        return len(changed)

    def _holds(self, search: Searched, sealed: str) -> bool:
        return any(map(search.within, texts_of(self._keys.readable(sealed))))
