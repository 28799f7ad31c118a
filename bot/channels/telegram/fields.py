"""Reads what Telegram sends as the plain data it is: a part that is missing, or of another kind, reads as nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

LARGEST = 2**53  #: whole numbers beyond this are none of Telegram's: its ids have 52 significant bits at most
_NOTHING: Json = {}


def part(of: Json, name: str) -> Json:
    """The object under that name; an empty one where there is none."""
    value = of.get(name)
    return value if isinstance(value, dict) else _NOTHING


def items(of: Json, name: str) -> Sequence[Any]:
    """The list under that name; an empty one where there is none."""
    value = of.get(name)
    return value if isinstance(value, list) else ()


def number(of: Json, name: str) -> int | None:
    """The whole number under that name; None where there is none, or one that no database column holds."""
    value = of.get(name)
    return value if type(value) is int and abs(value) < LARGEST else None


def words(of: Json, name: str) -> str:
    """The text under that name; empty where there is none."""
    value = of.get(name)
    return whole(value) if isinstance(value, str) else ""


def whole(text: str) -> str:
    """The text with half characters replaced: JSON can hold a lone surrogate, UTF-8 and so the database cannot."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """The text as a log and a reason may hold it: on one line, without signs that are not seen."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
