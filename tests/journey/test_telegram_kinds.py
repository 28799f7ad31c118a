"""The whole program and whatever Telegram lets people send: everything is answered, once, where it was said."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.content import SERVICE
from tests.channels.telegram.kinds import CARD, NOT_READ, READ
from tests.journey.program import Running, running

PHOTO = {"photo": NOT_READ["photo"]}


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_everything_is_answered(program: Running) -> None:
    """Each kind of message gets an answer in the person's chat; what Telegram itself tells gets none."""
    noor = program.api.person("Noor")
    for name, content in {**READ, **NOT_READ, **CARD, "hologram": {}}.items():
        await noor.sends({name: content})
        await noor.sees()
    for name in sorted(SERVICE):
        await noor.sends({name: {}})
    heard = len(noor.said)
    await noor.send("/help")
    await noor.sees()
    assert len(noor.said) == heard + 1


async def test_a_reply_that_cannot_be_passed_on(program: Running) -> None:
    """Staff who answer a question with anything but text are told that it did not go; the person reads none of it."""
    noor = program.api.person("Noor")
    await noor.send("/contact")
    await noor.sees()
    await noor.send("Kan het ook in Almere?")
    await noor.tap("contact:forward")
    notice = await program.staff.sees("Almere")
    while len(noor.said) < 3:
        await noor.sees()
    heard = len(noor.said)
    for name, content in {**READ, **NOT_READ, **CARD}.items():
        if name != "text":
            await program.staff.reply(notice, "", content={name: content})
            await program.staff.sees()
    assert len(noor.said) == heard


async def test_a_link_reaches_both_sides(program: Running) -> None:
    """The address behind a word goes along, in a person's question and in the answer to it."""
    noor = program.api.person("Noor")
    await noor.send("/contact")
    await noor.sees()
    await noor.send("😀 Klopt dit programma?", entities=[link(9, 3, "https://example.org/oud")])
    await noor.tap("contact:forward")
    notice = await program.staff.sees("dit (https://example.org/oud)")
    await program.staff.reply(notice, "Nee, dit.", entities=[link(5, 3, "https://example.org/nieuw")])
    await noor.sees("dit (https://example.org/nieuw)")


def link(offset: int, length: int, url: str) -> dict[str, Any]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


async def test_an_album_and_an_impatient_finger(program: Running) -> None:
    """Ten photos get one answer, and so does a button that is pressed three times."""
    noor = program.api.person("Noor")
    for _ in range(10):
        await noor.sends(PHOTO, media_group_id="77")
    await noor.sees()
    await noor.send("/start")
    welcome = await noor.sees()
    heard = len(noor.said)
    for _ in range(3):
        await noor.tap_old(welcome, "signup:start")
    await noor.finds("signup:interest:both")
    await noor.send("/help")
    await noor.sees()
    assert heard == 2
    assert sum("signup:interest:both" in message.button_ids for message in noor.chat) == 1


async def test_topics(program: Running) -> None:
    """What is said in a topic is answered in that topic: by a person in a private chat, and in the staff group."""
    noor = program.api.person("Noor")
    for chat in (noor, program.staff):
        chat.state.topics = {5: True, 6: True}
    await noor.send("wat kost het?", thread=5)
    await noor.tap("contact:ask")
    while len(noor.said) < 2:
        await noor.sees()
    await noor.send("/help")
    while len(noor.said) < 3:
        await noor.sees()
    assert [message.thread for message in noor.chat if message.by_bot] == [5, 5, None]
    for command in ("/stats", "/export"):
        await program.staff.send(command, thread=6)
        assert (await program.staff.sees()).thread == 6


async def test_the_linked_channel_gives_no_orders(program: Running) -> None:
    """A command in a post of the channel that the staff group is linked to gives nothing away."""
    channel = {"id": -1009, "type": "channel", "title": "Nieuws"}
    post = {"is_automatic_forward": True, "sender_chat": channel, "from": {"id": 777000, "is_bot": False}}
    program.staff.state.privacy = False
    await program.staff.send("/export", envelope=post)
    await program.staff.send("/stats")
    await program.staff.sees()
    assert len(program.staff.said) == 1


async def test_far_too_much(program: Running) -> None:
    """A text far too long, however it is sent, gets the kind line for that, and the next one its answer."""
    noor = program.api.person("Noor")
    long = "Wat kost de cursus? " * 1500
    links = [link(10 * number, 5, f"https://example.org/{'x' * 2000}") for number in range(100)]
    await noor.sends({"rich_message": {"blocks": [{"type": "paragraph", "text": long}]}})
    await noor.sees("chat/too_long")
    await noor.sends({"photo": NOT_READ["photo"]}, long[:1024] * 2)
    await noor.sees("chat/too_long")
    await noor.send(long[:4096], entities=links)
    await noor.sees("chat/too_long")
    await noor.send("/help")
    await noor.sees()
