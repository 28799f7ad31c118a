"""
``make bench``: how fast full turns are (read, respond, write durably, render, send), beside bare echo bots.

New people all the time walk the whole dialogue: two topics, a question, a sign-up with every detail, the submit with
its staff message and two mails. A lean Bot API server has one core; the other is, in turn and in the same run, this
program's (its real process, SQLite ``synchronous=FULL``, a staff chat, a mail folder, ``TELEGRAM_RATE=0``), and that of
echoes on python-telegram-bot and on aiogram, which store nothing. Each round gives ratios, so that a machine that is
busy with something else weighs on all. What is printed are medians.
"""

import argparse
import json
import shlex
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.dialogue import DIALOGUE
from benchmarks.load import STAFF_CHAT, Load, Outcome, Talk
from benchmarks.measure import Program, cores, free_port

TOKEN = "123456789:AAE-benchmark_token_of_nobody_00000"
OURS = (sys.executable, "-m", "bot", "run")
ECHOES: Mapping[str, Sequence[str]] = {
    "telegram": (sys.executable, "-m", "benchmarks.echo"),
    "aiogram": (sys.executable, "-m", "benchmarks.aiogram_echo"),
}
STEP_CHATS = 64  #: how many take each step together, where its cost is measured
BUSY = 0.05  #: the share of the machine that others may take before figures are not to be quoted


@dataclass(frozen=True, kw_only=True)
class Run:
    """One program under one load."""

    outcome: Outcome
    memory: float  #: MB resident at the end


@dataclass(frozen=True, kw_only=True)
class Round:
    """What all programs did under one load, one after the other."""

    ours: Run
    echoes: Mapping[str, Run]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    talks: Sequence[Talk]
    rounds: int
    ours: Sequence[str] = OURS


class Bench:
    """Runs the programs under the same load, in turn, with a folder for data and logs."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._script = folder / "script.json"
        self._script.write_text(json.dumps([step for _, step in DIALOGUE]))
        self._load_core, self._core = cores()
        self._runs = 0

    def rounds(self, talk: Talk) -> list[Round]:
        """What all did under this load, round by round."""
        return [self.round(talk) for _ in range(self._plan.rounds)]

    def round(self, talk: Talk) -> Round:
        """What all did, once."""
        ours = self._run(self._plan.ours, talk)
        return Round(ours=ours, echoes={name: self._run(command, talk) for name, command in ECHOES.items()})

    def _run(self, command: Sequence[str], talk: Talk) -> Run:
        with self._load(talk) as load, self._program(command, self._environment(load.url)) as program:
            return Run(outcome=load.run(program), memory=program.cost().memory)

    def steps(self, command: Sequence[str], people: int = STEP_CHATS) -> Mapping[str, float]:
        """Milliseconds of CPU that each kind of step costs a program, a person, where so many take it at once."""
        talk = Talk(chats=people, seconds=1)
        with self._load(talk, together=True) as load, self._program(command, self._environment(load.url)) as program:
            spent = load.steps(program, len(DIALOGUE))
        named = sorted(zip((name for name, _ in DIALOGUE), spent, strict=True), key=lambda one: one[0])
        kinds = groupby(named, key=lambda one: one[0])
        return {name: 1000 * statistics.mean(cost for _, cost in costs) / people for name, costs in kinds}

    def claimed(self, talk: Talk) -> float:
        """Seconds, p95, from a tap on a card in the staff chat until it is edited, beside this load."""
        with self._load(talk, taps=True) as load, self._program(OURS, self._environment(load.url)) as program:
            return load.run(program).claimed / 1000

    def starts(self) -> list[float]:
        """Seconds from each further start of this program, on data that is there, until it is ready."""
        with self._load(Talk(chats=1, seconds=0)) as load:
            environment = self._environment(load.url)
            return [self._start(environment) for _ in range(self._plan.rounds + 1)][1:]

    def _start(self, environment: Mapping[str, str]) -> float:
        with self._program(self._plan.ours, environment) as program:
            return program.wait_ready(f"http://127.0.0.1:{environment['HTTP_PORT']}/readyz")

    def _load(self, talk: Talk, *, together: bool = False, taps: bool = False) -> Load:
        return Load(script=self._script, talk=talk, core=self._load_core, together=together, taps=taps)

    def _program(self, command: Sequence[str], environment: Mapping[str, str]) -> Program:
        return Program(command, core=self._core, log=self._folder / "program.log", environment=environment)

    def _environment(self, url: str) -> Mapping[str, str]:
        """Settings with data of their own: updates that were handled before would change nothing."""
        self._runs += 1
        data = self._folder / f"run{self._runs}"
        return {
            "TELEGRAM_API_URL": url, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_RATE": "0",
            "TELEGRAM_STAFF_CHAT_ID": str(STAFF_CHAT), "DATABASE_URL": f"sqlite:///{data}/bot.db",
            "MAIL_URL": f"file:{data}/mail", "CONTACT_EMAIL": "contact@example.nl",
            "HTTP_PORT": str(free_port()), "LOG_LEVEL": "warning",
        }  # fmt: skip


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
    Figure(name="submit to staff p95", unit="ms", of=lambda run: run.outcome.noticed),
    Figure(name="memory", unit="MB", of=lambda run: run.memory),
)
RATE, CPU, NOTICED, MEMORY = FIGURES[0], FIGURES[1], FIGURES[4], FIGURES[5]


def ratio(rounds: Sequence[Round], figure: Figure, echo: str = "telegram") -> float:
    """The median of this program's figure over an echo's, round by round."""
    return statistics.median(figure.of(one.ours) / max(figure.of(one.echoes[echo]), 1e-9) for one in rounds)


def ours(rounds: Sequence[Round], figure: Figure) -> float:
    """The median of this program's figure."""
    return statistics.median(figure.of(one.ours) for one in rounds)


def show(talk: Talk, rounds: Sequence[Round]) -> None:
    """Print the medians and ratios of one load."""
    slow = f", each call takes {1000 * talk.delay:g} ms" if talk.delay else ""
    print(f"\n{talk.chats} chat{'s' if talk.chats > 1 else ''}{slow}, medians of {len(rounds)} rounds")
    print(f"  {'':<26}{'this program':>13}" + "".join(f"{name:>12}{'ratio':>7}{'':14}" for name in ECHOES))
    for figure in FIGURES:
        row = "".join(_beside(rounds, figure, name) for name in ECHOES)
        print(f"  {f'{figure.name} ({figure.unit})':<26}{ours(rounds, figure):>13.2f}{row}")
    for warning in warnings(rounds):
        print(f"  {warning}")


def _beside(rounds: Sequence[Round], figure: Figure, echo: str) -> str:
    theirs = statistics.median(figure.of(one.echoes[echo]) for one in rounds)
    each = [ratio([one], figure, echo) for one in rounds]
    if not theirs:
        return f"{'-':>12}{'-':>7}{'':14}"
    return f"{theirs:>12.2f}{ratio(rounds, figure, echo):>7.2f}{f'({min(each):.2f}-{max(each):.2f})':>14}"


def warnings(rounds: Sequence[Round]) -> list[str]:
    """What makes the figures of these rounds worth less."""
    runs = [run.outcome for one in rounds for run in (one.ours, *one.echoes.values())]
    wrong = sum(run.short for run in runs) + sum(one.ours.outcome.missed for one in rounds)
    found = [f"{wrong} answers were not complete; the figures are not to be trusted"] if wrong else []
    if (others := max(run.others for run in runs)) > BUSY:
        found.append(f"other programs took up to {others:.0%} of the machine; the figures are not to be quoted")
    return found


def show_steps(steps: Mapping[str, Mapping[str, float]]) -> None:
    """Print what each kind of step costs each program."""
    print(f"\nCPU a step, ms, {STEP_CHATS} people at once")
    print(f"  {'':<26}" + "".join(f"{name:>13}" for name in steps))
    for kind in dict.fromkeys(name for name, _ in DIALOGUE):
        print(f"  {kind:<26}" + "".join(f"{costs[kind]:>13.2f}" for costs in steps.values()))


def show_target(text: str, value: float, met: bool) -> None:
    """Print what is asked of a figure, beside what it is."""
    print(f"  {text:<66}{value:>8.2f}   {'met' if met else 'NOT MET'}")


def show_targets(results: Mapping[Talk, Sequence[Round]], starts: Sequence[float], claimed: float) -> None:
    """Print what is asked, and whether it is met; ``claimed``: seconds from a tap to its card."""
    for talk, rounds in results.items():
        many, slow = talk.chats > 1, talk.delay > 0
        least = 0.95 if not many else 25.0 if slow else 1.8
        name = f"{talk.chats} chats{f', calls of {1000 * talk.delay:g} ms' if slow else ''}: updates a second"
        rate = ratio(rounds, RATE)
        show_target(f"{name}, at least {least:g} times the echo's", rate, rate >= least)
        if many and not slow:
            show_many(rounds)
    show_target("tap of staff's to edited card beside them, p95: at most 0.3 s", claimed, 0 < claimed <= 0.3)
    start = statistics.median(starts)
    show_target("a second start is ready within 2 seconds", start, start <= 2)


def show_many(rounds: Sequence[Round]) -> None:
    """Print what is asked where many talk at once, flat out."""
    cpu, beside = ratio(rounds, CPU), ratio(rounds, RATE, "aiogram")
    memory, noticed = ours(rounds, MEMORY), ours(rounds, NOTICED) / 1000
    show_target("  CPU an update: at most 0.55 of the echo's", cpu, cpu <= 0.55)
    show_target("  updates a second: at least 0.9 times aiogram's", beside, beside >= 0.9)
    show_target("  submit to staff message, p95: at most 0.12 s", noticed, noticed <= 0.12)
    show_target("  resident memory: at most 150 MB", memory, memory <= 150)


def measure(plan: Plan) -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(plan, Path(folder))
        starts = bench.starts()
        bench.round(Talk(chats=8, seconds=0.5))  # only warms the machine up
        results = {talk: bench.rounds(talk) for talk in plan.talks}
        claimed = bench.claimed(max(plan.talks, key=lambda talk: (talk.chats, -talk.delay)))
        steps = {"this program": bench.steps(plan.ours), **{name: bench.steps(ECHOES[name]) for name in ECHOES}}
    for talk, rounds in results.items():
        show(talk, rounds)
    show_steps(steps)
    print("\nTargets")
    show_targets(results, starts, claimed)


def main(arguments: Sequence[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each program is measured")
    parser.add_argument("--seconds", type=float, default=5, help="how long each time")
    parser.add_argument("--chats", type=int, default=64, help="how many chats talk at once, beside one alone")
    parser.add_argument("--ours", default=shlex.join(OURS), help="another program to measure in this one's place")
    parser.add_argument("--quick", action="store_true", help="one short round: only shows that it all works")
    given = parser.parse_args(arguments)
    rounds, seconds = (1, 1.0) if given.quick else (given.rounds, given.seconds)
    chats = 8 if given.quick else given.chats
    talks = [Talk(chats=number, seconds=seconds, delay=delay) for number, delay in ((1, 0), (chats, 0), (chats, 0.05))]
    measure(Plan(talks=talks, rounds=rounds, ours=shlex.split(given.ours)))


if __name__ == "__main__":
    main(sys.argv[1:])
