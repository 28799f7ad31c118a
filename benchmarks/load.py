"""
The load of ``make bench``: ``benchmarks.botapi``, a lean Bot API server with chats that talk without a pause.

It prints one JSON object a line: see there.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import psutil

from benchmarks.measure import Program, cpu_of, pin

STAFF_CHAT = -1001234567890
PATIENCE = 60.0  #: seconds a program may take to start and to answer for the first time


@dataclass(frozen=True, kw_only=True)
class Talk:
    """How many chats talk at once, for how many seconds, and how many seconds each call to the server takes."""

    chats: int
    seconds: float
    delay: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a program did under a load."""

    updates: int  #: answered in the measured time
    seconds: float  #: measured
    cpu: float  #: seconds of CPU the program used in that time
    p50: float  #: ms from an update being there to be got until its answer arrived
    p99: float
    noticed: float  #: ms, p95 from a submit until staff's message arrived; 0 where none did
    claimed: float  #: ms, p95 from a tap of staff's until its card was edited; 0 where none tapped
    short: int  #: answers that lacked a message the same step had before
    missed: int = 0  #: taps on buttons that were not there, as under all that echoes say
    others: float = 0.0  #: the share of the machine that went to other programs meanwhile

    @property
    def rate(self) -> float:
        """Updates answered a second."""
        return self.updates / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU an update, in ms."""
        return 1000 * self.cpu / max(1, self.updates)


class Load:
    """The server with its chats, on a core of its own; ended when its block is left."""

    def __init__(self, *, script: Path, talk: Talk, core: int, together: bool = False, taps: bool = False) -> None:
        """
        ``script``: what each chat says, as a JSON list of steps; ``together``: all take each step at one time;
        ``taps``: staff pick up what comes in.
        """
        self._seconds = talk.seconds
        command = [sys.executable, "-m", "benchmarks.botapi", "--script", str(script), "--staff", str(STAFF_CHAT)]
        command += ["--chats", str(talk.chats), "--seconds", f"{talk.seconds:g}", "--delay", f"{talk.delay:g}"]
        command += ["--together"] if together else []
        command += ["--taps"] if taps else []
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        pin(self._process.pid, core)
        self._watched = psutil.Process(self._process.pid)
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url: str = self._next()["url"]

    def __enter__(self) -> Self:
        """The server, listening."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def run(self, program: Program) -> Outcome:
        """Let the chats talk to this program, and say how it did. Raises RuntimeError when it answers nothing."""
        self._next(program)
        before, own = program.cost(), cpu_of(self._watched)
        seen = self._next(program)
        after = program.cost()
        cpu, loading = after.cpu - before.cpu, cpu_of(self._watched) - own
        spare = (os.cpu_count() or 1) * (after.at - before.at)
        return Outcome(
            updates=seen["updates"], seconds=seen["seconds"], cpu=cpu, p50=seen["p50_ms"], p99=seen["p99_ms"],
            noticed=seen["noticed_p95_ms"], claimed=seen["claimed_p95_ms"],
            short=seen["short"], missed=seen["taps_missed"],
            others=max(0.0, after.machine - before.machine - cpu - loading) / spare,
        )  # fmt: skip

    def steps(self, program: Program, count: int) -> list[float]:
        """Seconds of CPU that each of the script's ``count`` steps cost all chats, once they are warm."""
        marks = [self._mark(program) for _ in range(2 * (count + 1))]
        return [after - before for before, after in pairwise(marks[count + 1 :])]

    def _mark(self, program: Program) -> float:
        self._next(program)
        return program.cost().cpu

    def _read(self) -> None:
        """Pass on what the server prints; nothing more comes once it has ended."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(json.loads(line))
        self._lines.put({})

    def _next(self, program: Program | None = None) -> dict[str, Any]:
        """The next line. Raises RuntimeError when none comes, or when the program has ended."""
        until = time.monotonic() + PATIENCE + self._seconds
        while time.monotonic() < until:
            try:
                if line := self._lines.get(timeout=1):
                    return line
                break
            except queue.Empty:
                if program is not None:
                    program.cost()
        told = f":\n{program.log.read_text()}" if program is not None else ""
        raise RuntimeError(f"the load ended, or waited for an answer, before it was done{told}")
