"""The web surface of the real program: sessions, cookies, headers, limits, other sites, and anything at all."""

import json
import re
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from yarl import URL

from bot.web.limits import Limiter, Rate
from bot.web.peers import peer_address, rate_key
from tests.botapi import BotApi
from tests.channels.web.test_anything import HEADERS, JSON, MESSAGES, PATHS, QUERY, TEXT, send
from tests.journey.program import Running, program_settings, running, serving, visiting

SECRET = "webhook-secret-of-this-test"
SETTINGS = {"metrics_token": "metrics-token-of-this-test", "public_url": "https://chat.example.org"}
ENDPOINTS = (
    "/", "/widget.js", "/healthz", "/readyz", "/metrics", "/api/chat", "/nothing", "/staff/", "/static/x/y"
)  # fmt: skip


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[Running]:
    """The program as it stands behind https, with a token for the figures."""
    async with running(tmp_path, **SETTINGS) as program:
        yield program


def at(program: Running) -> str:
    """Where it listens, behind the proxy."""
    return f"http://127.0.0.1:{program.settings.http_port}"


async def test_headers_cookies_and_figures(secure: Running) -> None:
    """Every answer carries the headers that keep a page safe; cookies are closed; figures want their token."""
    async with aiohttp.ClientSession(at(secure)) as http:
        for path in ENDPOINTS:
            async with http.get(path, allow_redirects=False) as answer:
                headers = answer.headers
                assert answer.status < 500
                assert answer.status not in (301, 302, 303, 307, 308)
            policy = headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'self'" in policy or "frame-ancestors 'none'" in policy
            assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Strict-Transport-Security"].startswith("max-age=")
            assert "Server" not in headers
            assert "Access-Control-Allow-Origin" not in headers
        async with http.get("/") as page:
            text = await page.text()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
        assert not re.search(r"\son\w+=|style=|javascript:", text)
        async with http.post("/api/session") as made:
            cookie = made.headers["Set-Cookie"]
        assert cookie.startswith("__Host-chat=")
        assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(cookie.split("; "))
        for shown, status in (("", 403), ("Bearer wrong", 403), (f"Bearer {SETTINGS['metrics_token']}", 200)):
            async with http.get("/metrics", headers={"Authorization": shown}) as answer:
                assert answer.status == status


async def test_other_sites_get_nothing(secure: Running) -> None:
    """A page of another site can neither read nor write, by whatever means a browser lets it try."""
    body = json.dumps({"message_id": "1", "text": "/start"})
    async with aiohttp.ClientSession(at(secure)) as http:
        for headers in (
            {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"},
            {"Sec-Fetch-Site": "same-site", "Content-Type": "application/json"},
            {"Origin": "https://evil.example", "Content-Type": "application/json"},
            {"Origin": "null", "Content-Type": "application/json"},
        ):
            async with http.post("/api/chat", data=body, headers=headers) as answer:
                assert answer.status == 403
                assert "Set-Cookie" not in answer.headers
            async with http.get("/api/chat", headers=headers) as answer:
                assert answer.status == 403
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            async with http.post("/api/chat", data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status == 415
        async with http.options("/api/chat", headers={"Origin": "https://evil.example"}) as answer:
            assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_nothing_is_reflected_and_nobody_is_sent_away(secure: Running) -> None:
    """What a stranger puts in an address, a header or a body does not come back, nor lead anywhere."""
    marker = "<svg/onload=alert(9)>"
    async with aiohttp.ClientSession(at(secure)) as http:
        for path in ("/", "/api/chat", "/static/x", "//evil.example/", "/nothing", "/widget.js"):
            headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept-Language": marker}
            target = f"{path}?lang={marker}&source={marker}&next=//evil.example&{marker}"
            async with http.get(URL(at(secure) + target, encoded=True), headers=headers,
                                allow_redirects=False) as answer:  # fmt: skip
                assert answer.status not in (301, 302, 303, 307, 308)
                assert "Location" not in answer.headers
                shown = await answer.text() + str(answer.headers)
            assert "onload" not in shown
            assert "evil.example" not in shown
        for body in (f'{{"message_id": "{marker}"}}', f'{{"message_id": "1", "text": 5, "{marker}": 1}}', marker):
            async with http.post("/api/chat", data=body, headers={"Content-Type": "application/json"}) as answer:
                assert 400 <= answer.status < 500
                assert "onload" not in await answer.text()


async def test_one_never_sees_anothers(program: Running) -> None:
    """A session that was changed in any place, cut, or made up opens nothing; a person's own does."""
    async with visiting(program.url) as noor:
        await noor.says("Ik heet Zwaluwstaart")
        token = next(cookie.value for cookie in noor.http.cookie_jar if cookie.key == "chat")
    async with aiohttp.ClientSession(program.url) as http:
        forged = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token), 7)]
        for wrong in (*forged, token[:-1], token + "0", token.upper(), "", "x" * 4000, "a~nl~x." + token[-32:]):
            async with http.get("/api/chat", headers={"Authorization": f"Bearer {wrong}"}) as answer:
                assert answer.status in (200, 400, 401)
                assert "Zwaluwstaart" not in await answer.text()
            async with http.get("/api/chat", headers={"Cookie": f"chat={wrong}"}) as answer:
                assert "Zwaluwstaart" not in await answer.text()
        async with http.get("/api/chat", headers={"Authorization": f"Bearer {token}"}) as answer:
            assert "Zwaluwstaart" in await answer.text()
        async with http.get(f"/api/chat?session={token}") as answer:
            assert "Zwaluwstaart" not in await answer.text()


async def test_robots_and_floods(program: Running) -> None:
    """A filled-in honeypot stores nothing; a long body is refused; a session that floods waits, another does not."""
    async with visiting(program.url) as robot:
        said = await robot.sends(text="/aanmelden", website="http://spam.example")
        assert said
        async with robot.http.get(f"{program.url}/api/chat") as answer:
            assert (await answer.json())["messages"] == []
        long = json.dumps({"message_id": "1", "text": "x" * 16_400})
        kind = {"Content-Type": "application/json"}
        async with robot.http.post(f"{program.url}/api/chat", data=long, headers=kind) as answer:
            assert answer.status == 413
        async with robot.http.post(f"{program.url}/api/session") as answer:
            assert answer.status == 200
        statuses = []
        for number in range(400):
            body = {"message_id": str(number), "choice": "menu"}
            async with robot.http.post(f"{program.url}/api/chat", json=body) as answer:
                statuses.append(answer.status)
                wait = answer.headers.get("Retry-After")
            if answer.status != 200:
                break
        assert statuses[-1] == 429
        assert int(wait or 0) >= 1
    async with visiting(program.url) as other:
        assert await other.says("/start")


async def test_sign_ups_a_day(program: Running) -> None:
    """The sixth sign-up of a day from one conversation gets a kind line, and a way to reach somebody all the same."""
    async with visiting(program.url) as keen:
        for number in range(5):
            await keen.says("/aanmelden")
            if number:
                await keen.taps("signup:another")
            for answer in ("beide", "gemeente", "Gemeente Utrecht", "Noor", "noor@utrecht.nl"):
                await keen.says(answer)
            await keen.taps("signup:submit")
        await keen.says("/aanmelden")
        said = await keen.taps("signup:another")
    assert "Morgen" in said
    assert "/contact" in said


def request_from(peer: str, forwarded: str | None) -> Request:
    """A request as the server sees it."""
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:51234", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "None"),
        ("2001:db8::1:2:3:4", None, "2001:db8::/48"),
        ("2001:db8:0:ffff::1", None, "2001:db8::/48"),
    ],
)
def test_addresses_are_believed_from_trusted_proxies_only(peer: str, forwarded: str | None, counted: str) -> None:
    """Nobody gets round the limit by saying that they are somebody else."""
    trusted = [ip_network("10.0.0.0/24")]
    assert rate_key(peer_address(request_from(peer, forwarded), trusted)) == counted


def test_an_address_that_asks_too_much_waits_alone() -> None:
    """The limit of one address is its own; memory for addresses is bounded."""
    limiter = Limiter(Rate(burst=2, per_second=1), size=10, clock=lambda: 0.0)
    assert [limiter.wait("a") > 0 for _ in range(3)] == [False, False, True]
    assert limiter.wait("b") == 0
    for number in range(100):
        limiter.wait(str(number))
    assert len(limiter) == 10


ANYTHING = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
EVE = {"id": 5, "is_bot": False, "first_name": "Eve"}
UPDATES = st.fixed_dictionaries(
    {"update_id": st.integers() | JSON},
    optional=dict.fromkeys(
        ("message", "edited_message", "callback_query", "my_chat_member"),
        JSON
        | st.fixed_dictionaries(
            {
                "message_id": st.integers(), "date": st.integers(0, 2**33), "id": TEXT, "chat_instance": TEXT,
                "chat": st.just({"id": 5, "type": "private"}), "from": st.just(EVE),
            },
            optional={"text": st.text(max_size=20), "data": TEXT, "contact": JSON, "photo": JSON, "message": JSON},
        ),
    ),
)  # fmt: skip


class Door:
    """Where the program listens, for ``send``."""

    def __init__(self, port: int) -> None:
        self.port = port


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """The whole program with its webhook, as a stranger meets it."""
    async with BotApi() as api:
        staff = api.group("Staf", "Anne")
        chosen = program_settings(
            tmp_path, api, staff.id, telegram_webhook_url="https://x.example.org", telegram_webhook_secret=SECRET
        )
        async with serving(chosen):
            yield Door(chosen.http_port)


@ANYTHING
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"]),
    path=st.sampled_from((*PATHS, "/telegram/webhook", "/api/chat/events/x")) | TEXT.map(lambda text: "/" + text),
    query=QUERY,
    headers=HEADERS,
    body=st.binary(max_size=200) | (MESSAGES | JSON).map(lambda value: json.dumps(value).encode()),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data"]),
)
async def test_no_request_makes_the_program_fail(
    door: Any, method: str, path: str, query: dict[str, str], headers: dict[str, bytes], body: bytes, kind: str
) -> None:
    """Whatever is sent to whichever endpoint of the whole program, no answer is a server error."""
    target = f"{quote(path)}?{urlencode(query, errors='replace')}"
    status, _ = await send(door, method, target, {**headers, "Content-Type": kind.encode()}, body)
    assert status < 500


@ANYTHING
@given(body=MESSAGES)
async def test_no_message_makes_the_program_fail(door: Any, body: object) -> None:
    """Any message gets an answer or a reason, never "not saved"."""
    kind = {"Content-Type": b"application/json"}
    status, answer = await send(door, "POST", "/api/chat", kind, json.dumps(body).encode())
    assert status < 500
    assert json.loads(answer).keys() <= {"messages", "error"}


@ANYTHING
@given(update=UPDATES | JSON)
async def test_no_update_makes_the_program_fail(door: Any, update: object) -> None:
    """Any update that shows the secret is confirmed: one that cannot be read would come for ever."""
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET.encode()}
    status, _ = await send(door, "POST", "/telegram/webhook", secret, json.dumps(update).encode())
    assert status == 200
