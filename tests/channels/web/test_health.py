"""What an operator's tools ask."""

import asyncio
from collections.abc import MutableMapping
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, Gauge
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.web.health import Warned
from tests.channels.web.fakes import FakeDesk
from tests.channels.web.server import application, serving, visitor


async def fine() -> str | None:
    """All is well."""
    return None


async def down() -> str | None:
    """Something is not."""
    return "Telegram does not answer"


async def broken() -> str | None:
    """A check that fails itself, with a secret in its text."""
    raise RuntimeError("password=secret")


async def hangs() -> str | None:
    """A check that never ends."""
    await asyncio.Event().wait()
    return None


async def test_the_process_lives(client: httpx.AsyncClient) -> None:
    """/healthz answers as long as the process does."""
    assert (await client.get("/healthz")).json() == {"status": "alive"}


async def test_ready_when_every_part_is(desk: FakeDesk) -> None:
    """/readyz says that every part answers."""
    async with serving(desk, checks={"database": fine}) as server, visitor(server) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()["checks"]) == (200, {"database": "ok"})


async def test_not_ready_says_why(desk: FakeDesk) -> None:
    """/readyz gives the reason of each part that does not answer, and no secret; a check that hangs is one."""
    checks = {"database": fine, "telegram": down, "mail": broken, "webhook": hangs}
    async with serving(desk, checks=checks, check_seconds=0.05) as server, visitor(server) as client:
        response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == {
        "telegram": "Telegram does not answer",
        "mail": "RuntimeError",
        "webhook": "no answer within 0.05 seconds",
    }


async def test_a_warning_sends_nobody_away(desk: FakeDesk) -> None:
    """What an operator should see stands in /readyz, and the program stays ready."""

    async def given_up() -> str | None:
        return Warned("messages were given up")

    async with serving(desk, checks={"database": fine, "outbox": given_up}) as server, visitor(server) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert response.json()["warnings"] == {"outbox": "messages were given up"}


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "203.0.113.9"}, {"Host": "evil.example"}])
async def test_strangers_read_no_reason(desk: FakeDesk, headers: dict[str, str]) -> None:
    """Who is no operator reads which part does not answer, not what it said; who has the token reads that too."""
    async with serving(desk, checks={"database": fine, "telegram": down}) as server, visitor(server) as client:
        response = await client.get("/readyz", headers=headers)
    assert (response.status_code, response.json()) == (
        503,
        {
            "status": "unavailable",
            "checks": {"database": "ok", "telegram": "no answer"},
            "reasons": {"telegram": "no answer"},
        },
    )
    public: dict[str, Any] = {"public_url": "https://bot.example.nl", "metrics_token": "s3cret"}
    async with serving(desk, checks={"telegram": down}, **public) as server, visitor(server) as client:
        assert "Telegram" not in (await client.get("/readyz")).text
        told = await client.get("/readyz", headers=headers | {"Authorization": "Bearer s3cret"})
    assert told.json()["reasons"] == {"telegram": "Telegram does not answer"}


async def test_the_log_says_why_once(desk: FakeDesk) -> None:
    """However often it is asked, the log says once why a part does not answer, and once that it does again."""
    outcomes = ["away", "away", None, None, "away"]

    async def database() -> str | None:
        return outcomes.pop(0)

    async with serving(desk, checks={"database": database}) as server, visitor(server) as client:
        with capture_logs() as logs:
            for _ in range(5):
                await client.get("/readyz", headers={"Host": "evil.example"})
    told = [(line["event"], line.get("reason")) for line in logs if line["event"] in ("not_ready", "ready_again")]
    assert told == [("not_ready", "away"), ("ready_again", None), ("not_ready", "away")]


async def test_metrics_for_this_machine(desk: FakeDesk) -> None:
    """Without a token /metrics is for this machine alone; a stranger behind a proxy on it gets 403."""
    registry = CollectorRegistry()
    Gauge("leads_waiting", "Leads", registry=registry).set(3)
    async with serving(desk, registry=registry) as server, visitor(server) as client:
        await client.get("/nothing/12345")
        response = await client.get("/metrics")
        proxied = await client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert response.headers["content-type"].startswith("text/plain")
    assert "leads_waiting 3.0" in response.text
    assert 'course_bot_http_requests_total{path="other",status="404"} 1.0' in response.text
    assert "12345" not in response.text
    assert (proxied.status_code, proxied.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "198.51.100.1"},
        {"X-Forwarded-For": "203.0.113.9:51234"},
        {"X-Forwarded-For": "unknown"},
        {"X-Forwarded-For": ""},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=_hidden"},
        {"X-Real-IP": "127.0.0.1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8080"},
        {"Host": "[::1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",)])
async def test_metrics_are_for_nobody_from_elsewhere(
    desk: FakeDesk, headers: dict[str, str], trusted: tuple[str, ...]
) -> None:
    """A proxy, declared or not, makes nobody local, nor does a page of another site that a browser here shows."""
    async with serving(desk, trusted_proxies=list(map(ip_network, trusted))) as server, visitor(server) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == 403
        assert (await client.get("/metrics")).status_code == 200


@pytest.mark.parametrize("address", ["https://bot.example.nl", "http://10.0.0.5:8080", "http://localhost.example.nl"])
async def test_metrics_need_a_token_once_strangers_come(desk: FakeDesk, address: str) -> None:
    """Where people come by a public address a proxy may be in front, whatever it says of itself: then a token it is."""
    async with serving(desk, public_url=address) as server, visitor(server) as client:
        for host in ("127.0.0.1:8080", "localhost", "bot.example.nl"):
            assert (await client.get("/metrics", headers={"Host": host})).status_code == 403
    async with serving(desk, public_url=address, metrics_token="s3cret") as server, visitor(server) as client:
        assert (await client.get("/metrics", headers={"Authorization": "Bearer s3cret"})).status_code == 200


async def test_metrics_with_a_token(desk: FakeDesk) -> None:
    """With a token set, whoever has it sees the figures, from anywhere, and nobody else."""
    async with serving(desk, metrics_token="s3cret") as server, visitor(server) as client:
        for header in (b"", b"Bearer wrong", b"s3cret", "Bearer é".encode()):
            assert (await client.get("/metrics", headers={b"Authorization": header})).status_code == 403
        assert (await client.get("/metrics", headers={"Authorization": "Bearer s3cret"})).status_code == 200


async def test_the_application_starts_and_stops(desk: FakeDesk) -> None:
    """A server that announces its start and its end is answered."""
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answers = []

    async def receive() -> MutableMapping[str, Any]:
        return next(told)

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message["type"])

    await application(desk)({"type": "lifespan", "state": {}}, receive, send)
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_more_endpoints_can_be_added(desk: FakeDesk) -> None:
    """The Telegram webhook, say, is served beside the chat, with the same care for headers."""

    async def webhook(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    routes = [Route("/telegram/webhook", webhook, methods=["POST"])]
    async with serving(desk, routes=routes) as server, visitor(server) as client:
        response = await client.post("/telegram/webhook", content=b"x" * 20_000)
    assert response.text == "20000"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_the_log_names_the_place_and_no_words(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """An error of ours is logged with its kind and place, never with what a person wrote."""
    desk.fails = RuntimeError("Zoë, 06-12345678")
    with capture_logs() as logs:
        await client.post("/api/chat", json={"message_id": "1", "text": "hoi"})
    (line,) = [line for line in logs if line["event"] == "request_failed"]
    assert line["error"] == "RuntimeError"
    assert line["place"].startswith("tests.channels.web.fakes:")
    assert "Zoë" not in str(logs)
