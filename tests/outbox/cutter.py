"""A way to PostgreSQL that is cut at the worst moment: the commit is done, and its answer never comes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit


class Cutter:
    """Passes everything on to the server at ``url``; while ``armed``, it cuts the commit of a message to be sent."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)
        self.armed = False
        self.cuts = 0
        self.url = ""
        self._serving: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Cutter"]:
        """Listen while the block lasts, at ``self.url``."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            login = self._server.netloc.rpartition("@")[0]
            self.url = urlunsplit(self._server._replace(netloc=f"{login}@127.0.0.1:{port}"))
            yield self
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.create_task(self._between(client, to_client)))

    async def _between(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(self._server.hostname, self._server.port)
        answers = asyncio.create_task(_pass(server, to_client))
        try:
            if await self._ask(client, to_server):
                answers.cancel()
                await asyncio.gather(answers, return_exceptions=True)
                await server.read(1)  # it is committed
        except ConnectionError:
            pass
        finally:
            answers.cancel()
            to_client.transport.abort()
            to_server.transport.abort()

    async def _ask(self, client: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> bool:
        """Pass on what the client says until it ends, or until the commit that is to be cut; whether that came."""
        stored = False
        while data := await client.read(65536):
            stored = stored or b"INSERT INTO outgoing" in data
            to_server.write(data)
            if self.armed and stored and b"COMMIT" in data:
                self.cuts += 1
                return True
        return False


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
    target.close()
