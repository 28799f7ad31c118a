"""
Asks the exam's questions: `python -m benchmarks.questions` says how well they are answered and how long one takes.

The mean and the slowest of twenty in milliseconds, after loading, and the mean of the processor's time, which does not
depend on what else the machine does; and what loading takes and adds to memory.
"""

import sys
import time
from pathlib import Path

import psutil

from bot.questions import Matcher
from tests.questions.exam import read_exam, take_exam

_ROOT = Path(__file__).parents[1]
_LANGUAGES = ("nl", "en")
_ROUNDS = 3


def timed(matcher: Matcher, language: str, questions: list[str]) -> list[float]:
    """Give what each question takes, in milliseconds, the quickest first."""
    taken = []
    for question in questions * _ROUNDS:
        start = time.perf_counter()
        matcher.match(question, language)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def line(matcher: Matcher, language: str) -> str:
    """Give a language's figures as text."""
    questions = [asked.text for asked in read_exam(language)]
    start = time.process_time()
    taken = timed(matcher, language, questions)
    busy = (time.process_time() - start) * 1000 / len(taken)
    mean, slow = sum(taken) / len(taken), taken[len(taken) * 19 // 20]
    times = f"mean {mean:.2f} ms, of the processor {busy:.2f}, 1 in 20 above {slow:.2f}"
    return f"{language}  {take_exam(matcher, language)}  {len(questions)} questions, {times}"


def main() -> int:
    """Print the figures. Gives the exit code."""
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    matcher = Matcher.load(_ROOT / "messages", _LANGUAGES)
    print(f"loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    print("The exam in tests/questions, which is never trained on:")
    for language in _LANGUAGES:
        print(line(matcher, language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
