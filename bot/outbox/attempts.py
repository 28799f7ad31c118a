"""One attempt to deliver one message, and which conclusion is drawn from it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.outbox.conclusions import Conclusions
from bot.outbox.lane import Lane, number
from bot.outbox.sending import Later, Moved, NotDelivered, Refused, Sender
from bot.outbox.shared import Shared
from storage.records import Outgoing

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Attempts what a lane has next."""

    shared: Shared
    senders: Mapping[str, Sender]  #: by the kind of message
    conclusions: Conclusions
    moved: Callable[[Lane, Outgoing, Moved], Awaitable[None]]  #: takes a lane to its new address

    async def attempt(self, lane: Lane, message: Outgoing) -> None:
        """Attempt one message. A fault of ours in drawing the conclusion is logged, counted, and tried again."""
        try:
            await self._try(lane, message)
        except Exception:
            log.exception("task_failed", task="lane", again_in=self.shared.pauses.longest)
            self.shared.metrics.task_restarts.labels("lane").inc()
            lane.wait(message, asyncio.get_running_loop().time() + self.shared.pauses.longest)

    async def _try(self, lane: Lane, message: Outgoing) -> None:
        old = message.attempts > 0 or self.shared.now() - message.created_at > self.shared.pauses.doubt
        doubtful = old or self.shared.storage.doubts(message.created_at)
        if doubtful and not await self._still_wanted(lane, message):
            return
        try:
            async with asyncio.timeout(self.shared.pauses.attempt):
                receipt = await self._sender(message.kind).send(message)
        except Moved as outcome:
            if outcome.lane == message.lane:
                self.conclusions.refused(lane, message, outcome)
            else:
                await self.moved(lane, message, outcome)
        except NotDelivered as outcome:
            await self.conclusions.not_delivered(lane, message, outcome)
        except TimeoutError:
            self.conclusions.later(lane, message, Later(None, "no answer in time"))
        except Exception as error:
            # a fault of ours with this message: it must neither end the lane nor be tried without end
            log.exception("delivery_broke", kind=message.kind, id=message.id)
            self.conclusions.refused(lane, message, Refused(f"broke: {type(error).__name__}"))
        else:
            self.conclusions.delivered(lane, message, receipt)

    def _sender(self, kind: str) -> Sender:
        """Who delivers messages of this kind. Raises Later when nobody does (Telegram was switched off, say)."""
        sender = self.senders.get(kind)
        if sender is None:
            raise Later(self.shared.pauses.longest, "nothing is set up to send it")
        return sender

    async def _still_wanted(self, lane: Lane, message: Outgoing) -> bool:
        """Whether an older message is still ours to send: it may have been removed, or taken over, meanwhile."""
        try:
            async with self.shared.storage.reading() as tx:
                wanted = message.id in await tx.outbox.mine([number(message)])
        except Exception as error:
            self.shared.outages.begin(lane.address, message.kind, f"storage: {type(error).__name__}")
            lane.wait(message, asyncio.get_running_loop().time() + self.shared.pauses.poll)
            return False
        if not wanted:
            self.shared.held.discard(number(message))
        return wanted
