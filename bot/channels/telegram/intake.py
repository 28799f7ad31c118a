"""Updates come in: translated, handed to the desk, and confirmed only when that has stored them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import Json, part, words
from bot.channels.telegram.translate import Here, Migrated, album, has_words, translate, unread
from bot.dialogue.events import Event
from bot.turns.desk import Desk

log = structlog.get_logger()

TAPS_UNDER_WAY = 200  #: more taps than this are not answered: the little clock on a button goes away by itself
ALBUMS = 500  #: of which is known that their words were read


class Intake:
    """Takes updates as the Bot API gives them, from a poll or a webhook."""

    def __init__(
        self,
        api: Api,
        desk: Desk,
        *,
        here: Callable[[], Here],
        now: Callable[[], datetime],
        on_migrated: Callable[[Migrated], None],
    ) -> None:
        self._api = api
        self._desk = desk
        self._here = here
        self._now = now
        self._on_migrated = on_migrated
        self._albums = Albums()
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, updates: Sequence[Any]) -> None:
        """Return when these updates may be confirmed. Raises what the desk raises: then none of them may be."""
        read = [update for update in updates if isinstance(update, dict)]
        if len(read) < len(updates):
            log.warning("telegram_update_not_read", error="not a JSON object")
        events = list(self._events(self._albums.without_mute(read)))
        answers = await self._desk.submit(events) if events else ()
        toasts = {event.id: answer.toast for event, answer in zip(events, answers, strict=False)}
        for update in read:
            query = words(part(update, "callback_query"), "id")
            if query:
                self._answer(query, toasts.get(str(update.get("update_id"))))

    async def close(self) -> None:
        """Let go of the taps that are being answered."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _events(self, updates: Sequence[Json]) -> Iterator[Event]:
        here, now = self._here(), self._now()
        for update in updates:
            found = self._translated(update, here, now)
            if isinstance(found, Migrated):
                self._on_migrated(found)
                here = self._here()
            elif found is not None:
                yield found

    def _translated(self, update: Json, here: Here, now: datetime) -> Event | Migrated | None:
        """What happened. Where our own code fails at it, that there was something: it must not hold up all others."""
        try:
            return translate(update, here, now)
        except Exception as problem:
            log.error("telegram_update_not_translated", error=type(problem).__name__)
            return unread(update, here, now)

    def _answer(self, query: str, told: str | None) -> None:
        """Stop the little clock on the tapped button, at once and at best: it is worth nothing later."""
        if len(self._answering) < TAPS_UNDER_WAY:
            task = asyncio.create_task(self._answer_tap(query, told))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer_tap(self, query: str, told: str | None) -> None:
        words_of = {"text": told} if told else {}
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": query, **words_of})
        except TelegramError as problem:
            log.debug("telegram_tap_not_answered", error=type(problem).__name__)
        except Exception as problem:
            log.warning("telegram_tap_not_answered", error=type(problem).__name__)


class Albums:
    """
    Ten photos that are sent together are ten updates: where one of them has words, those are the message.

    What is known is forgotten with the process; an album cut in two by a restart may get an answer more.
    """

    def __init__(self) -> None:
        self._spoken: OrderedDict[tuple[int, str], None] = OrderedDict()

    def without_mute(self, updates: Sequence[Json]) -> list[Json]:
        """These updates, without the photos of an album whose words are among them, or were read before."""
        named = [(update, album(update)) for update in updates]
        for update, name in named:
            if name and has_words(update):
                self._spoken[name] = None
        while len(self._spoken) > ALBUMS:
            self._spoken.popitem(last=False)
        return [one for one, name in named if name is None or name not in self._spoken or has_words(one)]
