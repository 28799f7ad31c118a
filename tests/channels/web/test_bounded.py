"""How much one conversation and one address take, and what a class behind one address notices of that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network

import httpx
import pytest

from bot.bounds import ADDRESS_STREAMS, PAGE_OF_LINES
from bot.channels.web.events import Listeners
from bot.web.limits import Limits, Rate
from tests.channels.web.fakes import FakeDesk, message
from tests.channels.web.server import WebServer, serving, visitor
from tests.channels.web.test_events import Stream

PROXY = [ip_network("127.0.0.1")]


@asynccontextmanager
async def streaming(server: WebServer, address: str, token: str) -> AsyncIterator[httpx.Response]:
    """An open event stream, from an address behind the proxy."""
    headers = {"X-Forwarded-For": address, "Authorization": f"Bearer {token}"}
    async with visitor(server, **headers) as client, client.stream("GET", "/api/chat/events") as response:
        if response.status_code == 200:
            await Stream(response).block()
        yield response


async def tokens(server: WebServer, number: int) -> list[str]:
    """So many new sessions."""
    found = []
    for _ in range(number):
        async with visitor(server) as client:
            found.append((await client.post("/api/session")).json()["session"])
    return found


async def test_a_long_conversation_comes_in_pages(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """The latest hundred lines come at once, the earlier ones and the later ones when they are asked for."""
    await client.post("/api/chat", json={"message_id": "1", "text": "hoi"})
    for number in range(248):
        desk.keep(desk.events[0].chat, "staff", message(str(number)))
    latest = (await client.get("/api/chat")).json()
    assert (len(latest["messages"]), latest["more"], latest["first"], latest["last"]) == (100, True, "151", "250")
    before = (await client.get("/api/chat?before=151")).json()
    assert [one["id"] for one in before["messages"]] == [str(number) for number in range(51, 151)]
    first = (await client.get("/api/chat?before=51")).json()
    assert (len(first["messages"]), "more" in first) == (50, False)
    after = (await client.get("/api/chat?after=0")).json()
    assert (after["last"], after["more"]) == (str(PAGE_OF_LINES.most), True)
    assert (await client.get("/api/chat?after=250")).json() == {"messages": [], "last": None}


async def test_a_file_is_not_kept_in_the_conversation(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """The file of data comes with its answer and at an address of its own; what was said only names it."""
    for number in ("1", "2"):
        answer = (await client.post("/api/chat", json={"message_id": number, "text": "/mijngegevens"})).json()
        assert answer["messages"][0]["file"]["content"] == '{"naam": "Zoë"}'
    lines = (await client.get("/api/chat")).json()["messages"]
    assert [one["file"] for one in lines if "file" in one] == [
        {"name": "mijn-gegevens.json", "url": "/api/chat/data"},
    ] * 2
    file = await client.get("/api/chat/data")
    assert (file.text, file.headers["content-type"]) == ('{"naam": "Zoë"}', "application/json")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["cache-control"] == "no-store"


async def test_nobody_elses_file_is_given(client: httpx.AsyncClient) -> None:
    """Without a session there is no file of data, and another site's page gets none."""
    assert (await client.get("/api/chat/data")).status_code == 401
    assert (await client.get("/api/chat/data", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403


async def test_reading_is_counted_too(desk: FakeDesk) -> None:
    """Who reads one conversation over and over, or has its file made, is slowed down; another one is not bothered."""
    limits = Limits(reads=Rate(burst=4, per_second=0.01), files=Rate(burst=1, per_second=0.01))
    async with (
        serving(desk, limits=limits) as server,
        visitor(server) as reader,
        visitor(server) as other,
    ):
        for client in (reader, other):
            await client.post("/api/session")
        assert [(await reader.get("/api/chat/data")).status_code for _ in range(2)] == [200, 429]
        assert [(await reader.get("/api/chat")).status_code for _ in range(3)] == [200, 200, 429]
        assert (await reader.get("/api/chat/events")).status_code == 429
        assert (await other.get("/api/chat")).status_code == 200


async def test_messages_of_a_public_address_are_counted(desk: FakeDesk) -> None:
    """New conversations do not help who sends without end; another address, or one that is no public one, may go on."""
    limits = Limits(messages=Rate(burst=2, per_second=0.001))
    async with serving(desk, limits=limits, trusted_proxies=PROXY) as server:
        statuses = []
        for address in ("145.97.1.1", "145.97.1.1", "145.97.1.1", "145.97.1.2", "10.0.0.1", "10.0.0.1", "10.0.0.1"):
            async with visitor(server, **{"X-Forwarded-For": address}) as client:
                answer = await client.post("/api/chat", json={"message_id": "1", "text": "x"})
                statuses.append(answer.status_code)
    assert statuses == [200, 200, 429, 200, 200, 200, 200]


async def test_one_address_cannot_take_all_streams(desk: FakeDesk) -> None:
    """Who opens streams without end gets so many, and another address still gets one, also when all come at once."""
    async with (
        serving(desk, limits=Limits(address_streams=3), trusted_proxies=PROXY) as server,
        AsyncExitStack() as all_,
    ):
        opened = await asyncio.gather(
            *(all_.enter_async_context(streaming(server, "145.97.1.1", token)) for token in await tokens(server, 8))
        )
        assert sorted(response.status_code for response in opened) == [200] * 3 + [429] * 5
        (token,) = await tokens(server, 1)
        assert (await all_.enter_async_context(streaming(server, "145.97.1.2", token))).status_code == 200
    async with asyncio.timeout(30):
        while len(desk.listeners):
            await asyncio.sleep(0.01)
    assert desk.listeners.of_address("145.97.1.1") == 0


async def test_a_class_of_thirty_notices_nothing(desk: FakeDesk) -> None:
    """Thirty people behind one address, two browsers each, listen, ask and read at the same time."""
    async with serving(desk, trusted_proxies=PROXY) as server, AsyncExitStack() as everybody:
        made = await tokens(server, 30)
        opened = [
            await everybody.enter_async_context(streaming(server, "145.97.1.1", token)) for token in made for _ in "ab"
        ]
        assert {response.status_code for response in opened} == {200}

        async def person(token: str) -> set[int]:
            headers = {"X-Forwarded-For": "145.97.1.1", "Authorization": f"Bearer {token}"}
            async with visitor(server, **headers) as client:
                said = [
                    await client.post("/api/chat", json={"message_id": str(number), "text": "x"}) for number in range(8)
                ]
                read = [await client.get("/api/chat") for _ in range(8)]
                return {answer.status_code for answer in (*said, *read)}

        assert set().union(*await asyncio.gather(*map(person, made))) == {200}
    assert ADDRESS_STREAMS.most == 60


def test_leaving_twice_counts_once() -> None:
    """A stream that is closed twice over makes no room for two."""
    listeners = Listeners()
    one, _ = listeners.listen("web:1", "a"), listeners.listen("web:1", "a")
    listeners.leave(one)
    listeners.leave(one)
    assert (len(listeners), listeners.count("web:1"), listeners.of_address("a")) == (1, 1, 1)


@pytest.mark.parametrize("strange", ["abc", "-5", "²", "9" * 30])
async def test_strange_places_in_a_conversation(client: httpx.AsyncClient, desk: FakeDesk, strange: str) -> None:
    """A place that is none gives the latest lines, or nothing after the end; never an error."""
    await client.post("/api/chat", json={"message_id": "1", "text": "hoi"})
    for name in ("before", "after"):
        assert (await client.get("/api/chat", params={name: strange})).status_code == 200
