"""The page in a real Chromium: what a visitor sees and does."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.channels.web.fakes import ASK_TYPE, FakeDesk, message, not_saved
from tests.channels.web.server import WebServer, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(desk: FakeDesk) -> AsyncIterator[WebServer]:
    """The web application, in the browser's event loop."""
    async with serving(desk) as server:
        yield server


@asynccontextmanager
async def visiting(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A fresh visitor. Anything that the browser refuses or that breaks on the page fails the test."""
    context = await browser.new_context(**{"locale": "nl-NL", "viewport": {"width": 360, "height": 740}, **options})
    page = await context.new_page()
    page.set_default_timeout(5_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
    try:
        yield page
    finally:
        await context.close()
    assert not wrong


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, site: WebServer) -> AsyncIterator[Page]:
    """A visitor who opened the chat and was welcomed."""
    async with visiting(browser) as page:
        await page.goto(f"{site.url}/?source=nieuwsbrief")
        await expect(page.get_by_text("Welkom!")).to_be_visible()
        yield page


async def type_in(page: Page, text: str) -> None:
    """Type and send."""
    await page.get_by_label("Je bericht").fill(text)
    await page.get_by_role("button", name="Verstuur").click()


async def messages(page: Page, who: str = "") -> list[str]:
    """What the messages on the page say, of one side or of all."""
    return await page.locator(f".message{who} .text").all_inner_texts()


async def test_a_first_visit_is_welcomed(page: Page, desk: FakeDesk) -> None:
    """Who opens the page is welcomed at once, in the browser's language, and where they came from is known."""
    event = desk.events[0]
    assert (event.text, event.source, event.language) == ("/start", "nieuwsbrief", "nl")
    assert await messages(page, ".person") == []
    await expect(page).to_have_title("Crash course in het verduurzamen van kwetsbare wijken")
    await expect(page.get_by_text("Platform31, Nyenrode")).to_be_visible()


async def test_asking_and_choosing(page: Page, desk: FakeDesk) -> None:
    """A typed question is answered; a chosen button shows what was chosen and its message has no buttons any more."""
    await type_in(page, "Wat kost het eigenlijk?")
    await expect(page.get_by_text("Je zei: Wat kost het eigenlijk?")).to_be_visible()
    await page.get_by_role("button", name="Wat kost het?").click()
    await expect(page.get_by_text("in overleg")).to_be_visible()
    await expect(page.locator(".chosen")).to_have_text("Gekozen: Wat kost het?")
    assert await page.get_by_role("button", name="Wat is de cursus?").count() == 0
    assert await messages(page, ".person") == ["Wat kost het eigenlijk?", "Wat kost het?"]
    assert await page.locator(".message.bot strong").all_inner_texts() == ["Welkom!", "in overleg"]


async def test_the_conversation_survives_a_reload(page: Page) -> None:
    """After a reload everything is there once, in order, and what was chosen stays chosen."""
    await page.get_by_role("button", name="Wat kost het?").click()
    await expect(page.get_by_text("in overleg")).to_be_visible()
    await page.get_by_label("Je bericht").fill("half getypt")
    before = await messages(page)
    await page.reload()
    await expect(page.get_by_text("in overleg")).to_be_visible()
    assert await messages(page) == before
    await expect(page.locator(".chosen")).to_have_text("Gekozen: Wat kost het?")
    await expect(page.get_by_role("button", name="Vraag het Anne Kunst")).to_be_visible()
    await expect(page.get_by_label("Je bericht")).to_have_value("half getypt")


async def test_staffs_words_appear_apart(page: Page, desk: FakeDesk) -> None:
    """What a colleague says appears by itself, marked as theirs, and once."""
    desk.keep(desk.events[0].chat, "staff", message("Ik bel je <b>morgen</b>."))
    staff = page.locator(".message.staff")
    await expect(staff.locator(".who")).to_have_text("Anne Kunst of een collega")
    await expect(staff.locator("strong")).to_have_text("morgen")
    await type_in(page, "Fijn")
    await expect(page.get_by_text("Je zei: Fijn")).to_be_visible()
    assert await staff.count() == 1
    assert await page.get_by_text("Fijn", exact=True).count() == 1


async def test_two_tabs_show_the_same(page: Page, site: WebServer) -> None:
    """What is said in one tab appears in the other, once."""
    other = await page.context.new_page()
    await other.goto(site.url)
    await expect(other.get_by_text("Welkom!")).to_be_visible()
    await type_in(page, "Hallo daar")
    await expect(other.get_by_text("Je zei: Hallo daar")).to_be_visible()
    assert await messages(other, ".person") == ["Hallo daar"]
    assert await messages(page) == await messages(other)


async def test_the_server_goes_away_and_comes_back(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """While the server is away that is said, what is typed is kept, even over a reload, and sent once it is back."""
    await site.stop()
    await type_in(page, "Ben je er nog?")
    await expect(page.get_by_text("Er is even geen verbinding")).to_be_visible()
    await expect(page.get_by_text("Wacht op verbinding")).to_be_visible()
    await type_in(page, "En nu?")
    await site.start()
    await expect(page.get_by_text("Je zei: En nu?")).to_be_visible(timeout=15_000)
    assert await messages(page, ".person") == ["Ben je er nog?", "En nu?"]
    assert [event.text for event in desk.events] == ["/start", "Ben je er nog?", "En nu?"]
    await expect(page.get_by_text("Wacht op verbinding")).to_have_count(0)
    await expect(page.get_by_text("geen verbinding")).to_have_count(0)


async def test_what_waits_survives_a_reload(page: Page, desk: FakeDesk) -> None:
    """A message that is not saved yet says so, is there after a reload, and is then sent under the same name."""
    desk.fails = not_saved()
    await type_in(page, "Bewaar dit")
    await expect(page.get_by_text("nog niet bewaard")).to_be_visible()
    queued = await page.evaluate("JSON.parse(sessionStorage['chat.queue'])[0].body.message_id")
    await page.reload()
    await expect(page.get_by_text("Bewaar dit")).to_be_visible()
    desk.fails = None
    await expect(page.get_by_text("Je zei: Bewaar dit")).to_be_visible(timeout=15_000)
    assert desk.events[-1].id == queued
    assert await messages(page, ".person") == ["Bewaar dit"]
    assert await page.evaluate("sessionStorage['chat.queue']") is None


async def test_an_answer_that_got_lost_is_not_doubled(page: Page, desk: FakeDesk) -> None:
    """When the answer is lost on the way the message is sent again, and stands there once."""
    lost = False

    async def lose(route: Any) -> None:
        nonlocal lost
        if lost:
            await route.continue_()
            return
        lost = True
        await route.fetch()
        await route.abort()

    await page.route("**/api/chat", lose)
    await type_in(page, "Eén keer")
    await expect(page.get_by_text("Je zei: Eén keer")).to_be_visible()
    await expect(page.get_by_text("Wacht op verbinding")).to_have_count(0)
    assert await messages(page, ".person") == ["Eén keer"]
    assert len(await messages(page, ".bot")) == 2
    assert [event.text for event in desk.events].count("Eén keer") == 1


async def test_typing_is_shown_while_waiting(page: Page, desk: FakeDesk) -> None:
    """Who waits sees that an answer is coming."""
    desk.hold = asyncio.Event()
    await type_in(page, "Hallo")
    await expect(page.get_by_text("De assistent typt")).to_be_visible()
    desk.hold.set()
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    await expect(page.get_by_text("De assistent typt")).to_have_count(0)


async def test_a_refused_message_can_be_mended(page: Page) -> None:
    """What the server will never take says why, and stands in the field again."""
    await page.route("**/api/chat", lambda route: route.continue_(post_data="[]") if route.request.post_data else None)
    await type_in(page, "Stuk")
    await expect(page.locator(".message.failed .state")).to_contain_text("niet lezen")
    await expect(page.get_by_label("Je bericht")).to_have_value("Stuk")


async def test_hostile_words_are_shown_as_text(page: Page, desk: FakeDesk) -> None:
    """Whatever stands in a message becomes text or one of the few safe elements, nothing else."""
    desk.extra = [
        message(
            "<b>veilig</b> <i>i</i> <u>u</u> <s>s</s> <code>c</code> <pre>p</pre> <blockquote>q</blockquote> "
            '<img src=x onerror=alert(1)> <script>alert(2)</script> <a href="javascript:alert(3)">fout</a> '
            '<a href="https://www.platform31.nl/?a=1&amp;b=2">goed</a> <b onclick="x">kl</b> &lt;b&gt; &#233; &bogus; '
            '<a href="https://[">stuk</a> <a>leeg</a> a < b & c </i> &#x110000; '
            '<a href="mailto:a@b.nl">mail</a> <b>open'
        )
    ]
    await type_in(page, "<img src=x onerror=alert(1)>")
    last = page.locator(".message.bot .text").last
    await expect(last).to_contain_text("veilig")
    tags = await last.evaluate("node => [...node.querySelectorAll('*')].map(one => one.localName).join(' ')")
    assert tags == "strong em u s code pre blockquote a a strong a a a strong"
    assert await last.evaluate("node => [...node.querySelectorAll('a')].map(one => one.getAttribute('href'))") == [
        None, "https://www.platform31.nl/?a=1&b=2", None, None, "mailto:a@b.nl",
    ]  # fmt: skip
    assert await last.evaluate("node => [...node.querySelectorAll('[onclick], [onerror], [src]')].length") == 0
    await expect(last).to_contain_text("<b> é &bogus;")
    await expect(last).to_contain_text("a < b & c")
    assert await messages(page, ".person") == ["<img src=x onerror=alert(1)>"]


async def test_a_command_in_a_message_can_be_tapped(page: Page, desk: FakeDesk) -> None:
    """A command that the bot names works with one tap; a path inside a word or an address is no command."""
    desk.extra = [message('Lees meer: /privacy. Of: en/of, <a href="https://x.nl">x /privacy</a> /<b>nl</b>')]
    await type_in(page, "Wat bewaren jullie?")
    await page.get_by_role("button", name="/privacy").click()
    await expect(page.get_by_text("Je zei: /privacy")).to_be_visible()
    assert desk.events[-1].text == "/privacy"


async def test_a_file_can_be_downloaded(page: Page) -> None:
    """A file that goes with a message is a link that saves it."""
    await page.get_by_role("button", name="Mijn gegevens").click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download mijn-gegevens.json").click()
    saved = await (await download.value).path()
    assert saved.read_text("utf-8") == '{"naam": "Zoë"}'
    assert (await download.value).suggested_filename == "mijn-gegevens.json"


async def test_switching_the_language(page: Page, desk: FakeDesk, site: WebServer) -> None:
    """The page and the conversation change language together, and the conversation and its source stay."""
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_label("Your message")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert (desk.events[-1].text, desk.events[-1].source) == ("language:en", "nieuwsbrief")
    desk.keep(desk.events[-1].chat, "bot", message("Taal?", [[{"id": "language:nl", "label": "Nederlands"}]]))
    await page.get_by_role("button", name="Nederlands").click()
    await expect(page.get_by_label("Je bericht")).to_be_visible()
    assert [event.text for event in desk.events] == ["/start", "language:en", "language:nl"]


async def test_an_english_visitor_is_welcomed_in_english(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """A browser that asks for English gets an English page, and the conversation starts in it."""
    async with visiting(browser, locale="en-GB") as page:
        await page.goto(site.url)
        await expect(page.get_by_text("Welkom!")).to_be_visible()
        await expect(page.get_by_role("button", name="Send")).to_be_visible()
    assert desk.events[0].language == "en"


async def test_a_new_conversation(page: Page, desk: FakeDesk) -> None:
    """On a shared computer one can start anew: asked once, then nothing of the old conversation is left."""
    await type_in(page, "Geheim")
    await expect(page.get_by_text("Je zei: Geheim")).to_be_visible()
    await page.get_by_role("button", name="Nieuw gesprek").click()
    await page.get_by_role("button", name="Nee, ga verder").click()
    await expect(page.get_by_text("Je zei: Geheim")).to_be_visible()
    await page.get_by_role("button", name="Nieuw gesprek").click()
    await page.get_by_role("button", name="Ja, begin opnieuw").click()
    await expect(page.get_by_text("Je zei: Geheim")).to_have_count(0)
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    assert len({event.chat for event in desk.events}) == 2
    desk.keep(desk.events[-1].chat, "staff", message("Hier"))
    await expect(page.locator(".message.staff")).to_have_count(1)
    await page.reload()
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    assert "Geheim" not in await page.content()


async def test_by_keyboard_alone(page: Page, desk: FakeDesk) -> None:
    """Everything can be done without a mouse, in an order that makes sense, and one always sees where one is."""
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Ga naar het gesprek")).to_be_focused()
    await expect(page.get_by_role("link", name="Ga naar het gesprek")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Wat is de cursus?")).to_be_focused()
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("in overleg")).to_be_visible()
    await expect(page.locator(".chosen")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Vraag het Anne Kunst")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.get_by_label("Je bericht")).to_be_focused()
    await page.keyboard.type("Regel een")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Regel twee")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Je zei: Regel een")).to_be_visible()
    assert desk.events[-1].text == "Regel een\nRegel twee"
    await expect(page.get_by_label("Je bericht")).to_be_focused()
    await expect(page.get_by_label("Je bericht")).to_have_value("")
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
    """At 1280 pixels and 400 % zoom nothing scrolls sideways, and the field does not cover the text."""
    async with visiting(browser, viewport={"width": 320, "height": 256}) as page:
        await page.goto(site.url)
        await expect(page.get_by_text("Welkom!")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.locator(".dock").evaluate("node => getComputedStyle(node).position") == "static"
        await type_in(page, "Ook " + "eenheelergLangWoord" * 10)
        await expect(page.get_by_text("Je zei:")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_no_motion_for_who_wants_none(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """With reduced motion nothing moves."""
    async with visiting(browser, reduced_motion="reduce") as page:
        await page.goto(site.url)
        await expect(page.get_by_text("Welkom!")).to_be_visible()
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


async def test_without_javascript_that_is_said(browser: Browser, site: WebServer) -> None:
    """Without JavaScript one reads what to do."""
    async with visiting(browser, java_script_enabled=False) as page:
        await page.goto(site.url)
        await expect(page.get_by_text("Zet het aan in je browser")).to_be_visible()
        await expect(page.get_by_label("Je bericht")).to_be_hidden()


@asynccontextmanager
async def gemeente() -> AsyncIterator[WebServer]:
    """The site of another organisation, strict about what it includes; ?chat= names our server."""

    async def page(request: Request) -> Response:
        chat = request.query_params["chat"]
        policy = f"default-src 'none'; script-src {chat}; frame-src {chat}"
        script = f'<script src="{chat}/widget.js" data-source="gemeente" async></script>'
        html = f'<!doctype html><html lang="nl"><title>Gemeente</title><h1>Gemeente</h1>{script}'
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    server = WebServer(Starlette(routes=[Route("/wijken", page)]), FakeDesk())
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def elsewhere(other: WebServer, chat: WebServer) -> str:
    """The address of the other organisation's page, on another site than the chat's as browsers see it."""
    return f"http://localhost:{other.port}/wijken?chat={chat.url}"


async def test_widget_opens_a_panel_on_a_named_site(browser: Browser, desk: FakeDesk) -> None:
    """On a site that the operator named the chat works in a panel, without cookies of a third party."""
    async with (
        gemeente() as other,
        serving(desk, embedders=[f"http://localhost:{other.port}"]) as site,
        visiting(browser, viewport={"width": 1000, "height": 800}) as page,
    ):
        await page.goto(elsewhere(other, site))
        await page.get_by_role("button", name="Open de chat").click()
        frame = page.frame_locator("iframe")
        await expect(frame.get_by_text("Welkom!")).to_be_visible()
        await frame.get_by_label("Je bericht").fill("Hoi")
        await frame.get_by_role("button", name="Verstuur").click()
        await expect(frame.get_by_text("Je zei: Hoi")).to_be_visible()
        desk.keep(desk.events[-1].chat, "staff", message("Dag"))
        await expect(frame.locator(".message.staff")).to_be_visible()
        assert desk.events[0].source == "gemeente"
        assert await page.context.cookies() == []
        await page.get_by_role("button", name="Sluit de chat").click()
        await expect(page.locator("iframe")).to_be_hidden()
        await page.get_by_role("button", name="Open de chat").press("Enter")
        await expect(frame.get_by_text("Je zei: Hoi")).to_be_visible()
        await page.get_by_role("button", name="Sluit de chat").press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()


async def test_widget_opens_a_tab_elsewhere(browser: Browser, site: WebServer) -> None:
    """On any other site the button opens the chat in a tab of its own, where nobody can frame it."""
    async with gemeente() as other, visiting(browser) as page:
        await page.goto(elsewhere(other, site))
        async with page.context.expect_page() as opened:
            await page.get_by_role("button", name="Open de chat").click()
        chat = await opened.value
        await expect(chat.get_by_text("Welkom!")).to_be_visible()
        assert re.search(r"/\?lang=nl&source=gemeente$", chat.url)
        assert await page.locator("iframe").count() == 0


async def test_nobody_else_can_frame_the_chat(browser: Browser, site: WebServer) -> None:
    """A site that was not named cannot show the chat inside its page."""
    async with gemeente() as other:
        context = await browser.new_context()
        page = await context.new_page()
        refused = asyncio.create_task(page.wait_for_event("console", lambda line: "frame-ancestors" in line.text))
        await page.goto(elsewhere(other, site))
        await page.evaluate(
            "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }",
            f"{site.url}/?embed=1",
        )
        assert "frame-ancestors 'self'" in (await refused).text
        await expect(page.frame_locator("iframe").get_by_text("Welkom!")).to_have_count(0)
        await context.close()
