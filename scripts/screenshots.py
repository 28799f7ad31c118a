"""
``make screenshots``: pictures of the web chat for docs/images/, of the real program in a real browser.

In every language, on a phone and at a desk, light and dark: the welcome, an answer, and a sign-up under way.
``--only NAME`` makes those whose name holds NAME. ``chat.png``, the README's, is the desk's answer and sign-up.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

from benchmarks.measure import Program, cores, free_port
from tests.browser import open_browser

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES: Mapping[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1100, "height": 800}}
#: what is typed for each picture, one after the other in the same conversation
SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {"welcome": (), "answer": ("Wat kost het eigenlijk?",), "signup": ("/aanmelden", "beide", "gemeente")},
    "en": {"welcome": (), "answer": ("What does it cost?",), "signup": ("/signup", "both", "municipality")},
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """One way to see the page."""

    language: str
    size: str
    scheme: str  #: "light" or "dark"

    def file(self, picture: str) -> Path:
        """Where this picture is kept."""
        return IMAGES / f"{picture}-{self.language}-{self.size}-{self.scheme}.png"


LOOKS = [
    Look(language=code, size=size, scheme=scheme) for code, size, scheme in product(SAID, SIZES, ("light", "dark"))
]


async def main(only: str) -> None:
    """Make the pictures whose name holds ``only``."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {
            "DATABASE_URL": f"sqlite:///{folder}/bot.db",
            "MAIL_URL": f"file:{folder}/mail",
            "HTTP_PORT": str(port),
            "TELEGRAM_BOT_TOKEN": "",
        }
        command = [sys.executable, "-m", "bot", "run"]
        with Program(command, core=cores()[1], log=Path(folder) / "log", environment=environment) as program:
            program.wait_ready(f"http://127.0.0.1:{port}/readyz")
            async with open_browser() as browser:
                await picture_all(browser, f"http://127.0.0.1:{port}", only)


async def picture_all(browser: Browser, address: str, only: str) -> None:
    """Make the pictures, each look in a conversation of its own."""
    for look in LOOKS:
        if any(only in look.file(picture).name for picture in SAID[look.language]):
            await picture_look(browser, address, look)
    if only in "chat.png":
        await picture_readme(browser, address)


async def picture_look(browser: Browser, address: str, look: Look) -> None:
    """The three pictures of one look."""
    page = await open_page(browser, address, look)
    for picture, texts in SAID[look.language].items():
        for text in texts:
            await say(page, text)
        await keep(page, look.file(picture))
    await page.context.close()


async def picture_readme(browser: Browser, address: str) -> None:
    """The README's picture: an answer, and the first question of a sign-up."""
    page = await open_page(browser, address, Look(language="nl", size="desk", scheme="light"))
    await page.set_viewport_size({"width": 1100, "height": 1060})
    for text in ("Wat kost het eigenlijk?", "/aanmelden"):
        await say(page, text)
    await keep(page, IMAGES / "chat.png")
    await page.context.close()


async def open_page(browser: Browser, address: str, look: Look) -> Page:
    """The page, with the welcome shown."""
    context = await browser.new_context(
        viewport=SIZES[look.size],
        color_scheme="dark" if look.scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=2 if look.size == "phone" else 1,
    )
    page = await context.new_page()
    await page.goto(f"{address}/?lang={look.language}")
    await settled(page)
    return page


async def say(page: Page, text: str) -> None:
    """Type a text, send it, and wait for the answer."""
    await page.locator("#field").fill(text)
    await page.locator("#field").press("Enter")
    await settled(page)


async def settled(page: Page) -> None:
    """Return when nothing in the conversation has changed for a moment."""
    before, same = "", 0
    while same < 4:
        await page.wait_for_timeout(150)
        now = await page.locator("#log").inner_text()
        same, before = (same + 1 if now and now == before else 0), now


async def keep(page: Page, file: Path) -> None:
    """Keep what the window shows."""
    await page.screenshot(path=file)
    print(file.relative_to(IMAGES.parent.parent))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="make the pictures whose name holds this")
    asyncio.run(main(parser.parse_args().only))
