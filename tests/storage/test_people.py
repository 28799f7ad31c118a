"""What a person asks to be removed is gone, and what lies elsewhere is named."""

from dataclasses import replace

from storage.contents import Letter
from storage.records import Forgotten, Handled, Listed, Notice, Said
from storage.store import Storage
from tests.storage.samples import NOW, conversation, draft, lead, outgoing, sent


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
        assert await tx.notices.find("telegram:-1", len("web:1")) is None
        assert await tx.notices.find("telegram:-1", len("web:22")) is not None
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


async def test_forget_an_address(storage: Storage) -> None:
    """An operator finds a person by address: in a lead, in a draft, where a question is or was to be answered."""
    wanted = "Noor@example.org"
    async with storage.transaction() as tx:
        await tx.leads.save([lead("AAAA", chat="web:1", answers={"email": wanted}), lead("KEPT", chat="web:9")])
        await tx.conversations.save(
            [
                conversation("web:2", draft=draft(answers={"email": wanted.lower()})),
                conversation("web:3", draft=None, reply_to=wanted),
                conversation("web:9", draft=None, reply_to="other@example.org"),
                conversation("web:8", draft=None, question="Noor@example.org?"),
            ]
        )
        await tx.leads.keep_address("ASKD", wanted)
        mail = Letter(to=wanted, reply_to=None, subject="", text="", html="", message_id="")
        await tx.outbox.add([outgoing("telegram:-1", chat="web:4", question="ASKD")])
        await tx.outbox.add([outgoing("mail:x", kind="mail", chat="web:5", lead="OLD1", content=mail)])
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=3, chat="web:3", question="Q")])
        gone = await tx.people.forget_address(wanted)
        assert await tx.people.forget_address("nobody@example.org") == Forgotten()
    assert (gone.references, gone.chats, [item.message_id for item in gone.notices]) == (("AAAA",), 5, [3])
    assert (gone.questions, gone.lines) == (("ASKD", "Q"), 1)
    async with storage.reading() as tx:
        left = await tx.conversations.load([f"web:{n}" for n in range(10)])
    assert {chat: one.question for chat, one in left.items()} == {"web:8": None, "web:9": None}


async def test_an_address_in_what_others_said(storage: Storage) -> None:
    """Who named somebody's address stays; the lines in which it stands go, and not those with a longer address."""
    texts = ("Bel Jan@müller.nl maar", "marjan@müller.nl", "jan@müller.nl.be", "jan@xn--mller-kva.nl")
    async with storage.transaction() as tx:
        await tx.transcript.add([Said(chat="web:1", by="person", at=NOW, content={"text": text}) for text in texts])
        body = {"messages": [{"text": "jan@müller.nl"}]}
        await tx.handled.add([Handled(chat="web:1", event_id="1", at=NOW, body=body)])
        gone, waiting = await tx.outbox.add([outgoing("web:1", text) for text in ("jan@müller.nl", "jan@müller.nl")])
        await tx.outbox.record([sent(gone)])
        assert await tx.people.forget_address("jan@müller.nl", ours=True) == Forgotten()
        forgotten = await tx.people.forget_address("jan@müller.nl", "jan@xn--mller-kva.nl")
        assert (forgotten.chats, forgotten.lines) == (0, 4)
        assert [said.content["text"] for said in await tx.transcript.of("web:1")] == list(texts[1:3])
        assert (await tx.handled.find([("web:1", "1")]))["web:1", "1"].body is None
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
        assert await tx.outbox.mine([gone.id or 0, waiting.id or 0]) == {waiting.id}


async def test_a_message_that_arrives_while_its_person_is_forgotten(storage: Storage) -> None:
    """What staff read too late is named, so that it is edited; nothing of it is kept."""
    notice = Notice(staff_chat="telegram:-1", message_id=7, chat="web:1", lead="AAAA")
    async with storage.transaction() as tx:
        gone, there = await tx.outbox.add([outgoing("telegram:-1", chat="web:1"), outgoing("telegram:-1")])
        await tx.people.forget(["web:1"])
    async with storage.transaction() as tx:
        late = [replace(sent(gone), notice=notice), replace(sent(there), notice=replace(notice, message_id=8))]
        assert await tx.outbox.record(late) == [notice]
        assert await tx.notices.find("telegram:-1", 7) is None
        assert await tx.notices.find("telegram:-1", 8) is not None


async def test_lists_of_leads_are_out_of_date_when_one_goes(storage: Storage) -> None:
    """A list that staff asked for is named whoever is forgotten, once."""
    async with storage.transaction() as tx:
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=5, chat=None, listed=Listed.LEADS)])
        assert [item.message_id for item in (await tx.people.forget(["web:1"])).notices] == [5]
        assert (await tx.people.forget(["web:1"])).notices == ()


async def test_all_that_is_kept(storage: Storage) -> None:
    """What is kept of a chat besides its leads is found, of nobody else."""
    await fill(storage, "web:1", "AAAA")
    await fill(storage, "web:22", "BBBB")
    async with storage.reading() as tx:
        kept = await tx.people.kept("web:1")
    assert [item.content for item in kept.said] == [{"text": "hoi"}]
    assert [item.lane for item in kept.outgoing] == ["web:1", "telegram:-1", "mail:x"]
    assert [item.lead for item in kept.notices] == ["AAAA"]
