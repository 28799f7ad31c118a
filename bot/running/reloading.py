"""Takes the messages folder anew while the program runs, and keeps the last one that passed."""

import asyncio
import time
from datetime import UTC, datetime

import structlog

from bot.app import Program
from bot.loading import kept_of, load_spoken
from bot.settings import Settings, SettingsError
from bot.wording import WordingError

log = structlog.get_logger()

KEEP_AFTER = 10.0  #: seconds after the start at which the folder is kept: nobody waits for it then


class Reloading:
    """The messages folder of the settings, for a program that runs."""

    def __init__(self, settings: Settings, program: Program) -> None:
        self.asked = asyncio.Event()  #: set: take the folder anew
        self._settings = settings
        self.program = program
        self._loaded_at = time.time()

    async def run(self) -> None:
        """Keep what the program started with; then take the folder anew whenever it is asked."""
        if self.program.faults:
            await self._tell_staff(self.program.faults)
        else:
            try:
                async with asyncio.timeout(KEEP_AFTER):
                    await self.asked.wait()
            except TimeoutError:
                await self._keep()
        while True:
            await self.asked.wait()
            self.asked.clear()
            await self.reload()

    async def reload(self) -> None:
        """Take the folder anew; one with faults changes nothing but what is said about it."""
        loaded_at = time.time()
        try:
            spoken = await asyncio.to_thread(load_spoken, self._settings)
            self.program.take(spoken)
        except (WordingError, SettingsError) as problem:
            await self.refused(str(problem).splitlines())
            return
        self._loaded_at, self.program.faults = loaded_at, ()
        log.info("messages_live")
        await self._keep()

    async def refused(self, faults: list[str]) -> None:
        """Say loudly that the program goes on with the folder it has."""
        self.program.faults = tuple(faults)
        log.error("messages_refused", faults=len(faults), first=faults[0])
        await self._tell_staff(self.program.faults)

    async def _tell_staff(self, faults: tuple[str, ...]) -> None:
        news = self.program.notifier.refused(faults, datetime.now(UTC))
        if news:
            async with self.program.storage.transaction() as tx:
                added = await tx.outbox.add(news)
            self.program.outbox.put(added)

    async def _keep(self) -> None:
        try:
            await asyncio.to_thread(kept_of(self._settings).keep, self._loaded_at)
        except OSError as problem:
            log.warning("messages_not_kept", reason=problem.strerror)
