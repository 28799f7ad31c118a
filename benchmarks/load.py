"""
The load of ``make bench``: ``benchmarks.botapi``, a lean Bot API server with chats that talk without a pause.

It prints one JSON object a line: ``{"url": …}`` when it listens, ``{"begun": true}`` when the measured time begins
(the program polls, and has answered for a moment), and at the end what it saw (see Outcome).
"""

import json
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.measure import Program, pin

PATIENCE = 60.0  #: seconds a program may take to start and to answer for the first time


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a program did under a load."""

    updates: int  #: answered in the measured time
    seconds: float  #: measured
    cpu: float  #: seconds of CPU the program used in that time
    p50: float  #: ms from an update being there to be got until its answer arrived
    p99: float
    short: int  #: answers that lacked a message the same step had before

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

    def __init__(self, *, script: Path, chats: int, seconds: float, core: int) -> None:
        """``script``: what each chat says, over and over, as a JSON list of texts."""
        self._seconds = seconds
        command = [sys.executable, "-m", "benchmarks.botapi", "--port", "0", "--script", str(script)]
        self._process = subprocess.Popen(
            [*command, "--chats", str(chats), "--seconds", f"{seconds:g}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        pin(self._process.pid, core)
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
        before = program.cost()
        seen = self._next(program)
        after = program.cost()
        return Outcome(
            updates=seen["updates"],
            seconds=seen["seconds"],
            cpu=after.cpu - before.cpu,
            p50=seen["p50_ms"],
            p99=seen["p99_ms"],
            short=seen["short"],
        )

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
