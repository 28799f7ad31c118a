"""Staff answer people by replying: they are told how that went, after it went so."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.botapi import BotApi, Person
from tests.botapi.chats import Message
from tests.journey.program import Running, program_settings, running, serving, visiting
from tests.postgres import postgres_server, postgres_url
from tests.said import worded

__all__ = ["postgres_server", "postgres_url"]

WORDS = worded()
ANSWERS = ("beide", "gemeente", "Gemeente Zeist", "Noor de Vries", "noor@zeist.nl")
PUBLIC = "https://bot.example"


def words(key: str, **values: object) -> str:
    """What the staff chat reads."""
    return WORDS.message(f"staff/{key}", "nl", values, "staff").text


@pytest.fixture(params=["polling, SQLite", "webhook, PostgreSQL"])
async def program(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    settings: dict[str, Any] = {}
    if "webhook" in request.param:
        settings = {
            "telegram_webhook_url": PUBLIC,
            "telegram_webhook_secret": "s3cret",
            "database_url": request.getfixturevalue("postgres_url"),
            "data_key": Fernet.generate_key().decode(),
        }
    async with running(tmp_path, **settings) as started:
        started.api.updates.webhook.routes[PUBLIC] = started.url
        yield started


async def signs_up(noor: Person) -> None:
    """From nothing to a lead."""
    await noor.send("/aanmelden")
    for answer in ANSWERS:
        await noor.sees()
        await noor.send(answer)
    await noor.tap("signup:submit")


def reference_in(notice: Message) -> str:
    return next(word for word in notice.text.split() if word.count("-") == 1 and word.isupper())


async def a_lead(program: Running, noor: Person) -> tuple[Message, str]:
    """The notice that staff get of a person's lead, and its reference."""
    await signs_up(noor)
    notice = await program.staff.sees("noor@zeist.nl")
    await noor.sees(reference_in(notice))
    return notice, reference_in(notice)


async def test_delivered_is_said_after_it_was(program: Running) -> None:
    """As long as the person's message waits staff are told of no arrival; they are once it is there, once."""
    noor = program.api.person("Noor")
    notice, _reference = await a_lead(program, noor)
    program.api.floods(noor.id, 3600, tells=1)
    said = await program.staff.reply(notice, "Ik bel je morgen.")
    await program.staff.send("/help")
    await program.staff.sees("/export")
    assert said.reaction is None
    program.api.floods(noor.id, 0)
    assert await program.staff.reacted(said) == "👍"
    assert any("Ik bel je morgen." in text for text in noor.said)
    await program.staff.reply(notice, "Of overmorgen.")
    await noor.sees("Of overmorgen.")


async def test_who_blocked_the_bot_is_not_reached(program: Running) -> None:
    """Staff are told that their answer did not arrive, and where it was mailed; nothing untrue before."""
    noor = program.api.person("Noor")
    notice, reference = await a_lead(program, noor)
    await noor.blocks_bot()
    said = await program.staff.reply(notice, "Ik bel je morgen.")
    await program.staff.sees(words("answer_mailed", reference=reference, email="noor@zeist.nl", gone=True))
    assert said.reaction is None


async def test_a_chat_that_refuses(program: Running) -> None:
    """An answer that is refused and tried again is told as being on its way, and as arrived when it has."""
    noor = program.api.person("Noor")
    notice, reference = await a_lead(program, noor)
    program.api.fails("sendMessage", "refused", times=1, chat=noor.id)
    said = await program.staff.reply(notice, "Ik bel je morgen.")
    await program.staff.sees(words("answer_delayed", reference=reference))
    assert await program.staff.reacted(said) == "👍"
    program.api.calls.clear()  # the refusal was meant


async def test_a_visitor_of_the_page(program: Running) -> None:
    """What waits on the page is not called passed on; staff read how else the visitor can be reached."""
    async with visiting(program.url) as noor:
        await noor.says("/aanmelden")
        for answer in ANSWERS:
            await noor.says(answer)
        await noor.taps("signup:submit")
        notice = await program.staff.sees("noor@zeist.nl")
        await program.staff.reply(notice, "Ik bel je morgen.")
        waits = {
            "reference": reference_in(notice),
            "via": "web",
            "days": 7,
            "minutes": 5,
            "email": "noor@zeist.nl",
            "phone": None,
        }
        await program.staff.sees(words("answer_waits", **waits))
        async with noor.http.get(f"{program.url}/api/chat") as page:
            last = (await page.json())["messages"][-1]
        assert (last["from"], last["buttons"][0][0]["id"]) == ("staff", "talk:end")
        assert "Ik bel je morgen." in last["text"]


async def test_the_person_is_removed_meanwhile(program: Running) -> None:
    """Where the answer still waits when its person has all removed, staff are told that, and nothing of the person."""
    noor = program.api.person("Noor")
    notice, reference = await a_lead(program, noor)
    await noor.send("/verwijderen")
    await noor.finds("data:forget:confirm")
    program.api.floods(noor.id, 40)
    await program.staff.reply(notice, "Ik bel je morgen.")
    await program.staff.sees(words("answer_delayed", reference=reference))
    await noor.tap("data:forget:confirm")
    await program.staff.sees(words("answer_forgotten", reference=reference))
    assert not [text for text in program.staff.said if "noor@" in text]


async def test_an_edited_answer(program: Running) -> None:
    """What staff change afterwards is not passed on, and they are told; talk among staff stays theirs."""
    noor = program.api.person("Noor")
    notice, _reference = await a_lead(program, noor)
    said = await program.staff.reply(notice, "Ik bel je morgen.")
    await program.staff.reacted(said)
    program.api.tell("edited_message", {**said.as_json(), "text": "Ik bel je nooit.", "edit_date": 1_800_000_000})
    await program.staff.sees(words("edited", command=False))
    command = await program.staff.send("/leds")
    await program.staff.sees(words("unknown_command"))
    heard = len(program.staff.said)
    program.api.tell(
        "edited_message",
        {**command.as_json(), "text": "/leads", "edit_date": 1_800_000_000},
    )
    await program.staff.sees(words("edited", command=True))
    talk = await program.staff.send("Wie belt Noor?")
    program.api.tell("edited_message", {**talk.as_json(), "text": "Wie belt?", "edit_date": 1_800_000_000})
    await program.staff.send("/help")
    await program.staff.sees("/export")
    assert len(program.staff.said) == heard + 2
    assert not [text for text in noor.said if "nooit" in text]


async def test_how_to_answer_staff(program: Running) -> None:
    """What a person types after a message of staff reaches staff; /contact asks something else, as ever."""
    noor = program.api.person("Noor")
    notice, _ = await a_lead(program, noor)
    await program.staff.reply(notice, "Past dinsdag?")
    await noor.sees("Past dinsdag?")
    await noor.send("/contact")
    await noor.sees("contact/ask")
    await noor.send("Dinsdag is goed, om tien uur.")
    await noor.tap("contact:forward")
    question = await program.staff.sees("om tien uur")
    assert "Noor de Vries" in question.text
    await program.staff.reply(question, "Mooi.")
    await noor.sees("Mooi.")


async def test_a_long_answer_arrives_whole(program: Running) -> None:
    """Nothing of a long answer is left out, in however many parts it comes."""
    noor = program.api.person("Noor")
    notice, _reference = await a_lead(program, noor)
    text = " ".join(f"woord{number}" for number in range(400))
    assert 3300 < len(text) <= 3500
    said = await program.staff.reply(notice, text)
    await program.staff.reacted(said)
    heard = " ".join(noor.said)
    assert all(f"woord{number}" in heard for number in range(400))


async def test_a_stop_between_sending_and_telling(tmp_path: Path) -> None:
    """The bot is stopped while the answer waits: after the next start it arrives, and staff are told."""
    async with BotApi() as api:
        staff = api.group("Staf", "Anne")
        settings = program_settings(tmp_path, api, staff.id)
        noor = api.person("Noor")
        async with serving(settings):
            program = Running(settings=settings, api=api, staff=staff, folder=tmp_path)
            notice, _reference = await a_lead(program, noor)
            api.floods(noor.id, 3600, tells=1)
            said = await staff.reply(notice, "Ik bel je morgen.")
            while api.updates.pending:
                await asyncio.sleep(0.02)
        assert said.reaction is None
        assert not [text for text in noor.said if "Ik bel" in text]
        api.floods(noor.id, 0)
        async with serving(settings):
            await noor.sees("Ik bel je morgen.")
            assert await staff.reacted(said) == "👍"
