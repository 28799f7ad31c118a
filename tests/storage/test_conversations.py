"""Conversations come back as they were saved."""

import asyncio
import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from bot.dialogue.records import Conversation, State
from bot.dialogue.talks import Talk
from storage.records import Handled, Said
from storage.store import Storage
from tests.storage.conftest import KEY, Open
from tests.storage.samples import NOW, conversation, draft, lead, outgoing, sent


async def test_round_trip(storage: Storage) -> None:
    """A person who comes back finds the sign-up exactly where it was."""
    saved = conversation(
        source="nieuwsbrief",
        question="Kan het ook op zaterdag?",
        reply_to="m@x.nl",
        misses=2,
        asked_at=NOW,
        cut_at=NOW,
        sharing=True,
        last_draft="x9",
        draft=draft(suggestion="m@gmail.com", reference="KX7M", revising=True, paused=True),
    )
    async with storage.transaction() as tx:
        await tx.conversations.save([saved])
    async with storage.reading() as tx:
        assert await tx.conversations.load(["telegram:1", "telegram:2"]) == {"telegram:1": saved}


async def test_every_field_is_kept(storage: Storage) -> None:
    """A field that is added to the conversation is kept too, without a word here."""
    fields = {field.name for field in dataclasses.fields(Conversation)}
    known = {"asked_at", "channel", "chat", "cut_at", "draft", "language", "last_draft", "leads", "misses", "question"}
    known |= {"reply_to", "sharing", "source", "state", "talk", "updated_at"}
    talk = Talk(reference="KX7M", name="Anne", at=NOW, answering=True)
    added: dict[str, Any] = {**dict.fromkeys(fields - known, "iets nieuws"), "talk": talk}
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(**added)])
    async with storage.reading() as tx:
        assert await tx.conversations.load(["telegram:1"]) == {"telegram:1": conversation(**added)}


async def test_latest_wins(storage: Storage) -> None:
    """Only the latest state of a conversation counts, also when it is saved twice at once."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(), conversation(state=State.REVIEW)])
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(state=State.IDLE, draft=None)])
    async with storage.reading() as tx:
        assert (await tx.conversations.load(["telegram:1"]))["telegram:1"].state is State.IDLE


async def test_leads_come_along(storage: Storage) -> None:
    """A returning person's earlier leads are known, oldest first, and nobody else's."""
    older, newer = lead("AAAA", created_at=NOW), lead("BBBB", created_at=NOW.replace(hour=13))
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(), conversation("telegram:2")])
        await tx.leads.save([newer, older, lead("CCCC", chat="telegram:3")])
    async with storage.reading() as tx:
        loaded = await tx.conversations.load(["telegram:1", "telegram:2"])
    assert loaded["telegram:1"].leads == (older, newer)
    assert loaded["telegram:2"].leads == ()


async def test_nothing_wanted(storage: Storage) -> None:
    """A batch without events asks the database nothing and changes nothing."""
    async with storage.transaction() as tx:
        await tx.conversations.save([])
        assert await tx.conversations.load([]) == {}


async def test_time_is_filled_in(storage: Storage) -> None:
    """A conversation saved without a time counts as saved now, so that it is not kept for ever."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(updated_at=None)])
    async with storage.reading() as tx:
        assert (await tx.conversations.load(["telegram:1"]))["telegram:1"].updated_at is not None


async def test_counts(storage: Storage) -> None:
    """Staff see how many conversations there are, per channel, language and state."""
    async with storage.transaction() as tx:
        await tx.conversations.load(["telegram:9"])  # in PostgreSQL this holds a place; it is no conversation
        await tx.conversations.save([conversation(), conversation("web:1", language="en", state=State.IDLE)])
    async with storage.reading() as tx:
        counts = await tx.conversations.all_counts()
    assert counts == {
        "channel": {"telegram": 1, "web": 1},
        "language": {"nl": 1, "en": 1},
        "state": {"ask": 1, "idle": 1},
    }


async def test_undone(storage: Storage) -> None:
    """When a batch fails nothing of it is stored."""
    try:
        async with storage.transaction() as tx:
            await tx.conversations.save([conversation()])
            raise RuntimeError
    except RuntimeError:
        pass
    async with storage.reading() as tx:
        assert await tx.conversations.load(["telegram:1"]) == {}


async def test_two_processes_take_turns(url: str, opened: Open) -> None:
    """Two processes that answer the same chat at once never overwrite each other, known chat or not."""
    storages = [await opened(url, owner=name) for name in ("first", "second")]

    async def count_up(storage: Storage, chats: list[str]) -> None:
        for _ in range(10):
            async with storage.transaction() as tx:
                known = await tx.conversations.load(chats)
                await asyncio.sleep(0)
                await tx.conversations.save(
                    [conversation(chat, misses=known[chat].misses + 1 if chat in known else 1) for chat in chats]
                )

    chats = [f"web:{number}" for number in range(5)]
    await asyncio.gather(count_up(storages[0], chats), count_up(storages[1], chats[::-1]))
    async with storages[0].reading() as tx:
        assert {item.misses for item in (await tx.conversations.load(chats)).values()} == {20}


async def test_sees_what_was_waited_for(postgresql_ready: str, opened: Open) -> None:
    """Who waited for a chat sees the leads and events that the other process stored meanwhile."""
    first, second = [await opened(postgresql_ready, owner=name) for name in ("first", "second")]
    started = asyncio.Event()

    async def wait_and_look() -> tuple[int, int]:
        async with second.transaction() as tx:
            started.set()
            known = await tx.conversations.load(["web:1"])
            return len(known["web:1"].leads), len(await tx.handled.find([("web:1", "7")]))

    async with first.transaction() as tx:
        await tx.conversations.load(["web:1"])
        looking = asyncio.create_task(wait_and_look())
        await started.wait()
        await asyncio.sleep(0.1)
        assert not looking.done()
        await tx.leads.save([lead(chat="web:1")])
        await tx.handled.add([Handled(chat="web:1", event_id="7", at=NOW)])
        await tx.conversations.save([conversation("web:1")])
    assert await looking == (1, 1)


async def test_a_batch_takes_a_handful_of_statements(storage: Storage) -> None:
    """A hundred turns cost as many statements as one, so that a flood does not slow the bot down."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    chats = [f"telegram:{number}" for number in range(100)]
    event.listen(Engine, "before_cursor_execute", note)
    try:
        async with storage.transaction() as tx:
            await tx.conversations.load(chats)
            await tx.handled.find([(chat, "1") for chat in chats])
            await tx.conversations.save([conversation(chat) for chat in chats])
            await tx.handled.add([Handled(chat=chat, event_id="1", at=NOW) for chat in chats])
            await tx.leads.save([lead(f"R{chat}", chat=chat) for chat in chats])
            messages = await tx.outbox.add([outgoing(chat) for chat in chats])
            await tx.outbox.record([sent(message) for message in messages])
            await tx.transcript.add([Said(chat=chat, by="bot", at=NOW) for chat in chats])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(statements) <= 16, statements


TEXT = st.text(st.characters(codec=None), max_size=30)  # lone surrogates and NUL included


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.dictionaries(TEXT, TEXT), question=TEXT, chat=TEXT)
def test_any_text_survives(sqlite_ready: str, answers: dict[str, str], question: str, chat: str) -> None:
    """Whatever people type comes back as they typed it."""
    saved = conversation(f"web:{chat}", draft=draft(answers=answers), question=question)

    async def store() -> dict[str, Conversation]:
        storage = await Storage.open(sqlite_ready, data_key=KEY)
        async with storage.transaction() as tx:
            await tx.conversations.save([saved])
        await storage.close()
        fresh = await Storage.open(sqlite_ready, data_key=KEY)
        async with fresh.reading() as tx:
            found = await tx.conversations.load([saved.chat])
        await fresh.close()
        return found

    assert asyncio.run(store()) == {saved.chat: saved}
