"""The chat's API: a session, a message with its answer, and what was said."""

import asyncio
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.channels.web import Limits
from bot.dialogue.events import Chosen, Typed
from bot.dialogue.moments import read, written
from storage.errors import Unavailable
from tests.channels.web.fakes import WORDS, FakeDesk, not_saved
from tests.channels.web.server import WebServer, serving, visitor
from tests.events import words_of


async def say(client: httpx.AsyncClient, text: str, message_id: str = "m1", **more: Any) -> httpx.Response:
    """Send one typed message."""
    return await client.post("/api/chat", json={"message_id": message_id, "text": text, **more})


async def test_first_message_makes_a_session(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A first message is answered at once, and the browser keeps the session in a cookie no script can read."""
    response = await say(client, "hallo")
    assert response.status_code == 200
    assert response.json() == {
        "messages": [{"id": "2", "html": "Je zei: hallo", "text": "Je zei: hallo", "topic": None, "buttons": []}]
    }
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("chat=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    await say(client, "nog iets", "m2")
    assert len({event.chat for event in desk.events}) == 1
    assert desk.events[0].chat.startswith("web:")
    assert isinstance(desk.events[0], Typed)


async def test_choice_reaches_the_desk(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A tapped button is answered like anything else."""
    response = await client.post("/api/chat", json={"message_id": "a", "choice": "topic:costs"})
    assert response.json()["messages"][0]["topic"] == "costs"
    assert (type(desk.events[0]), words_of(desk.events[0])) == (Chosen, "topic:costs")


async def test_same_message_again_gets_the_same_answer(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A repeated request changes nothing and gets the very same body."""
    first = await say(client, "hallo")
    again = await say(client, "hallo")
    assert first.content == again.content
    assert len(desk.events) == 1


async def test_bearer_token_carries_the_session(server: WebServer, desk: FakeDesk) -> None:
    """A client without cookies uses the token that POST /api/session gives."""
    async with visitor(server) as client:
        made = await client.post("/api/session")
        assert "HttpOnly" in made.headers["set-cookie"]
        client.cookies.clear()
        headers = {"Authorization": f"Bearer {made.json()['session']}"}
        await client.post("/api/chat", json={"message_id": "1", "text": "hoi"}, headers=headers)
        history = await client.get("/api/chat", headers=headers)
    assert [message["from"] for message in history.json()["messages"]] == ["person", "bot"]
    assert history.json()["last"] == "2"


async def test_session_remembers_source_and_language(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """Where a visitor came from stays with the session, and what the message itself says goes first."""
    await client.post("/api/session", json={"source": "nieuwsbrief", "language": "en"})
    await say(client, "hello")
    await say(client, "hello", "m2", source="mailing", language="nl")
    assert [(event.source, event.language) for event in desk.events] == [("nieuwsbrief", "en"), ("mailing", "nl")]


async def test_nonsense_in_hints_is_left_out(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A source or language that cannot be one is not kept."""
    await client.post("/api/session", json={"source": "<script>", "language": ["nl"]})
    await say(client, "hoi", source={"a": 1}, language=7)
    assert (desk.events[0].source, desk.events[0].language) == (None, "nl")


async def test_forged_sessions_are_nobody(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A token we did not mint opens no conversation: 401 as a bearer, a fresh session as a cookie."""
    token = (await client.post("/api/session")).json()["session"]
    client.cookies.clear()
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    for bad in (forged, "x", "a" * 500, "é"):
        response = await client.get("/api/chat", headers={b"Authorization": f"Bearer {bad}".encode()})
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "session"
    response = await client.post(
        "/api/chat", json={"message_id": "1", "text": "x"}, headers={"Cookie": f"chat={forged}"}
    )
    assert response.status_code == 200
    assert response.headers["set-cookie"].startswith("chat=")
    assert forged not in response.headers["set-cookie"]


async def test_other_authorization_is_not_ours(client: httpx.AsyncClient) -> None:
    """Basic authorization of a proxy in front does no harm."""
    response = await client.get("/api/chat", headers={"Authorization": "Basic abc"})
    assert response.json() == {"messages": [], "last": None}


async def test_nobody_sees_anothers_conversation(server: WebServer, client: httpx.AsyncClient) -> None:
    """Two visitors each see their own words."""
    await say(client, "geheim")
    async with visitor(server) as other:
        await say(other, "iets anders")
        assert "geheim" not in (await other.get("/api/chat")).text


async def test_history_shows_who_said_what(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """The conversation so far has the person's, the bot's and staff's words, with their times."""
    await say(client, "hallo")
    desk.keep(desk.events[0].chat, "staff", {"html": "Dag!", "text": "Dag!", "topic": None, "buttons": []})
    messages = (await client.get("/api/chat")).json()["messages"]
    assert [(message["id"], message["from"]) for message in messages] == [("1", "person"), ("2", "bot"), ("3", "staff")]
    assert written(read(messages[0]["at"])) == messages[0]["at"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "a"}, 422, "message_id"),
        ({"message_id": 5, "text": "a"}, 422, "message_id"),
        ({"message_id": "a" * 65, "text": "a"}, 422, "message_id"),
        ({"message_id": "a b", "text": "a"}, 422, "message_id"),
        ({"message_id": "a"}, 422, "text_or_choice"),
        ({"message_id": "a", "text": None, "choice": None}, 422, "text_or_choice"),
        ({"message_id": "a", "text": "a", "choice": "menu"}, 422, "text_or_choice"),
        ({"message_id": "a", "text": 5}, 422, "text_or_choice"),
        ({"message_id": "a", "choice": "m" * 65}, 422, "text_or_choice"),
        ({"message_id": "a", "text": " \n "}, 422, "empty"),
        ([1], 400, "invalid_json"),
    ],
)
async def test_what_cannot_be_understood_is_told(
    client: httpx.AsyncClient, desk: FakeDesk, body: object, status: int, code: str
) -> None:
    """Every wrong request gets its own kind reason, and changes nothing."""
    response = await client.post("/api/chat", json=body)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["message"]
    assert not desk.events


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b"[" * 16_000, b'{"a":' * 3_000])
async def test_broken_json_is_told(client: httpx.AsyncClient, content: bytes) -> None:
    """What is no JSON gets 400, however deep it is nested."""
    response = await client.post("/api/chat", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_json")


async def test_only_json_is_taken(client: httpx.AsyncClient) -> None:
    """A form, which another site could send, is refused."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = await client.post(
            "/api/chat", content=b'{"message_id":"a","text":"b"}', headers={"Content-Type": kind}
        )
        assert (response.status_code, response.json()["error"]["code"]) == (415, "media_type")


async def test_large_bodies_are_refused(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """More than 16 kB is refused, whether its length is said or not."""

    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 1_000

    for content in (b" " * 16_385, chunks()):
        response = await client.post("/api/chat", content=content, headers={"Content-Type": "application/json"})
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
    fits = b'{"message_id":"a","text":"b"}'.ljust(16_384)
    assert (
        await client.post("/api/chat", content=fits, headers={"Content-Type": "application/json"})
    ).status_code == 200


async def test_long_text_is_refused(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A message of more than 2,000 characters is refused by a kind word, and nothing of it is kept."""
    refused = await say(client, "é" * 2_001, "long")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "too_long")
    assert (await say(client, " " + "é" * 2_000 + " ", "fits")).status_code == 200
    assert [len(words_of(event)) for event in desk.events] == [2_000]


async def test_half_characters_do_no_harm(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A lone surrogate, which JSON can hold and UTF-8 cannot, is replaced; a whole emoji stays."""
    body = b'{"message_id": "a", "text": "x\\ud800y \\ud83d\\ude00"}'
    response = await client.post("/api/chat", content=body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert response.status_code == 200
    assert words_of(desk.events[0]) == "x\ufffdy 😀"


async def test_hostile_text_comes_back_as_it_was(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """Whatever is typed reaches the dialogue unchanged."""
    for number, text in enumerate(
        ["<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE leads;--", "a\x00b", "\u202egip"]
    ):
        assert (await say(client, text, str(number))).status_code == 200
        assert words_of(desk.events[-1]) == text


async def test_a_robot_stores_nothing(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """Whoever fills in the field that people do not see is answered kindly; nothing is kept, nor fills the log."""
    with capture_logs() as logs:
        response = await say(client, "koop nu", website="https://spam.example")
    assert [entry for entry in logs if entry["log_level"] != "debug"] == []
    assert response.status_code == 200
    assert "robot" in response.json()["messages"][0]["text"]
    assert not desk.events
    assert "set-cookie" not in response.headers


async def test_not_saved_is_said_honestly(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """While the database is away a person hears that nothing is saved yet; the same message works later."""
    desk.fails = not_saved()
    response = await say(client, "hallo")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "not_saved"
    assert WORDS["error_not_saved"] in response.json()["error"]["message"]
    assert response.headers["retry-after"] == "2"
    desk.fails = None
    assert (await say(client, "hallo")).status_code == 200


async def test_our_own_mistake_is_a_plain_answer(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """An error in our own code shows no details."""
    desk.fails = RuntimeError("secret detail")
    response = await say(client, "hallo")
    assert (response.status_code, response.json()["error"]["code"]) == (500, "failed")
    assert "secret" not in response.text


async def test_history_without_a_database(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """When the conversation cannot be read, that is said, and it may be tried again."""
    await client.post("/api/session")
    desk.reading_fails = Unavailable("away")
    response = await client.get("/api/chat")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")


async def test_who_leaves_while_sending_is_no_error(server: WebServer, desk: FakeDesk) -> None:
    """A phone that loses its connection in the middle of a message leaves one quiet line, no error, in the log."""
    with capture_logs() as logs:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
        writer.write(f'{head}Content-Length: 100\r\n\r\n{{"message_id"'.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(30):
            while not logs:
                await asyncio.sleep(0.005)
    assert [(line["event"], line["log_level"]) for line in logs] == [("client_gone", "debug")]
    assert desk.events == []


async def test_errors_speak_the_browsers_language(client: httpx.AsyncClient) -> None:
    """A reason is told in the language that the browser asks for, or the default."""
    for header, word in (
        ("en-GB,en;q=0.9,nl;q=0.5", "empty"),
        ("fr;q=1, nl;q=0.5", "leeg"),
        ("de, x;q=y, nl;q=0", "leeg"),
        ("nl; q=0.3, en ; q=0.8, *;q=0.1", "empty"),
    ):
        response = await client.post(
            "/api/chat", json={"message_id": "a", "text": " "}, headers={"Accept-Language": header}
        )
        assert word in response.json()["error"]["message"]


async def test_errors_speak_the_sessions_language(client: httpx.AsyncClient) -> None:
    """A session that was made in a language is answered in it, whatever the browser asks for."""
    await client.post("/api/session", json={"language": "en"})
    response = await client.post("/api/chat", json={"message_id": "a", "text": " "})
    assert "empty" in response.json()["error"]["message"]


async def test_unknown_paths_and_methods(client: httpx.AsyncClient) -> None:
    """A path or method that is not there gets JSON too, and never a redirect."""
    missing = await client.get("/api/nothing")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    assert (await client.get("/api/chat/")).status_code == 404
    wrong = await client.put("/api/chat", json={})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method")
    assert "GET" in wrong.headers["allow"]
    assert "POST" in wrong.headers["allow"]


async def test_a_body_that_never_ends_is_given_up(desk: FakeDesk) -> None:
    """Who says that a body comes and sends none does not keep us waiting."""
    async with serving(desk, limits=Limits(body_seconds=0.05)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        head = await reader.readuntil(b"\r\n")
        writer.close()
        await writer.wait_closed()
    assert head == b"HTTP/1.1 408 Request Timeout\r\n"
