"""Ends talks in which nobody said anything for three days."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog

from bot.dialogue.talks import QUIET
from bot.staff.talks import Over, Talks
from storage.errors import StorageError
from storage.records import Outgoing
from storage.store import Storage

log = structlog.get_logger()

EVERY_SECONDS = 300.0


class QuietTalks:
    """``run`` looks every five minutes; ``end`` does it now."""

    def __init__(
        self,
        storage: Storage,
        talks: Talks,
        *,
        put: Callable[[Iterable[Outgoing]], None],
        said: Callable[[str], None],
    ) -> None:
        """``put`` takes over what is stored; ``said`` is told in which web chat something was said."""
        self._storage = storage
        self._talks = talks
        self._put = put
        self._said = said

    async def run(self) -> None:
        """Look every five minutes, for ever; while the database is away, later."""
        while True:
            try:
                await self.end(datetime.now(UTC))
            except StorageError as problem:
                log.warning("talks_not_ended", error=type(problem).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def end(self, now: datetime) -> int:
        """End the talks that are over; both sides are told. Gives how many."""
        async with self._storage.reading() as tx:
            chats = await tx.cases.quiet(now - QUIET)
        for chat in chats:
            await self._one(chat, now)
        return len(chats)

    async def _one(self, chat: str, now: datetime) -> None:
        async with self._storage.transaction() as tx:
            person = (await tx.conversations.load([chat])).get(chat)
            if any(case.talk_at and case.talk_at > now - QUIET for case in await tx.cases.of_chat(chat)):
                return  # somebody said something meanwhile, or about something else
            turn, left = await self._talks.ends(tx, chat, person, Over(by="time", at=now))
            if left is not None:
                await tx.conversations.save([left])
            added = await tx.outbox.add(turn.outgoing)
        self._put(added)
        if turn.said_in:
            self._said(turn.said_in)
