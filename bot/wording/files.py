"""Which files in a messages folder are messages at all."""

from pathlib import Path

#: what editors, file managers and office programs put beside a file: .#a.txt, .DS_Store, ._a.html, ~$a.txt, #a.html#
_OF_A_TOOL = (".", "~", "#")

SAID = ("questions", "acts")  #: the folders of a language with what people say; no message stands there


def is_hidden(path: Path) -> bool:
    """Whether a path inside the messages folder is of some tool, and so nobody's message, or lies in such a folder."""
    return any(part.startswith(_OF_A_TOOL) for part in path.parts)
