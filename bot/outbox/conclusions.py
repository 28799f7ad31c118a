"""What follows from each attempt: the message is done, waits with its lane, stands aside, or is given up."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.outbox.lane import DEFERRED, DENIED, REFUSED, UNREACHED, Lane
from bot.outbox.marks import notice_of
from bot.outbox.queue import number
from bot.outbox.sending import Deferred, Gone, Later, NotDelivered, Refused, Unreached
from bot.outbox.shared import Shared
from bot.outbox.strangers import Strangers
from bot.outbox.upkeep import Upkeep
from storage.follow import follow_up
from storage.records import Delivery, Outgoing

log = structlog.get_logger()

#: what the error of a message begins with that nobody was there to get
GONE = "gone: "

#: seconds; whoever waits for the news that a message arrived is told when it takes longer than this
_LONG = 30.0

Tell = Callable[[Outgoing, datetime, bool], Sequence[Outgoing]]
"""
Gives the messages that tell staff that this mail does not reach its person, nor, where the last argument is true, any
other, since the mail server refuses us.
"""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A lane that an operator set up: where it refuses us, they are told by this name."""

    name: str  #: as logs and /readyz have it
    needed: bool = True  #: whether leads do not reach staff as they should while it refuses


def tell_nobody(message: Outgoing, now: datetime, all_of_them: bool) -> Sequence[Outgoing]:
    """Tell of nothing: for where there are no staff."""
    return ()


@dataclass(kw_only=True)
class Conclusions:
    """Draws them, and keeps in mind which destinations refuse us."""

    shared: Shared
    upkeep: Upkeep
    destination: Callable[[str], Destination | None]  #: by a lane's address
    tell: Tell
    strangers: Strangers
    put: Callable[[Iterable[Outgoing]], None]
    hasten: Callable[[Iterable[str]], None]  #: lets what was refused in these lanes be tried at once
    _closed: dict[str, str] = field(default_factory=dict)  #: lanes that refuse everything, with the reason

    def refusing(self, *, needed: bool = False) -> dict[str, str]:
        """Who refuses everything, by name, with the reason; ``needed``: only what leads need."""
        found = ((self.destination(address), reason) for address, reason in self._closed.items())
        named = {to.name: f"refuses our messages ({why})" for to, why in found if to and (to.needed or not needed)}
        return named if needed else named | self.strangers.health()

    def ended(self, lane: Lane) -> None:
        """Nothing is left in this lane: what it refused is known otherwise."""
        self._closed.pop(lane.address, None)
        self.strangers.ended(lane.address)
        self.shared.outages.over(lane.address)

    def delivered(self, lane: Lane, message: Outgoing, receipt: Mapping[str, Any] | None) -> None:
        """Mark it as sent, with the other side's receipt, in the next commit; the lane goes on with the next one."""
        key = number(message)
        self.shared.held.discard(key)
        self._closed.pop(lane.address, None)
        if self._is_to_a_person(lane, message):
            self.hasten(self.strangers.reached(lane.address))
        self.shared.outages.over(lane.address)
        lane.arrived()
        self.shared.metrics.sent.labels(message.kind).inc()
        self.shared.marks.add(
            Delivery(
                id=key,
                at=self.shared.now(),
                status="sent",
                attempts=message.attempts + 1,
                receipt=receipt or None,
                then=follow_up(message, "sent", self.shared.now(), receipt),
                notice=notice_of(message, receipt or {}),
            )
        )

    async def not_delivered(self, lane: Lane, message: Outgoing, outcome: NotDelivered) -> None:
        """It did not arrive, and the sender said why."""
        match outcome:
            case Gone():
                log.info("delivery_dropped", kind=message.kind, id=message.id, reason=outcome.reason)
                self._failed(message, GONE + outcome.reason, "gone")
            case Later() if not isinstance(outcome, Deferred):
                self.later(lane, message, outcome)
            case _ if self._is_to_a_person(lane, message):
                await self._not_to_its_person(lane, message, outcome)
            case _:
                self.refused(lane, message, outcome)

    def later(self, lane: Lane, message: Outgoing, outcome: Later) -> None:
        """The other side is not ready: the whole lane waits, as long as told, or longer each time."""
        lane.failures += 1
        lane.away = outcome.seconds is None
        pause = (
            self.shared.pauses.after(lane.failures, self.shared.chance())
            if outcome.seconds is None
            else outcome.seconds
        )
        self.shared.outages.begin(lane.address, message.kind, outcome.reason)
        # what staff know they know after a restart, too
        prefix = next((begins for begins in (UNREACHED, DENIED) if _begins(message, begins)), "")
        lane.wait(self._again(message, prefix + outcome.reason, pause), _clock() + pause)

    def refused(self, lane: Lane, message: Outgoing, outcome: NotDelivered) -> None:
        """Refused or put off by those whom an operator looks after: the others go first; in the end it is given up."""
        to = self.destination(lane.address)
        about = {"to": to.name} if to else {}
        if to and isinstance(outcome, Refused) and outcome.closed:
            self._closed[lane.address] = outcome.reason
        if to and isinstance(outcome, Deferred):
            self.shared.outages.begin(lane.address, message.kind, outcome.reason)
        if self._over(message, outcome):
            self.given_up(message, REFUSED + outcome.reason, about)
            lane.count_refusal()
            return
        if message.attempts == 0:
            log.warning("delivery_refused", kind=message.kind, id=message.id, reason=outcome.reason, **about)
        pauses, deferred = self.shared.pauses, isinstance(outcome, Deferred)
        pause = partial(pauses.put_off, soon=True) if deferred else pauses.after
        self._set_aside(lane, message, (DEFERRED if deferred else REFUSED) + outcome.reason, pause)

    def given_up(self, message: Outgoing, error: str, to: Mapping[str, str]) -> None:
        """It can never be delivered, and somebody must see to it."""
        about = message.lead or message.question
        log.error(
            "delivery_given_up", kind=message.kind, id=message.id, about=about, reason=error.removeprefix(REFUSED), **to
        )
        self._failed(message, error, "given_up")
        self.upkeep.gave_up(message.kind)

    async def _not_to_its_person(self, lane: Lane, message: Outgoing, outcome: NotDelivered) -> None:
        """A person's mailbox, which no operator can mend: staff are told, and it is given up without an alarm."""
        known, denied = _begins(message, UNREACHED), _begins(message, DENIED)
        anybody = _refuses_us(outcome) and self.strangers.refused(lane.address, outcome.reason, known=denied)
        over = not anybody and self._over(message, outcome)
        due = not self.strangers.staff_know if anybody else not known and (over or _is_closed(outcome))
        if due and not await self._tell_staff(lane, message, outcome, anybody=anybody):
            return
        known = known or (due and not anybody)
        if over:
            log.info("mailbox_given_up", id=message.id, about=message.lead or message.question, reason=outcome.reason)
            self._failed(message, UNREACHED + outcome.reason, "unreached")
            lane.count_refusal()
            return
        if message.attempts == 0:
            log.info("mailbox_refused", id=message.id, about=message.lead or message.question, reason=outcome.reason)
        prefix = UNREACHED if known else DENIED if anybody else DEFERRED
        pause = partial(self.shared.pauses.put_off, soon=anybody and self.strangers.is_first(lane.address))
        self._set_aside(lane, message, prefix + outcome.reason, pause)

    async def _tell_staff(self, lane: Lane, message: Outgoing, outcome: NotDelivered, *, anybody: bool) -> bool:
        """Tell staff that mail does not reach this person; where that cannot be stored, all is tried again."""
        news = self.tell(message, self.shared.now(), anybody)
        self.strangers.staff_know |= anybody  # before it is stored: others are refused at the same moment
        try:
            if news:
                async with self.shared.storage.transaction() as tx:
                    added = await tx.outbox.add(news)
                self.put(added)
        except Exception as error:
            self.shared.outages.begin(lane.address, message.kind, f"storage: {type(error).__name__}")
            lane.wait(message, _clock() + self.shared.pauses.poll)
            self.strangers.staff_know &= not anybody
            return False
        if anybody:
            log.error("mail_to_people_refused", about=message.lead or message.question, reason=outcome.reason)
        return True

    def _is_to_a_person(self, lane: Lane, message: Outgoing) -> bool:
        return message.kind == "mail" and self.destination(lane.address) is None

    def _over(self, message: Outgoing, outcome: NotDelivered) -> bool:
        pauses, age = self.shared.pauses, self.shared.now() - message.created_at
        longest = pauses.deferred_for if isinstance(outcome, Deferred) else pauses.give_up_after
        return age >= longest and message.attempts + 1 >= pauses.give_up_attempts

    def _set_aside(self, lane: Lane, message: Outgoing, error: str, pause: Callable[[int, float], float]) -> None:
        """Others go first; ``pause`` gives its seconds after so many attempts, by a chance."""
        seconds = pause(max(lane.most_attempts(), message.attempts + 1), self.shared.chance())
        lane.set_aside(self._again(message, error, seconds))
        lane.probe(_clock() + seconds)

    def _again(self, message: Outgoing, error: str, pause: float) -> Outgoing:
        now = self.shared.now()
        due_at, attempts = now + timedelta(seconds=pause), message.attempts + 1
        self.shared.metrics.retried.labels(message.kind).inc()
        then = follow_up(message, "delayed", now) if _is_delayed(message, error, pause) else None
        self.shared.marks.add(
            Delivery(
                id=number(message), at=now, status="waiting", attempts=attempts, due_at=due_at, error=error, then=then
            )
        )
        return replace(message, attempts=attempts, due_at=due_at, error=error)

    def _failed(self, message: Outgoing, error: str, why: str) -> None:
        key = number(message)
        self.shared.held.discard(key)
        self.shared.metrics.failed.labels(message.kind, why).inc()
        now, attempts = self.shared.now(), message.attempts + 1
        then = follow_up(message, "failed", now)
        self.shared.marks.add(Delivery(id=key, at=now, status="failed", attempts=attempts, error=error, then=then))


def _is_closed(outcome: NotDelivered) -> bool:
    """Whether the mailbox takes nothing from us, for whatever reason."""
    return isinstance(outcome, Refused) and outcome.closed


def _refuses_us(outcome: NotDelivered) -> bool:
    """Whether it does so for who we are: then others may be refused as well."""
    return _is_closed(outcome) and not isinstance(outcome, Unreached)


def _begins(message: Outgoing, prefix: str) -> bool:
    """Whether what is known of a message begins with this."""
    return message.error is not None and message.error.startswith(prefix)


def _is_delayed(message: Outgoing, error: str, pause: float) -> bool:
    """Whether this is the first that is known of a message that may take long, or never arrive."""
    return message.attempts == 0 and (error.startswith(REFUSED) or pause >= _LONG)


def _clock() -> float:
    return asyncio.get_running_loop().time()
