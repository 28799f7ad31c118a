"""The page in a real Chromium: a session that is gone, a new conversation, an older browser."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.channels.web.browsing import from_menu, messages, type_in, visiting, welcomed, without_cookies
from tests.channels.web.fakes import WORDS, FakeDesk, message
from tests.channels.web.server import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCRIPTS = sorted((Path(__file__).parents[3] / "bot/channels/web").glob("**/*.js"))
#: what Safari before 16.4 does not have, taken away before the page is there
OLDER = """
delete AbortSignal.timeout;
delete AbortSignal.any;
delete HTMLFormElement.prototype.requestSubmit;
"""


async def begin_anew(page: Page) -> None:
    """Start a new conversation, by the button and its question."""
    await from_menu(page, "new_conversation")
    await page.get_by_role("button", name=WORDS["yes"]).click()


async def test_words_come_again_after_the_session_is_gone(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Who cleared the browser's cookies gets a new conversation with the next message, and staff's words in it."""
    async with asyncio.timeout(30):  # the page listens: it will ask again once the server is back
        while not len(desk.listeners):
            await asyncio.sleep(0.02)
    await page.context.clear_cookies()
    async with page.expect_response(lambda response: response.status == 401):
        await site.stop()
        await site.start()
    await type_in(page, "Ben ik er nog?")
    await expect(page.get_by_text("Je zei: Ben ik er nog?")).to_be_visible(timeout=15_000)
    assert len({event.chat for event in desk.events}) == 2
    desk.keep(desk.events[-1].chat, "staff", message("Ja hoor"))
    await expect(page.locator(".message.staff")).to_have_text(re.compile("Ja hoor"))


async def test_words_right_after_the_first_answer_are_not_missed(
    browser: Browser, site: WebServer, desk: FakeDesk
) -> None:
    """What staff say between the first answer and the page's listening is shown all the same."""

    async def late(route: Any) -> None:
        while not desk.events:
            await asyncio.sleep(0.01)
        desk.keep(desk.events[0].chat, "staff", message("Welkom van Anne"))
        await route.continue_()

    async with visiting(browser) as page:
        await page.route("**/api/chat/events*", late, times=1)
        await page.goto(site.url)
        await welcomed(page)
        await expect(page.locator(".message.staff")).to_have_count(1)


async def test_an_answer_under_way_stays_in_its_conversation(page: Page, desk: FakeDesk) -> None:
    """On a shared computer the answer to the last question of the one before does not land in a new conversation."""
    held = asyncio.Event()

    async def hold(route: Any) -> None:
        if "Geheim" in (route.request.post_data or ""):
            await held.wait()
        await route.continue_()

    await page.route("**/api/chat", hold)
    await type_in(page, "Geheim")
    await begin_anew(page)
    await expect(page.locator(".message")).to_have_count(0)  # without waiting for the one before
    held.set()
    await type_in(page, "Hallo")
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    assert await messages(page, ".person") == ["Hallo"]
    assert await page.get_by_text("Geheim").count() == 0
    async with asyncio.timeout(30):  # the answer may come by the stream first
        while await page.evaluate("sessionStorage['chat.queue']") is not None:
            await asyncio.sleep(0.02)


async def test_words_typed_while_a_new_conversation_begins_are_its_first(page: Page, desk: FakeDesk) -> None:
    """Who types at once after "new conversation" finds those words in it."""
    asked, held = asyncio.Event(), asyncio.Event()

    async def hold(route: Any) -> None:
        asked.set()
        await held.wait()
        await route.continue_()

    await page.route("**/api/session", hold)
    await begin_anew(page)
    async with asyncio.timeout(30):
        await asked.wait()
    await type_in(page, "Hallo")
    await expect(page.locator(".message.person")).to_have_count(1)
    held.set()
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible(timeout=15_000)
    assert await messages(page, ".person") == ["Hallo"]
    assert [event.chat == desk.events[-1].chat for event in desk.events] == [False, True]


async def test_without_a_new_session_the_conversation_stays(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """When a new conversation cannot begin, that is said, and the one there is goes on, without cookies too."""
    async with visiting(browser) as page:
        await without_cookies(page)
        await page.goto(site.url)
        await welcomed(page)
        await page.route("**/api/session", lambda route: route.abort())
        await begin_anew(page)
        await expect(page.get_by_text(WORDS["offline"])).to_be_visible()
        await type_in(page, "Dan maar verder")
        await expect(page.get_by_text("Je zei: Dan maar verder")).to_be_visible()
        desk.keep(desk.events[0].chat, "staff", message("Goed"))
        await expect(page.locator(".message.staff")).to_have_count(1)
    assert len({event.chat for event in desk.events}) == 1


async def test_an_older_browser_holds_the_same_conversation(browser: Browser, site: WebServer) -> None:
    """In a browser of some years ago one can type, send by Enter and tap a command."""
    async with visiting(browser) as page:
        await page.add_init_script(OLDER)
        await page.goto(site.url)
        await welcomed(page)
        await page.get_by_label(WORDS["field_label"]).fill("Hallo")
        await page.get_by_label(WORDS["field_label"]).press("Enter")
        await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
async def test_no_script_looks_behind(path: Path) -> None:
    """A regular expression that looks behind would keep Safari before 16.4 from reading the script at all."""
    assert not re.search(r"\(\?<[=!]", path.read_text("utf-8"))
