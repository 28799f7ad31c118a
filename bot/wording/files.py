"""Which files in a messages folder are messages at all."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.wording.records import Problem

#: what editors, file managers and office programs put beside a file: .#a.txt, .DS_Store, ._a.html, ~$a.txt, #a.html#
_OF_A_TOOL = (".", "~", "#")

SAID = ("questions", "acts")  #: the folders of a language with what people say; no message stands there


def is_hidden(path: Path) -> bool:
    """Whether a path inside the messages folder is of some tool, and so nobody's message, or lies in such a folder."""
    return any(part.startswith(_OF_A_TOOL) for part in path.parts)


def endless(folder: Path) -> tuple[Problem, ...]:
    """What reading the folder, or copying it, would never be done with: a pipe, a device, a link to a folder around."""
    found = ((path.relative_to(folder), text) for path in _paths(folder) if (text := _endless(path)))
    named = (Problem(file=path.as_posix(), line=0, text=text) for path, text in found if not is_hidden(path))
    return tuple(sorted(named))


def _paths(folder: Path) -> Iterator[Path]:
    """Everything in the folder; of a folder elsewhere, to which a link leads, what lies in it directly."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))
        for linked in (Path(place, name) for name in folders if Path(place, name).is_symlink()):
            with contextlib.suppress(OSError):
                yield from linked.iterdir()


def _endless(path: Path) -> str | None:
    """What is wrong with a path that is neither a file nor a folder, or is a folder around its own."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            around = path.is_symlink() and path.parent.resolve().is_relative_to(path.resolve())
            return "this link leads to a folder around it" if around else None
    except OSError:  # a link to nowhere: named where it is read
        return None
    return None if stat.S_ISREG(mode) else "a pipe, a socket or a device stands here, and no file"


def phrases(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with what people say, each with its number: neither empty nor a # comment."""
    lines = enumerate((line.strip() for line in text.splitlines()), 1)
    return ((number, line) for number, line in lines if line and not line.startswith("#"))


def count_phrases(path: Path) -> int:
    """How many phrases stand in a file; none where there is no such file. What is no text is named elsewhere."""
    return sum(1 for _ in phrases(path.read_text("utf-8", "replace"))) if path.is_file() else 0
