"""The page in a real Chromium: who reads is not moved."""

import pytest
from playwright.async_api import Page, expect

from tests.channels.web.browsing import type_in
from tests.channels.web.fakes import COSTS, WORDS, FakeDesk, message
from tests.channels.web.server import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
TITLE = "Crash course in het verduurzamen van kwetsbare wijken"


def said(count: int) -> str:
    """What the button says when so many messages are new."""
    return WORDS["new_count"].replace("{count}", str(count))


async def long_ago(page: Page, desk: FakeDesk) -> str:
    """A long conversation, in which the person reads further back. Gives its chat."""
    chat = desk.events[0].chat
    for _ in range(20):
        desk.keep(chat, "bot", COSTS, quietly=True)
    await page.reload()
    await expect(page.locator(".message")).to_have_count(21)
    await scroll(page, -3_000)
    return chat


#: until the page has been the same, and in the same place, for ten frames
RESTS = """() => new Promise(done => {
  let same = 0, before = "";
  const look = () => {
    const now = `${scrollY} ${document.documentElement.scrollHeight}`;
    same = now === before ? same + 1 : 0;
    before = now;
    if (same >= 10) done(); else requestAnimationFrame(look);
  };
  look();
})"""


async def scroll(page: Page, pixels: int) -> float:
    """Scroll as a person does. Gives where the page then is."""
    await page.evaluate(
        "pixels => new Promise(done => (addEventListener('scroll', done, { once: true }), scrollBy(0, pixels)))", pixels
    )
    await page.evaluate(RESTS)
    return await where(page)


async def where(page: Page) -> float:
    """How far the page is scrolled, in pixels."""
    return float(await page.evaluate("scrollY"))


async def test_who_reads_back_is_not_moved(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Staff's words and another tab's leave a reader where they are, are counted, and are one tap away."""
    chat = await long_ago(page, desk)
    before = await where(page)
    desk.keep(chat, "staff", message("Ik bel je morgen."))
    other = await page.context.new_page()
    await other.goto(site.url)
    await type_in(other, "Graag")
    news = page.locator("#news")
    await expect(news).to_have_text(said(2))
    await expect(page).to_have_title(f"(2) {TITLE}")
    assert await where(page) == before
    await news.click()
    await expect(page.locator(".new")).to_have_text(WORDS["new_line"])
    await expect(page.locator(".new")).to_be_in_viewport()
    await expect(page.locator(".message.staff")).to_be_in_viewport()
    await expect(news).to_be_hidden()
    await expect(page).to_have_title(TITLE)


async def test_who_is_near_the_end_sees_the_latest(page: Page, desk: FakeDesk) -> None:
    """Within 48 pixels of the end one goes on seeing what comes; one's own words bring one there."""
    chat = await long_ago(page, desk)
    await page.evaluate(RESTS)
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight - innerHeight - 40)")
    await page.evaluate(RESTS)
    desk.keep(chat, "staff", message("Ik bel je morgen."))
    await expect(page.locator(".message.staff")).to_be_in_viewport()
    await expect(page.locator("#news")).to_be_hidden()
    await scroll(page, -3_000)
    desk.keep(chat, "staff", message("Of overmorgen."))
    await expect(page.locator("#news")).to_have_text(said(1))
    await type_in(page, "Morgen graag")
    await expect(page.get_by_text("Je zei: Morgen graag")).to_be_in_viewport()
    await expect(page.locator("#news")).to_be_hidden()
    await expect(page.locator(".new")).to_have_count(0)


async def test_an_answer_that_took_long_moves_nobody(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Who began to read something else while the server was away is told that the answer came."""
    await long_ago(page, desk)
    await site.stop()
    await type_in(page, "Ben je er nog?")
    await expect(page.get_by_text(WORDS["waiting"])).to_be_visible()
    before = await scroll(page, -2_000)
    await site.start()
    await expect(page.locator("#news")).to_have_text(said(1))
    assert await where(page) == before
