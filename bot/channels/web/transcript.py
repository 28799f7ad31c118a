"""What was said in web chats, as the page asks for it, from the database."""

from collections.abc import Collection, Mapping, Sequence

from storage.records import Said
from storage.store import Storage


class StoredTranscript:
    """Reads what was said, each time in a transaction of its own."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def of(self, chat: str, *, after: int = 0) -> Sequence[Said]:
        """What was said in this chat after the message with this id. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.transcript.of(chat, after=after)

    async def latest(self, chats: Collection[str]) -> Mapping[str, int]:
        """The id of each chat's latest message. Raises StorageError."""
        async with self._storage.reading() as tx:
            return await tx.transcript.latest(chats)
