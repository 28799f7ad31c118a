"""The page in a real Chromium: having everything removed, and beginning anew, where nothing comes back."""

import pytest
from playwright.async_api import Page, expect

from tests.channels.web.browsing import messages, type_in
from tests.channels.web.fakes import WORDS, FakeDesk, buttons, message
from tests.channels.web.server import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASK = message("Alles verwijderen?", buttons((("data:forget:no", "Nee"),), (("data:forget:confirm", "Ja, alles"),)))
GONE = message("Het is gebeurd.", buttons((("menu", "Alle onderwerpen"),)))


async def test_after_a_removal_nothing_stands_there(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Who has everything removed sees that alone: what was said is gone from this tab, others and after a reload."""
    await type_in(page, "Geheim")
    other = await page.context.new_page()
    await other.goto(site.url)
    await expect(other.get_by_text("Je zei: Geheim")).to_be_visible()
    desk.extra = [ASK]
    await type_in(page, "/verwijderen")
    await page.get_by_label(WORDS["field_label"]).fill("Nog iets geheims")
    desk.extra = [GONE]
    await page.get_by_role("button", name="Ja, alles").click()
    await expect(page.locator(".message")).to_have_count(1)
    assert await messages(page) == ["Het is gebeurd."]
    await expect(page.locator(".message")).to_be_focused()
    await expect(page.get_by_label(WORDS["field_label"])).to_have_value("")
    await expect(other.locator(".message")).to_have_count(0)
    await expect(other.get_by_text(WORDS["session_ended"])).to_be_visible()
    for tab in (page, other):
        assert "eheim" not in await tab.content()
        assert "eheim" not in await tab.evaluate("JSON.stringify(sessionStorage)")
    await type_in(page, "Hallo")
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    assert "eheim" not in await page.content()


async def test_beginning_anew_offers_to_stay_first(page: Page) -> None:
    """A press too many on Enter ends no conversation: staying comes first, and has the focus."""
    await type_in(page, "Hallo")
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    await page.locator("#menu summary").press("Enter")
    await page.get_by_role("button", name=WORDS["new_conversation"]).press("Enter")
    await expect(page.get_by_role("button", name=WORDS["no"])).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
