"""From what a person types to the answer that is stored, or the reason why it cannot be right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.context import Context
from bot.dialogue.fields import BY_NAME, Field
from bot.dialogue.reading.negation import denied_parts
from bot.dialogue.reading.numbers import people_meant
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way
from bot.dialogue.signs import normal

BOTH = "both"  #: the option that is meant where all others are named together
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
NOT_KEPT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")  # controls but the line break, and surrogates
FILLER = re.compile(r"([a-zé]+)[.,!]\s+(?=\S)")
FULL_STOP = re.compile(r"(?<=\w{3})[.!]+$")  # not the one of "B.V." or "jr."


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The answer as it will be stored; for e-mail perhaps an address that was more likely meant."""

    value: str
    suggestion: str | None = None


@dataclass(frozen=True, kw_only=True)
class NotAccepted:
    """Why a typed answer cannot be right: the last part of its message's key, and the values shown."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


def clean(text: str) -> str:
    """``text`` as it is stored: Unicode NFC, trimmed, without control characters other than line breaks."""
    composed = normal("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return NOT_KEPT.sub("", composed).strip()


def has_address(text: str) -> bool:
    """Whether a link or an e-mail address stands in the text: neither is a name, nor a number of people."""
    return LINK.search(text) is not None or any(map(_looks_like_address, text.split()))


def _looks_like_address(word: str) -> bool:
    """Whether something stands before an @, and behind it something with a dot in it."""
    _, at, rest = word[1:].partition("@")
    return bool(at) and "." in rest[1:-1]


def read_answer(name: str, text: str, language: str, context: Context) -> Accepted | NotAccepted:
    """The answer that ``text`` gives to the field ``name``, or why it cannot be one."""
    asked = BY_NAME[name]
    typed = clean(text)
    if not typed:
        return NotAccepted(reason="empty", values={"field": name})
    if len(typed) > asked.limit:
        return NotAccepted(reason="too_long", values={"field": name, "limit": asked.limit})
    if asked.options:
        return _option(asked, typed, language, context)
    return READERS.get(name, _one_line)(name, typed, language, context)


def spellings_of(group: str, language: str, context: Context) -> Mapping[str, tuple[str, ...]]:
    """How people write the values of ``group``, in ``language`` and after it in the other languages."""
    spellings = context.course.spellings
    merged: dict[str, tuple[str, ...]] = {}
    for code in (language, *(other for other in context.course.languages if other != language)):
        for value, ways in spellings.get(code, {}).get(group, {}).items():
            merged[value] = merged.get(value, ()) + ways
    return merged


def _option(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    known = {v: w for v, w in spellings_of(asked.name, language, context).items() if v in asked.options}
    by_id = {option: (*known.get(option, ()), option) for option in asked.options}
    negation = spellings_of("negation", language, context)
    meant = options_meant(typed, by_id, denied_parts(typed, negation.get("not", ()), negation.get("but", ())))
    if len(meant) == 1:
        return Accepted(value=meant[0])
    added = {plain_way(way) for way in spellings_of("range", language, context).get("added", ())}
    if BOTH in asked.options and {*meant, BOTH} == set(asked.options) and not added.isdisjoint(plain(typed).split()):
        return Accepted(value=BOTH)
    named = options_meant(typed, by_id)
    if not meant and not named:
        return NotAccepted(reason="choice", values={"field": asked.name})
    left = meant or tuple(option for option in asked.options if option not in named) or asked.options
    return NotAccepted(reason="ambiguous", values={"field": asked.name, "options": list(left)})


def _one_line(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    if "\n" in typed:
        return NotAccepted(reason="line_break", values={"field": name})
    return Accepted(value=typed)


def _named(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    if has_address(typed):
        return NotAccepted(reason="address", values={"field": name})
    letters = str.isalpha if name == "name" else str.isalnum
    if not any(map(letters, typed)):
        return NotAccepted(reason=name)
    lead_ins = spellings_of("lead_in", language, context).get(name, ())
    bare = _without_after(_without_filler(typed, language, context), name, language, context)
    return _one_line(name, _without_lead_in(bare, lead_ins), language, context)


def _without_filler(typed: str, language: str, context: Context) -> str:
    """``typed`` without a small word before it ("ok. Woonstad"); with a capital it may be a name's own."""
    found = FILLER.match(typed)
    words = spellings_of("assent", language, context)
    known = (*words.get("filler", ()), *words.get("yes", ()))
    return typed[found.end() :] if found and exactly(found[1], {"": known}) is not None else typed


def _without_after(typed: str, name: str, language: str, context: Context) -> str:
    """``typed`` without what may stand behind a name and is none: "Fatima hier"."""
    after = spellings_of("details", language, context).get("after_name", ()) if name == "name" else ()
    word = next((one for one in after if typed.endswith(f" {one}")), None)
    return typed[: -len(word)].rstrip() if word else typed


def _role(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    lead_ins = spellings_of("lead_in", language, context).get(name, ())
    return _one_line(name, _without_lead_in(typed, lead_ins), language, context)


def _without_lead_in(typed: str, lead_ins: tuple[str, ...]) -> str:
    """``typed`` without a beginning such as "mijn naam is", where something with a letter is left."""
    if not beginning(lead_ins).match(typed):
        return typed
    for lead_in in sorted(lead_ins, key=len, reverse=True):
        words = r"\s+".join(map(re.escape, lead_in.split())).replace("'", "['’]")
        found = re.match(rf"{words}(?:\s*[:,]\s*|\s+)(?=\S)", typed, re.IGNORECASE)
        rest = FULL_STOP.sub("", typed[found.end() :]) if found else ""
        if any(map(str.isalpha, rest)):
            return rest
    return typed


def _email(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    check = context.check_email(typed)
    if check.address is None:
        return NotAccepted(reason="email")
    return Accepted(value=check.address, suggestion=check.suggestion)


def _phone(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    number = context.check_phone(typed)
    return Accepted(value=number) if number else NotAccepted(reason="phone")


def _participants(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    ranges = spellings_of("range", language, context)
    numbers = spellings_of("numbers", language, context)
    number = people_meant(typed, numbers, ranges.get("between", ()), ranges.get("added", ()))
    if number is None or has_address(typed):
        return NotAccepted(reason="participants")
    return Accepted(value=str(number))


def _remark(name: str, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    return Accepted(value=typed)


READERS: Mapping[str, Callable[[str, str, str, Context], Accepted | NotAccepted]] = {
    "organisation": _named,
    "name": _named,
    "role": _role,
    "email": _email,
    "phone": _phone,
    "participants": _participants,
    "remark": _remark,
}
