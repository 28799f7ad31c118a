"""The page and its files, the widget, and the headers that keep them safe."""

import re
from pathlib import Path

import httpx
import pytest

from bot.channels.web.page import SCRIPT_WORDS
from bot.web.errors import STATUSES
from tests.channels.web.fakes import WORDING, WORDS, FakeDesk
from tests.channels.web.server import serving, visitor

WEB = Path("bot/channels/web")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_of_the_page_is_there(language: str) -> None:
    """Nothing that the page, its script or an error says is missing in a language."""
    words = WORDING.page(language)
    needed = {f"error_{code}" for code in STATUSES} | set(SCRIPT_WORDS) | {"robot", "open"}
    needed |= set(re.findall(r"words\.(\w+)", Path(WEB / "templates/page.html").read_text("utf-8")))
    assert needed <= words.keys()
    assert all(words[key].strip() for key in needed)


def test_the_script_gets_the_words_it_says() -> None:
    """Every word that a script uses is given to it, and no other."""
    scripts = "".join(path.read_text("utf-8") for path in WEB.glob("static/*.js"))
    used = set(re.findall(r"words\.(\w+)", scripts)) | {"bot", "staff", "you"}
    assert used == set(SCRIPT_WORDS)


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "nl"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr,en;q=0.5,nl;q=0.4", "en"),
        ("?lang=nl", "en", "nl"),
        ("?lang=EN", "nl", "en"),
        ("?lang=xx", "fr", "nl"),
    ],
)
async def test_page_speaks_the_visitors_language(
    client: httpx.AsyncClient, query: str, header: str, language: str
) -> None:
    """The page comes in the language of ?lang, else the browser's, else the default."""
    response = await client.get(f"/{query}", headers={"Accept-Language": header})
    assert response.headers["content-language"] == language
    assert f'<html lang="{language}">' in response.text


async def test_nothing_of_the_query_is_repeated(client: httpx.AsyncClient) -> None:
    """What stands in the address does not come back in the page, nor in an error, nor in a redirect."""
    attack = "'\"><script>alert(1)</script>"
    for path in ("/", "/nothing/", f"/{attack}", "//evil.example/", "/static/x/y"):
        response = await client.get(path, params={"source": attack, "lang": attack})
        assert "alert(1)" not in response.text
        assert "location" not in response.headers


async def test_page_is_safe_by_its_headers(client: httpx.AsyncClient) -> None:
    """No inline code or style, no third party, no framing by others, no guessing of types."""
    response = await client.get("/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self';" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in response.headers["permissions-policy"]
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in response.headers
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", response.text)
    assert not re.findall(r"""(?:src|href)="(?:https?:)?//""", response.text)


async def test_every_answer_has_the_safe_headers(client: httpx.AsyncClient) -> None:
    """Errors and JSON cannot be framed or sniffed either."""
    for path in ("/api/chat", "/nothing", "/healthz", "/widget.js"):
        response = await client.get(path)
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_https_makes_the_cookie_secure(desk: FakeDesk) -> None:
    """On https the cookie travels on https alone, bound to this host, and browsers are told to stay there."""
    async with (
        serving(desk, public_url="https://chat.example.nl") as server,
        visitor(server) as client,
    ):
        made = await client.post("/api/session", headers={"Origin": "https://chat.example.nl"})
    assert made.headers["set-cookie"].startswith("__Host-chat=")
    assert made.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
    assert made.headers["strict-transport-security"]


async def test_a_visitor_who_returns_keeps_the_session(client: httpx.AsyncClient) -> None:
    """Opening the page again keeps the conversation for as long again; a stranger gets no cookie from the page."""
    assert "set-cookie" not in (await client.get("/")).headers
    token = (await client.post("/api/session")).json()["session"]
    assert f"chat={token}; Max-Age=7776000;" in (await client.get("/")).headers["set-cookie"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({"Origin": "http://chat.example", "Host": "chat.example"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8080.evil.example"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
async def test_other_sites_cannot_speak_for_a_visitor(
    client: httpx.AsyncClient, desk: FakeDesk, headers: dict[str, str], status: int
) -> None:
    """A page on another site cannot send a message in a visitor's name."""
    body = {"message_id": "1", "text": "x"}
    response = await client.post("/api/chat", json=body, headers=headers)
    assert response.status_code == status
    assert len(desk.events) == (status == 200)


async def test_files_are_cached_by_their_content(client: httpx.AsyncClient) -> None:
    """A file under the current version's name is kept for ever; under an older name it is checked each time."""
    page = (await client.get("/")).text
    paths = re.findall(r'"(/static/[^"]+)"', page)
    assert len(paths) >= 3
    for path in set(paths):
        response = await client.get(path)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        again = await client.get(path, headers={"If-None-Match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    older = await client.get("/static/old/page.css")
    assert older.headers["cache-control"] == "no-cache"
    assert older.headers["content-type"] == "text/css; charset=utf-8"
    for missing in ("/static/old/nothing.js", "/static/old/..%2fapp.py", "/static/%2e%2e/app.py"):
        assert (await client.get(missing)).status_code == 404


async def test_widget_is_for_other_sites(client: httpx.AsyncClient) -> None:
    """Other sites may load the script, in both languages."""
    response = await client.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert WORDS["open"] in response.text
    again = await client.get("/widget.js", headers={"If-None-Match": f"W/{response.headers['etag']}"})
    assert again.status_code == 304
