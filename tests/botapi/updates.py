"""What waits for the bot: a queue that getUpdates reads and confirms, or that is posted to a webhook."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from tests.botapi.refusals import conflict, two_receivers

DEFAULT_KINDS_OFF = {"chat_member", "message_reaction", "message_reaction_count"}
RETRY_SECONDS = 0.1  #: a webhook that failed is tried again after this, growing to ten times as much


class Updates:
    """The updates of one bot, in order, until they are confirmed."""

    def __init__(self, first_id: int = 500_000) -> None:
        self.next_id = first_id
        self.pending: list[dict[str, Any]] = []
        self.all: list[dict[str, Any]] = []  #: everything there ever was, for tests that send it again
        self.kinds: list[str] | None = None
        self.webhook = Webhook(self)
        self._came = asyncio.Event()
        self._poll: asyncio.Event | None = None  #: set when another getUpdates takes over

    def add(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """A new update; None when the bot did not ask for its kind."""
        if not self._wanted(kind):
            return None
        update = {"update_id": self.next_id, kind: content}
        self.next_id += 1
        self.all.append(update)
        self.put(update)
        return update

    def put(self, update: dict[str, Any]) -> None:
        """Make this update available, again if it was before; its id may be lower than those confirmed."""
        self.pending.append(update)
        self.pending.sort(key=lambda one: one["update_id"])
        self._came.set()
        self._came = asyncio.Event()
        self.webhook.wake()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """The getUpdates call: confirms what is below ``offset``, then waits for something to give."""
        if self.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._poll:
            self._poll.set()
        mine = self._poll = asyncio.Event()
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(mine, timeout)
        if mine.is_set():
            raise two_receivers()
        self._poll = None
        return self.pending[:limit]

    def interrupt(self) -> None:
        """Ends a getUpdates that waits, as another one would."""
        if self._poll:
            self._poll.set()
            self._poll = None

    def _wanted(self, kind: str) -> bool:
        return kind in self.kinds if self.kinds else kind not in DEFAULT_KINDS_OFF

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]

    async def _wait(self, mine: asyncio.Event, timeout: float) -> None:
        waiting = {asyncio.ensure_future(self._came.wait()), asyncio.ensure_future(mine.wait())}
        try:
            await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()


class Webhook:
    """Posts updates: those of one chat one after another, chats side by side, again until the answer is 2xx."""

    def __init__(self, updates: Updates) -> None:
        self.url = ""
        self.secret: str | None = None
        self.max_connections = 40
        self.last_error: tuple[int, str] | None = None
        #: public root -> where it really is, as a reverse proxy would know; several take turns
        self.routes: dict[str, str | Sequence[str]] = {}
        self.doubled = False  #: every update goes to two of them at once
        self.posts = 0
        self._updates = updates
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(40)

    def set(self, url: str, secret: str | None, max_connections: int) -> None:
        """Post to that address from now on; an empty one means no more."""
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._places = asyncio.Semaphore(max_connections)
        self.last_error = None
        self.wake()

    def wake(self) -> None:
        """Start posting for every chat that has something waiting."""
        if not self.url:
            return
        for update in self._updates.pending:
            lane = _chat_of(update)
            if lane not in self._lanes or self._lanes[lane].done():
                self._lanes[lane] = asyncio.create_task(self._run(lane))

    async def close(self) -> None:
        """Stop posting."""
        self.url = ""
        for task in self._lanes.values():
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        if self._session:
            await self._session.close()

    def info(self) -> dict[str, Any]:
        """The WebhookInfo object of the API."""
        body: dict[str, Any] = {
            "url": self.url, "has_custom_certificate": False, "pending_update_count": len(self._updates.pending),
        }  # fmt: skip
        if self.url:
            body["max_connections"] = self.max_connections
        if self._updates.kinds:
            body["allowed_updates"] = self._updates.kinds
        if self.last_error:
            body["last_error_date"], body["last_error_message"] = self.last_error
        return body

    async def _run(self, lane: int) -> None:
        pause = RETRY_SECONDS
        while self.url and (update := self._next(lane)):
            async with self._places:
                error = await self._post(update)
            if error is None:
                self._updates.pending = [one for one in self._updates.pending if one is not update]
                pause = RETRY_SECONDS
            else:
                self.last_error = (int(time.time()), error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_SECONDS * 10)

    def _next(self, lane: int) -> dict[str, Any] | None:
        return next((one for one in self._updates.pending if _chat_of(one) == lane), None)

    async def _post(self, update: dict[str, Any]) -> str | None:
        """None when it was taken, else what getWebhookInfo says of it."""
        addresses = [self._address() for _ in range(2 if self.doubled else 1)]
        errors = await asyncio.gather(*(self._post_to(address, update) for address in addresses))
        return None if None in errors else errors[0]

    async def _post_to(self, address: str, update: dict[str, Any]) -> str | None:
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with self._session.post(address, json=update, headers=headers) as answer:
                await answer.read()
                return None if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}"

    def _address(self) -> str:
        self.posts += 1
        for public, real in self.routes.items():
            if self.url.startswith(public):
                root = real if isinstance(real, str) else real[self.posts % len(real)]
                return root + self.url.removeprefix(public)
        return self.url


def _chat_of(update: dict[str, Any]) -> int:
    """The chat whose order counts for this update."""
    [content] = [value for key, value in update.items() if key != "update_id"]
    chat = content.get("chat") or content.get("message", {}).get("chat") or content["from"]
    return int(chat["id"])
