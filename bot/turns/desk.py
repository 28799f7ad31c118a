"""The desk: what arrives from all channels is answered in batches of what waits together."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.dialogue.events import Event
from bot.dialogue.records import Conversation, Effect
from bot.turns.batch import Answer
from bot.turns.flood import Flood
from bot.turns.isolation import ROUND_SECONDS, Isolation, NotSaved, Outcome
from bot.turns.protocols import Deliverer
from bot.turns.rules import Afterwards, Rules, guarded
from bot.turns.turns import Turns
from storage.records import Forgotten
from storage.store import Storage

LARGEST_BATCH = 100  #: events

__all__ = ["LARGEST_BATCH", "Desk", "NotSaved", "Rules"]


@dataclass(kw_only=True)
class _Waiting:
    event: Event
    answer: "asyncio.Future[Answer]"
    since: float  #: when it arrived, on the loop's clock


class Desk:
    """Takes events from all channels, and answers them in batches of those that wait together."""

    def __init__(
        self,
        storage: Storage,
        rules: Rules,
        outbox: Deliverer,
        *,
        on_said: Callable[[str], None] = lambda chat: None,
        on_turn: Callable[[Answer, float], None] = lambda answer, seconds: None,
        on_batch: Callable[[int, Sequence[tuple[Effect, Conversation]]], None] = lambda turns, effects: None,
        on_forgotten: Callable[[Forgotten], None] = lambda forgotten: None,
        flood: Flood | None = None,
        patience: float = ROUND_SECONDS,
    ) -> None:
        """
        ``on_said`` is told which web chat has new messages, ``on_turn`` which answer was given in how many seconds,
        ``on_batch`` how many turns were stored together with which effects, ``on_forgotten`` what was removed of a
        person; all after the commit. ``patience``: seconds after which one event that alone is not kept is given up.
        """
        afterwards = Afterwards(said=on_said, batch=on_batch, forgotten=on_forgotten)
        self._turns = Turns(storage, rules, outbox, flood or Flood(lambda lane: (), most=sys.maxsize), afterwards)
        self._isolation = Isolation(self._turns, seconds=patience)
        self._on_turn = on_turn
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()

    async def submit(self, events: Sequence[Event]) -> list[Answer]:
        """The answers to ``events``, once they are stored. Raises NotSaved when the database failed for one of them."""
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(event=event, answer=loop.create_future(), since=loop.time()) for event in events]
        self._waiting.extend(waiting)
        self._arrived.set()
        done = await asyncio.gather(*(one.answer for one in waiting), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return [one for one in done if isinstance(one, Answer)]

    async def run(self) -> None:
        """Answer what arrives, for ever."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._answer(batch)

    async def handle(self, events: Sequence[Event]) -> list[Answer]:
        """Answer ``events`` in one durable transaction. Whatever this raises, nothing was changed then."""
        return await self._turns.handle(events)

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        """Answer one batch. Whatever happens, nobody is left waiting for an answer that does not come."""
        answers: Sequence[Outcome] = [NotSaved() for _ in batch]
        try:
            answers = await self._isolation.answers([one.event for one in batch])
        finally:
            now = asyncio.get_running_loop().time()
            # who asks again has waited longest: a process that died stored the answer, and gave it to others first
            for one, answer in sorted(zip(batch, answers, strict=True), key=lambda pair: not _is_again(pair[1])):
                self._hand_out(one, answer, now)

    def _hand_out(self, one: _Waiting, answer: Outcome, now: float) -> None:
        if isinstance(answer, Answer):
            guarded("turn", partial(self._on_turn, answer, now - one.since))
        if one.answer.done():
            return
        if isinstance(answer, NotSaved):
            one.answer.set_exception(answer)
        else:
            one.answer.set_result(answer)


def _is_again(answer: Outcome) -> bool:
    return isinstance(answer, Answer) and answer.duplicate
