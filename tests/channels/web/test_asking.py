"""The page in a real Chromium: the field says what is asked."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.channels.web.browsing import type_in
from tests.channels.web.fakes import WORDS, FakeDesk, buttons, message
from tests.events import words_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_field_says_what_is_asked(page: Page, desk: FakeDesk) -> None:
    """While an address is asked the field is called so, also after a reload; afterwards it is for anything again."""
    ask = {"field": "email", "label": "E-mailadres", "step": 5, "of": 5}
    desk.extra = [message("Op welk adres?", ask=ask)]
    await type_in(page, "Noor de Vries")
    field = page.get_by_label("E-mailadres")
    await expect(field).to_have_attribute("autocomplete", "email")
    await expect(field).to_have_attribute("inputmode", "email")
    await expect(field).to_have_attribute("placeholder", WORDS["placeholder_answer"])
    await page.reload()
    await expect(field).to_have_attribute("autocomplete", "email")
    await field.fill("noor@example.org")
    await field.press("Enter")
    await expect(page.get_by_text("Je zei: noor@example.org")).to_be_visible()
    anything = page.get_by_label(WORDS["field_label"])
    await expect(anything).to_have_attribute("placeholder", WORDS["placeholder"])
    assert await anything.get_attribute("autocomplete") is None


NAME = {"field": "name", "label": "Naam", "step": 4, "of": 5}
GIVEN = [
    {"field": "organisation", "label": "Organisatie", "value": "Gemeente X", "edit": "signup:edit:organisation@a1"},
    {"field": "name", "label": "Naam", "value": "Noor", "edit": "signup:edit:name@a1"},
]
WAYS = (("signup:back@a1", "Terug"), ("signup:cancel@a1", "Stoppen"))


async def test_the_dock_says_how_far_one_is(page: Page, desk: FakeDesk) -> None:
    """During a sign-up the dock says which question it is, shows what was given when asked, and has the ways out."""
    desk.extra = [message("Hoe heet je?", buttons(WAYS), ask=NAME, summary=GIVEN[:1])]
    await type_in(page, "Gemeente X")
    dock = page.locator("#dock")
    opens = dock.get_by_role("button", name="Vraag 4 van 5")
    await expect(dock.locator(".steps .done")).to_have_count(4)
    await expect(page.locator("#log .choice")).to_have_count(0)
    await expect(dock.get_by_text("Gemeente X")).not_to_be_visible()
    await opens.press("Enter")
    await expect(dock.get_by_text("Gemeente X")).to_be_visible()
    await dock.get_by_role("button", name=f"{WORDS['edit']} Organisatie").click()
    await expect(dock.get_by_role("button")).to_have_count(1)
    assert [words_of(event) for event in desk.events[-2:]] == ["Gemeente X", "signup:edit:organisation@a1"]


async def test_what_was_not_taken_can_be_mended(page: Page, desk: FakeDesk) -> None:
    """An answer that cannot be right stands in the field again, marked as wrong until it is changed."""
    desk.extra = [message("Dat lijkt geen adres.", buttons(WAYS), ask={**NAME, "field": "email"}, refused=True)]
    await type_in(page, "noor@")
    field = page.locator("#field")
    await expect(field).to_have_value("noor@")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("Dat lijkt geen adres"))
    await field.press_sequentially("x")
    assert await field.get_attribute("aria-invalid") is None


async def test_the_review_has_its_one_button_in_view(page: Page, desk: FakeDesk) -> None:
    """On arrival at the review the button that sends is in view, with what one agrees to; every answer has its own."""
    rows = (
        (("signup:submit@a1", "Versturen"),),
        (("signup:edit:name@a1", "✏️ Naam"),),
        (("signup:more@a1", "Meer"),),
        WAYS,
    )
    given = [{**GIVEN[1], "label": f"Veld {number}"} for number in range(6)]
    review = message("Klopt dit?\n\nAlles", buttons(*rows), summary=given, above="Klopt dit?", below="Je gaat akkoord.")
    for width, height in ((360, 640), (1093, 500)):
        await page.set_viewport_size({"width": width, "height": height})
        desk.extra = [review]
        await type_in(page, "klaar")
        await expect(page.locator("#dock").get_by_role("button", name="Versturen")).to_be_in_viewport(ratio=1)
        await expect(page.get_by_text("Je gaat akkoord.").last).to_be_in_viewport(ratio=1)
        await expect(page.locator("#log .choice")).to_have_text(["Meer"])
        await expect(page.locator("#log .change")).to_have_count(6)
    await page.locator("#dock").get_by_role("button", name="Versturen").click()
    await expect(page.locator(".change, #bar > *")).to_have_count(0)
    await expect(page.locator("#log").get_by_text("Je gaat akkoord.")).to_have_count(2)


async def test_the_menu_stands_in_its_groups(page: Page, desk: FakeDesk) -> None:
    """Many buttons stand under the names of their groups."""
    rows = ((("topic:a", "A"), ("topic:b", "B")), (("topic:c", "C"),), (("signup:start", "D"),))
    desk.extra = [message("Menu", buttons(*rows), groups=[{"label": "Eerst", "rows": 2}, {"label": "Dan", "rows": 1}])]
    await type_in(page, "menu")
    await expect(page.locator(".group .heading")).to_have_text(["Eerst", "Dan"])
    await expect(page.get_by_role("group", name="Eerst").get_by_role("button")).to_have_text(["A", "B", "C"])
