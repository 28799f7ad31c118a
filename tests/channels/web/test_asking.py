"""The page in a real Chromium: the field says what is asked."""

import pytest
from playwright.async_api import Page, expect

from tests.channels.web.browsing import type_in
from tests.channels.web.fakes import WORDS, FakeDesk, message

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
