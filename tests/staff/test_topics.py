"""A staff group with topics: each case has its own, whatever is done to it by hand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.channels.telegram.topics import PLAIN_SECONDS
from tests.botapi import StaffGroup
from tests.botapi.chats import Message
from tests.journey.program import PATIENCE, Running, running
from tests.journey.someone import REQUIRED, OnTelegram
from tests.journey.test_staff_taps import a_lead, says, shown_for_a_moment, toast
from tests.postgres import postgres_server, postgres_url
from tests.said import label

__all__ = ["postgres_server", "postgres_url"]

#: refusals that are met and mended
MENDED = (
    "message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_NOT_MODIFIED", "not enough rights",
    "message to edit not found",
)  # fmt: skip


@pytest.fixture(params=["SQLite", "PostgreSQL"])
async def program(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    settings: dict[str, Any] = {}
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("postgres_url")
        settings = {"database_url": url, "data_key": Fernet.generate_key().decode()}
    async with running(tmp_path, MENDED, **settings) as started:
        yield started


@pytest.fixture
async def simple(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, MENDED) as started:
        yield started


async def until(staff: StaffGroup, what: Any) -> None:
    """Wait until something is so in the group."""
    async with asyncio.timeout(PATIENCE):
        while not what():
            await asyncio.sleep(0.02)


def in_telegram(program: Running, name: str = "Noor") -> OnTelegram:
    """Somebody in Telegram."""
    return OnTelegram(language="nl", person=program.api.person(name))


async def a_topic(program: Running, noor: OnTelegram) -> tuple[Message, str, int]:
    """The card of a lead in its topic, its reference, and that topic."""
    card, reference = await a_lead(program, noor)
    assert card.thread is not None
    return card, reference, card.thread


async def writes(staff: StaffGroup, card: Message, noor: OnTelegram) -> None:
    """Anne asks the person something, and sees that it arrived."""
    said = await staff.reply(card, "Past dinsdag?")
    assert await staff.reacted(said) == "👍"
    await noor.sees("chat/staff_says")


async def test_a_topic_for_each(program: Running) -> None:
    """Each lead and question has its own, named by it; what its person says comes there, and so does the answer."""
    noor, omar = in_telegram(program), in_telegram(program, "Omar")
    staff = program.staff
    card, reference, topic = await a_topic(program, noor)
    assert staff.state.titles[topic].startswith(f"{reference} · ")
    _, other, another = await a_topic(program, omar)
    assert (another != topic, another, topic) == (True, staff.topic(other), staff.topic(reference))
    await writes(staff, card, noor)
    await noor.says("Dinsdag is goed.")
    heard = await staff.sees("Dinsdag is goed.")
    assert (heard.thread, heard.reply_to) == (topic, card)
    await noor.says("/contact")
    await noor.sees("contact/ask")
    await noor.says("Mag de hond mee?")
    await noor.taps("contact:forward")
    question = await staff.sees("staff/question")
    assert question.thread not in (None, topic, another)
    assert not staff.says_in(None)


async def test_deleted_by_hand(program: Running) -> None:
    """What was to be said comes in a new topic, below the card."""
    noor, staff = in_telegram(program), program.staff
    card, reference, topic = await a_topic(program, noor)
    await staff.tap(f"staff:claim:{reference}")
    await says(program, card, "Opgepakt door Anne")
    await writes(staff, card, noor)
    staff.state.delete_topic(topic)
    await noor.says("Dinsdag is goed.")
    heard = await staff.sees("Dinsdag is goed.")
    assert heard.thread == staff.topic(reference) != topic
    [again, _] = [one for one in staff.chat if one.thread == heard.thread and one.text]
    assert "Opgepakt door Anne" in again.text
    await staff.tap_old(again, f"staff:status:{reference}:closed")
    await says(program, again, "Afgerond")


async def test_closed_by_hand(simple: Running) -> None:
    """It is opened again for what is to be said in it."""
    noor, staff = in_telegram(simple), simple.staff
    card, _, topic = await a_topic(simple, noor)
    await writes(staff, card, noor)
    staff.state.topics[topic] = False
    await noor.says("Dinsdag is goed.")
    assert (await staff.sees("Dinsdag is goed.")).thread == topic
    assert staff.state.topics[topic]


async def test_closed_and_opened_with_the_case(simple: Running) -> None:
    """The end of a case closes its topic, after the last word in it; to open it again opens that."""
    noor, staff = in_telegram(simple), simple.staff
    card, reference, topic = await a_topic(simple, noor)
    await writes(staff, card, noor)
    await staff.tap(f"staff:status:{reference}:closed")
    assert (await staff.sees("staff/talk_over")).thread == topic
    await until(staff, lambda: not staff.state.topics[topic])
    await staff.reply(card, "/notitie Toch nog iets")
    assert (await staff.sees("staff/noted")).thread == topic
    await until(staff, lambda: not staff.state.topics[topic])
    await staff.tap(f"staff:reopen:{reference}")
    await until(staff, lambda: staff.state.topics[topic])


async def test_where_we_may_not(simple: Running) -> None:
    """Without the right it goes on in the chat itself, and staff read once what to switch on."""
    noor, omar, staff = in_telegram(simple), in_telegram(simple, "Omar"), simple.staff
    staff.state.rights.discard("manage_topics")
    card, _ = await a_lead(simple, noor)
    assert card.thread is None
    await a_lead(simple, omar)
    assert sum("Onderwerpen beheren" in said for said in staff.said) == 1
    await writes(staff, card, noor)
    staff.state.rights.add("manage_topics")
    await noor.says("Dinsdag is goed.")
    assert (await staff.sees("Dinsdag is goed.")).thread is None
    assert (await a_lead(simple, in_telegram(simple, "Ben")))[0].thread is not None


async def test_without_topics_any_more(simple: Running) -> None:
    """A group that is divided no more is written in as any other, and reads once what to switch on."""
    noor, omar, staff = in_telegram(simple), in_telegram(simple, "Omar"), simple.staff
    card, _, _ = await a_topic(simple, noor)
    await writes(staff, card, noor)
    staff.state.forum, staff.state.topics = False, {}
    await noor.says("Dinsdag is goed.")
    assert (await staff.sees("Dinsdag is goed.")).thread is None
    assert (await a_lead(simple, omar))[0].thread is None
    assert sum("geen onderwerpen meer" in said for said in staff.said) == 1


async def test_topics_that_come_later(simple: Running) -> None:
    """A plain group is told nothing of topics; once it has them the next case begins with one, and no other."""
    noor, staff = in_telegram(simple), simple.staff
    staff.state.forum = False
    card, _ = await a_lead(simple, noor)
    assert (card.thread, len(staff.said)) == (None, 1)
    staff.state.forum = True
    await asyncio.sleep(PLAIN_SECONDS)  # within that it may not be asked again
    await writes(staff, card, noor)
    await noor.says("Dinsdag is goed.")
    assert (await staff.sees("Dinsdag is goed.")).thread is None
    assert (await a_lead(simple, in_telegram(simple, "Omar")))[0].thread is not None


async def test_what_colleagues_say(simple: Running) -> None:
    """What answers nobody goes to nobody; each colleague reads so once a day, and can send it all the same, once."""
    noor, staff = in_telegram(simple), simple.staff
    _, _, topic = await a_topic(simple, noor)
    meant = await staff.send("Past dinsdag?", thread=topic)
    told = await staff.sees("staff/aside")
    assert (told.reply_to, told.thread, told.labels) == (meant, topic, [label("labels/buttons/staff:send")])
    await staff.send("Ik vraag het haar.", thread=topic)
    await staff.send("Doe maar.", thread=topic, by="Bea")
    await staff.sees("staff/aside")
    other = await staff.tap_old(told, "staff:send", by="Bea")
    assert await toast(simple, other) == shown_for_a_moment("not_yours")
    taps = [await staff.tap_old(told, "staff:send") for _ in range(2)]
    assert "Past dinsdag?" in await noor.sees("chat/staff_says")
    assert await staff.reacted(meant) == "👍"
    read = [await toast(simple, tap) for tap in taps]
    assert read == [shown_for_a_moment("sent"), shown_for_a_moment("sent_already")]
    await until(staff, lambda: not told.buttons)
    await staff.edit(meant, "Past woensdag?")
    await staff.sees("staff/edited")
    assert sum("dinsdag" in said for said in noor.person.said) == 1
    assert not [said for said in noor.person.said if "Doe maar" in said or "vraag het haar" in said]


async def test_too_late_to_send(simple: Running) -> None:
    """After a quarter of an hour the button sends nothing any more."""
    noor, staff = in_telegram(simple), simple.staff
    _, _, topic = await a_topic(simple, noor)
    meant = await staff.send("Past dinsdag?", thread=topic)
    told = await staff.sees("staff/aside")
    meant.date -= 16 * 60
    late = await staff.tap_old(told, "staff:send")
    assert await toast(simple, late) == shown_for_a_moment("too_late")


async def test_an_end_alone(simple: Running) -> None:
    """In a topic the command that ends a talk needs no message that it answers; elsewhere it does."""
    noor, staff = in_telegram(simple), simple.staff
    card, _, topic = await a_topic(simple, noor)
    await writes(staff, card, noor)
    await staff.send("/einde")
    await staff.sees("staff/reply_how")
    await staff.send("/einde", thread=topic)
    assert (await staff.sees("staff/talk_over")).thread == topic
    await noor.sees("talk/over")


@pytest.mark.parametrize("may", [True, False])
async def test_who_is_forgotten(simple: Running, may: bool) -> None:
    """The topic goes with all that colleagues said in it; where we may not delete it nobody is named in it any more."""
    noor, staff = in_telegram(simple), simple.staff
    card, _, topic = await a_topic(simple, noor)
    await staff.send("Lastig mens", thread=topic)
    if not may:
        staff.state.rights.discard("delete_messages")
    await noor.says("/verwijderen")
    await noor.taps("data:forget:confirm")
    await noor.sees("data/forgotten")
    if may:
        await until(staff, lambda: topic in staff.state.gone)
        assert not [one for one in staff.chat if one.thread == topic]
    else:
        await until(staff, lambda: not staff.state.topics[topic])
        assert staff.state.titles[topic] == "verwijderd"
        assert "Noor" not in card.text
    await staff.sees("staff/forgotten")
    assert (await a_lead(simple, in_telegram(simple, "Omar")))[0].thread != topic


async def test_forgotten_while_its_topic_is_made(simple: Running) -> None:
    """Somebody has all removed before the card left: the topic, if it was made, is gone again."""
    noor, staff = in_telegram(simple), simple.staff
    simple.api.floods(staff.id, 3600, tells=1)
    await noor.signs_up()
    await noor.says("/verwijderen")
    await noor.taps("data:forget:confirm")
    await noor.sees("data/forgotten")
    simple.api.floods(staff.id, 0)
    await staff.sees("staff/forgotten")
    assert not staff.state.topics


async def test_hostile_names(simple: Running) -> None:
    """A name that is no name is text, on one line, and fits."""
    staff = simple.staff
    noor = in_telegram(simple)
    await noor.signs_up(*REQUIRED[:2], "<b>&amp; \u202eevil " + "😀" * 90, *REQUIRED[3:])
    await staff.sees("staff/lead_new")
    [name] = staff.state.titles.values()
    assert "<b>&amp;" in name
    assert "\n" not in name
