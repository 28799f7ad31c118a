"""What a person asks to be removed is gone, and what lies elsewhere is named."""

from storage.records import Forgotten, Handled, Notice, Said
from storage.store import Storage
from tests.storage.samples import NOW, conversation, lead, outgoing, sent


async def fill(storage: Storage, chat: str, reference: str) -> None:
    """Store something of everything about a chat."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(chat)])
        await tx.leads.save([lead(reference, chat=chat)])
        await tx.transcript.add([Said(chat=chat, by="person", at=NOW, content={"text": "hoi"})])
        await tx.handled.add([Handled(chat=chat, event_id="1", at=NOW, body={"messages": []})])
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=len(chat), chat=chat, lead=reference)])
        first, *_ = await tx.outbox.add(
            [
                outgoing(chat, chat=chat),
                outgoing("telegram:-1", chat=chat, lead=reference),
                outgoing("mail:x", lead=reference),
            ]
        )
        await tx.outbox.record([sent(first)])


async def test_forget(storage: Storage) -> None:
    """Everything of one person is removed, nothing of another; that an event was handled stays known."""
    await fill(storage, "web:1", "AAAA")
    await fill(storage, "web:22", "BBBB")
    async with storage.transaction() as tx:
        gone = await tx.people.forget(["web:1", "web:unknown"])
    async with storage.reading() as tx:
        assert list(await tx.conversations.load(["web:1", "web:22"])) == ["web:22"]
        assert [item.reference for item in await tx.leads.list()] == ["BBBB"]
        assert await tx.transcript.of("web:1") == []
        assert len(await tx.transcript.of("web:22")) == 1
        assert await tx.notices.of("web:1") == []
        assert sum((await tx.outbox.waiting_counts()).values()) == 2
        handled = await tx.handled.find([("web:1", "1"), ("web:22", "1")])
    assert {chat: item.body for (chat, _), item in handled.items()} == {"web:1": None, "web:22": {"messages": []}}
    assert gone.references == ("AAAA",)
    assert [item.lane for item in gone.outgoing] == ["web:1", "telegram:-1", "mail:x"]
    assert [item.message_id for item in gone.notices] == [5]


async def test_forget_nobody(storage: Storage) -> None:
    """Who is not known can be forgotten too."""
    async with storage.transaction() as tx:
        assert await tx.people.forget(["web:1"]) == Forgotten()
        assert await tx.people.forget([]) == Forgotten()


async def test_back_again(storage: Storage) -> None:
    """A person who was forgotten starts anew within the same moment."""
    await fill(storage, "web:1", "AAAA")
    async with storage.transaction() as tx:
        await tx.conversations.load(["web:1"])
        await tx.people.forget(["web:1"])
        await tx.conversations.save([conversation("web:1", draft=None)])
        await tx.outbox.add([outgoing("web:1", "Alles is verwijderd", chat="web:1")])
    async with storage.reading() as tx:
        assert (await tx.conversations.load(["web:1"]))["web:1"].draft is None
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
