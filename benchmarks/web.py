"""
``make bench ARGS=web``: how fast the web channel's turns are, beside a bare Starlette endpoint; and idle streams.

The same 64 visitors, new ones all the time, walk the whole dialogue on this program (its real process, SQLite
``synchronous=FULL``, a mail folder) and on an endpoint that stores nothing, in turn and in the same run. Then 1,000
pages listen and nobody says anything: what that takes of memory and of a core.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Program, cores, free_port, pin
from benchmarks.turns import OURS, show_target

ECHO = (sys.executable, "-m", "benchmarks.starlette_echo")
READY = 60.0  #: seconds that a program may take to start
IDLE_SECONDS = 15.0  #: as long as it takes until each stream was given a sign of life


@dataclass(frozen=True, kw_only=True)
class Turns:
    """What a server did for its visitors."""

    rate: float  #: turns a second
    cpu: float  #: ms a turn
    p50: float  #: ms
    p99: float
    missed: int  #: taps on buttons that were not there


def visited(program: Program, url: str, core: int, *, visitors: int, seconds: float) -> Turns:
    """What this program does for so many visitors who talk for so long, from another core."""
    command = [sys.executable, "-m", "benchmarks.visitors", "--url", url]
    command += ["--visitors", str(visitors), "--seconds", f"{seconds:g}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        pin(load.pid, core)
        assert load.stdout is not None
        _line(load, program)
        before = program.cost()
        seen = _line(load, program)
        cpu = program.cost().cpu - before.cpu
    return Turns(
        rate=seen["turns"] / seen["seconds"], cpu=1000 * cpu / seen["turns"],
        p50=seen["p50_ms"], p99=seen["p99_ms"], missed=seen["missed"],
    )  # fmt: skip


def _line(load: "subprocess.Popen[str]", program: Program) -> dict[str, Any]:
    """The next line. Raises RuntimeError when none comes."""
    assert load.stdout is not None
    if line := load.stdout.readline():
        found: dict[str, Any] = json.loads(line)
        return found
    raise RuntimeError(f"the visitors ended before they were done:\n{program.log.read_text()}")


def settings(folder: Path, **more: str) -> dict[str, str]:
    """Settings of this program, with data of their own."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/bot.db", "MAIL_URL": f"file:{folder}/mail", "HTTP_PORT": str(free_port()),
        "CONTACT_EMAIL": "contact@example.nl", "TRUSTED_PROXIES": "127.0.0.1", "LOG_LEVEL": "warning", **more,
    }  # fmt: skip


def measured(command: Sequence[str], folder: Path, *, visitors: int, seconds: float) -> Turns:
    """What a server of this command does."""
    load_core, core = cores()
    given = settings(folder)
    url = f"http://127.0.0.1:{given['HTTP_PORT']}"
    with Program(command, core=core, log=folder / "log", environment=given) as program:
        program.wait_ready(f"{url}/readyz", READY)
        return visited(program, url, load_core, visitors=visitors, seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Idle:
    """What streams take on which nothing is said."""

    memory: float  #: MB in all
    share: float  #: of a core


async def idle(folder: Path, streams: int) -> Idle:
    """So many pages of as many visitors listen, and nobody says anything."""
    _, core = cores()
    given = settings(folder)
    port = int(given["HTTP_PORT"])
    with Program(OURS, core=core, log=folder / "log", environment=given) as program:
        program.wait_ready(f"http://127.0.0.1:{port}/readyz", READY)
        before = program.cost().memory
        async with contextlib.AsyncExitStack() as open_streams:
            for number in range(streams):
                await open_streams.enter_async_context(_listening(port, number))
            await asyncio.sleep(1)
            begun = program.cost()
            await asyncio.sleep(IDLE_SECONDS)
            after = program.cost()
    return Idle(memory=after.memory - before, share=(after.cpu - begun.cpu) / (after.at - begun.at))


@contextlib.asynccontextmanager
async def _listening(port: int, number: int) -> Any:
    """One page that listens."""
    address = f"X-Forwarded-For: 10.0.{number >> 8}.{number & 255}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /api/session HTTP/1.1\r\nHost: localhost\r\n{address}Content-Length: 0\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    token = json.loads(await reader.readuntil(b"}"))["session"]
    asks = f"GET /api/chat/events HTTP/1.1\r\nHost: localhost\r\n{address}Authorization: Bearer {token}\r\n\r\n"
    writer.write(asks.encode())
    await reader.readuntil(b"\r\n\r\n")
    yield
    writer.close()


def show(rounds: Sequence[Mapping[str, Turns]]) -> float:
    """Print the medians of both; give the ratio of what they did a second."""
    print(f"  {'':<26}{'this program':>13}{'Starlette':>12}{'ratio':>8}")
    for name, unit in (("rate", "/s"), ("cpu", "ms"), ("p50", "ms"), ("p99", "ms")):
        ours, echo = (statistics.median(getattr(one[of], name) for one in rounds) for of in ("ours", "echo"))
        print(f"  {f'{name} ({unit})':<26}{ours:>13.2f}{echo:>12.2f}{ours / echo:>8.2f}")
    return statistics.median(one["ours"].rate for one in rounds)


def main(arguments: Sequence[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--streams", type=int, default=1000)
    given = parser.parse_args(arguments)
    rounds = []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as echo:
            rounds.append(
                {
                    name: measured(command, Path(folder), visitors=given.visitors, seconds=given.seconds)
                    for name, command, folder in (("ours", OURS, ours), ("echo", ECHO, echo))
                }
            )
    print(f"\n{given.visitors} visitors, medians of {given.rounds} rounds")
    if missed := sum(one["ours"].missed for one in rounds):
        print(f"  {missed} buttons were not there; the figures are not to be trusted")
    rate = show(rounds)
    with tempfile.TemporaryDirectory() as folder:
        quiet = asyncio.run(idle(Path(folder), given.streams))
    print(f"  {given.streams} streams on which nobody talks: {quiet.memory:.1f} MB, {quiet.share:.1%} of a core")
    print("\nTargets")
    show_target(f"{given.visitors} visitors: turns a second, at least 900", rate, rate >= 900)
    show_target(f"{given.streams} idle streams: at most 1% of a core", 100 * quiet.share, quiet.share <= 0.01)


if __name__ == "__main__":
    main(sys.argv[1:])
