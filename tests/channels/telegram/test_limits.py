"""Telegram's limits are kept: in all, per chat and per group; and who waits, waits alone."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.telegram.limits import Limits


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer, so that minutes take no time."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0

    def time(self) -> float:
        return self.clock

    def _run_once(self) -> None:
        timers: list[Any] = getattr(self, "_scheduled")  # noqa: B009 - asyncio's own name, which mypy does not know
        if timers and not getattr(self, "_ready"):  # noqa: B009
            self.clock = max(self.clock, timers[0].when()) + 1e-6  # as rounding would else stop the clock
        super()._run_once()  # type: ignore[misc]  # the same


@pytest.fixture
def loop() -> Iterator[QuickLoop]:
    running = QuickLoop()
    yield running
    running.close()


def sent(loop: QuickLoop, rate: float, chats: list[int], *, edits: bool = False) -> list[float]:
    """When each message left that all wanted to leave at once, in seconds."""
    limit = Limits(rate)

    async def send(chat: int) -> float:
        await (limit.wait_to_edit(chat) if edits else limit.wait(chat))
        return loop.time()

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*map(send, chats))

    return sorted(loop.run_until_complete(all_of_them()))


def most_in(times: list[float], seconds: float) -> int:
    """The largest number of messages in any stretch of so many seconds."""
    return max(sum(start <= time < start + seconds for time in times) for start in times)


def test_in_all(loop: QuickLoop) -> None:
    """Three hundred chats together get at most thirty messages in any second, and nearly that many."""
    times = sent(loop, 30, list(range(1, 301)))
    assert most_in(times, 1.0) <= 30
    assert times[-1] < 300 / 25


def test_one_chat(loop: QuickLoop) -> None:
    """One chat gets a short burst, and then a message a second."""
    times = sent(loop, 30, [7] * 12)
    assert times[4] < 0.5
    assert most_in(times[5:], 1.0) <= 2
    assert 6 < times[-1] < 9


def test_a_group(loop: QuickLoop) -> None:
    """A group gets at most twenty messages in any minute, edits counted."""
    assert most_in(sent(loop, 30, [-7] * 60), 60.0) <= 20
    assert most_in(sent(loop, 30, [-7] * 60, edits=True), 60.0) <= 20


def test_who_waits_waits_alone(loop: QuickLoop) -> None:
    """While one chat has to wait for a minute, another gets its message at once."""
    limit = Limits(30)

    async def flood_and_ask() -> float:
        flood = [asyncio.ensure_future(limit.wait(1)) for _ in range(60)]
        await asyncio.sleep(2)
        asked = loop.time()
        await limit.wait(2)
        waited = loop.time() - asked
        for one in flood:
            one.cancel()
        return waited

    assert loop.run_until_complete(flood_and_ask()) < 0.1


def test_edits_in_a_private_chat(loop: QuickLoop) -> None:
    """Changing messages counts for the whole, not for the chat."""
    assert sent(loop, 30, [7] * 20, edits=True)[-1] < 1


def test_switched_off(loop: QuickLoop) -> None:
    """A rate of 0 lets everything through at once."""
    assert sent(loop, 0, [7, -7] * 50)[-1] == 0
    assert sent(loop, 0, [7, -7] * 50, edits=True)[-1] == 0


def test_a_low_rate(loop: QuickLoop) -> None:
    """One message a second is kept as well."""
    assert most_in(sent(loop, 1, list(range(1, 11))), 1.0) <= 1


def test_quiet_chats_are_forgotten(loop: QuickLoop) -> None:
    """Only chats that were written to lately take memory."""
    limit = Limits(1_000, remembered=10)

    async def write() -> None:
        for chat in range(1, 101):
            await limit.wait(chat)
            await asyncio.sleep(2)

    loop.run_until_complete(write())
    assert len(limit._chats) <= 11
