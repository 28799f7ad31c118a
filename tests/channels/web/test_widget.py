"""The chat on another organisation's site."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.channels.web.browsing import visiting
from tests.channels.web.fakes import ENGLISH, WORDS, FakeDesk
from tests.channels.web.server import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def gemeente() -> AsyncIterator[WebServer]:
    """The site of another organisation, strict about what it includes; ?chat= names our server."""

    async def page(request: Request) -> Response:
        chat = request.query_params["chat"]
        style = request.query_params.get("style", "'none'")
        policy = f"default-src 'none'; script-src {chat}; frame-src {chat}; style-src {style}"
        script = f'<script src="{chat}/widget.js" data-source="gemeente" async></script>'
        html = f'<!doctype html><html lang="nl"><title>Gemeente</title><h1>Gemeente</h1>{script}'
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    server = WebServer(Starlette(routes=[Route("/wijken", page)]), FakeDesk())
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def elsewhere(other: WebServer, chat: WebServer) -> str:
    """The address of the other organisation's page, on another site than the chat's as browsers see it."""
    return f"http://localhost:{other.port}/wijken?chat={chat.url}"


async def test_widget_opens_a_tab(browser: Browser, site: WebServer) -> None:
    """On another site the button opens the chat in a tab of its own, where nobody can frame it."""
    async with gemeente() as other, visiting(browser) as page:
        await page.goto(elsewhere(other, site))
        async with page.context.expect_page() as opened:
            await page.get_by_role("button", name=WORDS["open"]).click()
        chat = await opened.value
        await expect(chat.get_by_role("button", name=WORDS["start"])).to_be_visible()
        assert re.search(r"/\?lang=nl&source=gemeente$", chat.url)
        assert await page.locator("iframe").count() == 0


async def test_widget_in_an_older_browser(browser: Browser, site: WebServer) -> None:
    """Where a browser cannot make style sheets in script, the button stands in its corner all the same."""
    async with gemeente() as other, visiting(browser) as page:
        await page.add_init_script("window.CSSStyleSheet = undefined")
        await page.goto(f"{elsewhere(other, site)}&style='unsafe-inline'")
        box = await page.get_by_role("button", name=WORDS["open"]).bounding_box()
        assert box is not None
        assert box["y"] > 600


@pytest.mark.parametrize(
    "swap",
    [
        "document.body.innerHTML = '<h1>Verder</h1>'",
        "document.body.replaceWith(document.createElement('body'))",
        "document.documentElement.replaceChild(document.body.cloneNode(true), document.body)",
        "document.firstElementChild.replaceWith(new DOMParser().parseFromString('x', 'text/html').firstElementChild)",
    ],
)
async def test_the_button_comes_back(browser: Browser, site: WebServer, swap: str) -> None:
    """On a site that swaps its body, or all of it, the button comes back, time and again, and works once a tap."""
    async with gemeente() as other, visiting(browser) as page:
        await page.goto(elsewhere(other, site))
        button = page.get_by_role("button", name=WORDS["open"])
        for _ in range(2):
            await expect(button).to_have_count(1)
            await page.evaluate(swap)
        await expect(button).to_have_count(1)
        async with page.context.expect_page():
            await button.click()
        await asyncio.sleep(0.2)
        assert len(page.context.pages) == 2


async def test_a_tag_that_stands_there_twice(browser: Browser, site: WebServer) -> None:
    """However often the tag stands in a page there is one button; the next page's tag says which language it speaks."""
    async with gemeente() as other, visiting(browser) as page:
        await page.goto(elsewhere(other, site))
        again = (
            "([url, language]) => new Promise((done) => { const tag = document.createElement('script'); tag.src = url; "
            "tag.dataset.language = language; tag.onload = done; document.body.append(tag); })"
        )
        await page.evaluate(again, [f"{site.url}/widget.js", "en"])
        await expect(page.get_by_role("button")).to_have_text([WORDS["open"]])
        await page.evaluate("document.querySelectorAll('script').forEach((tag) => tag.remove())")
        await page.evaluate(again, [f"{site.url}/widget.js", "en"])
        await expect(page.get_by_role("button")).to_have_text([ENGLISH["open"]])


async def test_nobody_else_can_frame_the_chat(browser: Browser, site: WebServer) -> None:
    """Another site cannot show the chat inside its page."""
    async with gemeente() as other:
        context = await browser.new_context()
        page = await context.new_page()
        refused = asyncio.create_task(page.wait_for_event("console", lambda line: "frame-ancestors" in line.text))
        await page.goto(elsewhere(other, site))
        await page.evaluate(
            "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }",
            f"{site.url}/",
        )
        assert "frame-ancestors 'self'" in (await refused).text
        await expect(page.frame_locator("iframe").get_by_role("heading")).to_have_count(0)
        await context.close()
