"""The page before anybody says anything: small, in two trips, and of use without script or server."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, Response, Route, expect

from bot.channels.web.joined import joined_scripts, joined_styles
from bot.web.files import Content
from tests.channels.web.browsing import type_in, visiting, welcomed
from tests.channels.web.fakes import COSTS, WORDS, FakeDesk, message
from tests.channels.web.server import WebServer, serving, visitor
from tests.said import worded

STATIC = Path(__file__).parents[3] / "bot/channels/web/static"
KEPT = "async () => (await caches.match('/')) && navigator.serviceWorker.ready"  #: that the page is there without us
in_browser = pytest.mark.asyncio(loop_scope="session")


async def test_all_of_it_is_small(client: httpx.AsyncClient) -> None:
    """What a first visit loads is four files of 25 kB in all, packed; who takes nothing packed gets it whole."""
    page = await client.get("/")
    paths = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', page.text.split("<noscript>")[0]))
    paths |= set(re.findall(r'src="(/static/[^"]+\.js)"', page.text))
    loaded = [page, *[await client.get(path) for path in sorted(paths)]]
    assert len(loaded) == 4
    assert sum(int(answer.headers["content-length"]) for answer in loaded) < 25_000
    assert [answer.headers.get("content-encoding") for answer in loaded].count("gzip") >= 3
    whole = await client.get("/", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert "content-encoding" not in whole.headers
    assert whole.text == page.text
    again = await client.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "private, no-cache")


def test_a_picture_is_not_packed_again() -> None:
    """What packing makes no smaller is served as it is."""
    assert Content.of(b"x" * 1000).packed is not None
    assert Content.of(b"").packed is None
    assert Content.of(b"x" * 1000, packs=False).packed is None


def test_scripts_are_joined_in_order(tmp_path: Path) -> None:
    """Each module stands once, behind what it needs, with names of its own; comments are left out."""
    (tmp_path / "main.js").write_text('// Main.\nimport { b } from "./b.js";\n\nconst a = b();\n')
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\n/** B. */\nexport function b() {\n  return c;\n}\n')
    (tmp_path / "c.js").write_text("export const c = 1; // one\n")
    (tmp_path / "one.css").write_text("/* One. */\na {\n}\n\n/* Two\n lines. */\nb {\n}\n")
    assert joined_scripts(tmp_path, "main") == (
        "const $c = (() => {\nconst c = 1; // one\nreturn { c };\n})();\n"
        "const $b = (() => {\nconst { c } = $c;\nfunction b() {\nreturn c;\n}\nreturn { b };\n})();\n"
        "const $main = (() => {\nconst { b } = $b;\nconst a = b();\nreturn {  };\n})();\n"
    )
    assert joined_styles(tmp_path, ("one",)) == "a {\n}\nb {\n}\n"


def test_every_import_is_joined() -> None:
    """Nothing of the page's own modules is left for the browser to fetch."""
    joined = joined_scripts(STATIC, "main")
    assert not re.search(r"^\s*(?:import|export) ", joined, re.MULTILINE)
    assert joined.count("return {") >= len(list(STATIC.glob("*.js")))


@in_browser
async def test_it_is_of_use_after_two_trips(browser: Browser, site: WebServer) -> None:
    """The page and its files are all that is waited for: one can tap and type while the server says nothing more."""
    held, asked = asyncio.Event(), []

    async def hold(route: Route) -> None:
        asked.append(route.request.url)
        await held.wait()
        await route.continue_()

    async with visiting(browser) as page:
        loaded: list[Response] = []
        page.on("response", lambda response: loaded.append(response))
        await page.route("**/api/**", hold)
        await page.goto(site.url)
        await expect(page.get_by_role("button", name=WORDS["send"])).to_be_enabled()
        assert len(loaded) + len(asked) <= 10
        await page.get_by_role("button", name="Wat leer je?").click()
        await type_in(page, "En de kosten?")
        await expect(page.locator(".message.person .text")).to_have_text(["Wat leer je?", "En de kosten?"])
        held.set()
        await expect(page.get_by_text("Je zei: En de kosten?")).to_be_visible()
        await expect(page.locator(".message.person")).to_have_count(2)


@in_browser
async def test_without_script_one_reads_whom_to_ask(browser: Browser, desk: FakeDesk) -> None:
    """Without script the card is there with the contact person's address and number, and nothing that cannot work."""
    async with (
        serving(desk, wording=worded(CONTACT_EMAIL="anne@course.example", CONTACT_PHONE="+31 20 123 4567")) as site,
        visiting(browser, java_script_enabled=False) as page,
    ):
        await page.goto(site.url)
        await expect(page.get_by_text(WORDS["noscript"])).to_be_visible()
        await expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["promise"])
        await expect(page.get_by_role("link", name="anne@course.example")).to_have_attribute(
            "href", "mailto:anne@course.example"
        )
        await expect(page.get_by_role("link", name="+31 20 123 4567")).to_have_attribute("href", "tel:+31201234567")
        for idle in (".menu", ".start", ".chips", ".dock"):
            await expect(page.locator(idle)).to_be_hidden()
    async with serving(desk, wording=worded()) as site, visitor(site) as client:
        assert "mailto:" not in (await client.get("/")).text


@in_browser
async def test_without_the_server_one_reads_whom_to_ask(browser: Browser, desk: FakeDesk) -> None:
    """Who comes back while the server is away reads the card and whom to write to, and what they type waits."""
    async with (
        serving(desk, wording=worded(CONTACT_EMAIL="anne@course.example")) as site,
        visiting(browser, locale="nl-NL") as page,
    ):
        await page.goto(f"{site.url}/?source=nieuwsbrief")
        await page.wait_for_function(KEPT, timeout=60_000)
        await site.stop()
        await page.goto(f"{site.url}/?lang=nl")
        await expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["promise"])
        await expect(page.get_by_role("link", name="anne@course.example")).to_be_visible()
        await expect(page.get_by_text(WORDS["offline"])).to_be_visible()
        await type_in(page, "Hallo?")
        await expect(page.get_by_text(WORDS["waiting"])).to_be_visible()
        await site.start()
        await expect(page.get_by_text("Je zei: Hallo?")).to_be_visible(timeout=60_000)  # it tries every ten seconds


@in_browser
async def test_what_is_kept_of_the_page_names_nobody(page: Page) -> None:
    """Of a visit the browser keeps the page as anybody gets it, and its files: nothing that was said."""
    await page.reload()
    await page.wait_for_function(KEPT, timeout=60_000)
    kept = await page.evaluate(
        """async () => {
            const place = await caches.open("page");
            return Promise.all((await place.keys()).map(async ({url}) => [url, await (await place.match(url)).text()]));
        }"""
    )
    assert len(kept) == 4
    assert not any("nieuwsbrief" in url or "Welkom!" in text for url, text in kept)


async def scrolled_to(page: Page, pixels: int) -> None:
    """Wait until the page is scrolled so far."""
    async with asyncio.timeout(30):
        while abs(await page.evaluate("scrollY") - pixels) >= 5:
            await asyncio.sleep(0.05)


@in_browser
async def test_going_back_brings_one_where_one_was(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """Who followed a link and comes back reads on where they were."""
    async with visiting(browser) as page:
        await page.goto(site.url)
        await welcomed(page)
        for number in range(20):
            desk.keep(desk.events[0].chat, "bot", COSTS if number % 2 else message("Lang. " * 60), quietly=True)
        await page.reload()
        await expect(page.locator(".message")).to_have_count(21)
        await page.evaluate("scrollTo(0, 700)")
        await scrolled_to(page, 700)
        await page.goto(f"{site.url}/healthz")
        await page.go_back()
        await expect(page.locator(".message")).to_have_count(21)
        await scrolled_to(page, 700)
