"""The web application on a real uvicorn server, on a loopback port."""

import asyncio
import hashlib
import hmac
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

import httpx
import uvicorn
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from bot.channels.web import Sessions, WebSettings, web_app
from bot.web.connection import Patience, server_config
from bot.web.doors import Doors
from tests.channels.web.fakes import WORDING, FakeDesk


def keyed_hash(purpose: str, value: str) -> str:
    """A keyed hash as storage gives it."""
    return hmac.new(b"only in tests", f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def application(desk: FakeDesk, **options: Any) -> Starlette:
    """The web application around this desk."""
    given: dict[str, Any] = {
        "desk": desk,
        "chats": desk,
        "listeners": desk.listeners,
        "sessions": Sessions(keyed_hash),
        "wording": WORDING,
        "checks": {},
        "registry": CollectorRegistry(),
    }
    settings: dict[str, Any] = {
        "languages": ("nl", "en"),
        "zone": "Europe/Amsterdam",
        "public_url": "http://127.0.0.1:8080",
        "poll_seconds": 0.05,
    }
    for name, value in options.items():
        (settings if name in {one.name for one in fields(WebSettings)} else given)[name] = value
    return web_app(WebSettings(**settings), **given)


class WebServer:
    """Serves an application; can go away and come back on the same port."""

    def __init__(
        self,
        app: Starlette,
        desk: FakeDesk,
        port: int = 0,
        doors: Doors | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._app = app
        self._doors = Doors(CollectorRegistry()) if doors is None else doors
        self._desk = desk
        self._patience = patience or Patience()
        self.port = port
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Serve."""
        self._desk.listeners.closed = False
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._server = uvicorn.Server(server_config(self._app, self._doors, self._patience))
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Go away in good order, as on SIGTERM."""
        if self._server is None or self._task is None:
            return
        self._desk.listeners.close()
        self._server.should_exit = True
        await self._task
        self._server = self._task = None

    async def kill(self) -> None:
        """Go away at once, without a goodbye."""
        if self._server is None or self._task is None:
            return
        for listening in self._server.servers:
            listening.close()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        while self._server.server_state.tasks:
            await asyncio.sleep(0.001)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._server = self._task = None


@asynccontextmanager
async def serving(
    desk: FakeDesk, *, doors: Doors | None = None, patience: Patience | None = None, **options: Any
) -> AsyncIterator[WebServer]:
    """A server with the web application around this desk."""
    server = WebServer(application(desk, **options), desk, doors=doors, patience=patience)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def visitor(server: WebServer, **headers: str) -> httpx.AsyncClient:
    """Somebody who asks this server, and keeps cookies."""
    return httpx.AsyncClient(base_url=server.url, headers=headers, verify=False)
