"""Starts programs on a core of their own and reads what they cost: CPU time, memory, time to ready."""

import os
import platform
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a program has used up to a moment."""

    at: float  #: seconds, a monotonic clock
    cpu: float  #: seconds of CPU, user and system
    machine: float  #: seconds of CPU that the whole machine has used, all cores together
    memory: float  #: MB resident


class Program:
    """A running program, pinned to one core; stopped when its block is left, however that goes."""

    def __init__(self, command: Sequence[str], *, core: int, log: Path, environment: Mapping[str, str] | None = None):
        """Start it. What it prints goes to the file ``log``; ``environment`` comes on top of ours."""
        self.started = time.monotonic()
        self.command = " ".join(command)
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **(environment or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        pin(self._process.pid, core)
        self._watched = psutil.Process(self._process.pid)

    def __enter__(self) -> Self:
        """The running program itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""
        self.stop()

    def cost(self) -> Cost:
        """What it and its children have used so far. Raises RuntimeError when it has ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"{self.command} ended with {self._process.returncode}:\n{self.log.read_text()}")
        family = [self._watched, *self._watched.children(recursive=True)]
        return Cost(
            at=time.monotonic(),
            cpu=sum(map(cpu_of, family)),
            machine=machine_cpu(),
            memory=sum(process.memory_info().rss for process in family) / 1e6,
        )

    def wait(self, seconds: float) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        return self._process.wait(seconds)

    def wait_ready(self, url: str, seconds: float = 60) -> float:
        """Seconds from its start until this address answers 200. Raises TimeoutError, RuntimeError when it ended."""
        while not answers(url):
            if self.cost().at - self.started > seconds:
                raise TimeoutError(f"{url} did not answer within {seconds} s:\n{self.log.read_text()}")
            time.sleep(0.01)
        return time.monotonic() - self.started

    def stop(self) -> float:
        """Ask it to end, by force after 10 seconds; the seconds that took."""
        asked = time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return time.monotonic() - asked


def cpu_of(process: psutil.Process) -> float:
    """
    Seconds of CPU that a process has used; on Linux to the nanosecond, where ``cpu_times`` counts in hundredths.

    The clock's number is made as the kernel's ``include/linux/posix-timers.h`` says.
    """
    if platform.system() == "Linux":
        return time.clock_gettime(~process.pid << 3 | 2)
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def machine_cpu() -> float:
    """Seconds of CPU that all programs together have used, and what a virtual machine's host took away."""
    spent = psutil.cpu_times()
    return float(sum(spent) - spent.idle - getattr(spent, "iowait", 0.0) - getattr(spent, "guest", 0.0))


def cores() -> tuple[int, int]:
    """The core for the load and the core for what is measured; twice the same where the machine has one."""
    if not hasattr(os, "sched_getaffinity"):
        return 0, 0
    ours = sorted(os.sched_getaffinity(0))
    return ours[0], ours[-1]


def pin(process: int, core: int) -> None:
    """Keep a process that has just begun on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process, {core})


def free_port() -> int:
    """A port on loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    """Whether this address answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
