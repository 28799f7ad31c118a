"""What one address may take of the time that all share: however fast it asks, few of its requests are begun."""

import asyncio
from collections.abc import Sequence
from weakref import WeakValueDictionary

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bounds import ADDRESS_BEGUN
from bot.web.peers import Network, peer_address, rate_key


class Share:
    """
    Begins so many requests of one address at a time; the others of that address wait for these.

    A request counts until its answer begins, or until it waits for something from its own sender: so half a request,
    and a stream that stays open, are in nobody's way.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network], most: int = ADDRESS_BEGUN.most) -> None:
        self._app = app
        self._trusted = trusted
        self._most = most
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  #: while somebody has one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, once there is a place."""
        address = peer_address(HTTPConnection(scope), self._trusted) if scope["type"] == "http" else None
        if address is None:  # nobody in particular, who speaks for many
            await self._app(scope, receive, send)
            return
        key = rate_key(address)
        places = self._places.get(key) or self._places.setdefault(key, asyncio.Semaphore(self._most))
        await places.acquire()
        place = _Place(places)

        async def received() -> Message:
            place.leave()
            return await receive()

        async def answered(message: Message) -> None:
            place.leave()
            await send(message)

        try:
            await self._app(scope, received, answered)
        finally:
            place.leave()


class _Place:
    """One place, which is left once."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def leave(self) -> None:
        """Let the next one begin."""
        places, self._places = self._places, None
        if places is not None:
            places.release()
