"""Hostile text, every kind at every step: shown as plain text everywhere, or refused with a reason."""

import asyncio
import csv
import io
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.bounds import TEXT
from bot.dialogue.records import Lead
from bot.wording.cleaning import clean
from storage.store import Storage
from tests.botapi import Person
from tests.botapi.chats import Message
from tests.journey.program import Running, Visitor, running, visiting
from tests.leads.exported import to_csv, to_xlsx
from tests.said import is_message
from tests.security.journey import logged

pytestmark = pytest.mark.usefixtures("unmeasured")

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)><b>Bold & <i>bad",
    "entities": "&lt;b&gt; &amp; &#60;u&#62; &nbsp;",
    "template": "{{ 7*191 }}{% for x in (1,2) %}Evil{% endfor %}{{ ''.__class__ }} {# no #}",
    "format": "%s %(name)s %n {0} {name!r} ${HOME} $(id) `id`",
    "sql": "Robert'); DROP TABLE leads;-- \" OR 1=1",
    "nul": "Nul\x00byte \x1b[31mred\x07 \x7f end",
    "direction": "abc \u202edlrow\u202c \u2066x\u2069 \u200f\u200e \u061c end",
    "long": "lang en breed " * 357 + "x",
    "header": "Noor\r\nBcc: victim.example\r\nContent-Type: text/html\r\n\r\n<h1>hi</h1>",
    "formula": "=HYPERLINK(A1;B2)+cmd|' /C calc'!A0",
    "plus": "+1+1 @SUM(A1) -2",
    "markdown": "[click](tg://user?id=1) *bold* ~~x~~ ```code```",
    "surrogates": "half 😀 \ufeff zwsp \u2028 line",
}
FIELDS = (
    "interest", "organisation_type", "organisation", "name", "email", "role", "phone", "group_composition",
    "participants", "place", "period", "remark",
)  # fmt: skip
GOOD = ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl")
MORE = ("adviseur", "0612345678", "weet ik niet", "12", "Utrecht", "voorjaar", "Graag in de ochtend")
ALLOWED = frozenset(("b", "i", "code", "blockquote", "a", "s", "u", "pre"))
MADE = ("<script", "<img", "<h1>hi", "1337", "EvilEvil", "<class", "<b>Bold")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00\x1b\x07\x7f]")


class Tags(HTMLParser):
    """The tags of a message, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, " ".join(f"{name}={value}" for name, value in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(markup: str) -> None:
    """Fails where hostile text became markup, was evaluated, or turns what surrounds it."""
    read = Tags(markup)
    assert {tag for tag, _ in read.tags} <= ALLOWED, markup
    assert not [attributes for tag, attributes in read.tags if attributes and not attributes.startswith("href=http")]
    assert not [made for made in MADE if made in markup]
    assert not TURNING.search(markup)


class Chatter(Protocol):
    """Somebody who types and taps, in whichever channel."""

    async def says(self, text: str) -> str:
        """Type this; give what is said last."""

    async def taps(self, name: str) -> str:
        """Tap this button; give what is said last."""

    async def forges(self, choice: str) -> str:
        """Press a button that nobody made."""

    def offered(self) -> set[str]:
        """The buttons under the last message."""


class OnThePage:
    """Somebody in the web chat."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    async def says(self, text: str) -> str:
        return await self._visitor.says(text[: TEXT.most])  # more is refused before anybody reads it

    async def taps(self, name: str) -> str:
        return await self._visitor.taps(name)

    async def forges(self, choice: str) -> str:
        return await self._visitor.sends(choice=choice)

    def offered(self) -> set[str]:
        rows = self._visitor.heard[-1]["buttons"]
        return {one["id"].partition("@")[0] for row in rows for one in row}


class InTelegram:
    """Somebody in Telegram; after each thing they ask for their chat's number, and so know that all was said."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def _heard(self) -> str:
        await self._person.send("/chatid")
        await self._person.sees(f"{self._person.id}", within=60)
        return self._last().text

    def _last(self) -> Message:
        """The bot's last message before the one with the number."""
        return [message for message in self._person.chat if message.by_bot][-2]

    async def says(self, text: str) -> str:
        await self._person.send(text)
        return await self._heard()

    async def taps(self, name: str) -> str:
        await self._person.tap(name, within=60)
        return await self._heard()

    async def forges(self, choice: str) -> str:
        await self._person.tap_old(self._last(), choice)
        return await self._heard()

    def offered(self) -> set[str]:
        return set(self._last().button_ids)


async def attacks(eve: Chatter, text: str) -> None:
    """Use this text at every step: as a question, to staff, as a command, as a button, in each of the twelve fields."""
    await eve.says("/start")
    await eve.says(text)
    await eve.says("/contact")
    await eve.says(text)
    if "contact:forward" in eve.offered():
        await eve.taps("contact:forward")
    await eve.says(f"/start {text}")
    await eve.says(f"/lead {text}")
    for pattern in ("{}", "signup:name:{}", "topic:{}", "lead:show:{}", "lead:edit:{}", "language:{}"):
        await eve.forges(fitting(pattern.format(text)))
    await eve.says("/aanmelden")
    for good in GOOD:
        await eve.says(good)
    await eve.taps("signup:more")
    for good in MORE:
        await eve.says(good)
    for name in FIELDS:
        await eve.taps(f"signup:edit:{name}")
        await eve.says(text)
        for _ in range(3):
            if "signup:submit" in eve.offered():
                break
            await eve.taps("signup:back")
    assert "signup:submit" in eve.offered()
    await eve.taps("signup:submit")
    await eve.says("/mijngegevens")
    await eve.forges("signup:submit@zzzzzz")
    await eve.forges("data:forget:confirm@5f000000")
    await eve.forges("data:forget:confirm")


def fitting(choice: str) -> str:
    """As much of it as a button's id may hold."""
    return choice.encode("utf-8", "replace")[:64].decode(errors="ignore").strip("\0 ") or "x"


async def leads_of(program: Running) -> list[Lead]:
    """All that was sent in."""
    storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
    try:
        async with storage.reading() as tx:
            return await tx.leads.list()
    finally:
        await storage.close()


def shows_remarks(text: str, kinds: tuple[str, ...]) -> None:
    """Every remark of these kinds stands in the text, as it was typed."""
    flat = " ".join(text.split())
    for kind in kinds:
        assert " ".join(clean(HOSTILE[kind]).split()) in flat, kind


#: those that differ in what Telegram makes of them
IN_TELEGRAM = ("html", "template", "nul", "direction", "long", "formula")
TOLD = tuple(kind for kind in HOSTILE if kind not in ("long",))


async def test_on_the_page(tmp_path: Path) -> None:
    """Every hostile text at every step of the web chat: text it stays, on the page, in mail, in exports, in logs."""
    with logged("json") as log:
        async with running(tmp_path) as program:
            await asyncio.gather(*(on_the_page(program, kind) for kind in HOSTILE))
            leads = await leads_of(program)
            await until_mailed(program, 3 * len(leads))
            mails = program.mails()
    assert len(leads) == len(HOSTILE)
    exports_are_harmless(leads)
    for mail in mails:
        mail_is_harmless(mail)
    bodies = [mail.get_body(("plain",)) for mail in mails if "lead-new" in mail["Message-ID"]]
    shows_remarks("\n".join(body.get_content() for body in bodies if body), TOLD)
    logs_are_silent(log.getvalue())


async def on_the_page(program: Running, kind: str) -> None:
    """One visitor who types this kind of text everywhere, and hears plain answers."""
    text = HOSTILE[kind]
    async with visiting(program.url, source=text[:64]) as visitor:
        await attacks(OnThePage(visitor), text)
        for message in visitor.heard:
            plain(message["html"])
        if kind in TOLD:
            shows_remarks("\n".join(Tags(message["html"]).text for message in visitor.heard), (kind,))
        async with visitor.http.get(f"{program.url}/api/chat") as answer:
            for message in (await answer.json())["messages"]:
                plain(message.get("html", ""))


async def test_in_telegram(tmp_path: Path) -> None:
    """The same in Telegram: the strict server takes every message, staff read plain text, and answer in kind."""
    with logged("console") as log:
        async with running(tmp_path) as program:
            people = {kind: program.api.person(kind.title()) for kind in IN_TELEGRAM}
            await asyncio.gather(*(attacks(InTelegram(person), HOSTILE[kind]) for kind, person in people.items()))
            leads = await leads_of(program)
            await staff_answer(program, people)
            for chat in (program.staff.chat, *(person.chat for person in people.values())):
                for message in chat:
                    if message.by_bot:
                        plain(message.html)
            shows_remarks("\n".join(program.staff.said), tuple(kind for kind in IN_TELEGRAM if kind in TOLD))
    assert len(leads) == len(IN_TELEGRAM)
    assert {lead.source for lead in leads} == {None}
    exports_are_harmless(leads)
    logs_are_silent(log.getvalue())


async def staff_answer(program: Running, people: dict[str, Person]) -> None:
    """Staff answer the question of each person with the person's own kind of text."""
    said = [message for message in program.staff.chat if message.by_bot]
    notices = [message for message in said if is_message(message.text, "staff/lead_new", "nl")]
    assert len(notices) == len(IN_TELEGRAM)
    for kind in IN_TELEGRAM:
        text = HOSTILE[kind]
        notice = next(one for one in notices if " ".join(clean(text).split())[:20] in " ".join(one.text.split())) if (
            kind != "long"
        ) else notices[0]  # fmt: skip
        sent = await program.staff.reply(notice, text[:3500])
        assert await program.staff.reacted(sent, within=60) == "👍"
        if kind != "long":
            await people[kind].sees(clean(text).split()[0], within=60)


async def test_someone_elses_contact_and_old_buttons(tmp_path: Path) -> None:
    """Another's number is never taken for one's own; a button of somebody else's lead or draft does nothing."""
    async with running(tmp_path) as program:
        noor, eve = InTelegram(program.api.person("Noor")), program.api.person("Eve")
        await noor.says("/aanmelden")
        for good in GOOD:
            await noor.says(good)
        await noor.taps("signup:submit")
        [lead] = await leads_of(program)
        forger = InTelegram(eve)
        await forger.says("/aanmelden")
        for good in ("beide", "gemeente", "Gemeente Elders", "Eve", "eve@elders.nl"):
            await forger.says(good)
        await forger.taps("signup:edit:name")
        await eve.share_contact(own=False, phone="31687654321")
        assert "87654321" not in await forger.says("/chatid")
        for choice in (f"lead:show:{lead.reference}", f"lead:edit:{lead.reference}", "signup:submit@aaaaaa"):
            assert "Noor" not in await forger.forges(choice)
        [kept] = await leads_of(program)
        assert kept == lead
        async with visiting(program.url) as visitor:
            page = OnThePage(visitor)
            await page.says("/start")
            for choice in (f"lead:show:{lead.reference}", f"lead:edit:{lead.reference}"):
                assert "Noor" not in await page.forges(choice)


def exports_are_harmless(leads: list[Lead]) -> None:
    """No cell of CSV or XLSX is a formula (a telephone number is none), and every remark is whole."""
    rows = list(csv.reader(io.StringIO(to_csv(leads))))
    assert len(rows) == len(leads) + 1
    guarded = [cell for row in rows for cell in row if not re.fullmatch(r"\+[0-9]+", cell)]
    assert not [cell for cell in guarded if cell[:1] in tuple("=+-@\t\r")]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(leads, ZoneInfo("UTC"))))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert HOSTILE["formula"] in [cell.value for cell in cells]


def mail_is_harmless(mail: EmailMessage) -> None:
    """Only our own headers, one of each; hostile text stands in the body, as text."""
    names = [name.lower() for name in mail]
    assert len(names) == len(set(names))
    assert not {"bcc", "cc"} & set(names)
    assert mail.get_content_type() == "multipart/alternative"
    for name in ("To", "Subject"):
        assert "\n" not in mail[name]
        assert not TURNING.search(mail[name])
    body = mail.get_body(("html",))
    assert body is not None
    content = body.get_content()
    assert not [made for made in MADE if made in content]
    assert not TURNING.search(content)
    assert {tag for tag, _ in Tags(content).tags}.isdisjoint({"script", "img", "iframe", "object", "form", "u"})


def logs_are_silent(log: str) -> None:
    """Nothing that was typed is logged, and no line of the log is made up."""
    for words in ("alert", "7*191", "%(name)", "DROP TABLE", "Bcc", "HYPERLINK", "click", "breed", "utrecht"):
        assert words not in log
    assert "Traceback" not in log
    assert "turn_failed" not in log


async def until_mailed(program: Running, count: int) -> None:
    """Wait until so many mails are written: for staff and for the person, of each lead; and of each question."""
    async with asyncio.timeout(60):
        while len(list((program.settings.mail_folder or Path()).glob("*.eml"))) < count - len(HOSTILE):
            await asyncio.sleep(0.05)
