"""Every bound of the web at its own number: what goes over it is stopped, and a class of thirty stays under it."""

import contextlib
import itertools
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import Request

from bot import bounds
from bot.bounds import Bound
from bot.channels.web.gate import Gate
from bot.channels.web.sessions import Sessions
from bot.dialogue.signs import normal
from bot.web.doors import Doors
from bot.web.errors import ApiError
from bot.web.limits import Limiter, Limits, Rate
from storage.records import Said
from storage.store import Storage
from tests.channels.web.conftest import desk
from tests.channels.web.fakes import FakeDesk, message
from tests.channels.web.server import keyed_hash, serving, visitor
from tests.channels.web.test_connections import calling
from tests.storage.samples import NOW

__all__ = ["desk"]
CLASS = "145.97.1.1"  #: where thirty people are, and who means harm
RATES = (
    bounds.SESSION_MESSAGES,
    bounds.SESSION_READS,
    bounds.SESSION_FILES,
    bounds.ADDRESS_MESSAGES,
    bounds.ADDRESS_REQUESTS,
    bounds.VISITS,
)


@pytest.mark.parametrize("bound", RATES, ids=lambda bound: str(bound.what))
def test_one_more_than_the_bound_waits(bound: Bound) -> None:
    """As many as the bound says are let through at once, the next one is told how long to wait; another is not."""
    limiter = Limiter(Rate.of(bound), clock=lambda: 0.0)
    assert {limiter.wait("one") for _ in range(bound.most)} == {0.0}
    assert 0 < limiter.wait("one") <= (bound.seconds or 0) / bound.most
    assert limiter.wait("another") == 0


def test_one_request_more_than_the_pace_is_read_later() -> None:
    """As many requests as the bound says are read at once, one more a little later; a neighbour's at once."""
    doors = Doors(CollectorRegistry())
    paused = next(n for n in itertools.count() if doors.pause(CLASS))
    assert bounds.ADDRESS_PACE.most <= paused < 2 * bounds.ADDRESS_PACE.most, "it fills again while it is counted"
    assert not doors.pause("145.97.1.2")


def a_request(address: str = CLASS) -> Request:
    """A request as the server sees it."""
    return Request({"type": "http", "client": (address, 1), "headers": []})


def test_a_class_of_thirty_in_half_a_minute(desk: FakeDesk) -> None:
    """Thirty people behind one address begin twice, say 30 things, read 50 times and fetch 3 files: all is let in."""
    chats: Any = desk
    gate = Gate(Sessions(keyed_hash), chats, Limits(), public_url="https://bot.example", trusted_proxies=())
    for _ in range(30):
        gate.mint(a_request())
        session = gate.mint(a_request())
        for number in range(85):
            gate.admit(a_request())
            if number < 30:
                gate.take(a_request(), session, 1_000)
            elif number < 80:
                gate.read(a_request(), session)
                gate.gave(gate.address(a_request()), 6_000)
            elif number < 83:
                gate.file(session)


def test_more_characters_than_one_address_may_type(desk: FakeDesk) -> None:
    """From one address come a million characters a day, in however many conversations; another types on."""
    chats: Any = desk
    gate = Gate(Sessions(keyed_hash), chats, Limits(), public_url="https://bot.example", trusted_proxies=())
    longest = bounds.TEXT.most
    taken = 0
    with contextlib.suppress(ApiError):
        while taken < 2 * bounds.ADDRESS_TYPED.most:
            gate.take(a_request(), gate.mint(a_request()), longest)
            taken += longest
    assert bounds.ADDRESS_TYPED.most <= taken < bounds.ADDRESS_TYPED.most * 1.1
    gate.take(a_request("145.97.1.2"), gate.mint(a_request("145.97.1.2")), longest)


def test_a_class_of_thirty_is_read_at_once() -> None:
    """Thirty browsers that fetch the page with all that belongs to it at the same moment wait for nothing."""
    doors = Doors(CollectorRegistry())
    assert not any(doors.pause(CLASS) for _ in range(30 * 15))


@dataclass(eq=False)
class Guest:
    """A connection that can be closed."""

    idle: bool = True
    left: bool = False

    def leave(self) -> None:
        """Close it."""
        self.left = True


def test_one_connection_more_than_the_bound() -> None:
    """For the 401st connection of an address its oldest idle one goes; thirty people with six each lose none."""
    doors = Doors(CollectorRegistry())
    guests = [Guest() for _ in range(bounds.ADDRESS_CONNECTIONS.most)]
    assert all(doors.enter(CLASS, guest) for guest in guests)
    assert not any(guest.left for guest in guests)
    assert len(guests) >= 30 * 6
    assert doors.enter(CLASS, Guest())
    assert [guest.left for guest in guests[:2]] == [True, False]


def test_one_connection_more_than_fit_in_all() -> None:
    """For the 4,001st in all an idle one goes, of the address that has most: a class of thirty keeps its own."""
    doors = Doors(CollectorRegistry())
    people = [Guest() for _ in range(30 * 6)]
    assert all(doors.enter(CLASS, guest) for guest in people)
    others = [Guest() for _ in range(bounds.ALL_CONNECTIONS.most - len(people))]
    for number, guest in enumerate(others):
        assert doors.enter(str(IPv4Address("198.51.0.0") + number // 300), guest)
    assert not any(guest.left for guest in others)
    assert doors.enter("198.52.0.1", Guest())
    assert sum(guest.left for guest in others) == 1
    assert not any(guest.left for guest in people)


@pytest.mark.parametrize(
    ("bound", "chat", "address"),
    [
        (bounds.STREAMS, "", CLASS),
        (bounds.ADDRESS_STREAMS, "web:{}", "127.0.0.1"),
        (bounds.ALL_STREAMS, "web:{}", "198.51.100.{}"),
    ],
    ids=["conversation", "address", "all"],
)
async def test_one_stream_more_than_the_bound(desk: FakeDesk, bound: Bound, chat: str, address: str) -> None:
    """As many streams as the bound says are open; the next one is told to ask by itself, until one is closed."""
    async with serving(desk) as server, visitor(server) as person:
        await person.post("/api/chat", json={"message_id": "1", "text": "x"})
        own = chat or desk.events[0].chat
        opened = [
            desk.listeners.listen(own.format(number), address.format(number % 250)) for number in range(bound.most)
        ]
        answer = await person.get("/api/chat/events")
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "slow_down")
        desk.listeners.leave(opened[0])
        async with person.stream("GET", "/api/chat/events") as stream:
            assert stream.status_code == 200


@pytest.mark.parametrize(("lines", "status"), [(0, 200), (1, 431)])
async def test_one_header_more_than_the_bound(desk: FakeDesk, lines: int, status: int) -> None:
    """A hundred headers are read; a browser sends some twenty."""
    async with serving(desk) as server, httpx.AsyncClient(base_url=server.url) as person:
        own = len(person.headers) + 1  # Host
        more = {f"X-{number}": "a" for number in range(bounds.HEADER_LINES.most - own + lines)}
        assert (await person.get("/healthz", headers=more)).status_code == status


@pytest.mark.parametrize(("room", "status"), [(400, 200), (0, 431)])
async def test_more_bytes_of_headers_than_the_bound(desk: FakeDesk, room: int, status: int) -> None:
    """Headers of nearly 16 kB are read, larger ones are not."""
    async with serving(desk) as server, visitor(server) as person:
        long = {"X-Long": "a" * (bounds.HEADERS.most - room)}
        assert (await person.get("/healthz", headers=long)).status_code == status


@pytest.mark.parametrize(("most", "status"), [(0, 200), (1, 400)])
async def test_one_piece_of_a_body_more_than_the_bound(desk: FakeDesk, most: int, status: int) -> None:
    """A body in five hundred chunks is read, though no browser sends one so; in one more it is refused, and closed."""
    said = b'{"message_id":"1","text":"x"}'.ljust(bounds.BODY_PIECES.most + most)
    head = "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with serving(desk) as server, calling(server) as line:
        chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in said)
        heard = await line.ask(head.encode() + chunks + b"0\r\n\r\n")
        assert heard.startswith(f"HTTP/1.1 {status} ".encode())
        assert status == 200 or await line.is_closed()


async def test_pieces_after_the_answer_are_counted_too(desk: FakeDesk) -> None:
    """Who is answered before the body is here, and goes on sending it in crumbs, is left."""
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with serving(desk) as server, calling(server) as line:
        assert b'"alive"' in await line.ask(head)
        line.writer.write(b"1\r\na\r\n" * (bounds.BODY_PIECES.most + 1))
        assert await line.is_closed()


@pytest.mark.parametrize("way", ["/api/chat", "/api/chat/events?after=0"])
async def test_more_bytes_of_conversations_than_the_bound(desk: FakeDesk, way: str) -> None:
    """An address that reads the longest conversation over and over waits; one behind another address reads on."""
    proxy = [ip_network("127.0.0.1")]
    async with serving(desk, trusted_proxies=proxy) as server, visitor(server, **{"X-Forwarded-For": CLASS}) as person:
        await person.post("/api/chat", json={"message_id": "1", "text": "x"})
        for _ in range(99):
            desk.keep(desk.events[0].chat, "staff", message("x" * 8_000))
        given = 0
        for _ in range(20):
            async with person.stream("GET", way) as answer:
                if answer.status_code != 200:
                    break
                whole = given + 99 * 2 * 8_000  # as HTML and as text
                async for part in answer.aiter_bytes():
                    given += len(part)
                    if given >= whole:
                        break
        assert answer.status_code == 429
        assert bounds.ADDRESS_BYTES.most <= given < 2 * bounds.ADDRESS_BYTES.most
        other = {"X-Forwarded-For": "145.97.1.2"}
        assert (await person.get("/api/chat", headers=other)).status_code == 200


async def test_files_in_answers_are_read_too(desk: FakeDesk) -> None:
    """Who asks for all that is kept again and again, as a message, waits as well; so does nobody behind another."""
    proxy = [ip_network("127.0.0.1")]
    file = message("Dit bewaren we.", file={"name": "mijn-gegevens.json", "content": "x" * 3_000_000})
    async with serving(desk, trusted_proxies=proxy) as server, visitor(server, **{"X-Forwarded-For": CLASS}) as person:
        statuses = []
        for number in range(25):
            desk.extra = [file]
            answer = await person.post("/api/chat", json={"message_id": str(number), "text": "/mijngegevens"})
            statuses.append(answer.status_code)
        assert statuses[:7] == [200] * 7
        assert 429 in statuses
        other = {"X-Forwarded-For": "145.97.1.2"}
        assert (await person.post("/api/chat", json={"message_id": "x", "text": "x"}, headers=other)).status_code == 200


async def test_one_page_of_lines(desk: FakeDesk) -> None:
    """A conversation of a hundred lines comes whole; the 101st comes with the next page."""
    async with serving(desk) as server, visitor(server) as person:
        await person.post("/api/chat", json={"message_id": "1", "text": "x"})
        for number in range(bounds.PAGE_OF_LINES.most + 1 - len(desk.said)):
            desk.keep(desk.events[0].chat, "staff", message(str(number)))
        read = (await person.get("/api/chat")).json()
        assert (len(read["messages"]), read["more"]) == (bounds.PAGE_OF_LINES.most, True)


async def test_a_long_conversation_loses_its_oldest_lines(tmp_path: Path) -> None:
    """Of 400 lines 300 and some are kept, the newest; thirty people who say ten things each lose none."""
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    most = bounds.TRANSCRIPT_LINES.most

    def said(chat: str, number: int) -> Said:
        return Said(chat=chat, by="person", at=NOW, content={"text": str(number)})

    async with storage.transaction() as tx:
        for person in range(30):
            await tx.transcript.add([said(f"web:{person}", number) for number in range(20)], most=most)
        for number in range(0, 400, 2):
            await tx.transcript.add([said("web:long", number), said("web:long", number + 1)], most=most)
    async with storage.reading() as tx:
        kept = await tx.transcript.newest("web:long", before=2**53, most=1_000)
        others = [await tx.transcript.of(f"web:{person}", most=1_000) for person in range(30)]
    await storage.close()
    assert most <= len(kept) < most + 50
    assert kept[-1].content["text"] == "399"
    assert {len(lines) for lines in others} == {20}


def test_one_mark_more_than_the_bound() -> None:
    """Thirty marks on a letter stay, the 31st does not."""
    most = bounds.MARKS.most
    assert normal("NFD", "x" + "\u0323" * most) == "x" + "\u0323" * most
    assert normal("NFD", "x" + "\u0323" * (most + 1)) == "x" + "\u0323" * most
