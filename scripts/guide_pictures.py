"""``python -m scripts.guide_pictures``: the picture of the preview page in the editors' guide."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import FloatRect

from bot.wording.preview import write_preview
from tests.browser import open_browser

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "preview.png"
SHOWN = ("nl/topic/costs.html", "nl/topic/dates.html")  #: the first and the last message in the picture


async def main() -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as folder:
        page_file = Path(folder) / "index.html"
        write_preview(ROOT / "messages", page_file)
        async with open_browser() as browser:
            page = await browser.new_page(viewport={"width": 760, "height": 900})
            await page.goto(page_file.as_uri())
            sections = [page.locator("section", has=page.get_by_text(f"messages/{name}")) for name in SHOWN]
            boxes = [await one.bounding_box() for one in sections]
            first, last = boxes
            if first is None or last is None:
                raise SystemExit(f"the preview does not show {' and '.join(SHOWN)}")
            height = last["y"] + last["height"] - first["y"] + 20
            clip: FloatRect = {"x": 0.0, "y": first["y"] - 10, "width": 460.0, "height": height}
            await page.screenshot(path=PICTURE, full_page=True, clip=clip)
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    asyncio.run(main())
