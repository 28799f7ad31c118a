"""The same event again changes nothing."""

import pytest

from storage.errors import Rejected
from storage.records import Handled
from storage.store import Storage
from tests.storage.conftest import Open
from tests.storage.samples import NOW


async def test_found_again(storage: Storage) -> None:
    """A repeated request gets the answer it got before; another chat's request with the same id is another one."""
    first = Handled(chat="web:1", event_id="a", at=NOW, body={"messages": [{"text": "Dag"}]})
    plain = Handled(chat="telegram:1", event_id="a", at=NOW)
    async with storage.transaction() as tx:
        await tx.handled.add([first, plain])
        await tx.handled.add([])
    async with storage.reading() as tx:
        found = await tx.handled.find([("web:1", "a"), ("telegram:1", "a"), ("web:2", "a"), ("web:1", "b")])
        assert found == {("web:1", "a"): first, ("telegram:1", "a"): plain}
        assert await tx.handled.find([]) == {}


async def test_twice_is_refused(storage: Storage) -> None:
    """Should an event slip through twice, the second time is undone as a whole."""

    async def add() -> None:
        async with storage.transaction() as tx:
            await tx.handled.add([Handled(chat="web:1", event_id="a", at=NOW)])

    await add()
    with pytest.raises(Rejected):
        await add()


async def test_known_to_another_process(url: str, opened: Open) -> None:
    """An event that another process handled, or the same one before a restart, is known."""
    first, second = await opened(url), await opened(url)
    async with first.transaction() as tx:
        await tx.handled.add([Handled(chat="web:1", event_id="a", at=NOW)])
    async with second.reading() as tx:
        assert list(await tx.handled.find([("web:1", "a")])) == [("web:1", "a")]
