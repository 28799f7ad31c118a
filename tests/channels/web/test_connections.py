"""Raw connections to the server: who sends half a request, too much of one, or one that can be read in two ways."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from bot.bounds import HEADERS
from bot.web.connection import Patience
from bot.web.doors import Doors, room_for_connections
from bot.web.limits import Rate
from tests.channels.web.fakes import FakeDesk, message
from tests.channels.web.server import WebServer, serving, visitor

HALF = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


class Line:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, data: bytes, first: float = 10.0) -> bytes:
        """Send this; give what comes until the other side closes, or says nothing more; ``first``: seconds to wait."""
        self.writer.write(data)
        heard, patience = b"", first
        try:
            while True:
                async with asyncio.timeout(patience):
                    more = await self.reader.read(65_536)
                if not more:
                    return heard + b"<closed>"
                heard, patience = heard + more, 0.25
        except TimeoutError:
            return heard
        except ConnectionError:
            return heard + b"<closed>"

    async def is_closed(self, seconds: float = 10.0) -> bool:
        """Whether the other side closes within this time."""
        try:
            async with asyncio.timeout(seconds):
                while await self.reader.read(65_536):
                    pass
        except TimeoutError:
            return False
        except ConnectionError:
            pass
        return True


@asynccontextmanager
async def calling(server: WebServer, host: str = "127.0.0.1") -> AsyncIterator[Line]:
    """A raw connection from this address of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, local_addr=(host, 0))
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


def refused(registry: CollectorRegistry, why: str) -> float:
    """How many were turned away for this reason."""
    return registry.get_sample_value("course_bot_http_refused_total", {"why": why}) or 0


@pytest.fixture
def registry() -> CollectorRegistry:
    """Figures of one test alone."""
    return CollectorRegistry()


async def test_half_a_request_is_not_waited_for(desk: FakeDesk) -> None:
    """Who sends nothing, half of the headers, half of a body, or a next request in part, is left after some seconds."""
    body = b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    async with serving(desk, patience=Patience(headers=0.15, body=0.15)) as server:
        for sent in (b"", b"G", HALF, body, WHOLE + HALF):
            async with calling(server) as line:
                line.writer.write(sent)
                assert await line.is_closed(), sent
        async with calling(server) as line:
            assert b'"alive"' in await line.ask(WHOLE)
            assert b'"alive"' in await line.ask(WHOLE), "a connection between two requests is kept"


async def test_headers_by_the_drop_do_not_prolong_it(desk: FakeDesk) -> None:
    """A sign now and then does not make half a request live longer."""
    async with serving(desk, patience=Patience(headers=0.3)) as server, calling(server) as line:
        for _ in range(8):
            line.writer.write(b"X" if line.reader.at_eof() else HALF[:1])
            await asyncio.sleep(0.05)
        assert await line.is_closed(0.5)


async def test_one_address_shuts_out_nobody(desk: FakeDesk, registry: CollectorRegistry) -> None:
    """An address with all its connections idle or half open is still answered itself, and so are all others."""
    doors = Doors(registry, of_address=20, in_all=30)
    async with serving(desk, doors=doors) as server, AsyncExitStack() as many:
        for number in range(60):
            line = await many.enter_async_context(calling(server, f"127.0.0.{1 + number % 2}"))
            line.writer.write(HALF if number % 3 else b"")
        for host in ("127.0.0.1", "127.0.0.3"):
            async with calling(server, host) as line:
                assert b'"alive"' in await line.ask(WHOLE)
        assert len(doors) <= 30
    assert refused(registry, "crowded") >= 30


async def test_a_busy_connection_is_not_closed_for_another(desk: FakeDesk, registry: CollectorRegistry) -> None:
    """What is being answered goes on; who comes when all are busy is told so."""
    desk.hold = asyncio.Event()
    async with serving(desk, doors=Doors(registry, of_address=1)) as server, visitor(server) as person:
        said = asyncio.create_task(person.post("/api/chat", json={"message_id": "1", "text": "x"}))
        while not desk.waiting:
            await asyncio.sleep(0.01)
        async with calling(server) as line:
            assert (await line.ask(WHOLE)).startswith(b"HTTP/1.1 503")
        desk.hold.set()
        assert (await said).status_code == 200


async def test_a_class_behind_one_address(desk: FakeDesk) -> None:
    """Thirty people with six connections each, as browsers open them, are all served."""
    async with serving(desk) as server, AsyncExitStack() as many:
        lines = [await many.enter_async_context(calling(server)) for _ in range(180)]
        answers = await asyncio.gather(
            *(line.ask(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) for line in lines)
        )
    assert all(b'"alive"' in answer for answer in answers)


async def test_a_trusted_proxy_may_hold_more(desk: FakeDesk, registry: CollectorRegistry) -> None:
    """A declared proxy speaks for everybody: its connections are counted in all alone."""
    doors = Doors(registry, trusted=[ip_network("127.0.0.1")], of_address=2)
    async with serving(desk, doors=doors) as server, AsyncExitStack() as many:
        for _ in range(5):
            line = await many.enter_async_context(calling(server))
            assert b'"alive"' in await line.ask(WHOLE)
        assert len(doors) == 5
    assert refused(registry, "crowded") == 0


HOSTILE: Sequence[tuple[bytes, bytes]] = [
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"a" * 60_000 + b"\r\n\r\n", b"431"),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 5_000 + b"\r\n", b"431"),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 500 + b"\r\n", b"431"),
    (b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
    (WHOLE + b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", b"400"),
    (b"POST /api/chat HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", b"400"),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", b""),
    (b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", b""),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", b""),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX\x00: y\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n", b"400"),
    (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"505"),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"505"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    (b"\r\n" * 10_000, b""),
    (b"GET http://evil.example/api/chat HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"GET //evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
    (b"GET /static/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"200"),
    (b"GET /healthz HTTP/1.0\r\n\r\n", b"200"),
]


@pytest.mark.parametrize(("sent", "status"), HOSTILE, ids=range(len(HOSTILE)))
async def test_strange_requests_are_refused_calmly(desk: FakeDesk, sent: bytes, status: bytes) -> None:
    """No shape of a request ends in a line in the log, a traceback, or a second request."""
    async with serving(desk) as server:
        with capture_logs() as logs:
            async with calling(server) as line:
                heard = await line.ask(sent, first=10 if status else 0.25)
                assert status not in (b"431", b"400") or await line.is_closed()
            async with calling(server) as line:
                assert b'"alive"' in await line.ask(WHOLE)
    assert [line for line in logs if line["log_level"] != "debug"] == []
    assert status in heard[:14] or b" " + status + b" " in heard
    assert desk.events == []


async def test_what_is_malformed_is_counted_and_not_logged(
    desk: FakeDesk, registry: CollectorRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger cannot fill the log: a thousand broken requests are a figure."""
    async with serving(desk, doors=Doors(registry)) as server:
        for _ in range(3):
            async with calling(server) as line:
                await line.ask(b"nonsense\r\n\r\n")
        async with calling(server) as line:
            await line.ask(b"GET / HTTP/1.1\r\nX: " + b"a" * HEADERS.most + b"\r\n\r\n")
    assert (refused(registry, "malformed"), refused(registry, "large")) == (3, 1)
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


async def test_smuggled_requests_are_not_answered(desk: FakeDesk) -> None:
    """After a request with two lengths the connection is closed: what hides in its body is read as no other."""
    hidden = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    both = b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    async with serving(desk) as server, calling(server) as line:
        heard = await line.ask(both + hidden)
    assert heard.count(b"HTTP/1.1") == 1


def test_files_are_kept_back() -> None:
    """Connections never take the files that database, mail and Telegram need, whatever the limit is."""
    assert [room_for_connections(files) for files in (64, 1_024, 1_048_576, -1)] == [20, 824, 4_000, 4_000]


async def test_an_answer_that_nobody_reads_holds_nothing(desk: FakeDesk, registry: CollectorRegistry) -> None:
    """Who asks for the page over and over and reads none of it is left after a while."""
    async with serving(desk, doors=Doors(registry), patience=Patience(reader=0.1)) as server, calling(server) as line:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        line.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000)
        async with asyncio.timeout(10):
            while not refused(registry, "unread"):
                await asyncio.sleep(0.02)
    assert refused(registry, "unread") == 1


async def test_a_reader_that_left_is_no_line_in_the_log(desk: FakeDesk, caplog: pytest.LogCaptureFixture) -> None:
    """A page that is closed while a hundred lines are on their way to it leaves nothing in the log."""
    async with serving(desk) as server, visitor(server) as person:
        await person.post("/api/chat", json={"message_id": "1", "text": "hoi"})
        cookie = f"chat={person.cookies['chat']}"
        async with calling(server) as line:
            await line.ask(f"GET /api/chat/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        for number in range(90):
            desk.keep(desk.events[0].chat, "staff", message(str(number) * 1_000))
        async with asyncio.timeout(30):
            while len(desk.listeners):
                await asyncio.sleep(0.01)
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


async def test_a_crowd_that_asks_whether_all_is_well_asks_once(desk: FakeDesk) -> None:
    """However many ask for /readyz at once, the database is asked once."""
    asked = 0

    async def database() -> str | None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.2)
        return None

    async with serving(desk, checks={"database": database}) as server, visitor(server) as crowd:
        answers = await asyncio.gather(*(crowd.get("/readyz") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert asked == 1
        assert (await crowd.get("/readyz")).status_code == 200
    assert asked == 2


@pytest.mark.parametrize("together", [True, False])
async def test_who_asks_without_end_is_read_later(desk: FakeDesk, together: bool) -> None:
    """An address that asks too fast, on one connection or on many, waits for itself; a neighbour is answered."""
    doors = Doors(CollectorRegistry(), pace=Rate(burst=5, per_second=40))
    async with serving(desk, doors=doors) as server, AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(calling(server)) for _ in range(1 if together else 8)]
        begun = asyncio.get_running_loop().time()
        for line in lines:
            line.writer.write(WHOLE * (8 if together else 1))
        answers = [asyncio.create_task(line.reader.readuntil(b'"alive"}')) for line in lines for _ in range(1)]
        async with calling(server, "127.0.0.2") as neighbour:
            assert b'"alive"' in await neighbour.ask(WHOLE, first=2.0)
        await asyncio.gather(*answers)
        for _ in range(7 if together else 0):
            await lines[0].reader.readuntil(b'"alive"}')
        assert asyncio.get_running_loop().time() - begun > 0.05, "the eighth was read before its time"
