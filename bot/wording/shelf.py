"""
Compiled templates, kept from one start to the next, as Python keeps its compiled modules.

Compiling all messages takes a fifth of a start. What is kept is used for the very same text only, compiled by the very
same program; a file that cannot be read or written costs nothing but that time.
"""

import contextlib
import hashlib
import marshal
import os
import tempfile
from collections.abc import Collection
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2

from bot.wording import compiling, steps
from bot.wording.compiling import KNOWN, Key, Source

FILE = Path(__file__).with_name("__pycache__") / "templates.bin"


def recall(path: Path) -> frozenset[Key]:
    """Make what is kept in ``path`` known to ``compiling``; give its keys: none when it was kept by another program."""
    try:
        made_by, kept = marshal.loads(path.read_bytes())  # noqa: S302 - as trusted as the program's own folder, where it is
    except (OSError, ValueError, EOFError, TypeError):
        return frozenset()
    if made_by != _program():
        return frozenset()
    for key, (names, bound, filters, includes, asked, code) in kept.items():
        text, name, _ = key
        source = Source(name=name, text=text, names=names, bound=bound, filters=filters, includes=includes, asked=asked)
        KNOWN.setdefault(key, (source, code))
    return frozenset(kept)


def keep(path: Path, keys: Collection[Key]) -> None:
    """Keep what these templates were compiled to, and nothing else, in ``path``; where that cannot be, leave it."""
    kept = {key: _plain(*KNOWN[key]) for key in keys}
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                marshal.dump((_program(), kept), file)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _plain(source: Source, code: object) -> tuple[object, ...]:
    return dict(source.names), source.bound, dict(source.filters), source.includes, source.asked, code


def _program() -> tuple[bytes, str, bytes]:
    """What decides how a text is compiled: the Python, the Jinja, and our own settings of it."""
    ours = b"".join(Path(file).read_bytes() for file in (compiling.__file__, steps.__file__))
    return MAGIC_NUMBER, jinja2.__version__, hashlib.blake2b(ours, digest_size=16).digest()
