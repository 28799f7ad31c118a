"""The page in a real Chromium that keeps little: no cookies, no storage, few connections, a proxy that keeps back."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.channels.web.browsing import from_menu, messages, type_in, visiting, welcomed
from tests.channels.web.fakes import WORDS, FakeDesk, message
from tests.channels.web.server import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
navigator.locks.request = () => Promise.reject(new DOMException("denied", "SecurityError"));
"""


async def keep_no_cookies(page: Page) -> None:
    """The browser takes no cookie and sends none."""

    async def without(route: Any) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "cookie"}
        await route.continue_(headers=headers)

    async def forget() -> None:
        await page.context.clear_cookies()

    await page.route("**/api/**", without)
    page.on("response", lambda response: asyncio.ensure_future(forget()) if "/api/" in response.url else None)


@asynccontextmanager
async def tabs(browser: Browser, url: str, number: int) -> AsyncIterator[tuple[BrowserContext, list[Page]]]:
    """A visitor with so many tabs open on the chat."""
    context = await browser.new_context(locale="nl-NL")
    try:
        pages = [await context.new_page() for _ in range(number)]
        for page in pages:
            page.set_default_timeout(20_000)
            await page.goto(url)
            if page is pages[0]:
                await welcomed(page)
            await expect(page.get_by_text("Welkom!")).to_be_visible()
        yield context, pages
    finally:
        await context.close()


async def test_without_cookies_it_is_one_conversation(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """Whose browser keeps no cookies has one conversation all the same, also after a reload, and hears staff."""
    async with visiting(browser) as page:
        await keep_no_cookies(page)
        await page.goto(site.url)
        await welcomed(page)
        for text in ("Een", "Twee"):
            await type_in(page, text)
            await expect(page.get_by_text(f"Je zei: {text}")).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("Je zei: Twee")).to_be_visible()
        desk.keep(desk.events[-1].chat, "staff", message("Dag"))
        await expect(page.locator(".message.staff")).to_have_count(1)
        await expect(page.locator("#notice")).to_be_hidden()
        assert await page.context.cookies() == []
    assert len({event.chat for event in desk.events}) == 1


async def test_without_cookies_and_storage_that_is_said(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """Where nothing at all is kept the conversation goes on while the page is open, and the visitor reads that."""
    async with visiting(browser) as page:
        await page.add_init_script(NO_STORAGE)
        await keep_no_cookies(page)
        await page.goto(site.url)
        for text in ("Een", "Twee"):
            await type_in(page, text)
            await expect(page.get_by_text(f"Je zei: {text}")).to_be_visible()
        await expect(page.locator("#notice")).to_be_visible()
        desk.keep(desk.events[-1].chat, "staff", message("Dag"))
        await expect(page.locator(".message.staff")).to_have_count(1, timeout=20_000)
    assert len({event.chat for event in desk.events}) == 1


async def test_six_tabs_can_all_send_and_see(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """With seven tabs open the first and the last can send, and all show what was said; one of them listens."""
    async with tabs(browser, site.url, 7) as (_, pages):
        for number, page in ((0, pages[0]), (6, pages[6])):
            await type_in(page, f"Vanuit {number}")
            await expect(page.get_by_text(f"Je zei: Vanuit {number}")).to_be_visible()
        desk.keep(desk.events[-1].chat, "staff", message("Dag allemaal"))
        for page in pages:
            await expect(page.locator(".message.staff")).to_have_count(1)
        assert len(desk.listeners) == 1
        assert len({event.chat for event in desk.events}) == 1
        shown = [sorted(await messages(page)) for page in pages]
        assert shown == [shown[0]] * len(pages)


async def test_another_tab_listens_when_the_first_is_closed(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """When the tab that listens is closed another one takes over, and nothing is missed."""
    async with tabs(browser, site.url, 3) as (_, pages):
        await pages[0].close()
        desk.keep(desk.events[-1].chat, "staff", message("Nog iemand?"))
        for page in pages[1:]:
            await expect(page.locator(".message.staff")).to_have_count(1)


async def test_a_new_conversation_is_new_in_every_tab(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """On a shared computer "new conversation" clears the other tabs too, and they go on in the new one."""
    async with tabs(browser, site.url, 2) as (_, (one, other)):
        await type_in(one, "Geheim")
        await expect(other.get_by_text("Je zei: Geheim")).to_be_visible()
        await from_menu(one, "new_conversation")
        await one.get_by_role("button", name=WORDS["yes"]).click()
        await expect(other.get_by_text("Geheim")).to_have_count(0)
        await type_in(other, "Hallo")
        await expect(one.get_by_text("Je zei: Hallo")).to_be_visible()
    assert len({event.chat for event in desk.events}) == 2


async def test_a_proxy_that_keeps_the_stream_back(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """Behind a proxy that passes no stream on, or answers it with an error, staff's words come all the same."""
    async with visiting(browser) as page:
        await page.route(re.compile("chat/events"), lambda route: route.fulfill(status=502, body="<h1>Bad gateway"))
        await page.goto(site.url)
        await welcomed(page)
        desk.keep(desk.events[-1].chat, "staff", message("Dag"))
        await expect(page.locator(".message.staff")).to_have_count(1, timeout=20_000)


@pytest.mark.parametrize("status", [413, 429, 503])
async def test_what_a_proxy_refuses_is_said(browser: Browser, site: WebServer, desk: FakeDesk, status: int) -> None:
    """Whatever stands in between and refuses, that is said, and what was typed is not lost."""
    async with visiting(browser) as page:
        await page.goto(site.url)
        await welcomed(page)
        await page.route("**/api/chat", lambda route: route.fulfill(status=status, body="<html>no</html>"), times=1)
        await type_in(page, "Bewaar dit")
        await expect(page.locator("#status")).not_to_be_empty()
        if status == 413:
            await expect(page.get_by_label(WORDS["field_label"])).to_have_value("Bewaar dit")
        else:
            await expect(page.get_by_text("Je zei: Bewaar dit")).to_be_visible(timeout=20_000)


async def test_printing_gives_the_text_alone(browser: Browser, site: WebServer) -> None:
    """On paper stands what was said, dark on white, without buttons or the column beside it, by a dark screen too."""
    async with visiting(browser, viewport={"width": 1280, "height": 800}, color_scheme="dark") as page:
        await page.goto(site.url)
        await welcomed(page)
        await page.emulate_media(media="print", color_scheme="dark")
        for hidden in (".menu", ".languages", ".dock", ".choices", ".start", ".chips"):
            assert await page.locator(f"{hidden}:visible").count() == 0
        style = "node => { const s = getComputedStyle(node); return [s.color, s.backgroundColor]; }"
        assert await page.locator("body").evaluate(style) == ["rgb(23, 35, 31)", "rgb(255, 255, 255)"]
        assert await page.locator("h1").evaluate("node => getComputedStyle(node).color") == "rgb(23, 35, 31)"
        await expect(page.locator(".message").first).to_have_css("width", "1280px")
