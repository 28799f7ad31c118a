"""Transcripts, missed questions, notices and small values come back as they were stored."""

from bot.dialogue.records import Conversation
from storage.records import MissedQuestion, Notice, Said
from storage.store import Storage
from tests.storage.samples import NOW, cleaned, days

BODY = {"html": "<b>Dag</b>", "text": "Dag", "topic": None, "buttons": [[{"id": "menu", "label": "Menu"}]]}


async def test_transcript(storage: Storage) -> None:
    """A reloaded page shows the conversation so far, and then what is new."""
    said = [
        Said(chat="web:1", by="person", at=NOW, content={"text": "hoi"}),
        Said(chat="web:1", by="bot", at=NOW, content=BODY),
    ]
    async with storage.transaction() as tx:
        first, second = await tx.transcript.add(said)
        (other,) = await tx.transcript.add([Said(chat="web:2", by="staff", at=NOW)])
        assert await tx.transcript.add([]) == []
    async with storage.reading() as tx:
        assert await tx.transcript.of("web:1") == [first, second]
        assert await tx.transcript.of("web:1", after=first.id or 0) == [second]
        assert await tx.transcript.latest(["web:1", "web:2", "web:3"]) == {"web:1": second.id, "web:2": other.id}
        assert await tx.transcript.latest([]) == {}
    assert [(item.by, item.content) for item in (first, second)] == [("person", {"text": "hoi"}), ("bot", BODY)]


async def test_a_transcript_is_bounded(storage: Storage) -> None:
    """A conversation that goes on without end loses its oldest lines, and no other conversation loses any."""
    async with storage.transaction() as tx:
        (first,) = await tx.transcript.add([Said(chat="web:2", by="person", at=NOW, content={"text": "x"})], most=10)
        for number in range(60):
            said = Said(chat="web:1", by="person", at=NOW, content={"text": str(number)})
            await tx.transcript.add([said], most=10)
        kept = await tx.transcript.of("web:1")
        assert 10 <= len(kept) <= 26
        assert [said.content["text"] for said in kept] == [str(60 - len(kept) + n) for n in range(len(kept))]
        assert await tx.transcript.newest("web:1", before=kept[5].id or 0, most=3) == kept[2:5]
        assert await tx.transcript.of("web:1", after=kept[0].id or 0, most=2) == kept[1:3]
        assert await tx.transcript.of("web:2") == [first]


async def test_ended_sessions(storage: Storage) -> None:
    """A session that ended stays so, and what was removed ended; a chat of Telegram has no session."""
    chats = ["web:1", "web:2", "telegram:1"]
    async with storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=chat, language="nl") for chat in chats])
        await tx.ended.add(["web:1"], NOW - days(101))
        await tx.ended.add(["web:1"], NOW)
        await tx.people.forget(["web:2", "telegram:1"])
        assert await tx.ended.of([*chats, "web:3"]) == {"web:1", "web:2"}
        assert await tx.ended.of([]) == set()
        assert await tx.ended.purge(NOW - days(100)) == 1
        assert await tx.ended.of(chats) == {"web:2"}


async def test_missed_questions(storage: Storage) -> None:
    """An editor sees the questions that were missed, newest first, and old ones go."""
    questions = [
        MissedQuestion(question=text, language="nl", suggestions=("costs", "dates"), at=NOW - days(age), chat="web:1")
        for text, age in (("Is er parkeren?", 40), ("Krijg ik een diploma?", 1), ("Mag mijn hond mee?", 0))
    ]
    async with storage.transaction() as tx:
        await tx.questions.add(questions)
        await tx.questions.add([])
        recent = await tx.questions.recent(2)
        assert [item.question for item in recent] == ["Mag mijn hond mee?", "Krijg ik een diploma?"]
        assert recent[0].suggestions == ("costs", "dates")
        assert (await cleaned(tx, NOW)).questions == 1
        assert len(await tx.questions.recent()) == 2
        await tx.people.forget(["web:2"])
        assert len(await tx.questions.recent()) == 2
        await tx.people.forget(["web:1"])
        assert await tx.questions.recent() == []


async def test_notices(storage: Storage) -> None:
    """A staff member's reply finds the person it is for."""
    notice = Notice(staff_chat="telegram:-100", message_id=5, chat="web:1", lead="KX7M")
    question = Notice(staff_chat="telegram:-100", message_id=2**40, chat="web:1", question="Q1")
    async with storage.transaction() as tx:
        await tx.notices.add([notice, question])
        await tx.notices.add([notice])
        await tx.notices.add([])
        assert await tx.notices.find("telegram:-100", 5) == notice
        assert await tx.notices.find("telegram:-200", 5) is None
        assert await tx.notices.of_question("Q1") == question
        assert await tx.notices.of_question("KX7M") is None


async def test_small_values(storage: Storage) -> None:
    """What a staff chat is called now is known after a restart."""
    async with storage.transaction() as tx:
        assert await tx.meta.get("aliases") is None
        await tx.meta.set("aliases", {"telegram:-1": "telegram:-100"})
        await tx.meta.set("aliases", {"telegram:-1": "telegram:-200"})
        assert await tx.meta.get("aliases") == {"telegram:-1": "telegram:-200"}
        assert await tx.meta.get("hash-key") is None


async def test_counts(storage: Storage) -> None:
    """Who removes themselves does not begin anew with what is counted, and after two days nothing of it is left."""
    mine, yours = ("web:1", "mail"), ("web:2", "mail")
    async with storage.transaction() as tx:
        await tx.counts.add([mine, mine, yours], NOW - days(1.2))
        await tx.counts.add([mine, ("web:1", "sign-up")], NOW)
        await tx.counts.add([mine], NOW)
        await tx.counts.add([], NOW)
        await tx.people.forget(["web:1"])
        assert await tx.counts.since([mine, yours], NOW - days(1)) == {mine: 2, yours: 0}
        assert await tx.counts.since([mine, ("web:3", "mail")], NOW - days(2)) == {mine: 4, ("web:3", "mail"): 0}
        assert await tx.counts.since([], NOW) == {}
        await tx.counts.carry("web:1", "web:9")
        await tx.counts.carry("web:nobody", "web:9")
        assert await tx.counts.since([("web:9", "mail"), mine], NOW - days(2)) == {("web:9", "mail"): 4, mine: 4}
        await cleaned(tx, NOW + days(1))
        assert await tx.counts.since([mine, yours], NOW - days(9)) == {mine: 2, yours: 0}
