"""What a page showed of what staff wrote: its mail is withdrawn, and staff see that it arrived."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot.dialogue.events import channel_of
from bot.notifications.talk_letters import lane_of
from bot.outbox import StaffAddress
from bot.staff.talks import SEEN
from bot.wording import Wording
from storage.case_records import Case, Unread
from storage.contents import React
from storage.records import Outgoing
from storage.repositories import Repositories
from storage.store import Storage

log = structlog.get_logger()

REMEMBERED = 2_000  #: chats of which is known how far their pages are


class Delivered:
    """Takes note of what pages showed; ``put`` and ``drop`` are the outbox's."""

    def __init__(
        self,
        storage: Storage,
        wording: Wording,
        address: StaffAddress,
        language: str,
        *,
        put: Callable[[Iterable[Outgoing]], None],
        drop: Callable[[Collection[int]], None],
    ) -> None:
        """``language`` is that of staff."""
        self._storage = storage
        self._wording = wording
        self._address = address
        self._language = language
        self._put = put
        self._drop = drop
        self._shown: OrderedDict[str, int] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def shown(self, chat: str, up_to: int) -> None:
        """A page of this chat showed what staff wrote up to the line with this id. Returns at once."""
        if self._shown.get(chat, 0) >= up_to:
            return
        self._shown[chat] = up_to
        self._shown.move_to_end(chat)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        task = asyncio.create_task(self._guarded(chat, up_to))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Finish what is being noted."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _guarded(self, chat: str, up_to: int) -> None:
        try:
            await self.note(chat, up_to)
        except Exception as problem:  # the next page that shows it says so again; else it is mailed as well
            self._shown.pop(chat, None)
            log.warning("shown_not_stored", error=type(problem).__name__)

    async def note(self, chat: str, up_to: int) -> None:
        """Store it: the mails of what was shown are withdrawn, and signs put under what staff wrote."""
        now = datetime.now(UTC)
        async with self._storage.transaction() as tx:
            await tx.conversations.load([chat])
            signs: list[Outgoing] = []
            withdrawn: set[int] = set()
            for case in await tx.cases.of_chat(chat):
                signs += self._signs(case, up_to, now)
                withdrawn |= await _noted(tx, case, up_to)
            await tx.outbox.supersede(withdrawn)
            added = await tx.outbox.add(signs)
        self._drop(withdrawn)
        self._put(added)

    def _signs(self, case: Case, up_to: int, now: datetime) -> list[Outgoing]:
        staff_chat = self._address.now
        if staff_chat is None:
            return []
        values = {"reference": case.reference}
        line = self._wording.message("staff/answered", self._language, values, "staff").html
        return [
            Outgoing(
                lane=staff_chat,
                kind=channel_of(staff_chat),
                content=React(message_id=one.message_id, emoji=SEEN, otherwise=line),
                created_at=now,
                chat=case.chat,
                lead=case.lead,
                question=case.question,
            )
            for one in case.unread
            if one.line <= up_to and one.message_id is not None
        ]


async def _noted(tx: Repositories, case: Case, up_to: int) -> set[int]:
    """Keep what is left to be shown; give the ids of the mails that are not needed any more."""
    left: tuple[Unread, ...] = tuple(one for one in case.unread if one.line > up_to)
    if left == case.unread:
        return set()
    await tx.cases.save(replace(case, unread=left))
    if left:
        return set()
    waiting = await tx.outbox.waiting_about(case.chat or "")
    mails = [one for one in waiting if one.lane == lane_of(case.chat or "")]
    return {one.id for one in mails if one.id is not None and (one.lead or one.question) == case.reference}
