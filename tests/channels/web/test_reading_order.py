"""In which order a screen reader reads the page: its accessibility tree, as Chromium gives it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.channels.web.browsing import visiting
from tests.channels.web.fakes import WORDS
from tests.journey.program import running
from tests.said import label

pytestmark = pytest.mark.asyncio(loop_scope="session")

_NODE = re.compile(r'- (?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?')


async def read_out(page: Page) -> list[str]:
    """What is come by from the page's beginning to its end: roles, with their names."""
    tree = await page.locator("body").aria_snapshot()
    found = (_NODE.match(line.strip()) for line in tree.splitlines())
    return [f"{one['role']} {one['name'] or ''}".strip() for one in found if one]


def in_order(heard: list[str], *wanted: str) -> None:
    """See that these are heard, in this order."""
    rest = iter(heard)
    missing = [one for one in wanted if not any(said.startswith(one) for said in rest)]
    assert not missing, f"{missing} not in its place in {heard}"


async def say(page: Page, text: str) -> None:
    """Say something, and wait for all that is answered."""
    answers = await page.locator(".message.bot").count()
    await page.locator("#field").fill(text)
    await page.locator("#field").press("Enter")
    await expect(page.locator(".message.bot").nth(answers)).to_be_visible()


async def test_it_is_read_in_the_order_of_the_conversation(browser: Browser, tmp_path: Path) -> None:
    """Way past the head, who offers it, language, menu, card, conversation, sign-up bar, field: in each state so."""
    head = ("link " + WORDS["skip"], "banner", "heading " + WORDS["name"], "navigation " + WORDS["language_label"])
    card = ("main", "heading " + WORDS["promise"], "list")
    async with running(tmp_path) as program, visiting(browser) as page:
        await page.goto(f"{program.url}/?lang=nl")
        await expect(page.locator("#send")).to_be_enabled()
        first = ("button " + WORDS["start"], "group " + WORDS["choices_label"], "button " + WORDS["more_choices"])
        field = ("textbox " + WORDS["field_label"], "button " + WORDS["send"])
        in_order(await read_out(page), *head, *card, *first, "log " + WORDS["conversation_label"], *field)
        await say(page, "/aanmelden")
        options = ("group " + WORDS["choices_label"], "button " + label("labels/options/interest/both"))
        ways = ("group " + WORDS["signup_label"], "button " + label("labels/buttons/signup:cancel"))
        asked = ("textbox " + label("labels/fields/interest"), "button " + WORDS["send"])
        in_order(await read_out(page), *head, *card, "log", "paragraph", *options, *ways, *asked)
        for answer in ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@example.org"):
            await say(page, answer)
        rows = ("term", "definition", f"button {WORDS['edit']} {label('labels/fields/interest')}")
        send = "button " + label("labels/buttons/signup:submit")
        in_order(await read_out(page), *head, "log", *rows, "group " + WORDS["signup_label"], send, *field)
        assert not [one for one in await read_out(page) if one == "button"]
