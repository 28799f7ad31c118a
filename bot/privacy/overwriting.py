"""After a removal nothing of it is left in what the database keeps besides its tables."""

import asyncio
import time

import structlog

from bot.outbox.pauses import grown
from storage.store import Storage

log = structlog.get_logger()

FIRST, LONGEST = 0.2, 60.0  #: seconds between two attempts, doubled each time
PATIENCE = 0.5  #: seconds; others wait meanwhile
_REST = 20  #: the time that one takes, so many times over, is left to others before the next
_PATIENT = 10  #: attempts (about three minutes) after which it is said that it does not work


class Overwriting:
    """``ask`` says that something was removed; ``run`` sees to the rest, soon after and for as long as it takes."""

    def __init__(self, storage: Storage, *, first: float = FIRST, patience: float = PATIENCE) -> None:
        """``first``: seconds until the second attempt; ``patience``: how long one attempt waits for others."""
        self._storage = storage
        self._first = first
        self._patience = patience
        self._asked = asyncio.Event()

    def ask(self, *_: object) -> None:
        """Let ``run`` overwrite what was removed; returns at once, and whatever is given is not looked at."""
        self._asked.set()

    async def run(self) -> None:
        """Overwrite what was removed, whenever asked."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            began = time.monotonic()
            await self._overwrite()
            await asyncio.sleep(min(LONGEST, _REST * (time.monotonic() - began)))  # others write too

    async def _overwrite(self) -> None:
        attempts = 0
        while not await self._storage.overwrite_removed(self._patience):
            attempts += 1
            if attempts == _PATIENT:
                log.warning("removed_not_overwritten", attempts=attempts)
            await asyncio.sleep(grown(self._first, LONGEST, attempts))
