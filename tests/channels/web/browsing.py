"""What a visitor does in the browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, Route

from tests.channels.web.fakes import WORDS


@asynccontextmanager
async def visiting(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A fresh visitor. Anything that the browser refuses or that breaks on the page fails the test."""
    context = await browser.new_context(**{"locale": "nl-NL", "viewport": {"width": 360, "height": 740}, **options})
    page = await context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
    try:
        yield page
    finally:
        await context.close()
    assert not wrong


async def without_cookies(page: Page) -> None:
    """From here on this browser takes no cookies of ours, and has none."""

    async def bare(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, headers={**answer.headers, "set-cookie": ""})

    await page.context.clear_cookies()
    await page.route("**/api/session", bare)


async def type_in(page: Page, text: str) -> None:
    """Type and send."""
    await page.get_by_label(WORDS["field_label"]).fill(text)
    await page.get_by_role("button", name=WORDS["send"]).click()


async def messages(page: Page, who: str = "") -> list[str]:
    """What the messages on the page say, of one side or of all."""
    return await page.locator(f".message{who} .text").all_inner_texts()
