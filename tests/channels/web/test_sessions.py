"""Sessions end: by age, by "new conversation", by removal; what was stolen stops working."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.async_api import Page, expect
from structlog.testing import capture_logs

from bot.channels.web import Sessions
from storage.errors import Unavailable
from tests.channels.web.browsing import type_in, welcomed, without_cookies
from tests.channels.web.fakes import WORDS, FakeDesk
from tests.channels.web.server import WebServer, keyed_hash, serving, visitor
from tests.channels.web.test_events import listening
from tests.events import words_of


def bearing(token: str) -> dict[str, str]:
    """The header of who has this token."""
    return {"Authorization": f"Bearer {token}"}


async def asks(client: httpx.AsyncClient, text: str, message_id: str) -> httpx.Response:
    """Say something."""
    kind = "choice" if text.startswith("data:") else "text"
    return await client.post("/api/chat", json={"message_id": message_id, kind: text})


def test_a_token_is_good_for_ninety_days() -> None:
    """However long a browser or a thief keeps a token, after ninety days it opens nothing; nor one from the future."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    sessions = Sessions(keyed_hash, now=lambda: now)
    made = sessions.mint(language="nl", source="nieuwsbrief")
    for days, good in ((0, True), (89, True), (90, False), (4_000, False), (-1, False)):
        later = Sessions(keyed_hash, now=lambda days=days: now + timedelta(days=days))  # type: ignore[misc]
        assert (later.read(made.token) == made) is good, days


def test_the_time_in_a_token_cannot_be_changed() -> None:
    """A token whose time of making was written over is not ours."""
    sessions = Sessions(keyed_hash)
    head, made, *rest = sessions.mint().token.split("~")
    later = f"{int(made, 16) + 1:08x}"
    assert sessions.read("~".join((head, made, *rest))) is not None
    assert sessions.read("~".join((head, later, *rest))) is None


async def test_a_new_conversation_ends_the_one_before(server: WebServer, desk: FakeDesk) -> None:
    """After "new conversation" the token there was, which somebody may have stolen, opens nothing and hears nothing."""
    async with visitor(server) as person, visitor(server) as thief:
        stolen = (await person.post("/api/session")).json()["session"]
        await asks(person, "Geheim", "1")
        thief.headers.update(bearing(stolen))
        async with listening(thief) as stream:
            assert (await person.post("/api/session")).status_code == 200
            await stream.end()
        for path in ("/api/chat", "/api/chat/events", "/api/chat/data"):
            assert (await thief.get(path)).status_code == 401
        assert (await asks(thief, "hoi", "2")).status_code == 401
        assert (await asks(person, "hallo", "3")).status_code == 200
    async with visitor(server, Cookie=f"chat={stolen}") as thief:
        answer = await thief.get("/api/chat")
        assert (answer.json()["messages"], answer.headers["chat-session"]) == ([], "none")
        assert (await asks(thief, "hoi", "4")).headers["chat-session"] == "new"
    assert len({event.chat for event in desk.events}) == 3


async def test_removal_ends_the_session(server: WebServer, desk: FakeDesk) -> None:
    """Who has everything removed goes on in a new session by itself; the token there was opens nothing any more."""
    async with visitor(server) as person, visitor(server) as thief:
        stolen = (await person.post("/api/session")).json()["session"]
        thief.headers.update(bearing(stolen))
        removed = await asks(person, "data:forget:confirm", "gone")
        assert removed.headers["chat-session"] == "new"
        assert (await thief.get("/api/chat")).status_code == 401
        assert (await asks(person, "hallo", "2")).status_code == 200
    chats = [event.chat for event in desk.events]
    assert chats[0] != chats[1]


async def test_the_answer_to_a_removal_can_be_asked_for_again(server: WebServer, desk: FakeDesk) -> None:
    """A browser that lost the answer to "remove everything" gets the same one, and may go on."""
    async with visitor(server) as person:
        token = (await person.post("/api/session")).json()["session"]
        first = await asks(person, "data:forget:confirm", "gone")
    async with visitor(server, Cookie=f"chat={token}") as again:
        second = await asks(again, "data:forget:confirm", "gone")
        assert (second.json(), second.headers["chat-session"]) == (first.json(), "new")
    assert len(desk.events) == 1


async def test_what_another_process_ended_is_over_here(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A stream ends within a poll when the session was ended elsewhere, by the operator for one."""
    await asks(client, "hoi", "1")
    async with listening(client) as stream:
        await desk.end(desk.events[0].chat)
        await stream.end()
    assert (await client.get("/api/chat")).json()["messages"] == []


async def test_without_a_database_nothing_is_taken_for_ended(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """While the database is away a visitor reads that nothing is saved yet, and keeps the conversation there is."""
    await asks(client, "hoi", "1")
    desk.endings_fail = Unavailable("away")
    with capture_logs() as logs:
        said, begun = await asks(client, "nog iets", "2"), await client.post("/api/session")
    assert [answer.json()["error"]["code"] for answer in (said, begun)] == ["not_saved", "unavailable"]
    assert {answer.headers["retry-after"] for answer in (said, begun)} == {"2"}
    assert [line["event"] for line in logs] == ["not_saved"]
    desk.endings_fail = None
    assert len((await client.get("/api/chat")).json()["messages"]) == 2


async def test_another_site_ends_nothing(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A page of another site cannot make a visitor lose their conversation."""
    await asks(client, "hoi", "1")
    assert (await client.post("/api/session", headers={"Origin": "https://evil.example"})).status_code == 403
    assert len((await client.get("/api/chat")).json()["messages"]) == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_goes_on_when_its_session_ended(page: Page, desk: FakeDesk) -> None:
    """When the session ends elsewhere the page says so, takes a new one, and sends what was typed."""
    await desk.end(desk.events[0].chat)
    await expect(page.locator("#status")).not_to_be_empty()
    await type_in(page, "Ben ik er nog?")
    await expect(page.get_by_text("Je zei: Ben ik er nog?")).to_be_visible()
    assert len({event.chat for event in desk.events}) == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_without_cookies_goes_on_too(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Where the page keeps its token itself the same holds."""
    await without_cookies(page)
    await page.goto(site.url)
    await welcomed(page)
    await desk.end(desk.events[-1].chat)
    await type_in(page, "Ben ik er nog?")
    await expect(page.get_by_text("Je zei: Ben ik er nog?")).to_be_visible()
    assert len({event.chat for event in desk.events}) == 3


@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_shows_earlier_lines(page: Page, desk: FakeDesk) -> None:
    """Of a long conversation the latest lines are shown, and the earlier ones above them after a tap."""
    for number in range(140):
        desk.keep(desk.events[0].chat, "staff", {"html": f"Regel {number}.", "text": f"Regel {number}."}, quietly=True)
    await page.reload()
    await expect(page.locator(".message")).to_have_count(100)
    await page.locator("#earlier").click()
    await expect(page.locator(".message")).to_have_count(141)
    texts = await page.locator(".message .text").all_inner_texts()
    assert texts[1:] == [f"Regel {number}." for number in range(140)]
    await expect(page.locator("#earlier")).to_be_hidden()
    await expect(page.locator(".day")).to_have_count(0)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_long_text_is_kept_and_said(page: Page, desk: FakeDesk) -> None:
    """Who pastes more than fits keeps all of it in the field, and reads what to do; nothing is cut off in silence."""
    await type_in(page, "é" * 2_001)
    await expect(page.locator("#status")).to_contain_text("2000")
    await expect(page.get_by_label(WORDS["field_label"])).to_have_value("é" * 2_001)
    await type_in(page, "é" * 2_000)
    await expect(page.locator(".message.person")).to_have_count(1)
    await asyncio.sleep(0)
    assert [words_of(event) for event in desk.events[1:]] == ["é" * 2_000]


async def test_sessions_of_a_class(desk: FakeDesk) -> None:
    """Thirty people behind one address each begin anew a few times, and nobody is refused."""
    async with serving(desk) as server:

        async def person() -> set[int]:
            async with visitor(server) as client:
                return {(await client.post("/api/session")).status_code for _ in range(4)}

        assert set().union(*await asyncio.gather(*(person() for _ in range(30)))) == {200}
