"""People who are answered, and how long that takes them: what the benchmarks of floods and outages have in common."""

import asyncio
import statistics
from collections.abc import Sequence

from tests.reliability.crowd import Crowd
from tests.reliability.world import World


def p95(waits: Sequence[float]) -> float:
    """The time within which 95 of 100 were answered, in ms."""
    return 1000 * statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else 0.0


async def sign_ups(world: World, people: int, *, first: int = 1, apart: float = 0.1, think: float = 0) -> Crowd:
    """So many people sign up on Telegram, one beginning so many seconds after the other, thinking in between."""
    crowd = Crowd(again=0, think=think)
    tasks = []
    for number in range(first, first + people):
        tasks.append(asyncio.create_task(crowd.on_telegram(world.api, number)))
        await asyncio.sleep(apart)
    await asyncio.gather(*tasks)
    return crowd
