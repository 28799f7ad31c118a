"""Removes what was kept long enough, every day."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog

from bot.notifications.mail_files import remove_files, remove_unknown
from bot.settings import Settings
from storage.follow import Redact
from storage.records import Outgoing, Purged
from storage.repositories.old import Terms
from storage.repositories.retention import Old, slices
from storage.store import Storage

log = structlog.get_logger()

EVERY_SECONDS = 24 * 3600.0
MAIL_SECONDS = 15 * 60.0  #: mail that another process wrote while its person was removed does not wait for the next day


class Retention:
    """``run`` purges at the start and every day after; ``purge`` does it now."""

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        redact: Redact,
        *,
        put: Callable[[Sequence[Outgoing]], None] = lambda messages: None,
        removed: Callable[[], None] = lambda: None,
    ) -> None:
        """
        ``redact`` makes the edits after which our messages in the staff chat say nothing of what was removed; ``put``
        takes them over once they are stored, where this process sends; ``removed`` is told after each purge.
        """
        self._storage = storage
        self._settings = settings
        self._redact = redact
        self._put = put
        self._removed = removed

    async def run(self) -> None:
        """Purge daily, and in between see to the mail files of what is removed."""
        while True:
            await self.purge(datetime.now(UTC))
            for _ in range(int(EVERY_SECONDS / MAIL_SECONDS) - 1):
                await asyncio.sleep(MAIL_SECONDS)
                await self.tidy_mail(datetime.now(UTC))
            await asyncio.sleep(MAIL_SECONDS)

    async def tidy_mail(self, now: datetime) -> int:
        """Remove the mail files of which nothing is known any more; give how many."""
        return await self._remove_mail((), now)

    async def purge(self, now: datetime) -> Purged:
        """Remove what was kept long enough, slice by slice; give and log how much, without content."""
        days = {"lead_days": self._settings.retention_days, "draft_days": self._settings.draft_retention_days}
        terms, purged, seen = Terms(now=now, **days), Purged(), None
        while (old := await self._old(terms)) and old != seen:  # what cannot be removed now is left for the next day
            for some in slices(old):
                purged += await self._remove(some, terms)
            seen = old
        await self._tidy(terms)
        self._removed()
        files = await self._remove_mail(purged.references, now)
        log.info(
            "purged",
            leads=purged.leads,
            drafts=purged.drafts,
            conversations=purged.conversations,
            questions=purged.questions,
            handled=purged.handled,
            outgoing=purged.outgoing,
            transcript=purged.transcript,
            staff_messages=len(purged.notices),
            mail_files=files,
        )
        return purged

    async def _old(self, terms: Terms) -> Old:
        async with self._storage.reading() as tx:
            return await tx.retention.old(terms)

    async def _remove(self, old: Old, terms: Terms) -> Purged:
        async with self._storage.transaction() as tx:
            purged = await tx.retention.remove(old, terms)
            edits = await tx.outbox.add(self._redact(purged.notices, terms.now))
        self._put(edits)
        return purged

    async def _tidy(self, terms: Terms) -> None:
        """Let every lead have its case; remove what little else is old."""
        async with self._storage.reading() as tx:
            orphans = await tx.cases.orphans()
        async with self._storage.transaction() as tx:
            if orphans:
                await tx.cases.adopt(orphans)
            await tx.retention.tidy(terms)

    async def _remove_mail(self, references: Sequence[str], now: datetime) -> int:
        """Remove the mail files of what was removed, and those of which nothing is known; give how many."""
        folder = self._settings.mail_folder
        if folder is None:
            return 0
        async with self._storage.reading() as tx:
            known = await tx.retention.references()
        try:
            gone = await asyncio.to_thread(remove_files, folder, references)
            return gone + await asyncio.to_thread(remove_unknown, folder, known, now)
        except OSError as problem:
            log.warning("mail_files_not_removed", error=type(problem).__name__)
            return 0
