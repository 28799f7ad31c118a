"""Nothing is kept longer than promised, and nothing goes sooner."""

from dataclasses import replace
from datetime import datetime

from bot.dialogue.records import State
from storage.listed import CHAT
from storage.records import Handled, Listed, MissedQuestion, Notice, Purged, Said
from storage.repositories.old import SLICE, Terms
from storage.repositories.retention import slices
from storage.store import Storage
from tests.storage.samples import NOW, cleaned, conversation, days, draft, lead, outgoing, sent

WHAT = ("leads", "questions", "inbox")  #: lists that staff asked for, as they are stored; one by a later release


async def purge(storage: Storage, now: datetime) -> Purged:
    """Remove what was kept long enough."""
    async with storage.transaction() as tx:
        return await cleaned(tx, now)


async def test_leads(storage: Storage) -> None:
    """A lead goes after its days, with what is about it, and counted from when it was last sent."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead("OLDX"), lead("KEPT", updated_at=NOW + days(2))])
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=9, chat="telegram:1", lead="OLDX")])
        messages = await tx.outbox.add([outgoing(lead="OLDX"), outgoing(lead="KEPT")])
        await tx.outbox.record([sent(item, status="failed") for item in messages])
    assert (await purge(storage, NOW + days(364))).leads == 0
    purged = await purge(storage, NOW + days(366))
    assert (purged.leads, purged.references, [item.message_id for item in purged.notices]) == (1, ("OLDX",), [9])
    async with storage.reading() as tx:
        assert [item.reference for item in await tx.leads.list()] == ["KEPT"]
        assert [item.lead for item in await tx.outbox.failed()] == ["KEPT"]
        assert await tx.notices.find("telegram:-1", 9) is None


async def test_drafts(storage: Storage) -> None:
    """An unfinished sign-up goes after its days, also when its person keeps asking questions."""
    talking = conversation(updated_at=NOW + days(29), source="flyer", draft=draft())
    only_draft = conversation("telegram:2", updated_at=NOW + days(29))
    fresh = conversation("telegram:3", updated_at=NOW + days(29), draft=draft(started_at=NOW + days(20)))
    async with storage.transaction() as tx:
        await tx.conversations.save([talking, only_draft, fresh])
    assert (await purge(storage, NOW + days(29))).drafts == 0
    purged = await purge(storage, NOW + days(31))
    assert (purged.drafts, purged.conversations) == (2, 0)
    async with storage.reading() as tx:
        loaded = await tx.conversations.load(["telegram:1", "telegram:2", "telegram:3"])
    assert [(item.draft is None, item.state, item.source) for item in loaded.values()] == [
        (
            chat != "telegram:3",
            State.ASK if chat == "telegram:3" else State.IDLE,
            "flyer" if chat == "telegram:1" else None,
        )
        for chat in loaded
    ]


async def test_quiet_conversations(storage: Storage) -> None:
    """Who does not come back is not known any more, unless there is a lead; then only that is known."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(chat, question="Wanneer?") for chat in ("web:1", "web:2")])
        await tx.leads.save([lead(chat="web:2")])
    purged = await purge(storage, NOW + days(31))
    assert (purged.drafts, purged.conversations) == (2, 1)
    async with storage.reading() as tx:
        loaded = await tx.conversations.load(["web:1", "web:2"])
    assert list(loaded) == ["web:2"]
    kept = loaded["web:2"]
    assert (kept.state, kept.draft, kept.question, len(kept.leads)) == (State.IDLE, None, None, 1)


async def test_the_rest(storage: Storage) -> None:
    """Handled events go after 48 hours, transcripts and delivered messages after 7 days, questions as drafts do."""
    async with storage.transaction() as tx:
        await tx.handled.add([Handled(chat="web:1", event_id="1", at=NOW)])
        await tx.transcript.add([Said(chat="web:1", by="person", at=NOW)])
        await tx.questions.add([MissedQuestion(question="?", language="nl", suggestions=(), at=NOW)])
        done, failed, of_lead, _waiting = await tx.outbox.add([outgoing(), outgoing(), outgoing(lead="X"), outgoing()])
        await tx.outbox.record([sent(done), sent(failed, status="failed"), sent(of_lead, status="failed")])
        await tx.leads.save([lead("X", updated_at=NOW + days(1))])
    assert await purge(storage, NOW + days(1.9)) == Purged()
    assert await purge(storage, NOW + days(2.1)) == Purged(handled=1)
    assert await purge(storage, NOW + days(7.1)) == Purged(transcript=1, outgoing=2)
    assert await purge(storage, NOW + days(30.1)) == Purged(questions=1, outgoing=1)
    assert await purge(storage, NOW + days(366.5)) == Purged(leads=1, references=("X",))
    async with storage.reading() as tx:
        assert await tx.outbox.waiting_counts() == {}


async def test_what_staff_read_goes_too(storage: Storage) -> None:
    """A question's message in the staff chat is named when its conversation goes; lists when a lead in them does."""
    asked = Notice(staff_chat="telegram:-1", message_id=1, chat="telegram:1", question="Q")
    listed = Notice(staff_chat="telegram:-1", message_id=2, chat=None, listed=Listed.LEADS)
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation()])
        await tx.leads.save([lead("OLDX", chat="telegram:2")])
        await tx.notices.add([asked, listed])
        await tx.outbox.add([outgoing(question="Q2")])
    async with storage.reading() as tx:
        assert await tx.retention.references() == {"OLDX", "Q2"}
    assert (await purge(storage, NOW + days(29))).notices == ()
    assert (await purge(storage, NOW + days(31))).notices == (asked,)
    assert (await purge(storage, NOW + days(366))).notices == (listed,)
    async with storage.reading() as tx:
        assert await tx.retention.references() == set()


async def test_a_list_goes_with_what_it_holds(storage: Storage) -> None:
    """A list of leads in the staff chat goes with a lead, one of questions with a question."""
    lists = [Notice(staff_chat="telegram:-1", message_id=at, chat=CHAT, question=what) for at, what in enumerate(WHAT)]
    asked = MissedQuestion(
        question="Mag mijn hond mee?", language="nl", suggestions=(), at=NOW - days(31), chat="web:1"
    )
    async with storage.transaction() as tx:
        await tx.notices.add(lists)
        await tx.leads.save([lead(updated_at=NOW - days(364.5))])
        await tx.questions.add([asked])
        await tx.outbox.add([outgoing("telegram:-1", listed=Listed.LEADS), outgoing("telegram:-1")])
        first = await cleaned(tx, NOW)
        assert (first.questions, [notice.listed for notice in first.notices]) == (1, [Listed.QUESTIONS])
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
        second = await cleaned(tx, NOW + days(1))
        assert (second.leads, [notice.listed for notice in second.notices]) == (1, [Listed.LEADS, Listed.LEADS])


async def test_nothing_outlives_the_leads_term(storage: Storage) -> None:
    """Where leads are kept for a day, the conversation and the messages about them are not kept for a week."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.transcript.add([Said(chat="telegram:1", by="person", at=NOW, content={"text": "hoi"})])
        (one,) = await tx.outbox.add([outgoing()])
        await tx.outbox.record([sent(one)])
        purged = await cleaned(tx, NOW + days(1.1), lead_days=1)
    assert (purged.leads, purged.transcript, purged.outgoing) == (1, 1, 1)


async def test_a_slice_at_a_time(storage: Storage) -> None:
    """Nobody waits for a great clean-up: it goes in parts, what changed meanwhile stays, and in the end all is gone."""
    terms = Terms(now=NOW + days(31), lead_days=365, draft_days=30)
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(f"web:{number}", question="?") for number in range(5)])
        await tx.handled.add([Handled(chat="web:1", event_id=f"{number}", at=NOW) for number in range(3)])
    async with storage.reading() as tx:
        old = await tx.retention.old(terms, most=2)
    assert {name: len(keys) for name, keys in old.items()} == {"drafts": 2, "conversations": 2, "handled": 2}
    async with storage.transaction() as tx:
        known = await tx.conversations.load([f"web:{number}" for number in range(5)])
        await tx.conversations.save([replace(item, draft=None, updated_at=terms.now) for item in known.values()])
        assert await tx.retention.remove(old, terms) == Purged(handled=2)
    async with storage.reading() as tx:
        assert {name: len(keys) for name, keys in (await tx.retention.old(terms)).items()} == {"handled": 1}


def test_in_slices() -> None:
    """However much is old, at most a slice of each table is removed in one transaction, and nothing is left out."""
    old: dict[str, list[object]] = {"handled": list(range(2 * SLICE + 1)), "leads": ["A"]}
    parts = list(slices(old))
    assert [{name: len(keys) for name, keys in part.items()} for part in parts] == [
        {"handled": SLICE, "leads": 1},
        {"handled": SLICE},
        {"handled": 1},
    ]
    assert [key for part in parts for key in part["handled"]] == old["handled"]
    assert list(slices({})) == []
