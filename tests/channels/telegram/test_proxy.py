"""In a network that only a proxy leads out of, the bot reaches Telegram through it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp.connector
import pytest

from tests.botapi import BotApi
from tests.channels.telegram.house import House, until
from tests.proxy import Proxy, both_ways, certificate, closed


async def test_plain(server: BotApi) -> None:
    """A Bot API server whose name only the proxy knows is reached, with the proxy's user and password."""
    alice = server.person("Alice")
    async with (
        Proxy(leads_to=server.port) as proxy,
        House(server=server, api_url="http://botapi.invalid", proxy=proxy.url("me", "p@ss:1/#")) as house,
    ):
        await alice.send("hoi")
        await house.desk.gets()
        await house.send(alice.id)
        await house.send(alice.id, file={"name": "a.txt", "content": "a"})
        assert len(alice.said) == 2
        assert {who for _, who in proxy.asked} == {"me:p@ss:1/#"}


@pytest.fixture
async def tls_port(server: BotApi, tmp_path: Path) -> AsyncIterator[int]:
    """The Bot API server behind TLS, as api.telegram.org."""
    context, trusted = certificate("api.telegram.org", tmp_path)
    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_verify_locations(cadata=trusted)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await both_ways((reader, writer), await asyncio.open_connection("127.0.0.1", server.port))
        await closed(writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()


async def test_https(server: BotApi, tls_port: int) -> None:
    """Telegram itself is reached by a tunnel through the proxy, which sees neither the token nor what is said."""
    alice = server.person("Alice")
    async with (
        Proxy(leads_to=tls_port) as proxy,
        House(server=server, api_url="https://api.telegram.org", proxy=proxy.url("me", "pass")) as house,
    ):
        await alice.send("hoi")
        await house.desk.gets()
        await house.send(alice.id)
        await alice.sees("Hallo")
    assert set(proxy.asked) == {("CONNECT api.telegram.org:443", "me:pass")}


@pytest.mark.parametrize("api_url", ["https://api.telegram.org", "http://botapi.invalid"])
async def test_a_proxy_that_refuses(server: BotApi, api_url: str) -> None:
    """A proxy that does not let us through is what is said to be wrong; neither the token nor Telegram is."""
    async with (
        Proxy(leads_to=server.port, refuses=407) as proxy,
        House(server=server, api_url=api_url, proxy=proxy.url()) as house,
    ):
        assert "407" in (house.channel.health() or "")
        await until(lambda: len(proxy.asked) > 1)
        assert server.token not in (house.channel.health() or "")
