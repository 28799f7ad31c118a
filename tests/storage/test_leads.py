"""Leads are stored once, found, counted, and keep their status."""

from types import SimpleNamespace

import pytest

from bot.dialogue.records import Consent
from storage.errors import Rejected
from storage.repositories.leads import _chosen
from storage.store import Storage
from tests.storage.samples import ANSWERS, NOW, days, lead


async def test_round_trip(storage: Storage) -> None:
    """Staff read exactly what the person sent."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.leads.save([])
    async with storage.reading() as tx:
        assert await tx.leads.find("KX7M") == lead()
        assert await tx.leads.find("NONE") is None


async def test_same_reference_is_one_lead(storage: Storage) -> None:
    """A lead that is sent again, changed, replaces the earlier one; what staff made of it stays."""
    changed = lead(answers=ANSWERS | {"name": "M. Hooft"}, updated_at=NOW + days(1))
    async with storage.transaction() as tx:
        await tx.leads.save([lead(status="contacted")])
        await tx.leads.save([lead(), changed])
    async with storage.reading() as tx:
        found = await tx.leads.list()
    assert [(item.answers["name"], item.status) for item in found] == [("M. Hooft", "contacted")]


async def test_what_was_agreed_to_before(storage: Storage) -> None:
    """To what somebody agreed at each earlier version stays with the lead, until it is removed."""
    before = (Consent(at=NOW, version="1", language="nl"), Consent(at=NOW + days(1), version="2", language="en"))
    async with storage.transaction() as tx:
        await tx.leads.save([lead(agreed_before=before)])
    async with storage.reading() as tx:
        assert await tx.leads.find("KX7M") == lead(agreed_before=before)


async def test_by_email(storage: Storage) -> None:
    """A person is found by every address they ever gave, however it is capitalised, those of one batch included."""
    async with storage.transaction() as tx:
        await tx.leads.save(
            [lead(), lead("BBBB", chat="web:2"), lead("CCCC", chat="web:3", answers={"interest": "both"})]
        )
        changed = [lead("BBBB", chat="web:2", answers={"email": address}) for address in ("tussen@x.nl", "nieuw@x.nl")]
        await tx.leads.save(changed)
    async with storage.reading() as tx:
        chats = await tx.leads.chats_by_email(" MARJOLEIN.hooft@sudwestfryslan.nl ")
        assert await tx.leads.references_of(chats) == ("BBBB", "KX7M")
        for address in ("tussen@x.nl", "nieuw@x.nl"):
            assert await tx.leads.references_of(await tx.leads.chats_by_email(address)) == ("BBBB",)


async def test_list(storage: Storage) -> None:
    """Staff list leads, oldest first."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead("NEW1", created_at=NOW), lead("OLD1", created_at=NOW - days(9))])
    async with storage.reading() as tx:
        assert [item.reference for item in await tx.leads.list()] == ["OLD1", "NEW1"]


async def test_counts(storage: Storage) -> None:
    """Staff see how many leads there are, of what kind."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead(), lead("B", chat="web:1", language="en", created_at=NOW - days(8), answers={})])
    async with storage.reading() as tx:
        counts = await tx.leads.counts()
    assert counts["status"] == {"new": 2}
    assert counts["interest"] == {"both": 1, "unknown": 1}
    assert counts["organisation_type"] == {"municipality": 1, "unknown": 1}
    assert counts["language"] == {"nl": 1, "en": 1}
    assert counts["channel"] == {"telegram": 1, "web": 1}


async def test_what_a_course_asks_is_what_is_counted(storage: Storage) -> None:
    """Another course has its own choices counted; its words are in no plain column, whatever they are called."""
    answers = {"evening": "2027-03-12", "interest": "my garden", "mailbox": "mia@example.org"}
    other = lead(answers=answers, choices=("evening",), roles={"email": "mailbox"})
    async with storage.transaction() as tx:
        await tx.leads.save([other])
    async with storage.reading() as tx:
        counts = await tx.leads.counts()
        assert await tx.leads.find(other.reference) == other
        assert len(await tx.leads.chats_by_email("Mia@example.org")) == 1
    assert counts["evening"] == {"2027-03-12": 1}
    assert "interest" not in counts


def test_what_the_previous_release_writes_is_counted_too() -> None:
    """While it still runs beside this one, its leads have their choices in the columns that it knows."""
    row = SimpleNamespace(choices=None, interest="both", organisation_type=None)
    assert _chosen(row) == {"interest": "both"}


async def test_refused_data_is_undone(storage: Storage) -> None:
    """Data that the database refuses undoes its whole batch and says so, apart from a database that is away."""

    async def save_both() -> None:
        async with storage.transaction() as tx:
            await tx.leads.save([lead()])
            await tx.leads.save([lead("BBBB", consent_at=None)])

    with pytest.raises(Rejected):
        await save_both()
    async with storage.reading() as tx:
        assert await tx.leads.list() == []
