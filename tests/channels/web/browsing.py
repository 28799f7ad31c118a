"""What a visitor does in the browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, Route, expect

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


async def welcomed(page: Page) -> None:
    """Greet the bot, which welcomes with its topics: the conversation has begun."""
    await page.locator("#field").fill("/start")
    await page.locator("#field").press("Enter")
    await expect(page.get_by_text("Welkom!")).to_be_visible()


async def from_menu(page: Page, word: str) -> None:
    """Pick something from the page's own menu, by its name among the page's words."""
    await page.locator("#menu summary").click()
    await page.locator("#menu").get_by_role("button", name=WORDS[word]).click()


async def type_in(page: Page, text: str) -> None:
    """Type and send."""
    await page.get_by_label(WORDS["field_label"]).fill(text)
    await page.get_by_role("button", name=WORDS["send"]).click()


async def messages(page: Page, who: str = "") -> list[str]:
    """What the messages on the page say, of one side or of all."""
    return await page.locator(f".message{who} .text").all_inner_texts()


async def in_view_above_the_dock(page: Page, button: Locator) -> None:
    """See that this is wholly in view, above the field, which is wholly in view too."""
    await expect(page.get_by_label(WORDS["field_label"])).to_be_in_viewport(ratio=1)
    box = await button.bounding_box()
    dock = await page.locator(".dock").bounding_box()
    assert box is not None
    assert dock is not None
    assert 0 <= box["y"] < box["y"] + box["height"] <= dock["y"]
