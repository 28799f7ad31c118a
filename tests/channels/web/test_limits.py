"""Who may ask how much, and who is believed about where a request comes from."""

from ipaddress import ip_address, ip_network

import pytest
from starlette.requests import HTTPConnection

from bot.channels.web import Limits, Rate
from bot.web.limits import Limiter
from bot.web.origins import is_same_origin
from bot.web.peers import is_local, peer_address, rate_key
from tests.channels.web.fakes import FakeDesk
from tests.channels.web.server import serving, visitor

PROXIES = [ip_network("10.0.0.0/8"), ip_network("127.0.0.1")]


def connection(peer: str | None, *forwarded: str, **headers: str) -> HTTPConnection:
    """A request from this peer with these forwarding headers."""
    pairs = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    pairs += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": pairs, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.7, 10.2.2.2"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7:51234"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7:_gone, 10.2.2.2:80"], "198.51.100.7"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ['"[2001:db8::1]:4711"'], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["[::ffff:198.51.100.7]:80"], "198.51.100.7"),
        ("::ffff:10.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: list[str], address: str) -> None:
    """A visitor cannot pose as another address; a declared proxy tells whom it speaks for."""
    assert peer_address(connection(peer, *forwarded), PROXIES) == ip_address(address)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("for=198.51.100.7", "198.51.100.7"),
        ("For=1.1.1.1, FOR=198.51.100.7;proto=https;by=10.0.0.1", "198.51.100.7"),
        ('proto=https;for="[2001:db8::1]:4711";by="[::1]"', "2001:db8::1"),
        ('for=6.6.6.6, x=", for=198.51.100.7;by="[::1]"', "198.51.100.7"),
        ("for=198.51.100.7, for=10.1.1.1", "198.51.100.7"),
        ("for=198.51.100.7, for=unknown", None),
        ("for=_hidden", None),
        ("proto=https", None),
    ],
)
def test_the_standard_header_is_read_too(forwarded: str, address: str | None) -> None:
    """A declared proxy may write Forwarded (RFC 7239); a stranger's own quotes cannot hide what it adds."""
    told = peer_address(connection("10.0.0.1", forwarded=forwarded), PROXIES)
    assert told == (ip_address(address) if address else None)
    both = connection("10.0.0.1", "198.51.100.9", forwarded=forwarded)
    assert peer_address(both, PROXIES) == ip_address("198.51.100.9")
    assert peer_address(connection("192.0.2.1", forwarded=forwarded), PROXIES) == ip_address("192.0.2.1")


UNREADABLE = (
    *(
        "",
        " ",
        "unknown",
        "_hidden",
        "nonsense",
        "localhost",
        "127.1",
        "0177.0.0.1",
        "198.51.100.7:x",
        "[::1",
        "::1]:80",
    ),
    *("198.51.100.7:1:2", "1.2.3.4.5", "::1::1", "999.1.1.1:80", "127.0.0.1;", "é"),
)


@pytest.mark.parametrize("hop", UNREADABLE)
def test_what_cannot_be_read_is_nobody(hop: str) -> None:
    """Whom a proxy cannot name shares no bucket with the proxy or anybody named, and never counts as this machine."""
    asked = connection("127.0.0.1", f"198.51.100.7, {hop}")
    assert peer_address(asked, PROXIES) is None
    assert rate_key(peer_address(asked, PROXIES)) != rate_key(ip_address("127.0.0.1"))
    assert not is_local(asked)


def test_a_connection_without_address() -> None:
    """A Unix socket has no address, and counts as one."""
    assert peer_address(connection(None), PROXIES) is None
    assert not is_local(connection(None))
    assert rate_key(None) == "None"


@pytest.mark.parametrize(
    ("request_", "local"),
    [
        (connection("127.0.0.1"), True),
        (connection("::1"), True),
        (connection("::ffff:127.0.0.1"), True),
        (connection("192.0.2.1"), False),
        (connection("127.0.0.1", "192.0.2.1"), False),
        (connection("127.0.0.1", "127.0.0.1"), False),
        (connection("127.0.0.1", "203.0.113.9:51234"), False),
        (connection("127.0.0.1", via="1.1 proxy"), False),
        (connection("127.0.0.1", forwarded="for=127.0.0.1"), False),
        (connection("127.0.0.1", x_real_ip="127.0.0.1"), False),
        (connection("127.0.0.1", x_forwarded_proto="https"), False),
        (connection("192.0.2.1", "127.0.0.1"), False),
        (connection("fe80::1%eth0"), False),
    ],
)
def test_local_is_this_machine_alone(request_: HTTPConnection, local: bool) -> None:
    """A stranger behind a proxy on this machine is not this machine, declared proxy or not."""
    assert is_local(request_) is local


def test_an_ipv6_subscriber_is_one() -> None:
    """Whoever has a whole IPv6 network, as large as a customer gets, has one bucket; a neighbour another."""
    assert rate_key(ip_address("2001:db8::1")) == rate_key(ip_address("2001:db8:0:ffff::ffff"))
    assert rate_key(ip_address("2001:db8::1")) != rate_key(ip_address("2001:db8:1::1"))
    assert rate_key(ip_address("192.0.2.1")) != rate_key(ip_address("192.0.2.2"))


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://Bot.Example.NL", "https://bot.example.nl"),
        ("https://bot.example.nl:443/", "https://bot.example.nl"),
        ("http://bot.example.nl:80", "http://bot.example.nl"),
        ("https://bot.example.nl:8443/chat/", "https://bot.example.nl:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[2001:DB8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_our_own_page_is_known_however_its_address_is_written(public_url: str, origin: str) -> None:
    """A browser without Sec-Fetch-Site names the page as browsers write addresses, the setting may not."""
    assert is_same_origin(connection("192.0.2.1", origin=origin), public_url)
    assert not is_same_origin(connection("192.0.2.1", origin=origin + ".evil.example"), public_url)


def test_a_bucket_fills_again() -> None:
    """After a burst one waits, exactly as long as is said."""
    now = 100.0
    limiter = Limiter(Rate(burst=2, per_second=0.5), clock=lambda: now)
    assert [limiter.wait("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert limiter.wait("b") == 0.0
    now = 102.0
    assert limiter.wait("a") == 0.0
    assert limiter.wait("a") == 2.0


def test_memory_does_not_grow() -> None:
    """However many strangers come, the number of buckets is bounded, and the busy ones stay."""
    limiter = Limiter(Rate(burst=1, per_second=0.001), size=100, clock=lambda: 0.0)
    for number in range(1_000):
        limiter.wait("busy")
        limiter.wait(str(number))
    assert len(limiter) == 100
    assert limiter.wait("busy") > 0


async def test_a_session_that_floods_is_slowed_down(desk: FakeDesk) -> None:
    """Too many messages from one session get 429 with the time to wait; another session is not bothered."""
    async with (
        serving(desk, limits=Limits(session=Rate(burst=3, per_second=0.01))) as server,
        visitor(server) as flooder,
        visitor(server) as other,
    ):
        await flooder.post("/api/session")
        answers = [await flooder.post("/api/chat", json={"message_id": str(n), "text": "x"}) for n in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert answers[-1].json()["error"]["code"] == "slow_down"
        assert (await other.post("/api/chat", json={"message_id": "1", "text": "x"})).status_code == 200
        assert (await flooder.get("/api/chat")).status_code == 200


async def test_endless_new_conversations_from_one_address(desk: FakeDesk) -> None:
    """Who clears their cookies over and over does not get round the limits; another address is not bothered."""
    limits = Limits(visits=Rate(burst=2, per_second=0.001))
    async with serving(desk, limits=limits, trusted_proxies=[ip_network("127.0.0.1")]) as server:
        statuses = []
        for path, address in (
            ("/api/session", "145.97.1.1"),
            ("/api/chat", "145.97.1.1"),
            ("/api/chat", "145.97.1.1"),
            ("/api/session", "145.97.1.1"),
            ("/api/session", "145.97.1.2"),
            ("/api/session", "10.0.0.7"),
            ("/api/session", "10.0.0.7"),
            ("/api/session", "10.0.0.7"),
        ):
            async with visitor(server) as client:
                said = {"message_id": "1", "text": "x"} if path == "/api/chat" else {}
                answer = await client.post(path, json=said, headers={"X-Forwarded-For": address})
                statuses.append(answer.status_code)
    assert statuses == [200, 200, 429, 429, 200, 200, 200, 200]


async def test_an_address_that_floods_is_slowed_down(desk: FakeDesk) -> None:
    """New sessions do not help a flooding address; behind a declared proxy each visitor has a bucket of its own."""
    limits = Limits(address=Rate(burst=2, per_second=0.01))
    async with (
        serving(desk, limits=limits, trusted_proxies=[ip_network("127.0.0.1")]) as server,
        visitor(server) as client,
    ):
        headers = {"X-Forwarded-For": "198.51.100.1"}
        statuses = [(await client.post("/api/session", headers=headers)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        other = {"X-Forwarded-For": "198.51.100.1, 198.51.100.2"}
        assert (await client.post("/api/session", headers=other)).status_code == 200
