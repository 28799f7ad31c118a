"""Cases: who has what, where it stands, and what was done with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.case_records import Asked, Card, Case, CaseEvent, Did, Kind, Staff, Status
from storage.errors import Unreadable
from storage.records import Notice, Said
from storage.repositories.cases import _PAGE, PAGE
from storage.store import Storage
from storage.tables import case_events, cases
from tests.storage.samples import NOW, case, cleaned, conversation, days, lead
from tests.storage.test_plans import plan

CHAT = "telegram:1"
LATER = NOW + timedelta(hours=1)
ASKED = Asked(question="Is er lunch?", reply_to="zoe@x.nl", name="Zoë", language="nl", via="telegram")


def claimed(item: Case, by: Staff) -> Case:
    """The case once somebody has it."""
    return replace(item, status=Status.CLAIMED, owner=by, version=2, status_at=LATER, updated_at=LATER)


async def test_a_case_is_kept_whole(storage: Storage) -> None:
    """Everything that staff need of a case is there again, and opening it once more changes nothing."""
    async with storage.transaction() as tx:
        anne = tx.cases.staff("telegram:7", "Anne de Wit")
        whole = claimed(case(kind=Kind.QUESTION, asked=ASKED, topic=2**40, told=(anne.key,)), anne)
        whole = replace(
            whole, remind_at=LATER, told_at=NOW, talk_at=LATER, talked_at=NOW,
            card=Card.WHOLE, card_version=2, changes=(("phone", None, "+31612345678"),),
        )  # fmt: skip
        await tx.cases.open([whole])
        await tx.cases.open([case()])
    async with storage.transaction() as tx:
        assert await tx.cases.find("KX7M") == whole
        assert await tx.cases.hold("KX7M") == whole
        assert await tx.cases.of_chat(CHAT) == [whole]
        assert await tx.cases.find("ZZZZ") is None


async def test_a_lead_has_the_status_of_its_case(storage: Storage) -> None:
    """Exports, and the release before this one, read the status with the lead."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.cases.open([case()])
        await tx.cases.save(claimed(case(), tx.cases.staff("telegram:7", "Anne")))
        await tx.leads.save([lead()])  # sent again by its person
        [kept] = await tx.leads.list()
    assert (kept.status, kept.status_at) == ("claimed", LATER)


async def test_open_cases_a_page_at_a_time(storage: Storage) -> None:
    """Oldest first, leads and questions alike, without what is closed; whether there are more is known."""
    many = [case(f"R{n:02}", created_at=NOW + timedelta(minutes=n)) for n in range(2 * PAGE + 3)]
    async with storage.transaction() as tx:
        await tx.cases.open(many)
        await tx.cases.save(replace(many[0], status=Status.CLOSED))
        first, second, third = [await tx.cases.page(number) for number in (1, 2, 3)]
        counts = await tx.cases.counts()
    assert [one.reference for one in (*first[0], *second[0], *third[0])] == [one.reference for one in many[1:]]
    assert [more for _, more in (first, second, third)] == [True, True, False]
    assert counts == {("lead", "new"): 2 * PAGE + 2, ("lead", "closed"): 1}


async def test_a_lead_of_the_release_before_this_one(storage: Storage) -> None:
    """While both releases run, a lead may come without a case: it gets one, and staff see it."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead(), lead("OTHER")])
        await tx.cases.open([case("OTHER")])
        for left in (["KX7M"], []):
            assert await tx.cases.orphans() == left
            await tx.cases.adopt(["KX7M"])
        found, _ = await tx.cases.page(1)
    assert [(one.reference, one.kind) for one in found] == [("KX7M", Kind.LEAD), ("OTHER", Kind.LEAD)]


async def test_the_page_is_found_by_an_index(sqlite_ready: str) -> None:
    """However many cases there are, no more are read than are shown, and none is sorted."""
    assert [step for step in plan(sqlite_ready, _PAGE) if "ix_cases_open" not in step] == []


async def test_history(storage: Storage) -> None:
    """What was done is given in its order, with who did it and what they noted."""
    async with storage.transaction() as tx:
        anne = tx.cases.staff("telegram:7", "Anne")
        events = [
            CaseEvent(reference="KX7M", at=NOW, did=Did.CLAIMED, by=anne, before=Status.NEW, after=Status.CLAIMED),
            CaseEvent(reference="KX7M", at=LATER, did=Did.NOTED, by=anne, text="Belt <morgen> terug"),
            CaseEvent(reference="KX7M", at=LATER, did=Did.CHANGED, by=None),
        ]
        await tx.cases.log(events)
        history = await tx.cases.history(["KX7M", "ZZZZ"])
    assert [replace(event, id=None) for event in history.pop("KX7M")] == events
    assert history == {}


async def left(storage: Storage) -> list[int]:
    """How many cases, and how much of their history, there are."""
    async with storage._database.reading() as connection:
        return [
            (await connection.rows(sa.select(sa.func.count()).select_from(table)))[0][0]
            for table in (cases, case_events)
        ]


async def test_it_goes_with_its_person(storage: Storage) -> None:
    """Who has everything removed is in no case and no note; others' stay."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.cases.open([case(), case("Q1", kind=Kind.QUESTION, asked=ASKED), case("OTHER", "telegram:2")])
        noted = [CaseEvent(reference=one, at=NOW, did=Did.NOTED, by=None, text="x") for one in ("KX7M", "Q1", "OTHER")]
        await tx.cases.log(noted)
    async with storage.transaction() as tx:
        await tx.people.forget([CHAT])
    assert await left(storage) == [1, 1]


async def test_it_goes_with_its_lead_or_long_after_the_last_word(storage: Storage) -> None:
    """A lead's case goes with the lead, a question's once nobody said anything for the time of drafts."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.cases.open([case(), case("Q1", kind=Kind.QUESTION, asked=ASKED, updated_at=NOW + days(10))])
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=3, chat=CHAT, question="Q1", version=1)])
    for day, kept in ((35, 2), (45, 1), (366, 0)):
        async with storage.transaction() as tx:
            purged = await cleaned(tx, NOW + days(day))
        assert (await left(storage))[0] == kept
        assert [notice.question for notice in purged.notices] == (["Q1"] if day == 45 else [])


async def test_the_lines_of_a_talk_are_kept_until_a_week_after_it(storage: Storage) -> None:
    """While staff and person talk nothing of it is removed; a week after the talk ended it is."""
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation(CHAT, updated_at=NOW + days(30))])
        await tx.cases.open([case(talk_at=NOW + days(9))])
        await tx.transcript.add([Said(chat=CHAT, by="staff", at=NOW, content={"text": "Dag"})])
        await cleaned(tx, NOW + days(9))
        assert len(await tx.transcript.of(CHAT)) == 1
        await tx.cases.save(case(talk_at=None, talked_at=NOW + days(10)))
        await cleaned(tx, NOW + days(16))
        assert len(await tx.transcript.of(CHAT)) == 1
        await cleaned(tx, NOW + days(18))
        assert await tx.transcript.of(CHAT) == []


async def test_an_address_in_a_note(storage: Storage) -> None:
    """Who is removed by address is removed from the notes and questions of others, too."""
    async with storage.transaction() as tx:
        asked = replace(ASKED, question="Mag noor@x.nl mee?")
        await tx.cases.open([case("Q1", "telegram:2", kind=Kind.QUESTION, asked=asked)])
        await tx.cases.log([CaseEvent(reference="Q1", at=NOW, did=Did.NOTED, by=None, text="Ook van noor@x.nl")])
        forgotten = await tx.people.forget_address("noor@x.nl")
        known = await tx.cases.find("Q1")
        assert await tx.cases.history(["Q1"]) == {}
    assert forgotten.lines == 2
    assert known
    assert known.asked is None


async def test_one_that_cannot_be_read(storage: Storage) -> None:
    """It fails no page: what can be read of it is shown."""
    async with storage.transaction() as tx:
        await tx.cases.open([case(), case("OTHER", "telegram:2")])
    async with storage._database.transaction() as connection:
        await connection.run(sa.update(cases).where(cases.c.reference == "KX7M").values(data="nonsense"))
    async with storage.reading() as tx:
        shown, _ = await tx.cases.page(1)
        assert [(one.reference, one.chat) for one in shown] == [("KX7M", None), ("OTHER", "telegram:2")]
        with pytest.raises(Unreadable, match="KX7M"):
            await tx.cases.find("KX7M")


async def test_cards(storage: Storage) -> None:
    """The messages that are the card of a case are found, until a newer one takes their place."""
    cards = [
        Notice(staff_chat="telegram:-1", message_id=number, chat=CHAT, lead="KX7M", version=version)
        for number, version in ((3, 1), (4, None), (5, 1))
    ]
    other = Notice(staff_chat="telegram:-1", message_id=6, chat=CHAT, question="Q1", version=1)
    async with storage.transaction() as tx:
        await tx.notices.add([*cards, other])
        assert await tx.notices.cards(CHAT, "KX7M") == [cards[0], cards[2]]
        assert await tx.notices.cards(CHAT, "Q1") == [other]
        await tx.notices.retire([cards[0]])
        assert await tx.notices.cards(CHAT, "KX7M") == [cards[2]]
        assert await tx.notices.find("telegram:-1", 3) == replace(cards[0], version=None)
