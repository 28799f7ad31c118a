"""The pictures of a course, as messages/page.toml names them: files beside it, which page and other apps show."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.wording.tables import Table

#: picture -> how its file may end, and how many bytes it may have: a page loads the first two before anything else
MARKS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "icon": ((".svg",), 4_000),
    "logo": ((".svg", ".png"), 8_000),
    "icon_png": ((".png",), 50_000),
    "preview": ((".png",), 200_000),
}
#: how a file begins that is what its name says
_BEGINS: Mapping[str, re.Pattern[bytes]] = {
    ".svg": re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg\b", re.DOTALL),
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
}
_RUNS = re.compile(rb"<script|<foreignobject|\son\w+\s*=|javascript:|<!entity", re.IGNORECASE)


def marks_of(folder: Path, table: Table | None) -> Mapping[str, tuple[str, bytes]]:
    """The pictures that this course has: the ending of each one's file, and its content."""
    named = {name: folder / text for name, text in table.texts().items() if name in MARKS} if table else {}
    return {name: (path.suffix, path.read_bytes()) for name, path in named.items()}


def check_marks(folder: Path, table: Table) -> None:
    """Note in page.toml what is no picture that can be shown."""
    for name, text in table.texts().items():
        for fault in _faults(folder, name, text) if name in MARKS else ():
            table.problem(fault, name)


def _faults(folder: Path, name: str, text: str) -> Iterator[str]:
    endings, most = MARKS[name]
    path = folder / text
    if path.name != text or path.suffix not in endings:
        yield f"{name} is a file beside page.toml whose name ends in {' or '.join(endings)}"
    elif not path.is_file():
        yield f"there is no file {text} beside page.toml"
    else:
        yield from _content_faults(text, path.read_bytes(), most)


def _content_faults(text: str, content: bytes, most: int) -> Iterator[str]:
    if not _BEGINS[Path(text).suffix].match(content):
        yield f"{text} is no picture of the kind that its name says"
    if text.endswith(".svg") and _RUNS.search(content):
        yield f"{text} has a script in it: save it as a plain drawing"
    if len(content) > most:
        yield f"{text} has {len(content)} bytes, and {most} is what a page loads quickly"
