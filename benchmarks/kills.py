"""
People sign up on Telegram and on the web, staff pick them up and write them, while the process is killed; what was
lost, doubled, unanswered.

    python -m benchmarks.kills [--people 200] [--kills 10] [--only polling-sqlite …]

Polling and webhook, SQLite and PostgreSQL, each in turn; then two processes behind one webhook address on PostgreSQL,
of which one is killed each time while every update goes to both. It prints the counts (``late``: answered after more
than 10 seconds; ``slowest``: seconds), and ends with 1 when one is wrong.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from tests.postgres import OwnServer, PostgresServer
from tests.reliability.colleagues import Colleagues
from tests.reliability.crowd import STEPS_EACH, Crowd
from tests.reliability.kills import Counts, Told, count, everyone, settled, sign_up_under_kills
from tests.reliability.two import two_processes

WAYS = ("polling-sqlite", "webhook-sqlite", "polling-postgresql", "webhook-postgresql", "two-postgresql")
COLUMNS = (
    "leads",
    "lost",
    "twice",
    "unanswered",
    "late",
    "not_noticed",
    "not_mailed",
    "not_hooked",
    "not_claimed",
    "not_said",
    "misplaced",
    "needlessly_again",
    "again",
)


@contextmanager
def database(way: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if way.endswith("sqlite"):
        yield f"sqlite:///{folder}/bot.db"
        return
    server = OwnServer()
    try:
        server.prepare()
        server.start()
        running = PostgresServer(server.url)
        yield running.url_of(running.create())
    finally:
        server.remove()


async def two_under_kills(
    folder: Path, url: str, people: int, kills: int, say: Callable[[str], None] = lambda line: None
) -> Counts:
    """As ``sign_up_under_kills``, with two processes that both get every update; they are killed in turn."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with two_processes(folder, url) as two, AsyncExitStack() as work:
        world, crowd = two.world, Crowd()
        world.api.updates.webhook.doubled = True
        told, staff = Told(world=world), Colleagues(world=world, crowd=crowd)
        told.begin()
        await work.enter_async_context(staff.at_work())
        signing_up = everyone(crowd, world, people, two.url)
        for number in range(1, kills + 1):
            await crowd.progress(STEPS_EACH * people * number // (kills + 1))
            victim = two.bots[number % 2]
            await victim.kill()
            await asyncio.sleep(0.05)
            told.begin()
            say(f"killed {number} times, {crowd.answered} answered")
            await victim.start()
        await asyncio.gather(*signing_up)
        await settled(world, crowd.references)
        await staff.done()
        counts = await count(world, url, people, told, staff)
        counts.kills, counts.seconds = kills, clock() - began
        return counts


async def run(way: str, people: int, kills: int) -> Counts:
    """One way, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="kills-") as name, database(way, Path(name)) as url:
        folder = Path(name)
        if way.startswith("two"):
            return await two_under_kills(folder, url, people, kills, tell)
        return await sign_up_under_kills(
            folder, url, webhook=way.startswith("webhook"), people=people, kills=kills, say=tell
        )


def tell(line: str) -> None:
    """How far it is."""
    print(f"  {line}", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", choices=WAYS, action="append")
    given = parser.parse_args()
    print(f"{given.people} people, {given.kills} kills")
    names = (*COLUMNS, "slowest", "seconds")
    print(f"{'':20}" + " ".join(f"{name:>{max(6, len(name))}}" for name in names))
    wrong = False
    for way in given.only or WAYS:
        counts = asyncio.run(run(way, given.people, given.kills))
        values = [*(str(getattr(counts, name)) for name in COLUMNS), f"{counts.slowest:.1f}", f"{counts.seconds:.0f}"]
        line = " ".join(f"{value:>{max(6, len(name))}}" for name, value in zip(names, values, strict=True))
        print(f"{way:20}{line}", flush=True)
        wrong = wrong or bool(counts.faults) or bool(counts.late) or counts.leads != given.people
    sys.exit(wrong)


if __name__ == "__main__":
    main()
