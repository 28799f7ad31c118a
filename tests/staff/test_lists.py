"""Lists, and the file with all leads, in the staff chat: made when they leave, kept nowhere, in nobody's way."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from structlog.testing import capture_logs

from bot.dialogue.events import Typed
from bot.outbox import Later, StaffAddress
from bot.staff.chat import StaffChat
from bot.staff.filling import Filling
from bot.staff.lists import Lists
from storage.contents import Delete, Send
from storage.errors import Unavailable
from storage.records import MissedQuestion, Outgoing
from storage.repositories.leads import Leads
from storage.repositories.questions import Questions
from storage.store import Storage
from tests.events import happens
from tests.notifications.helpers import lead
from tests.said import worded
from tests.staff.asking import asks
from tests.storage.samples import case

STAFF = "telegram:-100"
WORDS = worded()
ZONE = ZoneInfo("Europe/Amsterdam")


class Chat:
    """A sender that keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[Send] = []

    async def send(self, message: Outgoing) -> None:
        self.sent.append(message.content_as(Send))


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    yield opened
    await opened.close()


async def asked(storage: Storage, typed: str = "/export") -> Outgoing:
    """Staff type this: what is stored to leave."""
    staff = StaffChat(WORDS, StaffAddress(STAFF), "nl")
    event = happens(Typed, typed, id="1", chat=STAFF, at=datetime.now(UTC))
    async with storage.transaction() as tx:
        [message] = await tx.outbox.add((await asks(staff, tx, event)).outgoing)
    return message


def references(left: Send) -> list[object]:
    """The leads in the file that left."""
    assert left.file
    assert left.file.name == "leads.xlsx"
    assert isinstance(left.file.content, bytes)
    sheet = openpyxl.load_workbook(io.BytesIO(left.file.content)).worksheets[0]
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


async def test_the_file_is_made_when_it_leaves(storage: Storage, tmp_path: Path) -> None:
    """Whoever is removed before it leaves is not in it, and no copy of anybody's details waits in the outbox."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead(reference="K7PQ-X4MT"), lead(reference="P3WT-97HG", chat="web:other")])
    message = await asked(storage)
    assert "zoe@example.org" not in str(message.content)
    async with storage.transaction() as tx:
        await tx.people.forget(["web:other"])
    chat = Chat()
    await Filling(chat, Lists(storage, WORDS, "nl", ZONE)).send(message)
    assert references(chat.sent[0]) == ["K7PQ-X4MT"]


@pytest.mark.parametrize(
    ("typed", "shown"), [("/leads", "K7PQ-X4MT"), ("/questions", "wat kost de lunch"), ("/stats", "1")]
)
async def test_a_list_is_made_when_it_leaves(storage: Storage, typed: str, shown: str) -> None:
    """What staff look at waits nowhere: it is read when it leaves, without whoever was removed meanwhile."""
    at, chat = datetime.now(UTC), Chat()
    async with storage.transaction() as tx:
        leads = [lead(reference="K7PQ-X4MT"), lead(reference="P3WT-97HG", chat="web:other")]
        await tx.leads.save(leads)
        await tx.cases.open([case(one.reference, one.chat) for one in leads])
        kept, gone = (
            MissedQuestion(question=said, language="nl", suggestions=(), at=at, chat=chat)
            for said, chat in (("wat kost de lunch", "web:1"), ("mag mijn hond mee", "web:other"))
        )
        await tx.questions.add([kept, gone])
    message = await asked(storage, typed)
    assert message.content_as(Send).html == WORDS.message("staff/failed", "nl", {}, "staff").html
    async with storage.transaction() as tx:
        await tx.people.forget(["web:other"])
    await Filling(chat, Lists(storage, WORDS, "nl", ZONE)).send(message)
    assert shown in chat.sent[0].html
    assert "P3WT-97HG" not in chat.sent[0].html
    assert "hond" not in chat.sent[0].html
    assert chat.sent[0].listing is None


async def test_one_lead_that_cannot_be_read_is_named(storage: Storage, tmp_path: Path) -> None:
    """A lead that no key opens is left out and named; all others are in the file."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead(reference="K7PQ-X4MT"), lead(reference="P3WT-97HG")])
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as database:
        database.execute("UPDATE leads SET data = 'x' WHERE reference = 'P3WT-97HG'")
    chat = Chat()
    await Filling(chat, Lists(storage, WORDS, "nl", ZONE)).send(await asked(storage))
    assert references(chat.sent[0]) == ["K7PQ-X4MT"]
    assert "P3WT-97HG" in chat.sent[0].html


async def test_a_file_that_cannot_be_made_is_told(storage: Storage) -> None:
    """Staff read that it failed, and the log says where; the chat goes on."""

    class Nowhere(ZoneInfo):
        key = "Nowhere/At all"

    chat = Chat()
    with capture_logs() as logs:
        await Filling(chat, Lists(storage, WORDS, "nl", Nowhere("UTC"))).send(await asked(storage))
    assert chat.sent[0].html == WORDS.message("staff/failed", "nl", {}, "staff").html
    assert [one["event"] for one in logs] == ["list_failed"]


async def test_a_database_that_is_away_is_waited_for(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is away the file waits, as everything does."""
    message = await asked(storage)

    def away() -> Any:
        raise Unavailable("away")

    monkeypatch.setattr(storage, "reading", away)
    with pytest.raises(Later):
        await Filling(Chat(), Lists(storage, WORDS, "nl", ZONE)).send(message)


async def test_the_file_does_not_stay(storage: Storage) -> None:
    """A day after it arrived its message is taken away, which the message says; other lists stay."""
    message = await asked(storage)
    away = message.then["sent"]
    assert (away.content, away.lane.partition(":")[2]) == (Delete(after=86_400), STAFF.partition(":")[2])
    assert away.lane != message.lane
    assert not (await asked(storage, "/stats")).then


async def test_what_is_no_export_goes_through(storage: Storage) -> None:
    """Every other message leaves as it is."""
    chat = Chat()
    plain = Outgoing(lane=STAFF, kind="telegram", content=Send(html="dag"), created_at=datetime.now(UTC))
    await Filling(chat, Lists(storage, WORDS, "nl", ZONE)).send(plain)
    assert chat.sent == [plain.content]


@pytest.mark.parametrize("typed", ["/leads", "/questions", "/stats", "/export"])
async def test_a_list_holds_no_transaction(storage: Storage, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Whatever staff look at, no lead and no question is read while other turns wait for theirs."""

    def unread(*_: object) -> None:
        raise AssertionError

    for repository in (Leads, Questions):
        for reads in ("list", "newest", "counts", "recent", "count"):
            monkeypatch.setattr(repository, reads, unread, raising=False)
    assert (await asked(storage, typed)).id is not None


async def test_nobody_waits_for_thousands_of_leads(storage: Storage) -> None:
    """While three thousand leads are read for a file, others have their turn again and again, and may write."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead(reference=f"{number:08d}", chat=f"web:{number}") for number in range(3000)])
    message, turns = await asked(storage), 0

    async def others() -> None:
        nonlocal turns
        while True:
            async with storage.transaction() as tx:
                await tx.meta.set("tried", True)
            turns += 1

    going_on = asyncio.create_task(others())
    chat = Chat()
    await Filling(chat, Lists(storage, WORDS, "nl", ZONE)).send(replace(message))
    going_on.cancel()
    assert len(references(chat.sent[0])) == 3000
    assert turns > 20
