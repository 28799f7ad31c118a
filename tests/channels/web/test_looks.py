"""How the page looks and reads in each state: accessible by axe-core, and kept as screenshots in artefacts/."""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.channels.web.browsing import welcomed
from tests.channels.web.fakes import MY_DATA, FakeDesk, message, not_saved
from tests.channels.web.server import WebServer
from tests.journey.program import running

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARTEFACTS = Path(__file__).parents[3] / "artefacts" / "web"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
LOOKS = [("phone", "light", "nl"), ("desktop", "dark", "en")]

#: what is typed: it brings every kind of message there is
SAID = {
    "nl": (
        "menu | wat kost het | krijg ik een certificaat | wie wint de koers | nog eens wat anders | /aanmelden | "
        "qwerty | beide | gemeente | Gemeente X | Noor de Vries | noor@ | noor@example.org | meer | overslaan | 123 "
        "| +31 6 12345678 | overslaan | 40 | overslaan | overslaan | overslaan | versturen | /mijngegevens | "
        "/verwijderen | nee | /privacy | /taal | /help | /contact | Ook in Almere? | ja"
    ),
    "en": (
        "menu | what does it cost | do I get a certificate | who wins the race | something else | /signup | qwerty "
        "| both | municipality | City of X | Noor de Vries | noor@ | noor@example.org | more | skip | 123 | +31 6 "
        "12345678 | skip | 40 | skip | skip | skip | send | /mydata | /forget | no | /privacy | /language | /help | "
        "/contact | In Almere too? | yes"
    ),
}


class Look:
    """Looks at a page: a screenshot is kept, and axe finds nothing."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self._name = name

    async def at(self, state: str) -> None:
        """Keep how the page looks in this state. Fails on anything that axe-core finds."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=ARTEFACTS / f"{state}-{self._name}.png")
        await self.page.evaluate(AXE)
        results = await self.page.evaluate("rules => axe.run(rules)", RULES)
        found = [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in results["violations"]]
        assert not found
        assert len(results["passes"]) > 15


@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
async def test_every_state_is_accessible(
    browser: Browser, site: WebServer, desk: FakeDesk, size: str, scheme: Any, language: str
) -> None:
    """Welcome, answer, question, staff's words, waiting, not saved, starting anew, away: all are for everyone."""
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = await context.new_page()
    look = Look(page, f"{size}-{scheme}-{language}")
    field = page.locator("#field")
    await page.goto(f"{site.url}/?lang={language}")
    await look.at("0-first-screen")
    await welcomed(page)
    await look.at("1-welcome")
    await page.get_by_role("button", name="Wat kost het?").click()
    await expect(page.get_by_text("in overleg", exact=True)).to_be_visible()
    await look.at("2-answer")
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_text("Vraag 2 van 5")).to_be_visible()
    await look.at("3-question")
    desk.keep(desk.events[-1].chat, "staff", message("Goedemorgen! Zal ik je <b>morgen</b> even bellen?"))
    desk.keep(desk.events[-1].chat, "bot", MY_DATA)
    await expect(page.locator(".download")).to_be_visible()
    desk.hold = asyncio.Event()
    await field.fill("Wij zijn een gemeente, en onze woningcorporatie doet mee. Kan dat?")
    await field.press("Enter")
    await expect(page.locator(".dots")).to_be_visible()
    await look.at("4-staff-and-typing")
    desk.fails = not_saved()
    desk.hold.set()
    await expect(page.locator(".state")).to_be_visible()
    await look.at("5-not-saved")
    desk.fails = desk.hold = None
    await expect(page.locator(".state")).to_have_count(0)
    await page.locator("#menu summary").click()
    await look.at("6-menu")
    await page.locator("#anew").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look.at("6-start-anew")
    await page.locator("#anew-no").click()
    await site.stop()
    await field.fill("Ben je er nog?")
    await field.press("Enter")
    await expect(page.locator("body.away")).to_be_visible()
    await look.at("7-away")
    await context.close()


@pytest.mark.parametrize(("size", "scheme", "language"), [("phone", "dark", "nl"), ("desktop", "light", "en")])
async def test_the_whole_conversation_is_accessible(
    browser: Browser, tmp_path: Path, size: str, scheme: Any, language: str
) -> None:
    """
    With the real texts: menu, answers, not understood, every kind of question, what cannot be right, review, sent,
    one's own data, a person, staff's word, the language: all stand on one page, and axe-core finds nothing.
    """
    width, height = SIZES[size]
    async with running(tmp_path) as program:
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = await context.new_page()
        look = Look(page, f"{size}-{scheme}-{language}")
        await page.goto(f"{program.url}/?lang={language}")
        await page.locator(".chips").wait_for()
        await look.at("10-real-welcome")
        for text in SAID[language].split(" | "):
            answers = await page.locator(".message.bot").count()
            await page.locator("#field").fill(text)
            await page.locator("#field").press("Enter")
            await expect(page.locator(".message.bot").nth(answers)).to_be_visible()
        await program.staff.reply(await program.staff.sees("Almere"), "Ja!")
        await expect(page.locator(".message.staff")).to_be_visible()
        await look.at("11-real-conversation")
        await context.close()


async def test_refused_is_accessible(browser: Browser, site: WebServer) -> None:
    """A message that is refused is for everyone too."""
    context = await browser.new_context(viewport={"width": 416, "height": 600}, locale="nl-NL")
    page = await context.new_page()
    await page.goto(site.url)
    await welcomed(page)
    look = Look(page, "tablet-light-nl")
    await page.route("**/api/chat", lambda route: route.continue_(post_data="[]"))
    await page.locator("#field").fill("Stuk")
    await page.locator("#field").press("Enter")
    await expect(page.locator(".failed")).to_be_visible()
    await look.at("9-refused")
    await context.close()
