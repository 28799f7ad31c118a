"""Messages as they come: server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.channels.web import Limits, Listeners
from storage.errors import Unavailable
from tests.channels.web.fakes import FakeDesk, message
from tests.channels.web.server import serving, visitor


class Stream:
    """Reads an event stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def block(self) -> dict[str, str]:
        """The next event's fields."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line:
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        raise EOFError

    async def message(self) -> tuple[str, Any]:
        """The next message with its event's id."""
        async with asyncio.timeout(30):
            while True:
                fields = await self.block()
                if "data" in fields:
                    return fields["id"], json.loads(fields["data"])

    async def end(self) -> None:
        """Until the server ends the stream."""
        async with asyncio.timeout(30):
            try:
                while True:
                    await self.block()
            except EOFError:
                return


@asynccontextmanager
async def listening(client: httpx.AsyncClient, after: str = "", **headers: str) -> AsyncIterator[Stream]:
    """An open stream."""
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with client.stream("GET", f"/api/chat/events{after}", headers=given) as response:
        stream = Stream(response)
        if response.status_code == 200:
            await stream.block()
        yield stream


async def begin(client: httpx.AsyncClient, desk: FakeDesk) -> str:
    """Say something; give the chat."""
    await client.post("/api/chat", json={"message_id": "1", "text": "hoi"})
    return desk.events[-1].chat


async def test_staffs_words_come_at_once(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """What staff say appears on the open page by itself, in the form of the history."""
    chat = await begin(client, desk)
    async with listening(client) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        desk.keep(chat, "staff", message("Dag <b>Zoë</b>"))
        number, said = await stream.message()
    history = (await client.get("/api/chat")).json()["messages"]
    assert (number, said) == ("3", history[-1])
    assert said["from"] == "staff"


async def test_words_stored_by_another_process_come_too(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A message that another process stored reaches the page, and one question to the database serves all pages."""
    chat = await begin(client, desk)
    async with listening(client) as one, listening(client) as two:
        desk.keep(chat, "staff", message("van elders"), quietly=True)
        assert (await one.message())[1]["text"] == "van elders"
        assert (await two.message())[1]["text"] == "van elders"


async def test_nothing_is_missed_after_a_break(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """With Last-Event-ID, or ?after= for who cannot set a header, the stream goes on where it was."""
    chat = await begin(client, desk)
    desk.keep(chat, "staff", message("gemist"))
    async with listening(client, **{"Last-Event-ID": "2"}) as stream:
        assert (await stream.message())[1]["text"] == "gemist"
    async with listening(client, "?after=1") as stream:
        assert (await stream.message())[0] == "2"
        assert (await stream.message())[0] == "3"


async def test_strange_ids_do_no_harm(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """An id that is none starts the stream at what comes next."""
    chat = await begin(client, desk)
    for strange in ("abc", "-5", "9" * 30, "²"):
        async with listening(client, **{"Last-Event-ID": strange}) as stream:
            desk.keep(chat, "staff", message(strange))
            assert (await stream.message())[1]["text"] == strange


async def test_others_words_do_not_come(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A stream has the words of its own conversation alone."""
    chat = await begin(client, desk)
    async with listening(client) as stream:
        desk.keep("web:other", "staff", message("geheim"))
        desk.keep(chat, "staff", message("voor jou"))
        assert (await stream.message())[1]["text"] == "voor jou"


async def test_without_a_session_there_is_no_stream(client: httpx.AsyncClient) -> None:
    """Who has no conversation has nothing to listen to."""
    assert (await client.get("/api/chat/events")).status_code == 401


async def test_streams_are_bounded(desk: FakeDesk) -> None:
    """One conversation cannot open streams without end, nor can all together."""
    for limits in (Limits(streams=1), Limits(all_streams=1)):
        async with (
            serving(desk, limits=limits) as server,
            visitor(server) as client,
        ):
            await begin(client, desk)
            async with listening(client):
                refused = await client.get("/api/chat/events")
                assert (refused.status_code, refused.json()["error"]["code"]) == (429, "slow_down")
            async with asyncio.timeout(30):
                while len(desk.listeners):
                    await asyncio.sleep(0.01)


async def test_a_stream_ends_when_the_server_stops(desk: FakeDesk) -> None:
    """A stop does not wait for pages that listen."""
    async with serving(desk) as server, visitor(server) as client:
        await begin(client, desk)
        async with listening(client) as stream:
            desk.listeners.close()
            await stream.end()


async def test_a_stream_ends_when_the_database_is_away(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """The page connects again by itself later; meanwhile it is not kept in the dark."""
    await begin(client, desk)
    async with listening(client) as stream:
        desk.reading_fails = Unavailable("away")
        await stream.end()
    assert len(desk.listeners) == 0


def test_waking_nobody_is_fine() -> None:
    """A chat that nobody listens to may be notified."""
    listeners = Listeners()
    listeners.notify("web:none")
    listeners.arrived("web:none", 3)
    assert listeners.chats == ()


async def test_our_own_mistake_ends_the_stream(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """An error of ours in the middle of a stream is logged and ends it, without details to anyone."""
    chat = await begin(client, desk)
    async with listening(client) as stream:
        with capture_logs() as logs:
            desk.reading_fails = RuntimeError("Zoë")
            desk.listeners.notify(chat)
            with pytest.raises(httpx.RemoteProtocolError):
                await stream.end()
    assert [(line["event"], line["error"]) for line in logs] == [("request_failed", "RuntimeError")]


@asynccontextmanager
async def _aborting(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Drop this connection in the end."""
    try:
        yield
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def test_a_reader_that_takes_nothing_is_left(desk: FakeDesk) -> None:
    """A page that stopped reading without a goodbye does not hold a stream for ever."""
    async with serving(desk, limits=Limits(send_seconds=0.1)) as server, visitor(server) as client:
        chat = await begin(client, desk)
        cookie = f"chat={client.cookies['chat']}"
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1)
        writer.write(f"GET /api/chat/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        async with _aborting(writer), asyncio.timeout(10):
            with capture_logs() as logs:
                while not len(desk.listeners):
                    await asyncio.sleep(0.01)
                desk.keep(chat, "bot", message("x" * 16_000_000))
                desk.keep(chat, "bot", message("and more"))
                while len(desk.listeners):
                    await asyncio.sleep(0.01)
                while not logs:
                    await asyncio.sleep(0.01)
    assert logs[0]["event"] == "client_gone"
