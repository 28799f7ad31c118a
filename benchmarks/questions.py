"""
Asks the exam's questions: `python -m benchmarks.questions` says how well they are answered and how long one takes, then
the same of the turns in which people do something, with the share per act.

The mean and the slowest of twenty in milliseconds, after loading, and the mean of the processor's time, which does not
depend on what else the machine does; and what loading takes and adds to memory. Last what training takes, on a copy:
some minutes; `--quick` leaves that out.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from bot.dialogue.acts import ACTS
from bot.questions import Acts, Matcher
from bot.questions.encoder import Encoder
from scripts.training.train import TRAINED
from tests.questions.exam import read_exam, read_turns, take_exam

_ROOT = Path(__file__).parents[1]
_LANGUAGES = ("nl", "en")
_ROUNDS = 3
#: tests/questions/<name>_<language>.tsv -> what they are
_EXAMS = {
    "exam": "The exam in tests/questions, which is never trained on:",
    "fresh": "Asked blind once, before phrases were added for what they showed:",
    "hard": "What went wrong once; phrases were added for its patterns:",
}


def timed(matcher: Matcher, language: str, questions: list[str]) -> list[float]:
    """Give what each question takes, in milliseconds, the quickest first."""
    taken = []
    for question in questions * _ROUNDS:
        start = time.perf_counter()
        matcher.match(question, language)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def line(matcher: Matcher, language: str, name: str) -> str:
    """Give a language's figures in an exam as text."""
    questions = [asked.text for asked in read_exam(language, name)]
    start = time.process_time()
    taken = timed(matcher, language, questions)
    busy = (time.process_time() - start) * 1000 / len(taken)
    mean, slow = sum(taken) / len(taken), taken[len(taken) * 19 // 20]
    times = f"mean {mean:.2f} ms, of the processor {busy:.2f}, 1 in 20 above {slow:.2f}"
    return f"{language}  {take_exam(matcher, language, name)}  {len(questions)} questions, {times}"


def acts_line(acts: Acts, matcher: Matcher, language: str) -> str:
    """Give how well a language's acts are read, each by name, and what a turn takes that asks for topics and acts."""
    turns = read_turns(language)
    start = time.process_time()
    for _, text in turns:
        matcher.match(text, language)
        acts.of(text)
    busy = (time.process_time() - start) * 1000 / len(turns)
    done = [(right, acts.of(text)[:1]) for right, text in turns if right]
    eaten = sum(bool(acts.of(text)) for right, text in turns if not right)
    good = [right for right, found in done if found and found[0].name in right]
    other = sum(bool(found) and found[0].name not in right for right, found in done)
    each = {act: (sum(act in right for right in good), sum(act in right for right, _ in done)) for act in ACTS}
    return (
        f"{language}  right {len(good) / len(done):6.1%}  as another {other / len(done):6.1%}  "
        f"no act, yet read as one: {eaten} of {len(turns) - len(done)}; of the processor {busy:.2f} ms a turn\n    "
        + ", ".join(f"{act} {found}/{count}" for act, (found, count) in each.items())
    )


def training() -> str:
    """Train on a copy of the phrases; give what each kind takes, and makes."""
    lines, encoder = [], Encoder.load()
    with tempfile.TemporaryDirectory() as made:
        folder = shutil.copytree(_ROOT / "messages", Path(made) / "messages")
        for kind, train in TRAINED.items():
            start, busy = time.perf_counter(), time.process_time()
            train(folder, encoder)
            took, worked = time.perf_counter() - start, time.process_time() - busy
            size = (folder / f"{kind}.npz").stat().st_size / 1e6
            lines.append(f"{kind}  {took:.0f} s, {worked:.0f} s of the processor, {size:.1f} MB")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without training, which takes minutes")
    given = parser.parse_args(arguments)
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    matcher = Matcher.load(_ROOT / "messages", _LANGUAGES)
    print(f"loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    for name, told in _EXAMS.items():
        print(told, *(line(matcher, language, name) for language in _LANGUAGES), sep="\n")
    before, start = process.memory_info().rss, time.perf_counter()
    acts = Acts.load(_ROOT / "messages", _LANGUAGES, matcher.encoder)
    print(f"Acts: loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    for language in _LANGUAGES:
        print(acts_line(acts, matcher, language))
    if not given.quick:
        print("Training, on the phrases as they are:", training(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
