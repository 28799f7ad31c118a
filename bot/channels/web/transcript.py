"""What is stored of web chats, as the page asks for it: what was said, which sessions ended, a person's own data."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from bot.turns.personal_data import own_file
from storage.records import Said
from storage.store import Storage


class StoredTranscript:
    """Reads what was said, each time in a transaction of its own."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of(self, chat: str, *, after: int = 0, most: int) -> Sequence[Said]:
        """What was said in this chat after the message with this id, so much at most. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.transcript.of(chat, after=after, most=most)

    async def newest(self, chat: str, *, before: int, most: int) -> Sequence[Said]:
        """The latest of what was said before the message with this id, oldest first. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.transcript.newest(chat, before=before, most=most)

    async def latest(self, chats: Collection[str]) -> Mapping[str, int]:
        """The id of each chat's latest message. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.transcript.latest(chats)


class StoredEndings:
    """Which sessions ended, for all processes on one database."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def ended(self, chats: Collection[str]) -> Collection[str]:
        """Those of these chats whose session has ended. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.ended.of(chats)

    async def end(self, chat: str) -> None:
        """End the session of this chat. Raises StorageError."""
        async with self._storage.transaction() as tx:
            await tx.ended.add([chat], datetime.now(UTC))

    async def was_handled(self, chat: str, event_id: str) -> bool:
        """Whether this event of the chat was answered before. Raises StorageError."""
        async with self._storage.reading() as tx:
            return bool(await tx.handled.find([(chat, event_id)]))


class StoredCounts:
    """What was counted for a chat, when its person goes on in a fresh one."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, left: str, fresh: str) -> None:
        """Let what was counted for the one count for the other. Raises StorageError."""
        async with self._storage.transaction() as tx:
            await tx.counts.carry(left, fresh)


class StoredData:
    """The file with everything that is kept of a person, made when it is asked for."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, chat: str) -> str:
        """The file of this chat's person, JSON. Raises StorageError."""
        async with self._storage.transaction() as tx:
            conversation = (await tx.conversations.load([chat])).get(chat)
            return own_file(chat, conversation, await tx.people.kept(chat))
