"""Updates come in: translated, handed to the desk, and confirmed only when that has stored them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.translate import Here, Migrated, translate
from bot.dialogue.records import Event

log = structlog.get_logger()

TAPS_UNDER_WAY = 200  #: more taps than this are not answered: the little clock on a button goes away by itself


class Desk(Protocol):
    """Where events are answered (bot.turns.desk.Desk)."""

    async def submit(self, events: Sequence[Event]) -> object:
        """Return when all of these events are stored with their answers; raise when not."""


class Intake:
    """Takes updates as the Bot API gives them, from a poll or a webhook."""

    def __init__(
        self,
        bot: Bot,
        desk: Desk,
        *,
        here: Callable[[], Here],
        now: Callable[[], datetime],
        on_migrated: Callable[[Migrated], None],
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._here = here
        self._now = now
        self._on_migrated = on_migrated
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Return when these updates may be confirmed. Raises what the desk raises: then none of them may be."""
        read = [update for update in map(self._read, updates) if update is not None]
        events = []
        for update in read:
            found = self._translated(update)
            if isinstance(found, Migrated):
                self._on_migrated(found)
            elif found is not None:
                events.append(found)
        if events:
            await self._desk.submit(events)
        for update in read:
            if update.callback_query:
                self._answer(update.callback_query.id)

    async def close(self) -> None:
        """Let go of the taps that are being answered."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _read(self, update: Mapping[str, Any]) -> Update | None:
        """The update; None for one that cannot be read, now or later."""
        try:
            return Update.de_json(dict(update), self._bot)
        except Exception as problem:
            log.warning("telegram_update_not_read", error=type(problem).__name__)
            return None

    def _translated(self, update: Update) -> Event | Migrated | None:
        """What happened; None also where our own code fails at it: one update must not hold up all others."""
        try:
            return translate(update, self._here(), self._now())
        except Exception as problem:
            log.error("telegram_update_not_translated", error=type(problem).__name__)
            return None

    def _answer(self, query: str) -> None:
        """Stop the little clock on the tapped button, at once and at best: it is worth nothing later."""
        if len(self._answering) < TAPS_UNDER_WAY:
            task = asyncio.create_task(self._answer_tap(query))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer_tap(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as problem:
            log.debug("telegram_tap_not_answered", error=type(problem).__name__)
        except Exception as problem:
            log.warning("telegram_tap_not_answered", error=type(problem).__name__)
