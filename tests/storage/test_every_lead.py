"""All leads, however many, are read a few at a time."""

import pytest

from storage import every_lead as slices
from storage.every_lead import every_lead
from storage.store import Storage
from storage.tables import leads as table
from tests.storage.samples import NOW, days, lead
from tests.storage.test_unreadable import spoil


@pytest.fixture
async def seven(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """Seven leads, the first made last, of which three are read at a time."""
    monkeypatch.setattr(slices, "SLICE", 3)
    async with storage.transaction() as tx:
        await tx.leads.save(
            [lead(f"KX7{number}", f"web:{number}", created_at=NOW - days(number)) for number in range(7)]
        )
    return storage


@pytest.mark.parametrize(("newest_first", "order"), [(False, "6543210"), (True, "0123456")])
async def test_in_order(seven: Storage, newest_first: bool, order: str) -> None:
    """Exports have the oldest lead first, and who lists them sees the newest."""
    parts = [part async for part in every_lead(seven, [], newest_first=newest_first)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [one.reference for part in parts for one in part] == [f"KX7{number}" for number in order]


async def test_removed_meanwhile(seven: Storage) -> None:
    """Whoever is removed while an export is made is not in what is written after that."""
    found = []
    async for part in every_lead(seven, []):
        found += [one.reference for one in part]
        async with seven.transaction() as tx:
            await tx.people.forget(["web:1", "web:5"])
    assert found == ["KX76", "KX75", "KX74", "KX73", "KX72", "KX70"]


async def test_unreadable(seven: Storage) -> None:
    """One that cannot be read is named, and takes no other with it."""
    await spoil(seven, table, "garbled", which="web:4")
    unreadable: list[str] = []
    found = [one.reference async for part in every_lead(seven, unreadable) for one in part]
    assert (len(found), unreadable) == (6, ["KX74"])
