"""The whole journey in Telegram: ask, leave your details, staff are told; in both languages."""

import asyncio
import contextlib
import io
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.botapi import Person
from tests.form import FIELDS
from tests.journey.program import Running, body_of, running
from tests.said import label

DUTCH = ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl")
ENGLISH = ("both", "municipality", "City of Utrecht", "Noor de Vries", "noor@utrecht.nl")


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def answers_all(noor: Person) -> None:
    """From /aanmelden to the review."""
    await noor.send("/aanmelden")
    for answer in DUTCH:
        await noor.sees()
        await noor.send(answer)


@pytest.mark.parametrize(
    ("language", "answers", "question"),
    [("nl", DUTCH, "wat kost het?"), ("en", ENGLISH, "what does it cost?")],
)
async def test_from_question_to_notified_staff(
    program: Running,
    language: str,
    answers: tuple[str, ...],
    question: str,
) -> None:
    """A professional asks, signs up and gets a reference; staff read everything in their chat and in their mail."""
    noor = program.api.person("Noor", language=language)
    noor.reads = language
    await noor.send("/start nieuwsbrief")
    await noor.sees("chat/welcome")
    await noor.send(question)
    await noor.sees("topic/costs")
    await noor.tap("signup:start")
    for number, (asked, answer) in enumerate(zip(FIELDS, answers, strict=False), start=1):
        question_asked = await noor.sees(f"signup/ask/{asked.name}")
        assert re.search(rf"\b{number}\b.*\b5\b", question_asked.text)
        await noor.send(answer)
    await noor.tap("signup:submit")
    done = await noor.sees("signup/done")
    notice = await program.staff.sees("Noor de Vries")
    mail = await program.gets_mail("anne@course.example")
    for text in (answers[2], "noor@utrecht.nl", "nieuwsbrief"):
        assert text in notice.text
        assert text in body_of(mail)
        assert text in body_of(mail, "html")
    assert mail["Reply-To"] == "noor@utrecht.nl"
    reference = next(word.strip(".") for word in done.text.split() if word.count("-") == 1 and len(word) >= 9)
    assert reference in notice.text
    assert await program.gets_mail("noor@utrecht.nl")


async def test_a_tapped_message_shows_what_was_chosen(program: Running) -> None:
    """Scrolled back, the chat reads like a conversation: the choice stands there and the buttons are gone."""
    noor = program.api.person("Noor")
    await noor.send("/aanmelden")
    question = await noor.sees("signup/ask/interest")
    await noor.tap("signup:interest:both")
    await noor.sees("signup/ask/organisation_type")
    assert label("labels/options/interest/both") in question.text
    assert not question.buttons


async def test_a_double_tap_makes_one_lead(program: Running) -> None:
    """Tapping send twice, at once, gives one lead and tells staff once."""
    noor = program.api.person("Noor")
    await answers_all(noor)
    review = await noor.sees("signup/review")
    send = next(button.id for row in review.buttons for button in row if button.id.startswith("signup:submit"))
    await noor.tap_old(review, send)
    await noor.tap_old(review, send)
    program.api.again()
    await noor.sees("signup/done")
    await noor.send("/mijngegevens")
    await noor.sees("Noor de Vries")
    await program.staff.sees("Noor de Vries")
    assert len([text for text in program.staff.said if "Noor de Vries" in text]) == 1


async def test_one_s_own_data_comes_to_read_and_for_programs(program: Running) -> None:
    """Telegram brings a page to read first, then the same for other programs, with what is known and the buttons."""
    noor = program.api.person("Noor")
    await answers_all(noor)
    await noor.tap("signup:submit")
    await noor.sees("signup/done")
    await noor.send("/mijngegevens")
    await noor.sees("data/mine")
    last, _ = await noor.finds("data:forget")
    page, data = [message.document for message in noor.state.messages if message.document]
    assert last.document == data
    assert (page[0], data[0]) == ("mijngegevens.html", "mijngegevens.json")
    assert "Noor de Vries" in page[1].decode()
    assert json.loads(data[1])["leads"]


async def test_staff_answer_by_replying(program: Running) -> None:
    """Staff reply to the notice in their chat, and the person reads it in theirs."""
    noor = program.api.person("Noor")
    await noor.send("/contact")
    await noor.sees()
    await noor.send("Kan het ook in Almere?")
    await noor.sees("Almere")
    await noor.tap("contact:forward")
    await noor.sees()
    notice = await program.staff.sees("Almere")
    await program.staff.reply(notice, "Ja, dat kan.", by="Bea")
    await noor.sees("Ja, dat kan.")
    await program.staff.sees()


async def a_lead(program: Running, name: str = "Noor") -> str:
    """Somebody signs up; gives the reference."""
    noor = program.api.person(name)
    await answers_all(noor)
    await noor.tap("signup:submit")
    notice = await program.staff.sees("Noor de Vries")
    return next(word for word in notice.text.split() if word.count("-") == 1 and word.isupper())


async def test_a_reply_to_a_notice_that_is_no_longer_known(program: Running) -> None:
    """A reply is never dropped in silence: the reference in the notice leads to the person, else staff are told."""
    reference = await a_lead(program)
    notice = program.staff.last
    noor = next(chat for chat in program.api.chats.values() if chat.title == "Noor")
    await forget_notices(program)
    said = await program.staff.reply(notice, "Ik bel je morgen.", by="Bea")
    assert await program.staff.reacted(said) == "👍"
    assert "Ik bel je morgen." in noor.messages[-1].text
    notice.text = notice.text.replace(reference, "K7PQ-X4MT")
    await program.staff.reply(notice, "Of overmorgen.", by="Bea")
    await program.staff.sees("staff/not_found")
    await program.staff.send("/stats")
    counts = await program.staff.sees()
    await program.staff.reply(counts, "Mooi zo!")
    await program.staff.sees("staff/reply_how")
    assert "overmorgen" not in str(noor)
    assert "Mooi zo" not in str(noor)


async def test_a_reply_that_is_no_text(program: Running) -> None:
    """A photo sent as a reply to a notice cannot be passed on, and staff are told so."""
    await a_lead(program)
    notice = program.staff.last
    photo = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]}
    said = await program.staff.reply(notice, "")
    program.api.tell("message", {**said.as_json(), "message_id": 999_999, **photo})
    await program.staff.sees("staff/only_text")


async def test_colleagues_talk_among_themselves(program: Running) -> None:
    """What one colleague replies to another, in a group whose messages the bot sees, is none of the bot's business."""
    await a_lead(program)
    program.staff.state.privacy = False
    heard = len(program.staff.said)
    said = await program.staff.send("Wie pakt deze op?", by="Anne")
    await program.staff.reply(said, "Ik!", by="Bea")
    await program.staff.send("/chatid")
    await program.staff.sees("chat/chatid")
    assert len(program.staff.said) == heard + 1


async def forget_notices(program: Running) -> None:
    """As after restoring an older copy: the staff chat's messages are there, what they were about is not known."""
    assert program.settings.database_path
    path = program.settings.database_path
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as database:
        async with asyncio.timeout(20):
            while not _deleted(database, "notices"):
                await asyncio.sleep(0.02)


def _deleted(database: sqlite3.Connection, table: str) -> int:
    """How many rows went; none while the program writes: it must not wait for us, nor we for it, in one thread."""
    try:
        return database.execute(f"DELETE FROM {table}").rowcount
    except sqlite3.OperationalError:
        return 0


async def test_staff_commands_work_in_the_staff_chat_alone(program: Running) -> None:
    """Staff list and show leads; anyone else who types the same gets nothing of it."""
    reference = await a_lead(program)
    await program.staff.send("/leads")
    await program.staff.sees(reference)
    for typed in (reference.lower(), reference.replace("-", ""), reference.replace("-", " ")):
        await program.staff.send(f"/lead {typed}")
        await program.staff.sees("noor@utrecht.nl")
    await program.staff.send("/export")
    document = (await program.staff.sees("staff/export")).document
    assert document
    assert document[0] == "leads.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(document[1])).worksheets[0]
    assert (sheet["A2"].value, sheet.max_row) == (reference, 2)
    assert isinstance(sheet["B2"].value, datetime)
    for command in ("/stats", "/questions", "/help", "/nonsense", "/lead NONE-1"):
        await program.staff.send(command)
        await program.staff.sees()
    eve = program.api.person("Eve")
    for command in ("/leads", f"/lead {reference}", "/export", "/stats", "/questions"):
        await eve.send(command)
        assert "Noor" not in (await eve.sees()).text


async def test_forgetting_removes_it_from_the_staff_chat_and_the_mail_too(program: Running) -> None:
    """After /verwijderen nothing of the person is left: not in the staff chat, not in mail files."""
    noor = program.api.person("Noor")
    await answers_all(noor)
    await noor.tap("signup:submit")
    notice = await program.staff.sees("Noor de Vries")
    await program.gets_mail("anne@course.example")
    await noor.send("/verwijderen")
    await noor.tap("data:forget:confirm")
    await noor.sees("data/forgotten")
    await program.staff.sees("staff/forgotten")
    assert "Noor" not in "".join(program.staff.said)
    assert "Noor" not in notice.text
    assert not [mail for mail in program.mails() if "Noor" in mail.as_string()]


async def test_what_is_not_text_gets_a_kind_line(program: Running) -> None:
    """A photo or an edited message never stays without an answer."""
    noor = program.api.person("Noor")
    await noor.send_photo()
    await noor.sees()
    said = await noor.send("wat kost het?")
    await noor.sees("topic/costs")
    await noor.edit(said, "waar is het?")
    await noor.sees()


async def test_staff_commands_in_a_group_that_just_moved(program: Running) -> None:
    """The staff group became a supergroup: its commands work at once, before anything was sent there."""
    await program.staff.upgrade()
    await program.staff.send("/leads")
    await program.staff.sees("staff/leads")
