"""Long polling. The next offset, which confirms what came before, is asked for only when all of that is stored."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import number, words
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.outage import Outage, WebhookInTheWay, host_of, is_webhook_in_the_way
from bot.channels.telegram.translate import ALLOWED_UPDATES

HOLD_SECONDS = 25  #: how long Telegram may keep a poll open while nothing happens
ANSWER_SECONDS = 10.0  #: how much longer an answer may take
LONGEST_UNSAVED_PAUSE = 5.0  #: seconds; people are waiting, and the database is ours
LIMIT = 100  #: updates in one answer, the most that Telegram gives

Updates = Sequence[Any]


class Polling:
    """``run`` polls until ``stop``."""

    def __init__(self, api: Api, intake: Intake) -> None:
        self._api = api
        self._intake = intake
        self._reach = Outage("getUpdates")
        self._save = Outage("saving updates", LONGEST_UNSAVED_PAUSE)
        self._in_hand = asyncio.Lock()
        self._stopping = asyncio.Event()

    def health(self) -> str | None:
        """What has kept updates from coming in for more than one try; None when they do."""
        return self._reach.reason if self._reach.lasts else None

    async def run(self) -> None:
        """Fetch and handle updates, whatever happens to Telegram or the database, until ``stop``."""
        stopped = asyncio.ensure_future(self._stopping.wait())
        polls = asyncio.ensure_future(self._poll())
        try:
            await asyncio.wait({stopped, polls}, return_when=asyncio.FIRST_COMPLETED)
            if polls.done():
                polls.result()
        finally:
            for task in (stopped, polls):
                task.cancel()
            await asyncio.gather(stopped, polls, return_exceptions=True)

    async def stop(self) -> None:
        """Finish the updates in hand, and take no more."""
        async with self._in_hand:
            self._stopping.set()

    async def _poll(self) -> None:
        offset = 0  # 0: from the oldest that is not confirmed
        while True:
            try:
                updates = await self._fetch(offset)
            except Exception as problem:
                await self._after_outage(problem)
                continue
            self._reach.over()
            if await self._take(updates):
                offset = _after(updates)

    async def _fetch(self, offset: int) -> Updates:
        """What waits after ``offset``. After an outage it does not stay for more, to know soon that it is over."""
        hold = 0 if self._reach.reason or self._save.reason else HOLD_SECONDS
        asked = {"timeout": hold, "limit": LIMIT, "allowed_updates": ALLOWED_UPDATES}
        if offset:
            asked["offset"] = offset
        updates: Updates = await self._api.call("getUpdates", asked, hold + ANSWER_SECONDS)
        _after(updates)  # raises here, and not after handling them, when this is no list of updates
        return updates

    async def _after_outage(self, problem: Exception) -> None:
        if is_webhook_in_the_way(problem):
            try:
                problem = WebhookInTheWay(await self.leave_webhook())
            except Exception as other:
                problem = other
        await asyncio.sleep(self._reach.pause_after(problem))

    async def leave_webhook(self) -> str:
        """Take the webhook away, without which alone polling is possible; give its host. What waits, waits for us."""
        url = words(await self._api.call("getWebhookInfo"), "url")
        if url:
            await self._api.call("deleteWebhook")
        return host_of(url)

    async def _take(self, updates: Updates) -> bool:
        try:
            async with self._in_hand:
                await self._intake.take(updates)
        except Exception as problem:
            await asyncio.sleep(self._save.pause(type(problem).__name__))
            return False
        self._save.over()
        return True


def _after(updates: Updates) -> int:
    """
    The offset that confirms these. Their own, not the highest ever seen: Telegram may start again lower.

    After an empty answer it is 0, as everything is confirmed by then. Raises TypeError for what is no list of updates.
    """
    if not isinstance(updates, list):
        raise TypeError
    known = [found for one in updates if isinstance(one, dict) and (found := number(one, "update_id")) is not None]
    if updates and not known:
        raise TypeError
    return max((one + 1 for one in known), default=0)
