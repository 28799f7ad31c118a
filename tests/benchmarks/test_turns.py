"""The benchmark that anyone can run: it measures the whole dialogue of the real program."""

from pathlib import Path

import pytest

from benchmarks.dialogue import DIALOGUE
from benchmarks.load import Outcome, Talk
from benchmarks.turns import OURS, Bench, Plan, Round, Run, show, show_targets

TALK = Talk(chats=64, seconds=5)
LONGER = (2, 5, 25)  #: seconds within which somebody walks the whole dialogue, on however busy a machine


def test_a_round_is_measured(tmp_path: Path) -> None:
    """Who runs the benchmark sees all programs answer every step of the dialogue, at a cost, and staff be told."""
    bench = Bench(Plan(talks=(TALK,), rounds=1), tmp_path)
    for seconds in LONGER:
        done = bench.round(Talk(chats=4, seconds=seconds))
        if done.ours.outcome.noticed:
            break
    for run in (done.ours, *done.echoes.values()):
        assert run.outcome.updates > 0
        assert run.outcome.short == 0
        assert 0 < run.outcome.p50 <= run.outcome.p99
        assert run.outcome.cpu > 0
        assert run.memory > 10
    assert done.ours.outcome.missed == 0
    assert done.ours.outcome.noticed > 0


def test_what_each_step_costs_is_measured(tmp_path: Path) -> None:
    """Who wonders where the time goes sees the CPU of each kind of step."""
    costs = Bench(Plan(talks=(TALK,), rounds=1), tmp_path).steps(OURS, people=4)
    assert list(costs) == sorted({kind for kind, _ in DIALOGUE})
    assert all(cost > 0 for cost in costs.values())


def test_a_tap_of_staff_is_measured(tmp_path: Path) -> None:
    """Who runs the benchmark sees how long it takes until a card shows what somebody tapped."""
    bench = Bench(Plan(talks=(TALK,), rounds=1), tmp_path)
    assert any(bench.claimed(Talk(chats=4, seconds=seconds)) > 0 for seconds in LONGER)


def run(*, updates: int, cpu: float, memory: float, short: int = 0, missed: int = 0, others: float = 0) -> Run:
    """What a program did in ten seconds."""
    outcome = Outcome(
        updates=updates, seconds=10, cpu=cpu, p50=1, p99=2, noticed=60, claimed=0, short=short, missed=missed,
        others=others,
    )  # fmt: skip
    return Run(outcome=outcome, memory=memory)


def beside(ours: Run, echo: Run) -> Round:
    """Put this program beside two echoes that do equally well."""
    return Round(ours=ours, echoes={"telegram": echo, "aiogram": echo})


def test_ratios_are_taken_round_by_round(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine that was busy during one round weighs on all of its programs, so the ratio stands."""
    echo, ours = run(updates=100, cpu=1, memory=60), run(updates=200, cpu=1, memory=90)
    slow_echo, slow_ours = run(updates=10, cpu=1, memory=60), run(updates=20, cpu=1, memory=90)
    show(TALK, [beside(ours, echo), beside(slow_ours, slow_echo), beside(ours, echo)])
    rows = capsys.readouterr().out.splitlines()
    assert next(row.split()[-3:] for row in rows if "updates" in row) == ["10.00", "2.00", "(2.00-2.00)"]


def test_missed_targets_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Who reads the outcome sees at once which target is met and which is not."""
    echo = run(updates=100, cpu=1, memory=60)
    show_targets({TALK: [beside(run(updates=200, cpu=1, memory=160), echo)]}, [1.5], claimed=0.4)
    ends = [line.rstrip().endswith("NOT MET") for line in capsys.readouterr().out.splitlines()]
    assert ends == [False, False, False, False, True, True, False]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (run(updates=1, cpu=1, memory=1, short=3), "3 answers were not complete"),
        (run(updates=1, cpu=1, memory=1, missed=2), "2 answers were not complete"),
        (run(updates=1, cpu=1, memory=1, others=0.3), "30% of the machine"),
    ],
)
def test_figures_that_are_worth_less_are_told(wrong: Run, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures of a program that did not answer in full, or of a busy machine, are not passed off as good ones."""
    show(TALK, [beside(wrong, run(updates=1, cpu=1, memory=1))])
    assert told in capsys.readouterr().out
