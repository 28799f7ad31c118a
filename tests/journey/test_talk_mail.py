"""What staff write reaches who is away: by mail, once, and only when no page showed it in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.talks import QUIET
from bot.staff.quiet import QuietTalks
from bot.staff.talks import Talks
from storage.records import Outgoing
from storage.store import Storage
from tests.botapi.chats import Message
from tests.journey.program import PATIENCE, Running, Visitor, body_of, running, visiting
from tests.journey.someone import OnTelegram, OnThePage


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: who is away is written to here alone."""


@pytest.fixture
async def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """The program, in which who is away is mailed after a second instead of five minutes."""
    monkeypatch.setattr("bot.staff.reaching.AWAY", timedelta(seconds=1))
    async with running(tmp_path) as started:
        yield started


async def signs_up(program: Running, visitor: Visitor) -> tuple[OnThePage, Message, str]:
    """Somebody on the page, the card of their sign-up, and its reference."""
    noor = OnThePage(language="nl", visitor=visitor)
    reference = await noor.signs_up()
    return noor, await program.staff.sees(reference), reference


def mails(program: Running, to: str = "noor@example.org") -> list[str]:
    """The mails with what staff wrote, so far."""
    subject = "Bericht van"
    return [body_of(mail) for mail in program.mails() if to in mail["To"] and str(mail["Subject"]).startswith(subject)]


async def test_who_left_the_page_is_mailed_once(program: Running) -> None:
    """Two messages within the time are one mail, an answer to the receipt; staff are told."""
    async with visiting(program.url) as visitor:
        _, card, reference = await signs_up(program, visitor)
    await program.staff.reply(card, "Past dinsdag?", by="Anne")
    await program.staff.reply(card, "Of woensdag?", by="Anne")
    await program.staff.sees("staff/answer_mailed")
    [mail] = [one for one in program.mails() if "staff-says" in str(one["Message-ID"])]
    text = body_of(mail)
    assert [part in text for part in ("Past dinsdag?", "Of woensdag?", reference)] == [True] * 3
    receipt = await program.gets_mail("noor@example.org", kind="mail/receipt")
    assert mail["In-Reply-To"] == mail["References"] == receipt["Message-ID"]
    assert mail["Reply-To"] == "anne@course.example"
    assert len(mails(program)) == 1


async def test_who_is_on_the_page_is_not_mailed(program: Running) -> None:
    """A page that shows it in time withdraws the mail, and staff see the sign under what they wrote."""
    async with visiting(program.url) as visitor:
        noor, card, _ = await signs_up(program, visitor)
        async with noor.visitor.http.get(f"{program.url}/api/chat/events") as stream:
            said = await program.staff.reply(card, "Past dinsdag?")
            assert await program.staff.reacted(said) == "👍"
            assert stream.status == 200
        await program.staff.reply(card, "Of woensdag?")
        await program.staff.sees("staff/answer_mailed")  # this one was not shown
        [text] = mails(program)
        assert "Of woensdag?" in text
        assert "dinsdag" not in text


async def test_a_page_that_is_opened_later(program: Running) -> None:
    """Who comes back before the mail left reads it on the page, and gets no mail about it."""
    async with visiting(program.url) as visitor:
        noor, card, _ = await signs_up(program, visitor)
        said = await program.staff.reply(card, "Past dinsdag?")
        await noor.sees("Past dinsdag?")
        assert await program.staff.reacted(said) == "👍"
        await asyncio.sleep(1.5)  # the mail would have left by now
        assert mails(program) == []


async def test_who_blocked_the_bot_is_mailed(program: Running) -> None:
    """Where Telegram reaches nobody the message goes by mail, and only then staff read so."""
    noor = OnTelegram(language="nl", person=program.api.person("Noor"))
    reference = await noor.signs_up()
    card = await program.staff.sees(reference)
    await noor.person.blocks_bot()
    said = await program.staff.reply(card, "Past dinsdag?")
    told = await program.staff.sees("staff/answer_mailed")
    assert "noor@example.org" in told.text
    assert said.reaction is None
    assert "Past dinsdag?" in mails(program)[0]


async def test_who_is_removed_gets_no_mail(program: Running) -> None:
    """A mail that waits goes with its person."""
    async with visiting(program.url) as visitor:
        noor, card, _ = await signs_up(program, visitor)
        await program.staff.reply(card, "Past dinsdag?")
        await program.staff.sees("staff/answer_waits")
        await noor.says("/verwijderen")
        await noor.taps("data:forget:confirm")
        await noor.sees("data/forgotten")
        await asyncio.sleep(1.5)  # the mail would have left by now
        assert mails(program) == []


async def test_three_quiet_days_end_a_talk(tmp_path: Path) -> None:
    """After 72 hours without a word both sides read that the assistent answers again."""
    async with running(tmp_path) as program:
        noor = OnTelegram(language="nl", person=program.api.person("Noor"))
        card = await program.staff.sees(await noor.signs_up())
        await program.staff.reply(card, "Past dinsdag?")
        await noor.sees("chat/staff_says")
        added = await ended(program, datetime.now(UTC) + QUIET - timedelta(minutes=1))
        assert added == []
        added = await ended(program, datetime.now(UTC) + QUIET + timedelta(minutes=1))
        assert {one.lane for one in added} == {f"telegram:{noor.person.id}", f"telegram:{program.staff.id}"}
        async with asyncio.timeout(PATIENCE):
            await noor.sees("talk/over")
            await program.staff.sees("staff/talk_over")
        await noor.says("Wat kost het?")
        await noor.sees("topic/costs")


async def ended(program: Running, now: datetime) -> list[Outgoing]:
    """What another process stores that looks for quiet talks then."""
    from bot.loading import load_wording
    from bot.notifications.cards import Cards
    from bot.outbox import StaffAddress
    from bot.staff.carding import Carding
    from bot.staff.cases import CaseDesk

    storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
    wording, address = load_wording(program.settings), StaffAddress(f"telegram:{program.staff.id}")
    desk = CaseDesk(wording, Carding(Cards(wording, "nl"), address), "nl")
    put: list[Any] = []
    talks = Talks(wording, desk, address, "nl")
    await QuietTalks(storage, talks, put=put.extend, said=lambda chat: None).end(now)
    await storage.close()
    return put
