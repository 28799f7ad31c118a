"""Reads the small text files that operators make, however their editor saved them."""

import codecs
from pathlib import Path

LIMIT = 65_536  #: bytes of such a file at most: more is another file than was meant


def text_of(file: Path) -> str:
    """
    The text of a file, without the mark (BOM) that some editors put before it.

    Raises ValueError that says why it cannot be had; nothing of what is in it.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise ValueError(f"{error.strerror}: {file}") from None
    except ValueError:  # a name with a NUL in it
        raise ValueError("that is no name of a file") from None
    if len(content) > LIMIT:
        raise ValueError(f"it is larger than {LIMIT // 1024} kB: {file}")
    return _decoded(content, file)


def _decoded(content: bytes, file: Path) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise ValueError(f"it is no text file in UTF-8 but, it seems, in UTF-16; save it as UTF-8: {file}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"it is no text file in UTF-8: {file}") from None


def flaw(text: str) -> str | None:
    """
    What no setting has, and an operator does not see: a sign that cannot be printed, quotes that were kept as part of
    the value, or typographic quotes. None where there is none.
    """
    for number, sign in enumerate(text, 1):
        if not sign.isprintable():
            return f"must be one line of printable characters, and number {number} is none (U+{ord(sign):04X})"
    if text[:1] in _CURLY or text[-1:] in _CURLY:
        return "must not stand between typographic quotes: write ' or \", or no quotes at all"
    return None


def quoted(text: str) -> bool:
    """Whether a text stands between quotes, which only ``.env`` takes away."""
    return len(text) > 1 and text[0] == text[-1] and text[0] in "'\""


_CURLY = tuple("“”„‟‘’‚‛«»‹›″′")
