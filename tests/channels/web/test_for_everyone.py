"""The page for everyone: keyboard alone, much enlarged, without motion, storage or JavaScript."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.channels.web.browsing import in_view_above_the_dock, type_in, visiting, welcomed
from tests.channels.web.fakes import ASK_TYPE, WORDS, FakeDesk, message
from tests.channels.web.server import WebServer
from tests.events import words_of
from tests.journey.program import running

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_by_keyboard_alone(page: Page, desk: FakeDesk) -> None:
    """Everything can be done without a mouse, in an order that makes sense, and one always sees where one is."""
    await page.reload()
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name=WORDS["skip"])).to_be_focused()
    await expect(page.get_by_role("link", name=WORDS["skip"])).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Wat is de cursus?")).to_be_focused()
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("in overleg", exact=True)).to_be_visible()
    await expect(page.locator(".message.bot").last).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Vraag het Anne Kunst")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.get_by_label(WORDS["field_label"])).to_be_focused()
    await page.keyboard.type("Regel een")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Regel twee")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Je zei: Regel een")).to_be_visible()
    assert words_of(desk.events[-1]) == "Regel een\nRegel twee"
    await expect(page.get_by_label(WORDS["field_label"])).to_be_focused()
    await expect(page.get_by_label(WORDS["field_label"])).to_have_value("")
    await page.keyboard.press("Enter")
    assert len(desk.events) == 3


async def test_the_latest_stays_in_view(page: Page, desk: FakeDesk) -> None:
    """The newest message is not hidden behind the field, and of a long answer one sees the beginning."""
    desk.keep(desk.events[0].chat, "bot", ASK_TYPE)
    await type_in(page, "Iets")
    answer = page.get_by_text("Je zei: Iets")
    await expect(answer).to_be_visible()
    box, dock = await answer.bounding_box(), await page.locator(".dock").bounding_box()
    assert box is not None
    assert dock is not None
    assert box["y"] + box["height"] <= dock["y"]
    desk.extra = [message("Begin. " + "Een lange zin. " * 200)]
    await type_in(page, "Vertel alles")
    await expect(page.locator(".message.bot").last).to_contain_text("Begin.")
    await expect(page.locator(".message.person").last).to_be_in_viewport()
    top = await page.locator(".message.bot").last.locator(".who").bounding_box()
    assert top is not None
    assert 0 <= top["y"] < dock["y"]


async def test_at_400_percent_nothing_is_in_the_way(browser: Browser, site: WebServer) -> None:
    """
    At 1280 pixels and 400 % zoom nothing scrolls sideways, and the field stays without taking the screen.

    It was let go at low height (static), because with its label it covered the text; then whoever has a phone's
    keyboard up, or enlarges the page, has to look for it. Now it is one line there, and stays.
    """
    async with visiting(browser, viewport={"width": 320, "height": 256}) as page:
        await page.goto(site.url)
        await welcomed(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        dock = await page.locator(".dock").bounding_box()
        assert dock is not None
        assert dock["y"] + dock["height"] == 256
        assert dock["height"] < 256 / 4
        await type_in(page, "Ook " + "eenheelergLangWoord" * 10)
        await expect(page.get_by_text("Je zei:")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_with_letters_of_twice_the_size(browser: Browser, tmp_path: Path) -> None:
    """Who reads with letters twice as large on a phone has all of it, and at the review the one button in view."""
    async with running(tmp_path) as program, visiting(browser, viewport={"width": 360, "height": 640}) as page:
        await page.goto(f"{program.url}/?lang=nl")
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        for text in ("/aanmelden", "beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@example.org"):
            answers = await page.locator(".message.bot").count()
            await page.locator("#field").fill(text)
            await page.locator("#field").press("Enter")
            await expect(page.locator(".message.bot").nth(answers)).to_be_visible()
            await expect(page.locator("#field")).to_be_in_viewport(ratio=1)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await expect(page.locator("#bar .primary")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(683, 312), (360, 340)])
async def test_at_low_height_one_sees_what_to_do(browser: Browser, site: WebServer, width: int, height: int) -> None:
    """At 200 % on a laptop, and above a phone's keyboard, the field and the first button are there at each step."""
    async with visiting(browser, viewport={"width": width, "height": height}) as page:
        await page.goto(site.url)
        await welcomed(page)
        for first, tap in (("Wat is de cursus?", "Wat kost het?"), ("Vraag het Anne Kunst", "Aanmelden")):
            await expect(page.get_by_role("button", name=first)).to_be_in_viewport(ratio=1)
            await in_view_above_the_dock(page, page.get_by_role("button", name=first))
            await page.get_by_role("button", name=tap).click()
        await expect(page.get_by_text("Vraag 2 van 5")).to_be_visible()
        await in_view_above_the_dock(page, page.locator(".choice:visible").first)


async def test_a_keyboard_makes_room_for_the_buttons(browser: Browser, site: WebServer) -> None:
    """Who sends by a touch sees the buttons that follow: the keyboard goes; the dock stood above it all along."""
    async with visiting(browser, has_touch=True, viewport={"width": 360, "height": 640}) as page:
        await page.goto(site.url)
        await welcomed(page)
        field = page.get_by_label(WORDS["field_label"])
        await field.tap()
        await page.set_viewport_size({"width": 360, "height": 340})
        await in_view_above_the_dock(page, page.get_by_role("button", name="Wat is de cursus?"))
        await field.fill("menu")
        await page.get_by_role("button", name=WORDS["send"]).tap()
        await expect(page.locator(".message.person")).to_have_text(re.compile("menu"))
        await expect(field).not_to_be_focused()
        await field.tap()
        await page.keyboard.type("menu")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.person")).to_have_count(2)
        await expect(page.locator(".message.bot")).to_have_count(3)
        await expect(field).to_be_focused()


async def test_no_motion_for_who_wants_none(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """With reduced motion nothing moves."""
    async with visiting(browser, reduced_motion="reduce") as page:
        await page.goto(site.url)
        await welcomed(page)
        desk.hold = asyncio.Event()
        await type_in(page, "Hallo")
        dots = page.locator(".dots span").first
        await expect(dots).to_be_attached()
        assert await dots.evaluate("node => getComputedStyle(node).animationName") == "none"
        desk.hold.set()
        await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()


async def test_without_storage_the_chat_works(browser: Browser, site: WebServer) -> None:
    """A browser that keeps nothing for us still has a conversation."""
    async with visiting(browser) as page:
        await page.add_init_script(
            "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('closed'); } })"
        )
        await page.goto(site.url)
        await type_in(page, "Hallo")
        await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
