"""Who asks to be forgotten is gone: wherever they were, and whatever is under way about them at that moment."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Program, build
from bot.cli.operator import Operator, Wrong
from bot.dialogue.events import Chosen, Typed
from bot.settings import Settings, load_settings
from storage.store import Storage
from tests.botapi import Person
from tests.events import Kind, happens
from tests.journey.program import Running, running, visiting
from tests.journey.someone import REFERENCE
from tests.outbox.helpers import Bench, ScriptedSender, until
from tests.said import is_message, rendered
from tests.security.journey import crm

ANSWERS = ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl")


async def signs_up(person: Person) -> None:
    """From /aanmelden to the reference."""
    await person.send("/aanmelden")
    for answer in ANSWERS:
        await person.sees()
        await person.send(answer)
    await person.tap("signup:submit")
    await person.sees("signup/done")


async def kept_of(program: Running) -> dict[str, int]:
    """How much is stored of persons, by table."""
    storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
    try:
        async with storage.reading() as tx:
            leads, failed = await tx.leads.list(), await tx.outbox.failed()
            known = await tx.retention.references()
    finally:
        await storage.close()
    return {"leads": len(leads), "failed": len(failed), "references": len(known)}


async def test_everything_goes_everywhere(tmp_path: Path) -> None:
    """One confirmation, and staff chat, mail files, database and CRM know nothing of the person any more."""
    hooks: list[bytes] = []
    async with crm(hooks) as hook, running(tmp_path, lead_webhook_url=hook, lead_webhook_secret="s" * 20) as program:
        noor = program.api.person("Noor")
        await signs_up(noor)
        notice = await program.staff.sees("Noor de Vries")
        reference = next(word for word in notice.text.split() if word.count("-") == 1 and word.isupper())
        for command in ("/leads", f"/lead {reference}"):
            await program.staff.send(command)
            await program.staff.sees("Noor de Vries")
        await noor.send("/contact")
        await noor.sees()
        await noor.send("Is Noor de Vries bekend?")
        await noor.tap("contact:forward")
        await program.staff.sees("bekend?")
        await program.gets_mail("anne@", "")
        await noor.send("/verwijderen")
        await noor.tap("data:forget:confirm")
        await noor.sees("data/forgotten")
        told = await program.staff.sees("staff/forgotten")
        await until(lambda: "Vries" not in "".join(program.staff.said), "the staff chat's messages are edited")
        await until(lambda: len(hooks) == 2, "the webhook is told")
        assert "Noor" not in told.text
        assert reference not in told.text
        assert sum(map(removed_as_asked, program.staff.said)) == 3
        assert json.loads(hooks[-1]) == {"event": "lead.forgotten", "reference": reference}
        assert not [mail for mail in program.mails() if "Vries" in mail.as_string()]
        assert await kept_of(program) == {"leads": 0, "failed": 0, "references": 0}
        await noor.send("/mijngegevens")
        await noor.sees("data/none")


def removed_as_asked(text: str) -> bool:
    """Whether this says that something was removed because the person asked for it."""
    found = REFERENCE.search(text)
    return found is not None and text == rendered("staff/removed", {"why": "asked", "reference": found[0]})


async def test_withdrawing_is_as_easy_as_giving(program: Running) -> None:
    """The thanks for a sign-up say how to withdraw it: a command and a tap, where signing up took seven messages."""
    noor = program.api.person("Noor")
    await signs_up(noor)
    await noor.send("/verwijderen")
    await noor.tap("data:forget:confirm")
    await noor.sees("data/forgotten")
    assert (await kept_of(program))["leads"] == 0


async def test_what_waits_for_staff_never_arrives(program: Running) -> None:
    """A notice that Telegram makes wait is not sent once its person is forgotten."""
    program.api.floods(program.staff.id, 3600, tells=1)
    noor = program.api.person("Noor")
    await signs_up(noor)
    await noor.send("/verwijderen")
    await noor.tap("data:forget:confirm")
    await noor.sees("data/forgotten")
    program.api.floods(program.staff.id, 0)
    await program.staff.sees("staff/forgotten", within=15)
    assert "Vries" not in "".join(program.staff.said)


async def test_a_notice_under_way_is_edited_when_it_arrives(program: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice that is just being sent while its person is forgotten does not stay in the staff chat."""
    noor = program.api.person("Noor")
    held = asyncio.Event()
    serve = program.api._meet  # the strict server's own way of answering, held up here

    async def late(request: Any, call: Any) -> Any:
        if call.method == "sendMessage" and "Vries" in call.given["text"] and int(call.given["chat_id"]) < 0:
            await held.wait()
        return await serve(request, call)

    monkeypatch.setattr(program.api, "_meet", late)
    await signs_up(noor)
    await noor.send("/verwijderen")
    await noor.tap("data:forget:confirm")
    await noor.sees("data/forgotten")
    held.set()
    await program.staff.sees("Vries")
    await program.staff.sees("staff/removed")
    await until(lambda: "Vries" not in "".join(program.staff.said), "the late notice is edited")


async def test_what_failed_once_is_not_tried_for_somebody_forgotten() -> None:
    """A message that was being tried when its person was forgotten, and did not arrive, is not tried again."""
    sender = ScriptedSender(lambda message: ConnectionError())
    sender.gate.clear()
    async with Bench(sender) as bench:
        [key] = await bench.commit(["telegram:-1"])
        await until(lambda: sender.tried == [key])
        del bench.storage.outbox.rows[key]
        bench.outbox.drop([key])
        sender.gate.set()
        await asyncio.sleep(0.1)
        assert sender.tried == [key]


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Program]:
    """The program's parts, without Telegram, not running: a test hands batches to the desk itself."""
    names = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "MAIL_URL": f"file:{tmp_path}/mail",
        "CONTACT_EMAIL": "anne@course.example",
    }  # fmt: skip
    program = await build(load_settings(names, None))
    yield program
    await program.storage.close()


async def test_nothing_of_one_batch_survives(parts: Program) -> None:
    """Sending and forgetting that arrive in the same instant leave no lead, no mail, and no line of the chat."""
    chat, desk = "web:0123", parts.desk

    async def says(*texts: tuple[Kind, str]) -> list[Any]:
        events = [
            happens(kind, text, id=f"{len(desk_ids)}-{at}", chat=chat, at=datetime.now(UTC))
            for at, (kind, text) in enumerate(texts)
        ]
        desk_ids.append(events[0].id)
        return await desk.handle(events)

    desk_ids: list[str] = []
    for text in ("/aanmelden", *ANSWERS):
        answers = await says((Typed, text))
    submit = answers[0].messages[-1]["buttons"][0][0]["id"]
    until_when = format(int((datetime.now(UTC) + timedelta(minutes=9)).timestamp()), "x")
    sent, gone, after = await says((Chosen, submit), (Chosen, f"data:forget:confirm@{until_when}"), (Typed, "/help"))
    assert is_message(sent.messages[0]["text"], "signup/done", "nl")
    assert is_message(gone.messages[0]["text"], "data/forgotten", "nl")
    assert after.messages
    async with parts.storage.reading() as tx:
        assert await tx.leads.list() == []
        said = await tx.transcript.of(chat)
        kept = await tx.people.kept(chat)
        handled = await tx.handled.find([(chat, "6-0")])
    assert "Vries" not in str(said)
    assert kept.outgoing == ()
    assert handled[chat, "6-0"].body is None


async def test_an_operator_forgets_somebody_by_address(tmp_path: Path) -> None:
    """A request by letter or telephone: lead and question gone, also from the staff chat of the running program."""
    async with running(tmp_path) as program:
        noor = program.api.person("Noor")
        await signs_up(noor)
        await program.staff.sees("Noor de Vries")
        async with visiting(program.url) as kees:
            await kees.says("/contact")
            await kees.says("Weet Anne van Kees?")
            await kees.says("noor@UTRECHT.nl")
            await kees.taps("contact:forward")
        await program.staff.sees("van Kees?")
        await program.gets_mail("anne@", "")
        await operates(program.settings, "NOOR@utrecht.nl")
        await program.staff.sees("staff/forgotten", within=15)
        await until(lambda: "Vries" not in "".join(program.staff.said), "the notice is edited")
        await until(lambda: "van Kees" not in "".join(program.staff.said), "the question is edited")
        assert not [mail for mail in program.mails() if "noor" in mail.as_string().lower()]
        assert await kept_of(program) == {"leads": 0, "failed": 0, "references": 0}
        with pytest.raises(Wrong):
            await operates(program.settings, "noor@utrecht.nl")


async def operates(settings: Settings, email: str) -> None:
    """``leads forget --email`` beside the running program."""
    storage = await Storage.open(settings.database_url, data_key=None)
    try:
        await Operator(settings, storage).forget(email)
    finally:
        await storage.close()
