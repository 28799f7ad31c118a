"""What is stored of web chats, as page and API ask for it, each time in a transaction of its own."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from bot.turns.personal_data import own_file
from storage.records import Said
from storage.store import Storage


class StoredChats:
    """What was said, which sessions ended, a person's own data. All raise StorageError when the database is away."""

    def __init__(self, storage: Storage, shown: Callable[[str, int], None] = lambda chat, up_to: None) -> None:
        """``shown`` is told up to which line of staff's a page of a chat is."""
        self._storage = storage
        self._tell = shown
        self._asked: set[str] = set()  #: chats of which somebody waits to know whether they ended
        self._asking: asyncio.Task[Collection[str]] | None = None  #: the look that is going to tell them

    def shown(self, chat: str, lines: Sequence[Said]) -> None:
        """These lines reached a page of this chat."""
        staffs = [line.id for line in lines if line.by == "staff" and line.id is not None]
        if staffs:
            self._tell(chat, max(staffs))

    async def of(self, chat: str, *, after: int = 0, most: int) -> Sequence[Said]:
        """What was said in this chat after the message with this id, oldest first, so much at most."""
        async with self._storage.reading() as tx:
            return await tx.transcript.of(chat, after=after, most=most)

    async def newest(self, chat: str, *, before: int, most: int) -> Sequence[Said]:
        """The latest of what was said before the message with this id, oldest first."""
        async with self._storage.reading() as tx:
            return await tx.transcript.newest(chat, before=before, most=most)

    async def latest(self, chats: Collection[str]) -> Mapping[str, int]:
        """The id of the latest message of each of these chats; a chat without messages is left out."""
        async with self._storage.reading() as tx:
            return await tx.transcript.latest(chats)

    async def ended(self, chats: Collection[str]) -> Collection[str]:
        """Those of these chats whose session has ended before its time; who asks at the same moment shares one look."""
        self._asked.update(chats)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ended())
            self._asking.add_done_callback(_seen)
        return {*chats}.intersection(await asyncio.shield(self._asking))

    async def _ended(self) -> Collection[str]:
        try:
            async with self._storage.reading() as tx:
                return await tx.ended.of(self._all_asked())
        finally:
            if self._asking is asyncio.current_task():  # there was no connection to be had
                self._all_asked()

    def _all_asked(self) -> Collection[str]:
        """The chats to look up now; who asks from now on waits for another look."""
        asked, self._asked, self._asking = self._asked, set(), None
        return asked

    async def end(self, chat: str) -> None:
        """End the session of this chat, for all processes."""
        async with self._storage.transaction() as tx:
            await tx.ended.add([chat], datetime.now(UTC))

    async def was_handled(self, chat: str, event_id: str) -> bool:
        """Whether this event of the chat was answered before: asking for the answer again is no use of the session."""
        async with self._storage.reading() as tx:
            return bool(await tx.handled.find([(chat, event_id)]))

    async def carry(self, left: str, fresh: str) -> None:
        """Let what was counted for a chat count for the one its person goes on in."""
        async with self._storage.transaction() as tx:
            await tx.counts.carry(left, fresh)

    async def data_of(self, chat: str) -> str:
        """The file with everything that is kept of this chat's person, JSON, made now."""
        async with self._storage.transaction() as tx:
            conversation = (await tx.conversations.load([chat])).get(chat)
            return own_file(chat, conversation, await tx.people.kept(chat))


def _seen(look: "asyncio.Task[Collection[str]]") -> None:
    """Whoever asked may have gone meanwhile: then nobody else looks at what failed."""
    if not look.cancelled():
        look.exception()
