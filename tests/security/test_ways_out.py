"""What a person typed is text, on every way out: what came out is parsed, and is the same text and nothing else."""

import csv
import email
import io
import json
import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from functools import cache
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import structlog
from hypothesis import example, given, settings
from rich.console import Console

from bot.cli.operator import _plain
from bot.dialogue.answering.mydata import as_json
from bot.dialogue.leads import shown_lead
from bot.dialogue.records import Conversation, Draft, Lead, LeadSaved, QuestionForwarded
from bot.leads.exports import columns, lead_record
from bot.notifications.letters import letter
from bot.notifications.mail_files import file_name
from bot.notifications.notifier import Notifier, Ways
from bot.notifications.webhook import body_of
from bot.observing.logs import configure_logs
from storage.contents import Hook, Letter
from storage.records import Outgoing
from tests.botapi.markup import parse
from tests.form import FORM
from tests.leads.exported import to_csv, to_json, to_xlsx
from tests.notifications import helpers
from tests.notifications.helpers import AT
from tests.said import worded
from tests.security.hostile import hostile, seen, squashed, within

pytestmark = pytest.mark.usefixtures("unmeasured")

WORDS = worded()
PLAIN = "Qqqq"  #: what stands where the hostile text will
TYPED = ("organisation", "name", "role", "place", "period", "remark")
WAYS = Ways(language="nl", staff_chat="telegram:-1", mail_to="anne@example.org", mail_domain="x.nl", webhook=True)
ZONE = ZoneInfo("Europe/Amsterdam")
COLUMNS = columns(FORM)
CHECKS = settings(max_examples=40, deadline=None)


def lead(text: str) -> Lead:
    """A lead of which everything that is typed freely is this text."""
    return helpers.lead(answers={**helpers.ANSWERS, **dict.fromkeys(TYPED, text)}, source="flyer")


def draft(text: str) -> Draft:
    return Draft(token="abcdef", started_at=AT, answers={**helpers.ANSWERS, **dict.fromkeys(TYPED, text)})


def case(kind: str, text: str) -> Mapping[str, Any]:
    """A line of the list of cases, with this text wherever somebody typed."""
    typed = dict.fromkeys(("owner", "name", "organisation", "text"), text)
    return {"reference": "K7", "kind": kind, "status": "claimed", "at": AT, "interest": "both", **typed}


Values = Callable[[str], Mapping[str, Any]]
QUESTION = {"reference": "K7", "reply_to": None, "language": "nl", "via": "web"}
SAYS = {"first": True, "asking": False, "talks": True, "topic": False}
MESSAGES: dict[str, Values] = {
    "chat/staff_says": lambda text: {**SAYS, "text": text, "name": text},
    "chat/claimed": lambda text: {"reference": "K7", "question": False, "name": text},
    "talk/passed_on": lambda text: {"name": text},
    "staff/person_says": lambda text: {"reference": "K7", "name": text, "text": text},
    "staff/state": lambda text: {"status": "claimed", "name": text, "at": AT},
    "staff/history": lambda text: {"events": [{"did": "noted", "at": AT, "name": text, "text": text}]},
    "contact/confirm": lambda text: {"question": text, "reply_to": None, "phone": None},
    "signup/email_typo": lambda text: {"address": text, "suggestion": text},
    "signup/review": lambda text: {"answers": [("name", text), ("remark", text)], "reference": None},
    "signup/lead": lambda text: {"lead": shown_lead(lead(text), FORM)},
    "data/mine": lambda text: {"leads": [shown_lead(lead(text), FORM)], "draft": [("name", text)]},
    "staff/question": lambda text: {**QUESTION, "question": text, "name": text},
    "staff/lead_new": lambda text: {"lead": shown_lead(lead(text), FORM)},
    "staff/lead_changed": lambda text: {"lead": shown_lead(lead(text), FORM), "changes": [("name", text, text + "x")]},
    "staff/lead": lambda text: {"lead": shown_lead(lead(text), FORM)},
    "staff/leads": lambda text: {"cases": [case("lead", text), case("question", text)], "page": 1, "unreadable": []},
    "staff/questions": lambda text: {"groups": [(text, 2, "nl")]},
    "staff/not_found": lambda text: {"reference": "K" + text},
    "staff/answer_failed": lambda text: {"reference": "K7", "email": "e" + text, "phone": "p" + text},
}


class Page(HTMLParser):
    """What a browser makes of HTML: its tags, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


def like(text: str) -> str:
    """A plain text of as many lines, one or several: messages set those apart."""
    return PLAIN if "\n" not in text else f"{PLAIN}\n{PLAIN}"


def same_but_for(made: str, plain: str, text: str) -> None:
    """What is read is what would be read of a plain text, with this one in its place."""
    assert squashed(made) == squashed(plain).replace(f"{PLAIN} {PLAIN}", PLAIN).replace(PLAIN, seen(text))


@pytest.mark.parametrize("key", MESSAGES)
@CHECKS
@given(text=within)
def test_in_telegram_and_on_the_page(key: str, text: str) -> None:
    """Every message that repeats what was typed shows it, and gets neither markup nor anything else from it."""
    channel = "staff" if key.startswith("staff/") else "telegram"
    html = WORDS.message(key, "nl", MESSAGES[key](text), channel).html
    plain = WORDS.message(key, "nl", MESSAGES[key](like(text)), channel).html
    told, entities = parse(html)
    told_plainly, entities_plainly = parse(plain)
    same_but_for(told, told_plainly, text)
    assert Page(html).tags == Page(plain).tags
    if seen(text):
        assert [one["type"] for one in entities] == [one["type"] for one in entities_plainly]
    page, page_plainly = (WORDS.message(key, "nl", MESSAGES[key](one), "web") for one in (text, like(text)))
    assert Page(page.html).tags == Page(page_plainly.html).tags
    same_but_for(Page(page.html).text, Page(page_plainly.html).text, text)
    same_but_for(page.text, page_plainly.text, text)
    json.dumps(page.body()).encode()


@CHECKS
@given(text=within)
def test_on_buttons_and_under_what_was_chosen(text: str) -> None:
    """A label is one line that says what was typed; a chosen one stands under its message as text."""
    label = WORDS.label("signup:email:keep", "nl", {"address": "a" + text})
    assert "\n" not in label
    if not label.endswith("…"):
        same_but_for(label, WORDS.label("signup:email:keep", "nl", {"address": f"a{PLAIN}"}), text)
    told, _ = parse(WORDS.chosen("<b>Vraag</b>", text + "x", "nl"))
    plain, _ = parse(WORDS.chosen("<b>Vraag</b>", PLAIN + "x", "nl"))
    same_but_for(told, plain, text)


def told_of(text: str) -> list[Outgoing]:
    """All that leaves about a lead, a change of it and a question, each with this text."""
    notifier, known = Notifier(WORDS, WAYS), helpers.conversation()
    changed = replace(lead(text), updated_at=AT)
    asked = QuestionForwarded(reference="P3WT-97HG", question=text, reply_to="zoe@example.org", name=text)
    return [
        *notifier.outgoing(LeadSaved(lead=lead(text)), known, AT),
        *notifier.outgoing(LeadSaved(lead=changed, before=lead("was " + text)), known, AT),
        *notifier.outgoing(asked, known, AT),
    ]


def mails(text: str) -> list[EmailMessage]:
    """The mails of these, as a mail program reads them."""
    made = [letter(one, "bot@example.org") for one in told_of(text) if one.kind == "mail"]
    return [email.message_from_bytes(content, policy=default) for content in made]


plain_mails = cache(mails)  #: the same few of plain texts, again and again


def bodies(mail: EmailMessage) -> tuple[str, Page]:
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (str(part.get_content()) if part else "" for part in parts)
    return text, Page(html)


@settings(max_examples=25, deadline=None)  # each makes and reads all mails there are
@example(text="a\x1ez")
@given(text=within)
def test_in_mail(text: str) -> None:
    """Headers and both bodies of every mail say what they would of a plain text; no header is made, lost or decoded."""
    for mail, plain in zip(mails(text), plain_mails(like(text)), strict=True):
        assert mail.keys() == plain.keys()
        assert {name: mail[name] for name in mail if name not in ("Subject", "Content-Type")} == {
            name: plain[name] for name in plain if name not in ("Subject", "Content-Type")
        }
        assert mail.get_content_type() == "multipart/alternative"
        assert not mail.defects
        if mail["To"] == "zoe@example.org" and PLAIN in str(plain["Subject"]) + bodies(plain)[0]:
            continue  # a receipt names whoever has a plain name, and nobody else
        subject = str(mail["Subject"])
        expected = squashed(str(plain["Subject"])).replace(f"{PLAIN} {PLAIN}", PLAIN).replace(PLAIN, seen(text))
        assert subject == expected or (len(expected) > 150 and subject.endswith("…"))
        for (said, page), (said_plainly, page_plainly) in [(bodies(mail), bodies(plain))]:
            same_but_for(said, said_plainly, text)
            same_but_for(page.text, page_plainly.text, text)
            assert page.tags == page_plainly.tags


@CHECKS
@given(text=hostile)
def test_in_a_receipt(text: str) -> None:
    """A stranger's mailbox gets none of it: fixed words, and a name only where it is one."""
    for mail in mails(f"Win a prize {text} www.evil.nl"):
        if mail["To"] == "zoe@example.org":
            said, page = bodies(mail)
            assert "evil" not in said + page.text + str(mail["Subject"])
            assert "prize" not in said + page.text + str(mail["Subject"])


@CHECKS
@given(text=hostile)
def test_in_the_name_of_a_mail_file(text: str) -> None:
    """A mail file's name is of letters, digits and dashes, whatever it is made of."""
    made = next(one for one in told_of(text) if one.kind == "mail")
    assert re.fullmatch(r"[A-Za-z0-9._-]+\.eml", file_name(made))
    odd = replace(made, lead=text, content=replace(made.content_as(Letter), message_id=f"<{text}>", to="a@b.nl"))
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.eml", file_name(odd))


@CHECKS
@given(text=hostile)
def test_in_exports(text: str) -> None:
    """JSON has the text as it was typed, CSV and a spreadsheet all that they can hold of it, as text."""
    [record] = json.loads(to_json([lead(text)]).encode())
    assert [record[name] for name in TYPED] == [text] * len(TYPED)
    [headings, row] = csv.reader(io.StringIO(to_csv([lead(text)]).encode().decode(), newline=""))
    assert headings == list(COLUMNS)
    held = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert row[COLUMNS.index("remark")].replace("'", "") == held.replace("'", "")
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([lead(text)], ZONE))).worksheets[0]
    cell = sheet.cell(2, COLUMNS.index("remark") + 1)
    shown = re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), str(cell.value or ""))
    fits = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    assert shown == fits.replace("\r\n", "\n").replace("\r", "\n")


@CHECKS
@given(text=hostile)
def test_in_the_lead_webhook(text: str) -> None:
    """A CRM parses the call and has the record, its texts as they were typed."""
    for made in (one for one in told_of(text) if one.kind == "webhook"):
        body = made.content_as(Hook).body
        assert json.loads(body_of(body).decode()) == body
        assert body["remark"] == lead_record(lead(text), FORM)["remark"]


@CHECKS
@given(text=hostile)
def test_in_ones_own_file(text: str) -> None:
    """The file of one's own data has what was typed."""
    known = Conversation(chat="web:abc", language="nl", draft=draft(text), leads=(lead(text),), question=text)
    file = json.loads(as_json(known).encode())
    assert (file["question"], file["draft"]["remark"], file["leads"][0]["answers"]["name"]) == (text, text, text)
    page = WORDS.data_page(as_json(known), "nl")
    tags = {found.split()[0] for found in re.findall(r"</?([a-zA-Z!][^>]*)", page)}
    assert tags <= {"!DOCTYPE", *["html", "head", "meta", "title", "body", "h1", "h2", "p", "dl", "dt", "dd"]}


@CHECKS
@given(text=hostile)
def test_in_an_operators_terminal(text: str) -> None:
    """In a table on the command line it is text on one line: it colours nothing and moves no cursor."""
    stream = io.StringIO()
    Console(file=stream, width=1000, highlight=False, emoji=False).print(_plain(text), soft_wrap=True)
    said = stream.getvalue().removesuffix("\n")
    assert all(sign.isprintable() for sign in said)
    assert squashed(said) == squashed("".join(sign if sign.isprintable() else " " for sign in text))
    stream.getvalue().encode()


@pytest.fixture
def log() -> Iterator[None]:
    """Leave the logging of the other tests alone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("form", ["json", "console"])
def test_in_the_log(form: str) -> None:
    """An event is one line, whatever is in it: it is parsed as one, colours nothing, and is written at all."""

    @CHECKS
    @given(text=hostile.filter(lambda text: "@" not in text))
    def one_line(text: str) -> None:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        configure_logs("json" if form == "json" else "console", "info", (), stream)
        structlog.get_logger().info("refused", reason=text, about=[text], why={"text": text})
        logging.getLogger("library").warning("said %s", text)
        stream.seek(0)
        lines = stream.read().splitlines()
        assert len(lines) == 2, lines
        assert all(sign.isprintable() for line in lines for sign in line)
        if form == "json":
            escaped = (s if s.isprintable() else s.encode("unicode_escape").decode() for s in text)
            assert json.loads(lines[0])["reason"] == "".join(escaped)

    with warnings.catch_warnings():
        one_line()
