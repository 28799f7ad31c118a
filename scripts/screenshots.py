"""
``make screenshots``: pictures of the web chat for docs/images/, of the real program in a real browser.

In every language, on a phone and at a desk, light and dark: the welcome, an answer, a question of the sign-up, the
review, and staff's word. ``ARGS="--only NAME"`` makes those whose name holds NAME.
``chat.webp``, the README's, is the desk's answer and sign-up.
"""

import argparse
import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

from tests.browser import open_browser
from tests.journey.program import Running, running

IMAGES = Path(__file__).parent.parent / "docs" / "images"
QUALITY = 0.8  #: of the WebP files, 0 to 1
SIZES: Mapping[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1100, "height": 800}}
QUESTION = {"nl": "Kan het ook in {town}?", "en": "Is it possible in {town} too?"}
TOWNS = ("Almere", "Breda", "Delft", "Ede", "Gouda", "Hoorn", "Lelystad", "Zwolle")  #: a question of each look's own
WORD = {"nl": "Ja, dat kan. Zal ik je morgen bellen?", "en": "Yes, it is. Shall I call you tomorrow?"}
#: what is typed for each picture, one after the other in the same conversation
SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        "welcome": (),
        "answer": ("Wat kost het eigenlijk?",),
        "signup": ("/aanmelden", "beide"),
        "review": ("gemeente", "Gemeente Voorbeeldstad", "Noor de Vries", "noor@example.org"),
        "staff": ("/annuleren", "ja", "/contact", QUESTION["nl"], "ja"),
    },
    "en": {
        "welcome": (),
        "answer": ("What does it cost?",),
        "signup": ("/signup", "both"),
        "review": ("municipality", "City of Exampleton", "Noor de Vries", "noor@example.org"),
        "staff": ("/cancel", "yes", "/contact", QUESTION["en"], "yes"),
    },
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """One way to see the page."""

    language: str
    size: str
    scheme: str  #: "light" or "dark"

    def file(self, picture: str) -> Path:
        """Where this picture is kept."""
        return IMAGES / f"{picture}-{self.language}-{self.size}-{self.scheme}.webp"


LOOKS = [
    Look(language=code, size=size, scheme=scheme) for code, size, scheme in product(SAID, SIZES, ("light", "dark"))
]


async def main(only: str) -> None:
    """Make the pictures whose name holds ``only``."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as program, open_browser() as browser:
            for look in LOOKS:
                if any(only in look.file(picture).name for picture in SAID[look.language]):
                    await picture_look(browser, program, look, only)
            if only in "chat.webp":
                await picture_readme(browser, program)


async def picture_look(browser: Browser, program: Running, look: Look, only: str) -> None:
    """The pictures of one look."""
    async with opened(browser, program, look) as page:
        for picture, texts in SAID[look.language].items():
            town = TOWNS[LOOKS.index(look)]
            for text in texts:
                await say(page, text.format(town=town))
            if picture == "staff":
                await staff_answer(page, program, look.language, town)
            if only in look.file(picture).name:
                await keep(page, look.file(picture))


async def staff_answer(page: Page, program: Running, language: str, town: str) -> None:
    """A colleague answers the question in the staff chat, and the person sees it."""
    notice = await program.staff.sees(QUESTION[language].format(town=town))
    await program.staff.reply(notice, WORD[language])
    await page.get_by_text(WORD[language]).wait_for()
    await settled(page)


async def picture_readme(browser: Browser, program: Running) -> None:
    """The README's picture: an answer, and the first question of a sign-up."""
    async with opened(browser, program, Look(language="nl", size="desk", scheme="light")) as page:
        await page.set_viewport_size({"width": 1100, "height": 960})
        for text in ("Wat kost het eigenlijk?", "/aanmelden"):
            await say(page, text)
        await keep(page, IMAGES / "chat.webp")


@asynccontextmanager
async def opened(browser: Browser, program: Running, look: Look) -> AsyncIterator[Page]:
    """The page, with the welcome shown."""
    context = await browser.new_context(
        viewport=SIZES[look.size],
        color_scheme="dark" if look.scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=2 if look.size == "phone" else 1,
    )
    page = await context.new_page()
    await page.goto(f"{program.url}/?lang={look.language}")
    await settled(page)
    yield page
    await context.close()


async def say(page: Page, text: str) -> None:
    """Type a text, send it, and wait for the answer."""
    await page.locator("#field").fill(text)
    await page.locator("#field").press("Enter")
    await settled(page)


async def settled(page: Page) -> None:
    """Return when nothing in the conversation has changed for a moment."""
    before, same = "", 0
    while same < 3:
        await page.wait_for_timeout(120)
        now = await page.locator("main").inner_text()
        same, before = (same + 1 if now and now == before else 0), now


async def keep(page: Page, file: Path) -> None:
    """Keep what the window shows, as a small WebP file that the browser itself makes."""
    picture = base64.b64encode(await page.screenshot()).decode()
    drawing = await page.context.new_page()
    encoded: str = await drawing.evaluate(
        """async ([picture, quality]) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL("image/webp", quality).split(",")[1];
        }""",
        [picture, QUALITY],
    )
    await drawing.close()
    file.write_bytes(base64.b64decode(encoded))
    print(file.relative_to(IMAGES.parent.parent), f"{file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="make the pictures whose name holds this")
    asyncio.run(main(parser.parse_args().only))
