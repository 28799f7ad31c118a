"""What an operator or the daily clean-up removes on PostgreSQL while people go on talking, over another connection."""

import asyncio

import psycopg
import pytest

from storage.records import Said
from storage.store import Storage
from tests.storage.conftest import Open
from tests.storage.samples import ANSWERS, NOW, cleaned, conversation, days, lead, outgoing

CHAT = "web:1"


@pytest.fixture
async def person(postgresql_ready: str, opened: Open) -> Storage:
    """The process in which a person with a lead talks."""
    storage = await opened(postgresql_ready, owner="person")
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(CHAT)])
        await tx.leads.save([lead("AAAA", chat=CHAT)])
    return storage


@pytest.fixture
async def operator(postgresql_ready: str, opened: Open) -> Storage:
    """The process that removes."""
    return await opened(postgresql_ready, owner="operator")


async def until_it_waits(url: str, task: "asyncio.Task[object]") -> None:
    """Return when a statement waits for another one's lock, or all of them came through."""
    waiting = b"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        async with asyncio.timeout(10):
            while not task.done() and not await (await connection.execute(waiting)).fetchall():
                await asyncio.sleep(0.01)


async def test_forgotten_while_they_sign_up_again(postgresql_ready: str, person: Storage, operator: Storage) -> None:
    """``leads forget`` in the very moment in which the person sends a second sign-up leaves nothing of either."""

    async def forget() -> tuple[str, ...]:
        async with operator.transaction() as tx:
            return (await tx.people.forget_address(ANSWERS["email"])).references

    async with person.transaction() as tx:
        known = await tx.conversations.load([CHAT])
        forgetting = asyncio.create_task(forget())
        await until_it_waits(postgresql_ready, forgetting)
        await tx.leads.save([lead("BBBB", chat=CHAT)])
        await tx.transcript.add([Said(chat=CHAT, by="person", at=NOW, content={"text": "hoi"})])
        await tx.outbox.add([outgoing("telegram:-1", chat=CHAT, lead="BBBB")])
        await tx.conversations.save(known.values())
    assert await forgetting == ("AAAA", "BBBB")
    async with operator.reading() as tx:
        assert await tx.leads.list() == []
        assert await tx.transcript.of(CHAT) == []
        assert await tx.outbox.waiting_counts() == {}
        assert await tx.conversations.all_counts() == {"channel": {}, "language": {}, "state": {}}


async def test_renewed_while_it_is_cleaned_up(postgresql_ready: str, person: Storage, operator: Storage) -> None:
    """A lead that its person sends anew on the very day it would be removed stays."""
    late = NOW + days(400)

    async def purge() -> tuple[str, ...]:
        async with operator.transaction() as tx:
            return (await cleaned(tx, late)).references

    async with person.transaction() as tx:
        await tx.conversations.load([CHAT])
        await tx.leads.save([lead("AAAA", chat=CHAT, updated_at=late)])
        purging = asyncio.create_task(purge())
        await until_it_waits(postgresql_ready, purging)
        await tx.conversations.save([conversation(CHAT, updated_at=late)])
    assert await purging == ()
    async with operator.reading() as tx:
        assert [item.reference for item in await tx.leads.list()] == ["AAAA"]


async def test_looking_for_an_address_waits_for_nobody(
    postgresql_ready: str, person: Storage, operator: Storage
) -> None:
    """All that is stored is read while a turn is under way; what that turn stores is removed with the rest."""
    async with person.transaction() as tx:
        known = await tx.conversations.load([CHAT])
        async with operator.reading() as reading:
            found = await reading.people.find_address(ANSWERS["email"])
        await tx.leads.save([lead("BBBB", chat="telegram:2")])
        await tx.conversations.save(known.values())
    async with operator.transaction() as tx:
        forgotten = await tx.people.forget_address(ANSWERS["email"], found=found)
        assert await tx.leads.list() == []
    assert (forgotten.references, forgotten.chats) == (("AAAA", "BBBB"), 2)
