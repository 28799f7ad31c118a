"""Staff pick up what came in: one tap, one owner, and a card that says so."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.botapi import Person
from tests.botapi.chats import Message
from tests.journey.program import PATIENCE, Running, running, visiting
from tests.journey.someone import OnTelegram, OnThePage, Someone
from tests.postgres import postgres_server, postgres_url
from tests.said import rendered

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: what staff tap is tapped here alone."""


@pytest.fixture(params=["SQLite", "PostgreSQL"])
async def program(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    settings: dict[str, Any] = {}
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("postgres_url")
        settings = {"database_url": url, "data_key": Fernet.generate_key().decode()}
    async with running(tmp_path, **settings) as started:
        yield started


@pytest.fixture
async def simple(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def toast(program: Running, query: str) -> str:
    """What who tapped is shown for a moment."""
    async with asyncio.timeout(PATIENCE):
        while not program.api.taps[query].answered:
            await asyncio.sleep(0.02)
    return program.api.taps[query].answer


def shown_for_a_moment(what: str) -> str:
    """What who tapped reads, where it says no time."""
    now = datetime.now(UTC)
    values = {"what": what, "name": "", "status": "", "at": now, "now": now}
    return rendered("staff/tap", values, channel="staff")


def buttons(message: Message) -> list[str]:
    """What stands under a message now."""
    return [button.id for row in message.buttons for button in row]


async def says(program: Running, message: Message, *words: str) -> None:
    """Wait until a message, as it looks now, says all of this."""
    async with asyncio.timeout(PATIENCE):
        while not all(word in message.text for word in words):
            await asyncio.sleep(0.02)


async def lacks_buttons(message: Message) -> None:
    """Wait until nothing stands under a message any more."""
    async with asyncio.timeout(PATIENCE):
        while message.buttons:
            await asyncio.sleep(0.02)


async def in_telegram(program: Running, language: str = "nl") -> OnTelegram:
    """Somebody in Telegram."""
    return OnTelegram(language=language, person=program.api.person("Noor", language=language))


async def a_lead(program: Running, someone: Someone) -> tuple[Message, str]:
    """The card of a lead, and its reference."""
    reference = await someone.signs_up()
    return await program.staff.sees(reference), reference


async def test_one_tap_and_it_is_hers(program: Running) -> None:
    """Anne taps: the card says so to all, the person reads who has it, and Bea, who taps too, reads so as well."""
    noor = await in_telegram(program)
    card, reference = await a_lead(program, noor)
    said = card.text
    assert buttons(card) == [f"staff:claim:{reference}"]
    await program.staff.tap(f"staff:claim:{reference}", by="Anne")
    await says(program, card, said, "Opgepakt door Anne,")
    assert buttons(card)[0] == f"staff:status:{reference}:contacted"
    assert await noor.sees("chat/claimed") == f"Anne heeft je aanmelding {reference} opgepakt."
    late = await program.staff.tap_old(card, f"staff:claim:{reference}", by="Bea")
    assert (await toast(program, late)).startswith("Anne ")
    again = await program.staff.tap_old(card, f"staff:claim:{reference}", by="Anne")
    assert await toast(program, again) == shown_for_a_moment("yours")
    assert "Anne," in card.text
    await noor.says("/mijngegevens")
    assert "Status: opgepakt, sinds " in await noor.sees("data/mine")


async def test_from_claimed_to_closed_and_back(program: Running) -> None:
    """Every step shows on the card; the person is told of nobody twice, and of nothing but who has it."""
    noor = await in_telegram(program)
    card, reference = await a_lead(program, noor)
    steps = (
        (f"staff:status:{reference}:contacted", "Bea", "Contact gehad,", "Opgepakt door Bea"),
        (f"staff:status:{reference}:planned", "Anne", "Ingepland,", "Opgepakt door Bea"),
        (f"staff:status:{reference}:closed", "Anne", "Afgerond,", "Opgepakt door Bea"),
        (f"staff:reopen:{reference}", "Anne", "Opgepakt door Anne,", ""),
    )
    for button, by, *words in steps:
        await program.staff.tap_old(card, button, by=by)  # a new card does not offer all of these
        await says(program, card, *words)
    await noor.sees("chat/claimed", "Anne")
    told = noor.told
    await program.staff.tap(f"staff:release:{reference}", by="Bea")
    await program.staff.tap(f"staff:claim:{reference}", by="Anne")
    await says(program, card, "Opgepakt door Anne,")
    await program.staff.send(f"/lead {reference}")
    whole = await program.staff.sees("Verloop")
    for step in ("contact gehad", "ingepland", "afgerond", "heropend", "teruggegeven", "opgepakt"):
        assert step in whole.text
    await lacks_buttons(card)
    assert buttons(whole)[-1] == f"staff:release:{reference}"
    assert noor.told == told


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_line_on_the_page(simple: Running, language: str) -> None:
    """A visitor reads in their own language who picked it up, on the open page; a question is picked up as well."""
    async with visiting(simple.url, language=language) as visitor:
        noor = OnThePage(language=language, visitor=visitor)
        _, reference = await a_lead(simple, noor)
        await simple.staff.tap(f"staff:claim:{reference}", by="Anne")
        assert reference in await noor.sees("chat/claimed", "Anne")
        await noor.says("/contact")
        await noor.sees("contact/ask")
        await noor.says("Mag de hond mee? | May the dog come?")
        await noor.taps("contact:forward")
        card = await simple.staff.sees("staff/question")
        await simple.staff.tap(buttons(card)[0], by="Bea")
        assert ("vraag" if language == "nl" else "question") in await noor.sees("chat/claimed", "Bea")
        await says(simple, card, "Opgepakt door Bea")


async def test_a_closed_lead_that_its_person_changes(program: Running) -> None:
    """It is new again, on a new card that says what changed; the old card has no buttons any more."""
    noor = await in_telegram(program)
    card, reference = await a_lead(program, noor)
    await program.staff.tap_old(card, f"staff:status:{reference}:closed", by="Anne")
    await says(program, card, "Afgerond,")
    await noor.taps(f"lead:edit:{reference}")
    await noor.taps("signup:edit:organisation")
    await noor.says("Gemeente Zeist")
    await noor.submits()
    changed = await program.staff.sees("staff/lead_changed")
    await lacks_buttons(card)
    assert buttons(changed) == [f"staff:claim:{reference}"]
    await program.staff.tap(f"staff:claim:{reference}", by="Bea")
    await says(program, changed, "Gemeente Utrecht → Gemeente Zeist", "Opgepakt door Bea")


async def test_a_changed_lead_keeps_its_owner(simple: Running) -> None:
    """Who has a lead still has it when its person changes it, and the new card says so."""
    noor = await in_telegram(simple)
    card, reference = await a_lead(simple, noor)
    await simple.staff.tap(f"staff:claim:{reference}", by="Anne")
    await says(simple, card, "Opgepakt door Anne")
    await noor.taps(f"lead:edit:{reference}")
    await noor.taps("signup:edit:organisation")
    await noor.says("Gemeente Zeist")
    await noor.submits()
    changed = await simple.staff.sees("Gemeente Utrecht → Gemeente Zeist")
    assert "Opgepakt door Anne" in changed.text
    await lacks_buttons(card)


async def test_open_cases_a_page_at_a_time(simple: Running) -> None:
    """The list has what is open, oldest first, ten at a time, with who has it; the rest is behind a button."""
    references = []
    for _ in range(11):
        async with visiting(simple.url) as visitor:
            references.append(await OnThePage(language="nl", visitor=visitor).signs_up())
    await simple.staff.sees(references[-1])
    first, second = (next(one for one in simple.staff.chat if reference in one.text) for reference in references[:2])
    await simple.staff.tap_old(second, f"staff:claim:{references[1]}", by="Anne")
    await simple.staff.tap_old(first, f"staff:status:{references[0]}:closed", by="Anne")
    await says(simple, first, "Afgerond")
    await says(simple, second, "Opgepakt")
    await simple.staff.send("/leads")
    listed = await simple.staff.sees("staff/leads")
    assert [one for one in references if one in listed.text] == references[1:]
    assert "opgepakt, Anne" in listed.text
    assert buttons(listed) == []
    await simple.staff.tap_old(first, f"staff:reopen:{references[0]}", by="Bea")
    await says(simple, first, "Opgepakt")
    await simple.staff.send("/leads")
    listed = await simple.staff.sees("staff/leads")
    await simple.staff.tap("staff:more:2")
    second = await simple.staff.sees("bladzijde 2")
    assert references[10] in second.text
    assert references[10] not in listed.text


async def test_a_note(program: Running) -> None:
    """A note is kept with its case, shown with its history, and stands in the person's file; never in their chat."""
    noor = await in_telegram(program)
    card, reference = await a_lead(program, noor)
    await program.staff.reply(card, "/notitie Belt <b>dinsdag</b> terug", by="Bea")
    await program.staff.sees("staff/noted")
    await program.staff.send(f"/lead {reference}")
    assert "notitie: Belt <b>dinsdag</b> terug" in (await program.staff.sees("Verloop")).text
    await program.staff.reply(card, "/note", by="Bea")
    await program.staff.sees("staff/too_long")
    await program.staff.reply(card, f"/note {'x' * 3501}", by="Bea")
    await program.staff.sees(rendered("staff/too_long", {"length": 3501, "limit": 3500}, channel="staff"))
    await program.staff.send("/notitie zomaar")
    await program.staff.sees("staff/note_how")
    await noor.says("/mijngegevens")
    await noor.sees("data/mine")
    assert "dinsdag" in own_file(noor.person)
    assert not [text for text in noor.person.said if "dinsdag" in text]


def own_file(person: Person) -> str:
    """The file of data that a person got last."""
    return next(one.document[1] for one in reversed(person.chat) if one.document).decode()


async def test_a_group_that_moved(simple: Running) -> None:
    """It became a supergroup: a reply to an old card reaches its person, and its case has a card there from then on."""
    noor, omar = await in_telegram(simple), await in_telegram(simple)
    card, reference = await a_lead(simple, noor)
    old, other = await a_lead(simple, omar)
    await simple.staff.upgrade()
    said = await simple.staff.reply(card, "Past dinsdag?")
    assert "Past dinsdag?" in await noor.sees("chat/staff_says")
    assert await simple.staff.reacted(said) == "👍"
    new = await simple.staff.sees(reference)
    assert (new.chat, "Opgepakt door Anne" in new.text) == (simple.staff.state, True)
    await simple.staff.tap(f"staff:status:{reference}:planned")
    await says(simple, new, "Ingepland")
    await omar.says("/mijngegevens")
    await omar.taps(f"lead:edit:{other}")
    await omar.taps("signup:edit:organisation")
    await omar.says("Gemeente Zeist")
    await omar.submits()
    changed = await simple.staff.sees("staff/lead_changed")
    assert (changed.chat, buttons(changed)) == (simple.staff.state, [f"staff:claim:{other}"])
    assert old.chat.id != changed.chat.id
    simple.api.calls.clear()  # the old address was tried


FORGED = (
    "staff:claim:ZZZZ-9999", "staff:claim:", "staff:claim:{0}:x", "staff:status:{0}:lost", "staff:status:{0}",
    "staff:more:0", "staff:more:x", "staff:remind:{0}", "staff:", "menu", "staff:claim:<b>", "staff:release:{0}",
    "staff:send", "staff:send:{0}",
)  # fmt: skip


async def test_bad_input(simple: Running) -> None:
    """Whatever is tapped that nobody offered: nothing changes, nobody is told, and the tap is answered kindly."""
    noor = await in_telegram(simple)
    card, reference = await a_lead(simple, noor)
    said, count, told = card.text, len(simple.staff.said), noor.told
    for button in FORGED:
        query = await simple.staff.tap_old(card, button.format(reference))
        assert await toast(simple, query) != ""
    assert (card.text, len(simple.staff.said), noor.told) == (said, count, told)
    await noor.person.tap_old(noor.person.last, f"staff:claim:{reference}")
    await noor.says("/help")
    await noor.sees("topic/help")
    async with visiting(simple.url) as eve:
        await eve.sends(choice=f"staff:claim:{reference}")
    assert (card.text, len(simple.staff.said)) == (said, count)


async def test_the_card_of_somebody_who_is_gone(simple: Running) -> None:
    """A button of a removed case changes nothing, and says that it is gone."""
    noor = await in_telegram(simple)
    card, reference = await a_lead(simple, noor)
    await simple.staff.tap(f"staff:claim:{reference}", by="Anne")
    await noor.sees("chat/claimed")
    await noor.says("/verwijderen")
    await noor.taps("data:forget:confirm")
    await simple.staff.sees("staff/removed")
    query = await simple.staff.tap_old(card, f"staff:claim:{reference}", by="Bea")
    assert await toast(simple, query) == shown_for_a_moment("gone")
    assert card.buttons == []
