"""One stored record that cannot be read: its own person's trouble, and nobody else's."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Table, func, select, text, update

from storage.case_records import CaseEvent, Did
from storage.errors import Unreadable, WrongKey
from storage.records import Handled, MissedQuestion, Notice, Outgoing, Said
from storage.store import Storage
from storage.tables import (
    case_events,
    cases,
    conversations,
    handled,
    leads,
    meta,
    notices,
    outgoing,
    questions,
    transcript,
)
from tests.storage.conftest import KEY, Open
from tests.storage.samples import ANSWERS, NOW, case, cleaned, conversation, days, lead, sent
from tests.storage.samples import outgoing as message

SOUND, SPOILT = "telegram:1", "telegram:2"
BOTH = [SOUND, SPOILT]
#: what may stand where an encrypted value belongs
GARBLED = {
    "another key": Fernet(Fernet.generate_key()).encrypt(b"{}").decode(),
    "no token": "é\N{SNOWMAN}",
    "empty": "",
    "no JSON": Fernet(KEY).encrypt(b"{").decode(),
    "another shape": Fernet(KEY).encrypt(b"[1]").decode(),
    "no UTF-8": Fernet(KEY).encrypt(b"\xff\xfe").decode(),
}


@pytest.fixture(params=list(GARBLED.values()), ids=list(GARBLED))
def garbled(request: pytest.FixtureRequest) -> str:
    """What stands in the column of one record."""
    value: str = request.param
    return value


async def spoil(storage: Storage, table: Table, value: Any, column: str = "data", which: str = SPOILT) -> None:
    """Put this into a column of the records of one chat."""
    where = table.c.chat_hash == storage.keyed_hash("chat", which)
    async with storage._database.transaction() as connection:
        await connection.run(update(table).where(where).values({column: value}))


async def two_people(storage: Storage) -> list[Outgoing]:
    """Two people of whom everything is stored; give their messages, which wait."""
    return await people(storage, BOTH)


async def people(storage: Storage, chats: Sequence[str]) -> list[Outgoing]:
    """People of whom everything is stored; give their messages, which wait."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(chat=chat) for chat in chats])
        await tx.leads.save([lead(f"KX7{n}", chat) for n, chat in enumerate(chats)])
        await tx.cases.open([case(f"KX7{n}", chat) for n, chat in enumerate(chats)])
        await tx.transcript.add([Said(chat=chat, by="bot", at=NOW, content={"text": "Dag"}) for chat in chats])
        await tx.notices.add([
            Notice(staff_chat="telegram:-1", message_id=n, chat=chat, lead=f"KX7{n}") for n, chat in enumerate(chats)
        ])  # fmt: skip
        await tx.handled.add([Handled(chat=chat, event_id="1", at=NOW, body={"messages": []}) for chat in chats])
        return await tx.outbox.add([message(chat, chat=chat) for chat in chats])


async def spoilt_people(storage: Storage, table: Table) -> list[str]:
    """One sound person, and one for each thing that may stand in this table where an encrypted value belongs."""
    spoilt = {f"telegram:{n}": value for n, value in enumerate(GARBLED.values(), 2)}
    await people(storage, [SOUND, *spoilt])
    for chat, value in spoilt.items():
        await spoil(storage, table, value, "body" if table is handled else "data", chat)
    return [*spoilt]


async def test_a_conversation(storage: Storage, garbled: str) -> None:
    """Everybody else's conversation is known, and of this one in which language to be sorry."""
    await two_people(storage)
    await spoil(storage, conversations, garbled)
    async with storage.transaction() as tx:
        found = await tx.conversations.load(BOTH)
    if garbled == "":  # as if nothing private was kept
        assert {*found} == {*BOTH}
        return
    assert [*found] == [SOUND]
    assert [*found.unreadable] == [SPOILT]
    assert found.unreadable[SPOILT].language == "nl"


@pytest.mark.parametrize(("column", "value"), [("state", "of a later release"), ("marks", "{")])
async def test_another_column_of_a_conversation(storage: Storage, column: str, value: str) -> None:
    """Whichever column it is, the others are known."""
    await two_people(storage)
    await spoil(storage, conversations, value, column)
    async with storage.transaction() as tx:
        found = await tx.conversations.load(BOTH)
    assert ([*found], [*found.unreadable]) == ([SOUND], [SPOILT])


async def test_a_lead(storage: Storage, garbled: str) -> None:
    """The conversations of all others are known with their leads; the list says that it cannot be made, and why."""
    await two_people(storage)
    await spoil(storage, leads, garbled)
    async with storage.transaction() as tx:
        found = await tx.conversations.load(BOTH)
        assert ([*found], [*found.unreadable]) == ([SOUND], [SPOILT])
        assert "KX71" in str(found.unreadable[SPOILT].problem)
        with pytest.raises(Unreadable, match="KX71"):
            await tx.leads.list()
        left_out: list[str] = []
        assert [*await tx.leads.of(await tx.leads.references(), left_out)] == ["KX70"]
        assert left_out == ["KX71"]
        assert await tx.leads.find("KX70")


@pytest.mark.parametrize("table", [conversations, leads, cases, notices, transcript, outgoing, handled], ids=str)
async def test_removal(storage: Storage, table: Table) -> None:
    """Who asks to be removed is removed, by the operator too, whatever of it can be read."""
    for chat in await spoilt_people(storage, table):
        async with storage.transaction() as tx:
            await tx.people.forget([chat])
        await is_gone(storage, chat)


async def test_removal_by_address(storage: Storage, garbled: str) -> None:
    """An operator finds by the address what cannot be read, and removes it."""
    await two_people(storage)
    for table in (conversations, leads, cases, notices, transcript, outgoing):
        await spoil(storage, table, garbled)
    async with storage.transaction() as tx:
        forgotten = await tx.people.forget_address(ANSWERS["email"])
    assert "KX71" in forgotten.references
    await is_gone(storage)


async def is_gone(storage: Storage, chat: str = SPOILT) -> None:
    """Nothing is kept of who was removed, but that its events were handled."""
    key = storage.keyed_hash("chat", chat)
    async with storage.reading() as tx:
        for table in (conversations, leads, cases, notices, transcript, outgoing):
            count = select(func.count()).select_from(table).where(table.c.chat_hash == key)
            assert (await tx.leads._connection.rows(count))[0][0] == 0, table.name
        assert not any(one.body or one.garbled for one in (await tx.handled.find([(chat, "1")])).values())


async def test_an_answer_given_before(storage: Storage, garbled: str) -> None:
    """That an event was handled is known, though not what was answered."""
    await two_people(storage)
    await spoil(storage, handled, garbled, "body")
    async with storage.transaction() as tx:
        found = await tx.handled.find([(chat, "1") for chat in BOTH])
    assert not found[SOUND, "1"].garbled
    assert found[SPOILT, "1"].garbled == (garbled != "")


async def test_a_line_of_a_page(storage: Storage, garbled: str) -> None:
    """The page shows the rest of the conversation; the file of data says that it cannot be made."""
    await two_people(storage)
    await spoil(storage, transcript, garbled)
    async with storage.transaction() as tx:
        await tx.transcript.add([Said(chat=SPOILT, by="bot", at=NOW, content={"text": "Tot ziens"})])
        assert [said.content["text"] for said in await tx.transcript.of(SPOILT)] == ["Tot ziens"]
        with pytest.raises(Unreadable):
            await tx.people.kept(SPOILT)
        assert (await tx.people.kept(SOUND)).said


async def test_messages_that_a_dead_process_left(url: str, opened: Open, garbled: str) -> None:
    """The others leave; the one that cannot be read is handed over as failed, and can be listed as given up."""
    [first, second] = await two_people(await opened(url, owner="dead"))
    storage = await opened(url, owner="alive")
    await spoil(storage, outgoing, garbled)
    async with storage.transaction() as tx:
        await tx.processes.leave("dead")
        taken = await tx.outbox.take(NOW)
    assert [(one.id, one.status) for one in taken] == [(first.id, "waiting"), (second.id, "failed")]
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(taken[1], status="failed", error=taken[1].error, receipt=None)])
        [listed] = await tx.outbox.failed()
        assert (listed.id, listed.error) == (second.id, taken[1].error)
        assert await tx.outbox.retarget(SOUND, "telegram:9") == 1


async def test_a_notice(storage: Storage, garbled: str) -> None:
    """Staff's reply to it fails by itself; replies to others find their person."""
    await two_people(storage)
    await spoil(storage, notices, garbled)
    async with storage.transaction() as tx:
        assert await tx.notices.find("telegram:-1", 0)
        with pytest.raises(Unreadable):
            await tx.notices.find("telegram:-1", 1)


@pytest.mark.parametrize("table", [conversations, notices], ids=str)
async def test_what_is_kept_long_enough(storage: Storage, table: Table) -> None:
    """What is past its term goes all the same, also what cannot be read."""
    spoilt = await spoilt_people(storage, table)
    async with storage.transaction() as tx:
        await cleaned(tx, NOW + days(400))
    for chat in spoilt:
        await is_gone(storage, chat)


async def test_drafts_past_their_term(storage: Storage, garbled: str) -> None:
    """An old draft in a conversation that cannot be read goes with it, and so do all others."""
    await two_people(storage)
    await spoil(storage, conversations, garbled)
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(chat=SOUND, updated_at=NOW + days(31))])
        await storage_touch(storage, tx)
        await cleaned(tx, NOW + days(31))
        assert not [one for one in (await tx.conversations.load(BOTH)).values() if one.draft]


async def storage_touch(storage: Storage, tx: Any) -> None:
    """The person of the spoilt conversation was there a moment ago."""
    key = storage.keyed_hash("chat", SPOILT)
    where = conversations.c.chat_hash == key
    await tx.conversations._connection.run(update(conversations).where(where).values(updated_at=NOW + days(31)))


async def test_questions(storage: Storage, garbled: str) -> None:
    """One that cannot be read keeps no other from the list; where none can, that is said."""
    async with storage.transaction() as tx:
        await tx.questions.add([MissedQuestion(question="Lunch?", language="nl", suggestions=(), at=NOW)])
        await tx.questions._connection.run(update(questions).values(data=garbled))
        with pytest.raises(Unreadable):
            await tx.questions.recent()
        assert await tx.questions.count() == 1
        await tx.questions.add([MissedQuestion(question="Parkeren?", language="nl", suggestions=(), at=NOW)])
        assert [one.question for one in await tx.questions.recent()] == ["Parkeren?"]


async def test_where_a_chat_moved_to(storage: Storage, garbled: str) -> None:
    """The outbox starts all the same; the other side says again where the chat is."""
    async with storage.transaction() as tx:
        await tx.outbox.retarget("telegram:-1", "telegram:-100")
        spoilt: Mapping[str, str] = {"value": garbled}
        await tx.meta._connection.run(update(meta).where(meta.c.name == "value:lane-aliases").values(spoilt))
        assert await tx.outbox.aliases() == {}


async def test_a_new_key(url: str, opened: Open) -> None:
    """Everything that can be read gets the newest key, and the operator reads how many cannot."""
    storage = await opened(url)
    await two_people(storage)
    await spoil(storage, leads, GARBLED["another key"])
    newer = Fernet.generate_key().decode()
    rotating = await opened(url, data_key=f"{newer},{KEY}")
    with pytest.raises(WrongKey, match="1 stored values"):
        await rotating.rotate(batch=1)
    async with (await opened(url, data_key=newer)).reading() as tx:
        assert await tx.leads.find("KX70")
        assert [*(await tx.conversations.load(BOTH))] == [SOUND]


async def test_a_time_that_is_none(sqlite_ready: str, opened: Open) -> None:
    """In SQLite any text may stand where a time belongs: only its own record cannot be read."""
    storage = await opened(sqlite_ready, owner="first")
    await two_people(storage)
    key = storage.keyed_hash("chat", SPOILT)
    async with storage._database.transaction() as connection:
        for table, column in (("conversations", "updated_at"), ("leads", "created_at"), ("outgoing", "due_at")):
            await connection.run(
                text(f"UPDATE {table} SET {column} = 'yesterday' WHERE chat_hash = :key"), {"key": key}
            )
    async with storage.transaction() as tx:
        found = await tx.conversations.load(BOTH)
        assert ([*found], [*found.unreadable]) == ([SOUND], [SPOILT])
        await tx.processes.leave("first")
    async with (await opened_other(storage, opened, sqlite_ready)).transaction() as tx:
        assert [one.status for one in await tx.outbox.take(NOW)] == ["waiting", "failed"]


async def opened_other(storage: Storage, opened: Open, url: str) -> Storage:
    """Another process, after the first one ended."""
    await storage.close()
    return await opened(url, owner="second")


async def test_what_happened_to_a_case(storage: Storage, garbled: str) -> None:
    """A history that cannot be read says so; another's is read."""
    async with storage.transaction() as tx:
        await tx.cases.log([CaseEvent(reference=one, at=NOW, did=Did.NOTED, by=None, text="x") for one in ("A", "B")])
        where = case_events.c.reference == "B"
        await tx.cases._connection.run(update(case_events).where(where).values(data=garbled))
        assert len((await tx.cases.history(["A"]))["A"]) == 1
        with pytest.raises(Unreadable):
            await tx.cases.history(["B"])
