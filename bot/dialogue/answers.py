"""From what a person types to the answer that is stored, or the reason why it cannot be right."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.context import Context
from bot.dialogue.fields import BY_NAME, Field
from bot.dialogue.spelling import options_meant

ADDRESS = re.compile(r"https?://|\bwww\.|\S+@\S+\.\S+", re.IGNORECASE)
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The answer as it will be stored; for e-mail perhaps an address that was more likely meant."""

    value: str
    suggestion: str | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a typed answer cannot be right: the last part of its message's key, and the values shown."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


def clean(text: str) -> str:
    """``text`` as it is stored: Unicode NFC, trimmed, without control characters other than line breaks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def read_answer(name: str, text: str, language: str, context: Context) -> Accepted | Problem:
    """The answer that ``text`` gives to the field ``name``, or why it cannot be one."""
    asked = BY_NAME[name]
    typed = clean(text)
    if not typed:
        return Problem(reason="empty", values={"field": name})
    if len(typed) > asked.limit:
        return Problem(reason="too_long", values={"field": name, "limit": asked.limit})
    if asked.options:
        return _option(asked, typed, language, context)
    return READERS.get(name, _one_line)(name, typed, context)


def spellings_of(group: str, language: str, context: Context) -> Mapping[str, tuple[str, ...]]:
    """How people write the values of ``group``, in ``language`` and after it in the other languages."""
    spellings = context.course.spellings
    merged: dict[str, tuple[str, ...]] = {}
    for code in (language, *(other for other in context.course.languages if other != language)):
        for value, ways in spellings.get(code, {}).get(group, {}).items():
            merged[value] = merged.get(value, ()) + ways
    return merged


def _option(asked: Field, typed: str, language: str, context: Context) -> Accepted | Problem:
    known = {v: w for v, w in spellings_of(asked.name, language, context).items() if v in asked.options}
    by_id = {option: (*known.get(option, ()), option) for option in asked.options}
    meant = options_meant(typed, by_id)
    if len(meant) == 1:
        return Accepted(value=meant[0])
    if not meant:
        return Problem(reason="choice", values={"field": asked.name})
    return Problem(reason="ambiguous", values={"field": asked.name, "options": list(meant)})


def _one_line(name: str, typed: str, context: Context) -> Accepted | Problem:
    if "\n" in typed:
        return Problem(reason="line_break", values={"field": name})
    return Accepted(value=typed)


def _named(name: str, typed: str, context: Context) -> Accepted | Problem:
    if ADDRESS.search(typed):
        return Problem(reason="address", values={"field": name})
    letters = str.isalpha if name == "name" else str.isalnum
    if not any(map(letters, typed)):
        return Problem(reason=name)
    return _one_line(name, typed, context)


def _email(name: str, typed: str, context: Context) -> Accepted | Problem:
    check = context.check_email(typed)
    if check.address is None:
        return Problem(reason="email")
    return Accepted(value=check.address, suggestion=check.suggestion)


def _phone(name: str, typed: str, context: Context) -> Accepted | Problem:
    number = context.check_phone(typed)
    return Accepted(value=number) if number else Problem(reason="phone")


def _participants(name: str, typed: str, context: Context) -> Accepted | Problem:
    numbers = NUMBER.findall(typed)
    if len(numbers) != 1 or not 1 <= int(numbers[0]) <= 999 or re.search(r"-\s*\d", typed):
        return Problem(reason="participants")
    return Accepted(value=str(int(numbers[0])))


def _remark(name: str, typed: str, context: Context) -> Accepted | Problem:
    return Accepted(value=typed)


READERS: Mapping[str, Callable[[str, str, Context], Accepted | Problem]] = {
    "organisation": _named,
    "name": _named,
    "email": _email,
    "phone": _phone,
    "participants": _participants,
    "remark": _remark,
}
