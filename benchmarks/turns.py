"""
``make bench``: how fast a full turn is (read, respond, write durably, render, send), beside a bare echo bot.

A lean Bot API server has one core; the other is, in turn and in the same run, this program's (its real process, SQLite
``synchronous=FULL``, ``TELEGRAM_RATE=0``) and a python-telegram-bot echo's that stores nothing. Each pair gives a
ratio, so that a machine that is busy with something else weighs on both. What is printed are medians.
"""

import argparse
import json
import shlex
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Load, Outcome
from benchmarks.measure import Program, cores, free_port

TOKEN = "123456789:AAE-benchmark_token_of_nobody_00000"
ECHO = (sys.executable, "-m", "benchmarks.echo")
OURS = (sys.executable, "-m", "bot", "run")

#: What each chat says, over and over: questions that are answered, and a sign-up that is begun, mended and cancelled.
CONVERSATION = (
    "/start",
    "wat kost de cursus?",
    "hoe lang duurt het?",
    "voor wie is het bedoeld?",
    "/aanmelden",
    "cursus",
    "gemeente",
    "Gemeente Den Haag",
    "Anna de Vries",
    "anna.de.vries@example",
    "anna.de.vries@example.nl",
    "waar is het?",
    "/help",
    "/annuleren",
    "ja",
    "wie organiseert dit?",
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One program under one load."""

    outcome: Outcome
    memory: float  #: MB resident at the end


Pair = tuple[Run, Run]  #: this program, the echo


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    chats: Sequence[int]
    pairs: int
    seconds: float
    ours: Sequence[str]


class Bench:
    """Runs both programs under the same load, in turn, with a folder for data and logs."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._script = folder / "script.json"
        self._script.write_text(json.dumps(CONVERSATION))
        self._load_core, self._core = cores()
        self._runs = 0

    def pairs(self, chats: int) -> list[Pair]:
        """What both did under this many chats, after one short pair that only warms the machine up."""
        self.pair(chats, min(2.0, self._plan.seconds))
        return [self.pair(chats, self._plan.seconds) for _ in range(self._plan.pairs)]

    def pair(self, chats: int, seconds: float) -> Pair:
        """What both did, once."""
        return self._run(self._plan.ours, chats, seconds), self._run(ECHO, chats, seconds)

    def _run(self, command: Sequence[str], chats: int, seconds: float) -> Run:
        # Each run has data of its own: updates that were handled before would change nothing.
        self._runs += 1
        with self._load(chats, seconds) as load:
            environment = self._environment(load.url, f"run{self._runs}")
            with self._program(command, environment) as program:
                return Run(outcome=load.run(program), memory=program.cost().memory)

    def starts(self) -> list[float]:
        """Seconds from each further start of this program, on data that is there, until it is ready."""
        with self._load(1, 0) as load:
            return [self._start(load.url) for _ in range(self._plan.pairs + 1)][1:]

    def _start(self, url: str) -> float:
        environment = self._environment(url, "start")
        with self._program(self._plan.ours, environment) as program:
            return program.wait_ready(f"http://127.0.0.1:{environment['HTTP_PORT']}/readyz")

    def _load(self, chats: int, seconds: float) -> Load:
        return Load(script=self._script, chats=chats, seconds=seconds, core=self._load_core)

    def _program(self, command: Sequence[str], environment: Mapping[str, str]) -> Program:
        return Program(command, core=self._core, log=self._folder / "program.log", environment=environment)

    def _environment(self, url: str, data: str) -> Mapping[str, str]:
        """The settings under which both programs run; the echo knows the first two."""
        return {
            "TELEGRAM_API_URL": url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_RATE": "0",
            "DATABASE_URL": f"sqlite:///{self._folder}/{data}/bot.db",
            "MAIL_URL": f"file:{self._folder}/{data}/mail",
            "HTTP_PORT": str(free_port()),
            "LOG_LEVEL": "warning",
        }


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of what is printed."""

    name: str
    unit: str
    of: Callable[[Run], float]


FIGURES = (
    Figure(name="updates", unit="/s", of=lambda run: run.outcome.rate),
    Figure(name="CPU an update", unit="ms", of=lambda run: run.outcome.cpu_each),
    Figure(name="latency p50", unit="ms", of=lambda run: run.outcome.p50),
    Figure(name="latency p99", unit="ms", of=lambda run: run.outcome.p99),
    Figure(name="memory", unit="MB", of=lambda run: run.memory),
)
RATE, CPU, MEMORY = FIGURES[0], FIGURES[1], FIGURES[4]


def median(pairs: Sequence[Pair], figure: Figure, which: int) -> float:
    """The median of a figure; ``which``: 0 for this program, 1 for the echo."""
    return statistics.median(figure.of(pair[which]) for pair in pairs)


def ratio(pairs: Sequence[Pair], figure: Figure) -> float:
    """The median of this program's figure over the echo's, pair by pair."""
    return statistics.median(figure.of(ours) / max(figure.of(echo), 1e-9) for ours, echo in pairs)


def show(chats: int, pairs: Sequence[Pair]) -> None:
    """Print the medians and ratios of one load."""
    print(f"\n{chats} chat{'s' if chats > 1 else ''}, medians of {len(pairs)} pairs")
    print(f"  {'':<18}{'this program':>14}{'echo':>14}{'ratio':>10}   lowest to highest ratio")
    for figure in FIGURES:
        ours, echo = median(pairs, figure, 0), median(pairs, figure, 1)
        ratios = [ratio([pair], figure) for pair in pairs]
        name = f"{figure.name} ({figure.unit})"
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"  {name:<18}{ours:>14.2f}{echo:>14.2f}{ratio(pairs, figure):>10.2f}   {spread}")
    if short := sum(run.outcome.short for pair in pairs for run in pair):
        print(f"  {short} answers were not complete; the figures are not to be trusted")


def show_target(text: str, value: float, met: bool) -> None:
    """Print what is asked of a figure, beside what it is."""
    print(f"  {text:<58}{value:>8.2f}   {'met' if met else 'NOT MET'}")


def measure(plan: Plan) -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(plan, Path(folder))
        starts = bench.starts()
        results = {chats: bench.pairs(chats) for chats in plan.chats}
    for chats, pairs in results.items():
        show(chats, pairs)
    show_targets(max(results), results[max(results)], starts)


def show_targets(chats: int, pairs: Sequence[Pair], starts: Sequence[float]) -> None:
    """Print what is asked, and whether it is met under the most chats."""
    rate, cpu = ratio(pairs, RATE), ratio(pairs, CPU)
    memory, start = median(pairs, MEMORY, 0), statistics.median(starts)
    print(f"\nTargets, with {chats} chats")
    show_target("updates a second: at least 1.5 times the echo's", rate, rate >= 1.5)
    show_target("CPU an update: at most 0.6 of the echo's", cpu, cpu <= 0.6)
    show_target("resident memory: at most 140 MB", memory, memory <= 140)
    show_target("a second start is ready within 2 seconds", start, start <= 2)


def main(arguments: Sequence[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how often both programs are measured")
    parser.add_argument("--seconds", type=float, default=6, help="how long each time")
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 64], help="how many chats talk at once")
    parser.add_argument("--ours", default=shlex.join(OURS), help="another program to measure in this one's place")
    parser.add_argument("--quick", action="store_true", help="one short pair: only shows that it all works")
    given = parser.parse_args(arguments)
    pairs, seconds, chats = (1, 1.0, [8]) if given.quick else (given.pairs, given.seconds, given.chats)
    measure(Plan(chats=chats, pairs=pairs, seconds=seconds, ours=shlex.split(given.ours)))


if __name__ == "__main__":
    main(sys.argv[1:])
