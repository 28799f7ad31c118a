"""Background tasks that are watched: one that fails is logged, counted and started again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

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
    loop, pause = asyncio.get_running_loop(), first_pause
    while True:
        began = loop.time()
        try:
            return await body()
        except Exception:
            pause = first_pause if loop.time() - began > CALM_SECONDS else pause
            log.exception("task_failed", task=name, again_in=pause)
        on_restart(name)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
