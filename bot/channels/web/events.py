"""New messages as they come: who is listening, how they are woken, and the stream they get."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from sse_starlette import ServerSentEvent

from bot.bounds import PAGE_OF_LINES
from bot.channels.web.stored import StoredChats
from bot.dialogue.moments import written
from storage.errors import StorageError
from storage.records import Said

log = structlog.get_logger()

RETRY_MILLISECONDS = 2000  #: how long a browser's own EventSource waits before it connects again

DATA_PATH = "/api/chat/data"


def as_message(said: Said) -> dict[str, Any]:
    """A message of the transcript as the API gives it. A content's own id stands: it is what the client knows."""
    return {"id": str(said.id), **linked(said.content), "from": said.by, "at": written(said.at)}


def linked(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content with an address for its file instead of the file itself, which is made when it is asked for."""
    file = content.get("file")
    return {**content, "file": {"name": file["name"], "url": DATA_PATH}} if file else content


@dataclass(eq=False)
class Listener:
    """One open stream."""

    chat: str
    address: str  #: whom it counts for
    seen: int = 0  #: the id of the latest message that was sent
    over: bool = False  #: its session has ended
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class Listeners:
    """The open streams of this process. ``notify`` wakes those of one chat, right after a commit."""

    def __init__(self) -> None:
        self._open: dict[str, set[Listener]] = {}
        self._by_address: Counter[str] = Counter()
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

    def of_address(self, address: str) -> int:
        """How many streams of this address are open."""
        return self._by_address[address]

    def end(self, chat: str) -> None:
        """End the streams of this chat: its session is over."""
        for listener in self._open.get(chat, ()):
            listener.over = True
            listener.bell.set()

    def notify(self, chat: str) -> None:
        """Wake all who listen to this chat: something was said in it."""
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

    def listen(self, chat: str, address: str = "") -> Listener:
        """A listener to this chat, which counts from now on, until it is left."""
        listener = Listener(chat=chat, address=address)
        self._open.setdefault(chat, set()).add(listener)
        self._by_address[address] += 1
        return listener

    def leave(self, listener: Listener) -> None:
        """Count this stream no more; one that was left before changes nothing."""
        own = self._open.get(listener.chat, set())
        if listener not in own:
            return
        own.discard(listener)
        if not own:
            del self._open[listener.chat]
        self._by_address[listener.address] -= 1
        if not self._by_address[listener.address]:
            del self._by_address[listener.address]


class Streams:
    """Feeds the listeners: woken by this process at once, by another process on the same database within a poll."""

    def __init__(
        self, listeners: Listeners, chats: StoredChats, *, gave: Callable[[str, int], None], poll_seconds: float
    ) -> None:
        """``gave`` is told how many bytes go to which address."""
        self._gave = gave
        self._listeners = listeners
        self._chats = chats
        self._poll_seconds = poll_seconds
        self._polling: asyncio.Task[None] | None = None

    async def feed(self, listener: Listener) -> AsyncIterator[ServerSentEvent]:
        """
        What is said in the listener's chat after what it has seen, as it comes. Ends when the server stops, the session
        ends or the database is away.
        """
        yield ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS)
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll_regularly())
        try:
            while not self._listeners.closed and not listener.over:
                listener.bell.clear()
                said = await self._chats.of(listener.chat, after=listener.seen, most=PAGE_OF_LINES.most)
                for line in said:
                    listener.seen = line.id or listener.seen
                    event = _event(line)
                    self._gave(listener.address, len(event.data or ""))
                    yield event
                self._chats.shown(listener.chat, said)
                if len(said) < PAGE_OF_LINES.most and not listener.over:
                    await listener.bell.wait()
        except StorageError as error:
            log.warning("event_stream_ended", error=type(error).__name__)

    async def _poll_regularly(self) -> None:
        """Ask the database for all streams, as long as there are any: one timer and one query, however many."""
        while self._listeners.chats and not self._listeners.closed:
            await asyncio.sleep(self._poll_seconds)
            try:
                await self._poll()
            except StorageError:
                for chat in self._listeners.chats:
                    self._listeners.notify(chat)  # each of them sees for itself, and ends

    async def _poll(self) -> None:
        """Ring for what other processes stored."""
        latest = await self._chats.latest(self._listeners.chats)
        ended = await self._chats.ended(self._listeners.chats)
        for chat in ended:
            self._listeners.end(chat)
        for chat, number in latest.items():
            self._listeners.arrived(chat, number)


def _event(said: Said) -> ServerSentEvent:
    return ServerSentEvent(data=json.dumps(as_message(said), ensure_ascii=False), id=str(said.id))
