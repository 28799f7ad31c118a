"""What staff answer reaches the person where the person is."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.events import Typed
from bot.dialogue.records import Conversation
from bot.outbox import StaffAddress
from bot.staff.chat import StaffChat
from bot.turns.protocols import StaffTurn
from storage.contents import Letter, Send
from storage.records import Notice
from storage.store import Storage
from tests.events import happens
from tests.notifications.helpers import lead
from tests.postgres import postgres_server, postgres_url
from tests.said import worded
from tests.staff.asking import asks
from tests.storage.conftest import Open, opened, postgres_template, postgresql_ready
from tests.storage.test_meanwhile import until_it_waits

__all__ = ["opened", "postgres_server", "postgres_template", "postgres_url", "postgresql_ready"]

STAFF = "telegram:-100"


async def test_an_answer_leaves_by_the_persons_own_channel(tmp_path: Path) -> None:
    """A person who is reached by sending is sent what staff answered, where they wrote."""
    chat = "telegram:5"
    staff = StaffChat(worded(), StaffAddress(STAFF), "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    reply = happens(Typed, "Jazeker!", id="1", chat=STAFF, at=datetime.now(UTC), replied_to=7)
    async with storage.transaction() as tx:
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=7, chat=chat)])
        done = await asks(staff, tx, reply)
    await storage.close()
    [said] = done.outgoing
    assert (said.lane, said.kind, said.chat) == (chat, chat.partition(":")[0], chat)
    assert "Jazeker!" in said.content_as(Send).html
    assert {(told.lane, told.kind) for told in said.then.values()} == {(STAFF, "telegram")}
    assert (said.then["sent"].chat, said.then["forgotten"].chat) == (chat, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Aanmelding {0}", {"telegram:5"}),
        ("Aanmelding {0}, {0} en nog eens {0}", {"telegram:5"}),
        ("De laatste aanmeldingen\n{0} Noor\n{1} Eve", set()),
        ("Vraag {1}\nIk ben {0}, bel mij", set()),
        ("Onbeantwoorde vragen\n1x Wat kost {0}?", set()),
        ("De laatste aanmeldingen\n\n{0} Noor", set()),
        ("Aantallen", set()),
        ("Aanmelding {2}", set()),
    ],
)
async def test_a_reply_to_a_message_that_is_no_longer_known(tmp_path: Path, text: str, told: set[str]) -> None:
    """One reference in it leads to its person; with none or several nobody but staff is told anything."""
    staff = StaffChat(worded(), StaffAddress(STAFF), "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    references = ("K7PQ-X4MT", "P3WT-97HG", "ZZZZ-9999")
    event = happens(Typed, "Bel ik zo!",
        id="1", chat=STAFF, at=datetime.now(UTC), replied_to=7,
        replied_text=text.format(*references),
    )  # fmt: skip
    leads = [lead(reference=one, chat=f"telegram:{5 + number}") for number, one in enumerate(references[:2])]
    async with storage.transaction() as tx:
        await tx.leads.save(leads)
        done = await asks(staff, tx, event)
    await storage.close()
    [answer] = done.outgoing
    assert {answer.lane} == (told or {STAFF})


async def test_an_answer_while_its_person_is_removed(postgresql_ready: str, opened: Open) -> None:
    """Staff answer in the moment in which somebody is removed: nothing is kept for who is gone, and staff read so."""
    staff = StaffChat(worded(), StaffAddress(STAFF), "nl")
    chat, at = "web:1", datetime.now(UTC)
    ours = "Nieuwe aanmelding KX7M-PQ4T"
    reply = happens(Typed, "Dag Noor!", id="1", chat=STAFF, at=at, replied_to=7, replied_text=ours)
    here, there = await opened(postgresql_ready, owner="first"), await opened(postgresql_ready, owner="second")
    async with here.transaction() as tx:
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=7, chat=chat, lead="KX7M-PQ4T")])

    async def answer() -> StaffTurn:
        async with there.transaction() as tx:
            return await asks(staff, tx, reply)

    async with here.transaction() as tx:
        await tx.people.forget([chat])
        answering = asyncio.create_task(answer())
        await until_it_waits(postgresql_ready, answering)
    done = await answering
    async with here.reading() as tx:
        assert await tx.transcript.of(chat) == []
    assert [(one.lane, one.chat) for one in done.outgoing] == [(STAFF, None)]
    assert done.said_in is None


SLIPS = (
    "/notitie Lastig mens, bel niet terug",
    "/stuur costs graag",
    " /lead K7PQ-X4MT bellen?",
    "/notitie: lastig mens",
    "/Notitie, lastig mens",
    "/ notitie lastig mens",
    "\u200b/notitie lastig mens",
    "\uff0fnotitie lastig mens",
    "/notitie2 lastig mens",
)


@pytest.mark.parametrize("text", SLIPS)
async def test_a_slip_in_a_command_reaches_nobody(tmp_path: Path, text: str) -> None:
    """A reply that begins as a command is not passed on, also when it is none that is known: staff are told."""
    staff = StaffChat(worded(), StaffAddress(STAFF), "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    event = happens(Typed, text, id="1", chat=STAFF, at=datetime.now(UTC), replied_to=7)
    async with storage.transaction() as tx:
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=7, chat="telegram:5")])
        [told] = (await asks(staff, tx, event)).outgoing
    await storage.close()
    assert told.lane == STAFF


async def test_a_conversation_that_nobody_can_come_back_to(tmp_path: Path) -> None:
    """A visitor began anew, or the session ended: the answer is not called ready; it is mailed, and staff read so."""
    words = worded()
    staff = StaffChat(words, StaffAddress(STAFF), "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    at = datetime.now(UTC)
    event = happens(Typed, "Dag Noor!", id="1", chat=STAFF, at=at, replied_to=7)
    known = lead(reference="K7PQ-X4MT", chat="web:abc")
    async with storage.transaction() as tx:
        await tx.leads.save([known])
        await tx.conversations.save([Conversation(chat="web:abc", language="nl")])
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=7, chat="web:abc", lead=known.reference)])
        await tx.ended.add(["web:abc"], at)
        done = await asks(staff, tx, event)
        assert await tx.transcript.of("web:abc") == []
    await storage.close()
    values = {"reference": known.reference, "email": known.answers["email"], "gone": True}
    [mail] = done.outgoing
    assert (mail.kind, mail.content_as(Letter).to, mail.due_at) == ("mail", known.answers["email"], None)
    told = mail.then["sent"].content_as(Send)
    assert told.html == words.message("staff/answer_mailed", "nl", values, "staff").html
    assert done.said_in is None


@pytest.mark.parametrize(("typed", "said"), [("Zwaluwstaart", False), ("noor@x.nl", False), ("K7PQ-X4MT", True)])
async def test_what_is_no_reference_is_not_said_again(tmp_path: Path, typed: str, said: bool) -> None:
    """Staff who look for a name do not find it in our answer, which would stay there when its person is removed."""
    staff = StaffChat(worded(), StaffAddress(STAFF), "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    event = happens(Typed, f"/lead {typed}", id="1", chat=STAFF, at=datetime.now(UTC))
    async with storage.transaction() as tx:
        [told] = (await asks(staff, tx, event)).outgoing
    await storage.close()
    assert (typed in str(told.content)) is said
