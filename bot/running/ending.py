"""How a command ends where not the program but the machine is what fails: with one line, and no traceback."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

FAILED = 1  #: the exit code


@contextlib.contextmanager
def in_one_line() -> Iterator[None]:
    """
    Let a full disk, a folder that cannot be written, or a reader that went away (``| head``) end what is done in here
    with one line and exit code 1. Raises SystemExit.
    """
    _have_streams()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
        raise SystemExit(FAILED) from None
    except OSError as problem:
        _let_go()
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{line_of(problem)}\n")
        raise SystemExit(FAILED) from None


def line_of(problem: OSError) -> str:
    """What happened to which file, in one line."""
    why = problem.strerror or _first_of_many(problem) or type(problem).__name__
    return f"{problem.filename}: {why}" if problem.filename else f"this cannot be written or read: {why}"


def _first_of_many(problem: OSError) -> str:
    """The first reason of those that copying a folder collects (shutil.Error)."""
    first = problem.args[0] if problem.args else ""
    return str(first[0][-1]) if isinstance(first, list) and first else " ".join(str(first).split())


def _have_streams() -> None:
    """
    Have standard streams where whoever started us closed them, and let none fail for a letter: what a terminal cannot
    show is written as its code, what is no text is read as �.
    """
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _nowhere(mode: str) -> TextIO:
    return cast(TextIO, Path(os.devnull).open(mode, encoding="utf-8"))


def _let_go() -> None:
    """Write to nowhere from now on: Python's own end would try once more, and complain."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
