"""
Asks the exam's questions: `python -m benchmarks.questions` says how well they are answered and how long one takes, then
the same of the turns in which people do something, with the share per act.

The mean and the slowest of twenty in milliseconds, after loading, and the mean of the processor's time, which does not
depend on what else the machine does; and what loading takes and adds to memory.
"""

import sys
import time
from pathlib import Path

import psutil

from bot.dialogue.acts import ACTS
from bot.questions import Acts, Matcher
from tests.questions.exam import read_exam, read_turns, take_exam

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


def main() -> int:
    """Print the figures. Gives the exit code."""
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    matcher = Matcher.load(_ROOT / "messages", _LANGUAGES)
    print(f"loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    print("The exam in tests/questions, which is never trained on:")
    for language in _LANGUAGES:
        print(line(matcher, language))
    before, start = process.memory_info().rss, time.perf_counter()
    acts = Acts.load(_ROOT / "messages", _LANGUAGES, matcher.encoder)
    print(f"Acts: loading {time.perf_counter() - start:.2f} s, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    for language in _LANGUAGES:
        print(acts_line(acts, matcher, language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
