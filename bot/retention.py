"""Removes what was kept long enough, every day."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog

from bot.settings import Settings
from storage.records import Purged
from storage.store import Storage

log = structlog.get_logger()

EVERY_SECONDS = 24 * 3600.0


class Retention:
    """``run`` purges at the start and every day after; ``purge`` does it now."""

    def __init__(self, storage: Storage, settings: Settings, remove_mail: Callable[[Iterable[str]], None]) -> None:
        """``remove_mail`` removes the mail files about the leads with these references."""
        self._storage = storage
        self._settings = settings
        self._remove_mail = remove_mail

    async def run(self) -> None:
        """Purge daily."""
        while True:
            await self.purge(datetime.now(UTC))
            await asyncio.sleep(EVERY_SECONDS)

    async def purge(self, now: datetime) -> Purged:
        """Remove what was kept long enough; give and log how much, without content."""
        purged = await self._storage.purge(
            now, lead_days=self._settings.retention_days, draft_days=self._settings.draft_retention_days
        )
        self._remove_mail(purged.references)
        log.info(
            "purged",
            leads=purged.leads,
            drafts=purged.drafts,
            conversations=purged.conversations,
            questions=purged.questions,
            handled=purged.handled,
            outgoing=purged.outgoing,
            transcript=purged.transcript,
        )
        return purged
