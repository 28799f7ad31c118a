"""Two processes behind one webhook address, on one PostgreSQL."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.process import BotProcess, started
from tests.reliability.world import World, a_world


@dataclass(frozen=True, kw_only=True)
class Two:
    """Both, running, and what is around them."""

    world: World
    first: BotProcess
    second: BotProcess

    @property
    def bots(self) -> tuple[BotProcess, BotProcess]:
        """Both."""
        return self.first, self.second

    def url(self) -> str:
        """Where a proxy sends the next web request: to a process that is there."""
        there = [bot for bot in self.bots if bot.running]
        self.world.api.updates.webhook.posts += 1
        return there[self.world.api.updates.webhook.posts % len(there)].url


@contextlib.asynccontextmanager
async def two_processes(folder: Path, database_url: str, **more: str) -> AsyncIterator[Two]:
    """Both, started."""
    async with a_world() as world:
        first, second = (
            BotProcess(settings=world.settings(database_url, webhook=True, **more), folder=folder, name=name)
            for name in ("first", "second")
        )
        world.route(first.url, second.url)
        async with started(first, second):
            yield Two(world=world, first=first, second=second)
