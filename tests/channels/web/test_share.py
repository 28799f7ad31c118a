"""One address takes no more than its share of the time that all have."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from bot.bounds import ADDRESS_BEGUN
from bot.web.share import Share

PROXY = (ip_network("127.0.0.1"),)
MOST = ADDRESS_BEGUN.most


class Slow:
    """An application that answers once it may, and counts what it began."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_answer = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun += 1
        if scope["method"] == "POST":
            await receive()
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.may_end.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def client(slow: Slow) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Share(slow, trusted=PROXY))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as http:
        yield http


def asks(client: httpx.AsyncClient, address: str, method: str = "GET") -> "asyncio.Task[httpx.Response]":
    """Somebody at this address asks, behind the proxy."""
    return asyncio.create_task(client.request(method, "/", headers={"X-Forwarded-For": address}))


async def settled() -> None:
    """All have done what they can."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_who_asks_without_end_waits_for_itself(client: httpx.AsyncClient, slow: Slow) -> None:
    """Three hundred requests of one address at once: so many are begun, and a neighbour's is begun at once."""
    flood = [asks(client, "203.0.113.9") for _ in range(300)]
    await settled()
    assert slow.begun == MOST
    neighbour = asks(client, "203.0.113.10")
    await settled()
    assert slow.begun == MOST + 1
    slow.may_end.set()
    slow.may_answer.set()
    assert {answer.status_code for answer in await asyncio.gather(neighbour, *flood)} == {200}


async def test_a_class_behind_one_address_notices_nothing(client: httpx.AsyncClient, slow: Slow) -> None:
    """Thirty pupils who open the page together are all answered, one handful right after the other."""
    slow.may_end.set()
    slow.may_answer.set()
    pupils = [asks(client, "203.0.113.9") for _ in range(30)]
    async with asyncio.timeout(1):
        assert {answer.status_code for answer in await asyncio.gather(*pupils)} == {200}


async def test_half_a_request_and_an_open_stream_are_in_nobodys_way(client: httpx.AsyncClient, slow: Slow) -> None:
    """What waits for its own sender, or answers for ever, keeps no place."""
    halves = [asks(client, "203.0.113.9", "POST") for _ in range(2 * MOST)]
    await settled()
    assert slow.begun == len(halves)
    slow.may_answer.set()
    streams = [asks(client, "203.0.113.9") for _ in range(2 * MOST)]
    await settled()
    assert slow.begun == len(halves) + len(streams)
    slow.may_end.set()
    await asyncio.gather(*halves, *streams)


async def test_a_reader_who_leaves_leaves_the_place(client: httpx.AsyncClient, slow: Slow) -> None:
    """Requests that were broken off are not counted for ever."""
    gone = [asks(client, "203.0.113.9") for _ in range(2 * MOST)]
    await settled()
    for one in gone:
        one.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    fresh = asks(client, "203.0.113.9")
    await settled()
    assert slow.begun == MOST + 1
    slow.may_end.set()
    slow.may_answer.set()
    await fresh
