"""Values as they may be shown: no control characters, nothing that turns the reading direction of what surrounds it."""

import re
from collections.abc import Mapping

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters but the newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading direction
    "\u2028\u2029\ufeff\ufffe\uffff\U000e0000-\U000e007f"  # separators, and characters nobody sees
    "\ud800-\udfff]"  # halves of characters, which cannot be sent
)
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # all at which ``str.splitlines`` breaks
_BLANKS = re.compile(r"\s+")


def clean(text: str) -> str:
    """``text`` without what cannot or must not be shown; line breaks stay, as newlines."""
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub("", _LINE_BREAKS.sub("\n", text).replace("\t", " "))


def one_line(text: str, limit: int) -> str:
    """``text`` on one line of at most ``limit`` characters: fit for a mail header or a label."""
    line = _BLANKS.sub(" ", clean(text)).strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def shortened(value: object, limit: int) -> object:
    """``value`` with every text in it, however deep, cut to ``limit`` characters."""
    if isinstance(value, str):
        return value if len(value) <= limit else f"{value[: limit - 1]}…"
    if isinstance(value, Mapping):
        return {key: shortened(item, limit) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(item, limit) for item in value]
    return value


def first_word(name: str) -> str:
    """The first word of a name: what people are shown of who works there."""
    return next(iter(name.split()), "")
