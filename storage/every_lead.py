"""All leads, however many: a slice at a time, so that nobody waits for it and few are in memory."""

from collections.abc import AsyncIterator, Sequence

from bot.dialogue.records import Lead
from storage.store import Storage

SLICE = 200  #: leads that are read at a time, each in a reading of its own


async def every_lead(
    storage: Storage, unreadable: list[str], *, newest_first: bool = False
) -> AsyncIterator[Sequence[Lead]]:
    """
    Give all leads in slices, oldest first: those that are there when it begins, as each is when its slice is read.

    The references of those that cannot be read are noted in ``unreadable``. Raises Unavailable.
    """
    async with storage.reading() as tx:
        references = await tx.leads.references()
    if newest_first:
        references.reverse()
    for first in range(0, len(references), SLICE):
        async with storage.reading() as tx:
            found = await tx.leads.of(references[first : first + SLICE], unreadable)
        yield [*found.values()][:: -1 if newest_first else 1]
