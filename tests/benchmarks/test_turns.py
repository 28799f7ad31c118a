"""The benchmark that anyone can run: it measures full turns of the real program."""

from pathlib import Path

import pytest

from benchmarks.load import Outcome
from benchmarks.turns import OURS, Bench, Plan, Run, show, show_targets


def test_a_pair_is_measured(tmp_path: Path) -> None:
    """Who runs the benchmark sees both programs answer every step of the conversation, at a cost."""
    bench = Bench(Plan(chats=(4,), pairs=1, seconds=0.5, ours=OURS), tmp_path)
    for run in bench.pair(4, 0.5):
        assert run.outcome.updates > 0
        assert run.outcome.short == 0
        assert 0 < run.outcome.p50 <= run.outcome.p99
        assert run.outcome.cpu > 0
        assert run.memory > 10


def run(*, updates: int, cpu: float, memory: float, short: int = 0) -> Run:
    """What a program did in ten seconds."""
    return Run(outcome=Outcome(updates=updates, seconds=10, cpu=cpu, p50=1, p99=2, short=short), memory=memory)


def test_ratios_are_taken_pair_by_pair(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine that was busy during one pair weighs on both of its programs, so the ratio stands."""
    echo, ours = run(updates=100, cpu=1, memory=60), run(updates=200, cpu=1, memory=90)
    slow_echo, slow_ours = run(updates=10, cpu=1, memory=60), run(updates=20, cpu=1, memory=90)
    show(64, [(ours, echo), (slow_ours, slow_echo), (ours, echo)])
    rows = capsys.readouterr().out.splitlines()
    assert next(row.split()[-5:] for row in rows if "updates" in row) == ["10.00", "2.00", "2.00", "to", "2.00"]


def test_missed_targets_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Who reads the outcome sees at once which target is met and which is not."""
    echo = run(updates=100, cpu=1, memory=60)
    show_targets(64, [(run(updates=200, cpu=1, memory=150), echo)], [1.5])
    ends = [line.rstrip().endswith("NOT MET") for line in capsys.readouterr().out.splitlines()[2:]]
    assert ends == [False, False, True, False]


def test_answers_that_miss_a_part_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Figures of a program that did not answer in full are not passed off as good ones."""
    show(8, [(run(updates=1, cpu=1, memory=1, short=3), run(updates=1, cpu=1, memory=1))])
    assert "3 answers were not complete" in capsys.readouterr().out
