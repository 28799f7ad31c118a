"""
One event that fails takes no other with it, whatever makes it fail and however often.

Where our own code fails at an event, its batch is done once more, with an apology in that one's place. Where a whole
batch fails and nobody can say at which event, it is done in halves, so that of a hundred the one is found in some
fourteen transactions; that one is then answered with less and less, and in the end given up, loudly.
"""

import asyncio
from collections.abc import Sequence

import structlog

from bot.dialogue.events import Event
from bot.turns.batch import Answer, Way, Ways, key_of
from bot.turns.rules import NotBegun, TurnsFailed
from bot.turns.turns import Turns
from storage.errors import StorageError, Unavailable

log = structlog.get_logger()

#: so often, and for so many seconds, one event alone is not saved while the database keeps other things; then
#: an apology is tried in its place
ROUNDS = 3
ROUND_SECONDS = 3.0
LONGEST_SEARCH = 40.0  #: seconds; seven halvings that each wait five seconds for a lock
_REMEMBERED = 1000  #: events, the oldest are forgotten


class NotSaved(Exception):
    """The database could not keep what was said; nothing of it may be confirmed."""


Outcome = Answer | NotSaved


class Isolation:
    """Answers events in as few batches as will do."""

    def __init__(self, turns: Turns, *, rounds: int = ROUNDS, seconds: float = ROUND_SECONDS) -> None:
        """An event that alone is not kept, so many times and for so long, is apologised for and then given up."""
        self._turns = turns
        self._rounds = rounds
        self._seconds = seconds
        self._keeps: bool | None = None  #: whether the database keeps what belongs to nobody; None: not tried yet
        self._until = 0.0  #: when the search for the one that is not kept ends, on the loop's clock
        self._unsaved: dict[tuple[str, str], tuple[int, float]] = {}  #: how often, and since when

    async def answers(self, events: Sequence[Event]) -> list[Outcome]:
        """The answer to each event, stored, in their order; NotSaved only for what the database could not keep."""
        self._until, self._keeps = asyncio.get_running_loop().time() + LONGEST_SEARCH, None
        return await self._answers(events, None)

    async def _answers(self, events: Sequence[Event], ways: Ways | None) -> list[Outcome]:
        try:
            return list(await self._turns.handle(events, ways))
        except TurnsFailed as failed:
            worse = {key: _next((ways or {}).get(key, Way.TURN)) for key in failed.keys}
            return await self._answers(events, {**(ways or {}), **worse})
        except Exception as problem:
            if self._is_late(problem) or not await self._is_of_one(problem):
                log.warning("not_saved", events=len(events), error=str(problem))
                return [NotSaved() for _ in events]
            if len(events) > 1:
                ours = not isinstance(problem, StorageError)
                log.warning("batch_failed", events=len(events), error=type(problem).__name__, exc_info=ours)
                return await self._halves(events, ways or {})
            return [await self._alone(events[0], ways, problem)]

    def _is_late(self, problem: Exception) -> bool:
        """Whether it was looked for long enough: where each try waits for a lock, everybody waits."""
        return isinstance(problem, Unavailable) and asyncio.get_running_loop().time() > self._until

    async def _is_of_one(self, problem: Exception) -> bool:
        """Whether it may be one event that fails; not where the database keeps nothing of anybody."""
        if isinstance(problem, NotBegun):
            return False
        if isinstance(problem, StorageError) and self._keeps is None:
            self._keeps = await self._turns.can_write()
        return self._keeps is not False

    async def _halves(self, events: Sequence[Event], ways: Ways) -> list[Outcome]:
        """Each half by itself. What a person says after what was not saved is not saved either: order stands."""
        middle = len(events) // 2
        first = await self._answers(events[:middle], ways)
        behind = {event.chat for event, answer in zip(events, first, strict=False) if isinstance(answer, NotSaved)}
        others = [event for event in events[middle:] if event.chat not in behind]
        second = iter(await self._answers(others, ways) if others else ())
        return first + [NotSaved() if event.chat in behind else next(second) for event in events[middle:]]

    async def _alone(self, event: Event, ways: Ways | None, problem: Exception) -> Outcome:
        """The answer to an event that fails by itself."""
        key = key_of(event)
        way = (ways or {}).get(key, Way.TURN)
        if isinstance(problem, Unavailable) and not self._is_enough(event):
            return await self._once_more(event, way)
        error = type(problem).__name__
        if way is Way.NOTED and not await self._turns.can_write():
            return NotSaved()
        if way is Way.NOTED:
            log.error("event_given_up", channel=event.channel, kind=event.kind, error=error)
            return self._turns.given_up(event)
        if way is Way.TURN:
            ours = not isinstance(problem, StorageError)
            log.error("turn_failed", channel=event.channel, kind=event.kind, error=error, exc_info=ours)
        [answer] = await self._answers([event], {key: _next(way)})
        return answer

    async def _once_more(self, event: Event, way: Way) -> Outcome:
        key = key_of(event)
        try:
            [answer] = await self._turns.handle([event], {key: way})
        except Unavailable as problem:
            log.warning("not_saved", events=1, error=str(problem))
            self._count(key)
            return NotSaved()
        except Exception as problem:
            return await self._alone(event, {key: way}, problem)
        self._unsaved.pop(key, None)
        return answer

    def _count(self, key: tuple[str, str]) -> None:
        """Note that this event was not saved, though the database keeps other things."""
        times, since = self._unsaved.pop(key, (0, asyncio.get_running_loop().time()))
        self._unsaved[key] = (times + 1, since)
        if len(self._unsaved) > _REMEMBERED:
            del self._unsaved[next(iter(self._unsaved))]

    def _is_enough(self, event: Event) -> bool:
        times, since = self._unsaved.get(key_of(event), (0, 0.0))
        return times >= self._rounds and asyncio.get_running_loop().time() - since >= self._seconds


def _next(way: Way) -> Way:
    """What is tried when this way failed."""
    return Way(min(way + 1, Way.NOTED))
