"""
Times a question: `python -m benchmarks.questions` asks the exam's questions and says how long one takes.

The mean and the slowest of twenty, in milliseconds, after loading; and what loading takes and adds to memory.
"""

import sys
import time
from pathlib import Path

import psutil

from bot.questions import Matcher

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


def main() -> int:
    """Print the figures. Gives the exit code."""
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    matcher = Matcher.load(_ROOT / "messages", _LANGUAGES)
    print(f"loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    for language in _LANGUAGES:
        lines = (_ROOT / "tests" / "questions" / f"exam_{language}.tsv").read_text(encoding="utf-8").splitlines()
        taken = timed(matcher, language, [line.partition("\t")[2] for line in lines])
        slow = taken[len(taken) * 19 // 20]
        print(f"{language}  {len(lines)} questions  mean {sum(taken) / len(taken):.2f} ms  1 in 20 above {slow:.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
