"""kill -9 between a tap and its edit, a reply and its delivery, a topic and its card: one owner, one mail, all said."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.botapi import Person
from tests.reliability.crowd import STEPS
from tests.reliability.process import BotProcess, started
from tests.reliability.world import REFERENCE, World, a_world

pytestmark = pytest.mark.timeout(400)
PATIENCE = 60.0


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "SQLite" else "postgres_url"))


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.02)


async def somebody(world: World, number: int) -> tuple[Person, str]:
    """Somebody who signed up, and the reference."""
    person = world.api.person(f"Persoon {number}")
    for text, expected in STEPS:
        await person.send(text.format(number))
        await person.sees(expected, within=PATIENCE)
    await person.tap("signup:submit")
    found = REFERENCE.search((await person.sees("signup/done", within=PATIENCE)).text)
    assert found
    return person, found[0]


async def killed_while_it_waits(world: World, bot: BotProcess, chat: int) -> None:
    """Kill it once something is stored for this chat, which takes nothing meanwhile; then start it again."""
    await until(lambda: any(call.status == 429 and call.given.get("chat_id") == chat for call in world.api.calls))
    await bot.kill()
    world.api.floods(chat, 0)
    await bot.start()


def mails_about(world: World, what: str) -> list[str]:
    """The Message-IDs of the mails to people about this, repetitions included."""
    read = [message_from_bytes(one.content) for one in world.mailbox.received if isinstance(one.content, bytes)]
    return [mail["Message-ID"] for mail in read if what in mail["Message-ID"]]


async def test_staff_under_kills(tmp_path: Path, url: str) -> None:
    """Whenever it is killed, who was first has it, the card says so, and the person reads once what staff wrote."""
    async with a_world(forum=True) as world:
        staff = world.staff
        bot = BotProcess(settings=world.settings(url), folder=tmp_path)
        async with started(bot):
            person, reference = await somebody(world, 1)
            card = await staff.sees(reference, within=PATIENCE)
            world.api.floods(staff.id, 3600, tells=1)
            tapped = [await staff.tap_old(card, f"staff:claim:{reference}", by=by) for by in ("Anne", "Bea")]
            await killed_while_it_waits(world, bot, staff.id)
            await until(lambda: "Opgepakt door Anne" in card.text)
            assert (await person.sees("chat/claimed", within=PATIENCE)).text.startswith("Anne ")
            assert "Bea" not in card.text, tapped
            world.api.floods(person.id, 3600, tells=1)
            said = await staff.reply(card, "Past dinsdag?", by="Anne")
            await killed_while_it_waits(world, bot, person.id)
            await person.sees("chat/staff_says", within=PATIENCE)
            assert await staff.reacted(said, within=PATIENCE) == "👍"
            assert sum("Past dinsdag?" in text for text in person.said) == 1
            await person.send("Ja, dinsdag is goed.")
            assert (await staff.sees("Ja, dinsdag is goed.", within=PATIENCE)).thread == card.thread
            await person.blocks_bot()
            world.mailbox.hang, asked = 3600, len(world.mailbox.asked)
            await staff.reply(card, "Tot dinsdag!", by="Anne")
            await until(lambda: len(world.mailbox.asked) > asked)
            await bot.kill()
            world.mailbox.hang = 0
            await bot.start()
            assert (await staff.sees("staff/answer_mailed", within=PATIENCE)).thread == card.thread
            assert len(mails_about(world, f"staff-says.{reference}")) == 1
            await bot.stop()


async def test_a_topic_under_a_kill(tmp_path: Path, sqlite_url: str) -> None:
    """Killed when the topic was made and the card waits: the card comes, in a topic, and what follows comes there."""
    async with a_world(forum=True) as world:
        staff = world.staff
        bot = BotProcess(settings=world.settings(sqlite_url), folder=tmp_path)
        world.api.fails("sendMessage", "429", times=1000, chat=staff.id, retry_after=1)
        async with started(bot):
            person, reference = await somebody(world, 1)
            await until(lambda: bool(staff.state.topics))
            await until(lambda: any(call.method == "sendMessage" and call.status == 429 for call in world.api.calls))
            await bot.kill()
            world.api.faults.clear()
            await bot.start()
            card = await staff.sees(reference, within=PATIENCE)
            assert card.thread == staff.topic(reference)
            await staff.reply(card, "Past dinsdag?", by="Anne")
            await person.sees("chat/staff_says", within=PATIENCE)
            await bot.stop()
