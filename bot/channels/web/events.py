"""New messages as they come: who is listening, how they are woken, and the stream they get."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from sse_starlette import ServerSentEvent

from bot.dialogue.moments import written
from storage.errors import StorageError
from storage.records import Said

log = structlog.get_logger()

RETRY_MILLISECONDS = 2000  #: how long a browser's own EventSource waits before it connects again


class Transcript(Protocol):
    """Reads what was said in web chats. Both raise StorageError when the database is away."""

    async def of(self, chat: str, *, after: int = 0) -> Sequence[Said]:
        """What was said in this chat after the message with this id, oldest first."""

    async def latest(self, chats: Collection[str]) -> Mapping[str, int]:
        """The id of the latest message of each of these chats; a chat without messages is left out."""


def as_message(said: Said) -> dict[str, Any]:
    """A message of the transcript as the API gives it. A content's own id stands: it is what the client knows."""
    return {"id": str(said.id), **said.content, "from": said.by, "at": written(said.at)}


@dataclass(eq=False)
class Listener:
    """One open stream."""

    chat: str
    seen: int = 0  #: the id of the latest message that was sent
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class Listeners:
    """The open streams of this process. ``notify`` wakes those of one chat, right after a commit."""

    def __init__(self) -> None:
        self._open: dict[str, set[Listener]] = {}
        self.closed = False

    def __len__(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._open.values()))

    @property
    def chats(self) -> tuple[str, ...]:
        """The chats that somebody listens to."""
        return tuple(self._open)

    def count(self, chat: str) -> int:
        """How many streams of this chat are open."""
        return len(self._open.get(chat, ()))

    def notify(self, chat: str) -> None:
        """Something was said in this chat."""
        for listener in self._open.get(chat, ()):
            listener.bell.set()

    def arrived(self, chat: str, latest: int) -> None:
        """The latest message of this chat has this id: wake who has not seen it."""
        for listener in self._open.get(chat, ()):
            if latest > listener.seen:
                listener.bell.set()

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self.closed = True
        for chat in self.chats:
            self.notify(chat)

    @contextmanager
    def listen(self, chat: str, seen: int) -> Iterator[Listener]:
        """A listener to this chat, for as long as the stream is open."""
        listener = Listener(chat=chat, seen=seen)
        self._open.setdefault(chat, set()).add(listener)
        try:
            yield listener
        finally:
            self._open[chat].discard(listener)
            if not self._open[chat]:
                del self._open[chat]


class Streams:
    """Feeds the listeners: woken by this process at once, by another process on the same database within a poll."""

    def __init__(self, listeners: Listeners, transcript: Transcript, *, poll_seconds: float = 1.0) -> None:
        self._listeners = listeners
        self._transcript = transcript
        self._poll_seconds = poll_seconds
        self._polling = asyncio.Lock()
        self._polled_at = time.monotonic()

    async def feed(self, chat: str, after: int) -> AsyncIterator[ServerSentEvent]:
        """What is said in this chat after this id, as it comes. Ends when the server stops or the database is away."""
        with self._listeners.listen(chat, after) as listener:
            yield ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS)
            try:
                while not self._listeners.closed:
                    listener.bell.clear()
                    for said in await self._transcript.of(chat, after=listener.seen):
                        listener.seen = said.id or listener.seen
                        yield _event(said)
                    await self._wait(listener)
            except StorageError as error:
                log.warning("event_stream_ended", error=type(error).__name__)

    async def _wait(self, listener: Listener) -> None:
        """Until this listener's bell rings; asks the database for all listeners every now and then."""
        while not listener.bell.is_set():
            try:
                async with asyncio.timeout(self._poll_seconds):
                    await listener.bell.wait()
            except TimeoutError:
                await self._poll()

    async def _poll(self) -> None:
        """Ring for what other processes stored: one query for all streams, by whichever comes first."""
        async with self._polling:
            if time.monotonic() - self._polled_at < self._poll_seconds / 2:
                return
            try:
                latest = await self._transcript.latest(self._listeners.chats)
            finally:
                self._polled_at = time.monotonic()
        for chat, number in latest.items():
            self._listeners.arrived(chat, number)


def _event(said: Said) -> ServerSentEvent:
    """A message of the transcript as a server-sent event."""
    return ServerSentEvent(data=json.dumps(as_message(said), ensure_ascii=False), id=str(said.id))
