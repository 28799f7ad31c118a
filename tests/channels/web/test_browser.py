"""The page in a real Chromium: what a visitor sees and does."""

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from tests.channels.web.browsing import from_menu, in_view_above_the_dock, messages, type_in, visiting, welcomed
from tests.channels.web.fakes import (
    ASK_TYPE,
    COSTS,
    ENGLISH,
    WELCOME,
    WORDS,
    FakeDesk,
    buttons,
    labels,
    message,
    not_saved,
)
from tests.channels.web.server import WebServer, serving
from tests.events import words_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_first_visit_is_welcomed(page: Page, desk: FakeDesk) -> None:
    """Who opens the page is welcomed at once, in the browser's language, and where they came from is known."""
    event = desk.events[0]
    assert (words_of(event), event.source, event.language) == ("/start", "nieuwsbrief", "nl")
    assert await messages(page, ".person") == []
    await expect(page).to_have_title("Crash course in het verduurzamen van kwetsbare wijken")
    await expect(page.get_by_text("Platform31 · Nyenrode")).to_be_visible()


async def test_the_first_screen_says_what_it_is(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """Before anybody says anything: the promise, facts, the way to sign up, topics; nothing is stored until a tap."""
    async with visiting(browser, viewport={"width": 360, "height": 640}) as page:
        await page.goto(f"{site.url}/?source=nieuwsbrief")
        await expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["promise"])
        await expect(page.locator(".facts li")).to_have_count(4)
        header = await page.locator("#masthead").bounding_box()
        assert header is not None
        assert header["height"] <= 64
        primary = page.get_by_role("button", name=WORDS["start"])
        for shown in (primary, *(await page.locator(".chips .choice").all())[:2]):
            await expect(shown).to_be_in_viewport(ratio=1)
            await in_view_above_the_dock(page, shown)
        await page.set_viewport_size({"width": 1093, "height": 500})
        await expect(page.get_by_role("link", name=ENGLISH["language_name"])).to_be_in_viewport(ratio=1)
        assert (desk.events, await page.context.cookies()) == ([], [])
        await primary.click()
        await expect(page.get_by_text("Waar werk je?")).to_be_visible()
        await expect(primary).to_be_hidden()
    assert (words_of(desk.events[0]), desk.events[0].source) == ("signup:start", "nieuwsbrief")


async def test_asking_and_choosing(page: Page, desk: FakeDesk) -> None:
    """A chosen button shows what was chosen and its message has no buttons any more; a typed question is answered."""
    await page.get_by_role("button", name="Wat kost het?").click()
    await expect(page.get_by_text("in overleg", exact=True)).to_be_visible()
    await expect(page.locator(".chosen")).to_have_text(f"{WORDS['chosen']}: Wat kost het?")
    assert await page.get_by_role("button", name="Wat is de cursus?").count() == 0
    await type_in(page, "Wat kost het eigenlijk?")
    await expect(page.get_by_text("Je zei: Wat kost het eigenlijk?")).to_be_visible()
    assert await messages(page, ".person") == ["Wat kost het?", "Wat kost het eigenlijk?"]
    assert await page.locator(".message.bot strong").all_inner_texts() == ["Welkom!", "in overleg"]


async def test_buttons_look_like_what_they_do(page: Page, desk: FakeDesk) -> None:
    """The way on stands out, a way back does not, and what cannot be undone is marked as such."""
    rows = (("signup:resume@a1", "Doorgaan"),), (("menu", "Terug"),), (("data:forget:confirm@a1", "Verwijder alles"),)
    desk.extra = [message("Zeker weten?", buttons(*rows))]
    await type_in(page, "/verwijderen")
    for role, label in (("primary", "Doorgaan"), ("quiet", "Terug"), ("danger", "Verwijder alles")):
        await expect(page.locator(f".choice.{role}:visible")).to_have_text([label])


async def test_old_buttons_retire(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """After 26 questions the last answer's buttons alone are left, topics of the others are text; in two tabs alike."""
    chat = desk.events[0].chat
    for number in range(26):
        desk.keep(chat, "person", {"text": f"Vraag {number}", "message_id": f"m{number}"}, quietly=True)
        desk.keep(chat, "bot", [WELCOME, COSTS][number % 2], quietly=True)
    desk.listeners.notify(chat)
    await expect(page.locator(".message")).to_have_count(53)
    other = await page.context.new_page()
    await other.goto(site.url)
    await expect(other.locator(".message")).to_have_count(53)
    for tab in (page, other):
        await expect(tab.locator(".choice:visible")).to_have_text(labels(COSTS))
        await expect(tab.locator(".past").first).to_have_text(" · ".join(labels(WELCOME)[:4]))
    await type_in(page, "Iets anders")
    for tab in (page, other):
        await expect(tab.get_by_text("Je zei: Iets anders")).to_be_visible()
        await expect(tab.locator(".choice:visible")).to_have_count(0)


async def test_a_typed_answer_looks_as_a_tapped_one(page: Page, desk: FakeDesk) -> None:
    """Who types what a button says sees it as chosen; staff's words in between take no button away."""
    desk.keep(desk.events[0].chat, "bot", ASK_TYPE)
    desk.keep(desk.events[0].chat, "staff", message("Dag!"))
    await expect(page.locator(".message.staff")).to_be_visible()
    await expect(page.get_by_role("button", name="Gemeente")).to_be_visible()
    await type_in(page, "gemeente")
    await expect(page.locator(".chosen")).to_have_text(f"{WORDS['chosen']}: Gemeente")
    await expect(page.get_by_role("button", name="Gemeente")).to_have_count(0)


async def test_an_answer_in_another_language_says_so(page: Page, desk: FakeDesk) -> None:
    """A screen reader pronounces an English answer on the Dutch page as English (WCAG 3.1.2)."""
    desk.extra = [message("It is <b>one half-day</b>.", buttons((("menu", "All topics"),)), language="en")]
    await type_in(page, "How long does it take?")
    await expect(page.locator(".message.bot .text").filter(has_text="half-day")).to_have_attribute("lang", "en")
    await expect(page.locator(".choices").filter(has_text="All topics")).to_have_attribute("lang", "en")
    await expect(page.locator(".message.bot .text").first).not_to_have_attribute("lang", "nl")


async def test_the_conversation_survives_a_reload(page: Page) -> None:
    """After a reload everything is there once, in order, and what was chosen stays chosen."""
    await page.get_by_role("button", name="Wat kost het?").click()
    await expect(page.get_by_text("in overleg", exact=True)).to_be_visible()
    await page.get_by_label(WORDS["field_label"]).fill("half getypt")
    before = await messages(page)
    await page.reload()
    await expect(page.get_by_text("in overleg", exact=True)).to_be_visible()
    assert await messages(page) == before
    await expect(page.locator(".chosen")).to_have_text(f"{WORDS['chosen']}: Wat kost het?")
    await expect(page.get_by_role("button", name="Vraag het Anne Kunst")).to_be_visible()
    await expect(page.get_by_label(WORDS["field_label"])).to_have_value("half getypt")


async def test_a_choice_that_is_worded_differently_stands_there_once(page: Page, desk: FakeDesk) -> None:
    """The page's own button says "Alle onderwerpen"; other words in the transcript make no second line."""
    await from_menu(page, "menu")
    await expect(page.get_by_text("Welkom!")).to_have_count(2)
    await type_in(page, "En nu?")
    await expect(page.get_by_text("Je zei: En nu?")).to_be_visible()
    assert await messages(page, ".person") == [WORDS["menu"], "En nu?"]


async def test_equal_words_in_two_tabs_stand_there_twice(page: Page, site: WebServer, desk: FakeDesk) -> None:
    """Who says the same in two tabs, while an answer waits, sees it twice in both: words are known by their id."""
    other = await page.context.new_page()
    await other.goto(site.url)
    await expect(other.get_by_text("Welkom!")).to_be_visible()
    desk.hold = asyncio.Event()
    await type_in(page, "Ja")
    await type_in(other, "Ja")
    desk.hold.set()
    await expect(page.get_by_text("Je zei: Ja")).to_have_count(2)
    await expect(other.get_by_text("Je zei: Ja")).to_have_count(2)
    assert await messages(page, ".person") == await messages(other, ".person") == ["Ja", "Ja"]


async def test_times_are_the_courses(browser: Browser, desk: FakeDesk) -> None:
    """Wherever the course is, and wherever the visitor, a message bears the time on the course's clock."""
    async with serving(desk, zone="Asia/Tokyo") as site, visiting(browser, timezone_id="America/Lima") as page:
        await page.goto(site.url)
        await welcomed(page)
        (said,) = [line for line in desk.said if line.by == "bot"]
        tokyo = said.at.astimezone(ZoneInfo("Asia/Tokyo"))
        assert await page.locator(".message.bot time").inner_text() in {
            f"{tokyo + timedelta(minutes=late):%H:%M}" for late in (0, 1)
        }


async def test_staffs_words_appear_apart(page: Page, desk: FakeDesk) -> None:
    """What a colleague says appears by itself, marked as theirs, and once."""
    desk.keep(desk.events[0].chat, "staff", message("Ik bel je <b>morgen</b>."))
    staff = page.locator(".message.staff")
    await expect(staff.locator(".who")).to_have_text(WORDS["staff"])
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
    await expect(page.get_by_text(WORDS["offline"])).to_be_visible()
    await expect(page.get_by_text(WORDS["waiting"])).to_be_visible()
    await type_in(page, "En nu?")
    await site.start()
    await expect(page.get_by_text("Je zei: En nu?")).to_be_visible(timeout=15_000)
    assert await messages(page, ".person") == ["Ben je er nog?", "En nu?"]
    assert [words_of(event) for event in desk.events] == ["/start", "Ben je er nog?", "En nu?"]
    await expect(page.get_by_text(WORDS["waiting"])).to_have_count(0)
    await expect(page.get_by_text(WORDS["offline"])).to_have_count(0)


async def test_what_waits_survives_a_reload(page: Page, desk: FakeDesk) -> None:
    """A message that is not saved yet says so, is there after a reload, and is then sent under the same name."""
    desk.fails = not_saved()
    await type_in(page, "Bewaar dit")
    await expect(page.get_by_text(WORDS["error_not_saved"])).to_be_visible()
    await expect(page.get_by_text(WORDS["sending"])).to_be_visible()
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
    await expect(page.get_by_text(WORDS["waiting"])).to_have_count(0)
    assert await messages(page, ".person") == ["Eén keer"]
    assert len(await messages(page, ".bot")) == 2
    assert [words_of(event) for event in desk.events].count("Eén keer") == 1


async def test_typing_is_shown_while_waiting(page: Page, desk: FakeDesk) -> None:
    """Who waits sees that an answer is coming."""
    desk.hold = asyncio.Event()
    await type_in(page, "Hallo")
    await expect(page.get_by_text(WORDS["typing"])).to_be_visible()
    desk.hold.set()
    await expect(page.get_by_text("Je zei: Hallo")).to_be_visible()
    await expect(page.get_by_text(WORDS["typing"])).to_have_count(0)


async def test_a_refused_message_can_be_mended(page: Page) -> None:
    """What the server will never take says why, and stands in the field again."""
    await page.route("**/api/chat", lambda route: route.continue_(post_data="[]") if route.request.post_data else None)
    await type_in(page, "Stuk")
    await expect(page.locator(".message.failed .state")).to_contain_text(WORDS["error_invalid_json"])
    await expect(page.get_by_label(WORDS["field_label"])).to_have_value("Stuk")


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
    """A command works with one tap, and is called by its name; a path inside a word or an address is no command."""
    desk.extra = [message('Lees meer: /privacy. Of: en/of, <a href="https://x.nl">x /privacy</a> /<b>nl</b>')]
    await type_in(page, "Wat bewaren jullie?")
    await page.get_by_role("button", name=WORDS["privacy"]).click()
    await expect(page.get_by_text(f"Je zei: {WORDS['privacy']}")).to_be_visible()
    assert (await messages(page, ".person"))[-1] == WORDS["privacy"]
    assert words_of(desk.events[-1]) == "/privacy"


async def test_a_file_can_be_downloaded(page: Page) -> None:
    """A file that goes with a message is a link that saves it."""
    await from_menu(page, "my_data")
    async with page.expect_download() as download:
        await page.get_by_role("link", name=WORDS["download"].format(name="mijn-gegevens.json")).click()
    saved = await (await download.value).path()
    assert saved.read_text("utf-8") == '{"naam": "Zoë"}'
    assert (await download.value).suggested_filename == "mijn-gegevens.json"


async def test_switching_the_language(page: Page, desk: FakeDesk, site: WebServer) -> None:
    """The page and the conversation change language together, and the conversation and its source stay."""
    await page.get_by_role("link", name=ENGLISH["language_name"]).click()
    await expect(page.get_by_label(ENGLISH["field_label"])).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert (words_of(desk.events[-1]), desk.events[-1].source) == ("language:en", "nieuwsbrief")
    desk.keep(desk.events[-1].chat, "bot", message("Taal?", [[{"id": "language:nl", "label": "Nederlands"}]]))
    await page.get_by_role("button", name="Nederlands").click()
    await expect(page.get_by_label(WORDS["field_label"])).to_be_visible()
    assert [words_of(event) for event in desk.events] == ["/start", "language:en", "language:nl"]


async def test_an_english_visitor_is_welcomed_in_english(browser: Browser, site: WebServer, desk: FakeDesk) -> None:
    """A browser that asks for English gets an English page, and the conversation starts in it."""
    async with visiting(browser, locale="en-GB") as page:
        await page.goto(site.url)
        await welcomed(page)
        await expect(page.get_by_role("button", name=ENGLISH["send"])).to_be_visible()
    assert desk.events[0].language == "en"


async def test_a_new_conversation(page: Page, desk: FakeDesk) -> None:
    """On a shared computer one can start anew: asked once, then nothing of the old conversation is left."""
    await type_in(page, "Geheim")
    await expect(page.get_by_text("Je zei: Geheim")).to_be_visible()
    await from_menu(page, "new_conversation")
    await page.get_by_role("button", name=WORDS["no"]).click()
    await expect(page.get_by_text("Je zei: Geheim")).to_be_visible()
    await from_menu(page, "new_conversation")
    await page.get_by_role("button", name=WORDS["yes"]).click()
    await expect(page.get_by_text("Je zei: Geheim")).to_have_count(0)
    await expect(page.get_by_role("button", name=WORDS["start"])).to_be_visible()
    await welcomed(page)
    assert len({event.chat for event in desk.events}) == 2
    desk.keep(desk.events[-1].chat, "staff", message("Hier"))
    await expect(page.locator(".message.staff")).to_have_count(1)
    await page.reload()
    await expect(page.get_by_text("Welkom!")).to_be_visible()
    assert "Geheim" not in await page.content()
