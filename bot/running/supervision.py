"""Background tasks that are watched: one that fails is logged, counted and started again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.outbox.pauses import grown
from storage.errors import Unavailable

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
CALM_SECONDS = 60.0  #: a task that ran this long starts again without a grown pause


async def keep_running(
    name: str,
    body: Callable[[], Awaitable[None]],
    on_restart: Callable[[str], None] = lambda name: None,
    first_pause: float = FIRST_PAUSE,
) -> None:
    """Run ``body`` until it returns or is cancelled; after a failure again, with pauses growing to 60 seconds."""
    loop, failures = asyncio.get_running_loop(), 0
    while True:
        began = loop.time()
        try:
            return await body()
        except Exception as problem:
            failures = 1 if loop.time() - began > CALM_SECONDS else failures + 1
            pause = grown(first_pause, LONGEST_PAUSE, failures)
            _say(name, problem, pause)
        on_restart(name)
        await asyncio.sleep(pause)


def _say(name: str, problem: Exception, pause: float) -> None:
    """A database that is away is no fault of our code: a line says it all."""
    if isinstance(problem, Unavailable):
        log.warning("task_waits", task=name, reason=str(problem), again_in=pause)
    else:
        log.exception("task_failed", task=name, again_in=pause)
