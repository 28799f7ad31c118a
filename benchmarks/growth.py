"""
``make bench ARGS=growth``: what daily work costs once 1,000,000 conversations and 100,000 leads are stored.

They are stored through the repositories. Then the real process starts on them, in front of the tests' Bot API on
loopback: what staff and operators ask for is timed, and somebody new says ``/start`` fifty times a second all the time,
so that it shows what keeps people waiting. What a turn costs is measured on the web channel, with an empty database and
with this one. ``--conversations`` and ``--leads`` say how much; ``--keep FOLDER`` fills that once and uses it again.
"""

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
import psutil

from benchmarks.filling import Size, fill
from benchmarks.kills import database
from benchmarks.measure import Program, cores
from benchmarks.turns import OURS
from benchmarks.web import settings as web_settings
from benchmarks.web import visited
from storage.store import Storage
from tests.reliability.process import BotProcess, environment, started
from tests.reliability.world import World, a_world

EVERY = 0.02  #: seconds between two who say /start
TURNS_SECONDS = 5.0
COMMANDS = (("leads", "list"), *(("leads", "export", "--format", form) for form in ("json", "csv", "xlsx")))


@dataclass(kw_only=True)
class Passers:
    """People who come by, one after another, and how long each of them waits for an answer."""

    url: str
    waits: list[float] = field(default_factory=list)  #: seconds, since they were last looked at
    _number: int = 0

    async def run(self) -> None:
        """Let somebody new say something all the time."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http, asyncio.TaskGroup() as all_:
            while True:
                self._number += 1
                all_.create_task(self._one(http, self._number))
                await asyncio.sleep(EVERY)

    async def _one(self, http: aiohttp.ClientSession, number: int) -> None:
        headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        said, began = {"message_id": str(uuid.uuid4()), "text": "/start"}, time.monotonic()
        async with http.post(f"{self.url}/api/chat", json=said, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()
        self.waits.append(time.monotonic() - began)

    async def during(self, work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
        """How many seconds this took, and the longest that anybody waited meanwhile."""
        self.waits.clear()
        began = time.monotonic()
        await work()
        took = time.monotonic() - began
        await asyncio.sleep(2 * EVERY)
        return took, max(self.waits, default=0.0)


@contextlib.asynccontextmanager
async def passing(url: str) -> AsyncIterator[Passers]:
    """People who come by meanwhile."""
    passers = Passers(url=url)
    running = asyncio.create_task(passers.run())
    try:
        yield passers
    finally:
        running.cancel()
        await asyncio.wait([running])


@dataclass(kw_only=True)
class Peak:
    """The most memory that a process and its children had at a time."""

    pid: int
    most: float = 0.0  #: MB

    async def watch(self) -> None:
        """Look at it again and again."""
        process = psutil.Process(self.pid)
        while True:
            with contextlib.suppress(psutil.NoSuchProcess):
                family = [process, *process.children(recursive=True)]
                self.most = max(self.most, sum(one.memory_info().rss for one in family) / 1e6)
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def peak(pid: int) -> AsyncIterator[Peak]:
    """The peak of this process within the block."""
    found = Peak(pid=pid)
    watching = asyncio.create_task(found.watch())
    try:
        yield found
    finally:
        watching.cancel()


def tell(what: str, took: float, longest: float, memory: float = 0.0) -> None:
    """Print a row."""
    print(f"  {what:<38}{1000 * took:>10.0f}{1000 * longest:>14.0f}{memory or '':>10.0f}" if memory else
          f"  {what:<38}{1000 * took:>10.0f}{1000 * longest:>14.0f}", flush=True)  # fmt: skip


async def look(world: World, bot: BotProcess) -> None:
    """Start on what is stored, clean up, and do what staff and operators do."""
    print(f"  {'':<38}{'took, ms':>10}{'longest, ms':>14}{'MB':>10}")
    async with started(bot), passing(bot.url) as passers:
        await first(bot, passers)
        _, longest = await passers.during(lambda: asyncio.sleep(3))
        tell("nothing else", statistics.median(passers.waits), longest)
        for page in ("/leads", "/leads", "/stats", "/questions"):
            tell(page, *await passers.during(partial(asked, world, page)))
        async with peak(bot.pid) as most:
            took, longest = await passers.during(lambda: exported(world))
        tell("/export", took, longest, most.most)
        for words in COMMANDS:
            await command(bot, passers, words)


async def first(bot: BotProcess, passers: Passers) -> None:
    """The first who comes by, and all who come until the clean-up is over."""

    async def cleaned() -> None:
        while '"purged"' not in bot.log:
            await asyncio.sleep(0.05)

    while not passers.waits:
        await asyncio.sleep(0.001)
    wait = passers.waits[0]
    took, longest = await passers.during(cleaned)
    tell("first /start after a start", wait, wait)
    tell("the clean-up that begins then", took, max(longest, wait))


async def asked(world: World, what: str) -> None:
    """Staff ask for a list."""
    await world.staff.send(what)
    await world.staff.sees()


async def exported(world: World) -> None:
    """Staff ask for the file with all leads."""
    await world.staff.send("/export")
    await world.staff.sees(within=300)


async def command(bot: BotProcess, passers: Passers, words: Sequence[str]) -> None:
    """An operator's command, beside the running bot; what it prints is thrown away, but for when it begins."""
    begun = memory = 0.0

    async def run() -> None:
        nonlocal begun, memory
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=bot.folder, env=environment(bot.settings),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        async with peak(process.pid) as most:
            await process.stdout.read(1)
            begun = time.monotonic() - began
            while await process.stdout.read(2**20):
                pass
            code = await process.wait()
        assert code == 0, f"{words} ended with {code}"
        memory = most.most

    took, longest = await passers.during(run)
    name = " ".join(word for word in words if word != "--format")
    tell(name, took, longest, memory)
    if words[-1] == "list":
        tell(f"{name}: its first line", begun, longest)


def turn(folder: Path, url: str, **more: str) -> float:
    """Milliseconds of CPU that a web turn costs on this database, which nothing is to be removed from."""
    load_core, core = cores()
    given = web_settings(folder, DATABASE_URL=url, LOG_LEVEL="info", LOG_FORMAT="json", **more)
    address = f"http://127.0.0.1:{given['HTTP_PORT']}"
    log = folder / "turns.log"
    with Program(OURS, core=core, log=log, environment=given) as program:
        program.wait_ready(f"{address}/readyz")
        while '"purged"' not in log.read_text():
            time.sleep(0.05)
        return visited(program, address, load_core, visitors=64, seconds=TURNS_SECONDS).cpu


@contextlib.contextmanager
def a_folder(kept: Path | None) -> Iterator[Path]:
    """A folder for data: this one, or one that goes away."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        yield Path(name)


async def filled(url: str, size: Size, world: World) -> None:
    """Store everything, unless something is there."""
    storage = await Storage.open(url, data_key=world.data_key)
    try:
        async with storage.reading() as tx:
            there = sum((await tx.conversations.all_counts())["channel"].values())
        if not there:
            began = time.monotonic()
            await fill(storage, size, f"telegram:{world.staff.id}")
            print(f"  filled in {time.monotonic() - began:.0f} s", flush=True)
    finally:
        await storage.close()


async def run(way: str, size: Size, kept: Path | None) -> None:
    """All of it, on one kind of database."""
    print(f"\n{way}: {size.conversations:,} conversations, {size.leads:,} leads", flush=True)
    with a_folder(kept) as folder, tempfile.TemporaryDirectory() as empty, database(way, folder) as url:
        async with a_world() as world:
            key = folder / "data.key"
            if key.exists():
                world.data_key = key.read_text()
            key.write_text(world.data_key)
            await filled(url, size, world)
            bot = BotProcess(settings=world.settings(url, LOG_LEVEL="info"), folder=folder)
            (folder / "bot.log").unlink(missing_ok=True)
            await look(world, bot)
            key_of = {"DATA_KEY": world.data_key}
        with database(way, Path(empty)) as url_of_nothing:
            costs = [(turn(Path(empty), url_of_nothing, **key_of), turn(folder, url, **key_of)) for _ in range(3)]
        nothing, full = (statistics.median(column) for column in zip(*costs, strict=True))
        print(f"  CPU a web turn: {full:.2f} ms, with an empty database {nothing:.2f} ({full / nothing - 1:+.0%})")


def main(arguments: Sequence[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--keep", type=Path, help="fill this folder once, and use what is there the next time")
    given = parser.parse_args(arguments)
    for way in given.only or ("sqlite", "postgresql"):
        asyncio.run(run(way, Size(conversations=given.conversations, leads=given.leads), given.keep))


if __name__ == "__main__":
    main(sys.argv[1:])
