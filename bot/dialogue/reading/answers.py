"""From what a person types to the answer that is stored, or the reason why it cannot be right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.context import Context
from bot.dialogue.fields import Field, Kind, Role
from bot.dialogue.reading.dates import date_meant
from bot.dialogue.reading.negation import denied_parts
from bot.dialogue.reading.numbers import people_meant
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.spelling import Ways, exactly, options_meant, plain, plain_way
from bot.dialogue.signs import normal

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
    asked = context.form.by_name[name]
    typed = clean(text)
    if not typed:
        return NotAccepted(reason="empty")
    if len(typed) > asked.limit:
        return NotAccepted(reason="too_long", values={"limit": asked.limit})
    return (OF_ROLE.get(asked.role) or OF_KIND[asked.kind])(asked, typed, language, context)


def spellings_of(group: str, language: str, context: Context) -> Mapping[str, tuple[str, ...]]:
    """How people write the values of ``group``, in ``language`` and after it in the other languages."""
    spelled = context.course.spelled
    if (group, language) not in spelled:
        spelled[group, language] = _merged(group, language, context)
    return spelled[group, language]


def _merged(group: str, language: str, context: Context) -> Ways:
    spellings, merged = context.course.spellings, Ways()
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
    if asked.every and {*meant, asked.every} == set(asked.options) and not added.isdisjoint(plain(typed).split()):
        return Accepted(value=asked.every)
    named = options_meant(typed, by_id)
    if not meant and not named:
        return NotAccepted(reason="choice")
    left = meant or tuple(option for option in asked.options if option not in named) or asked.options
    return NotAccepted(reason="ambiguous", values={"options": list(left)})


def _one_line(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    if "\n" in typed:
        return NotAccepted(reason="line_break")
    return Accepted(value=typed)


def _named(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    if has_address(typed):
        return NotAccepted(reason="address")
    of_person = asked.role is Role.NAME
    if not any(map(str.isalpha if of_person else str.isalnum, typed)):
        return NotAccepted(reason=str(asked.role))
    lead_ins = spellings_of("lead_in", language, context).get(str(asked.role), ())
    bare = _without_filler(typed, language, context)
    bare = _without_after(bare, language, context) if of_person else bare
    return _one_line(asked, _without_lead_in(bare, lead_ins), language, context)


def _without_filler(typed: str, language: str, context: Context) -> str:
    """``typed`` without a small word before it ("ok. Woonstad"); with a capital it may be a name's own."""
    found = FILLER.match(typed)
    words = spellings_of("assent", language, context)
    known = (*words.get("filler", ()), *words.get("yes", ()))
    return typed[found.end() :] if found and exactly(found[1], {"": known}) is not None else typed


def _without_after(typed: str, language: str, context: Context) -> str:
    """``typed`` without what may stand behind a name and is none: "Fatima hier"."""
    after = spellings_of("details", language, context).get("after_name", ())
    word = next((one for one in after if typed.endswith(f" {one}")), None)
    return typed[: -len(word)].rstrip() if word else typed


def _job(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    lead_ins = spellings_of("lead_in", language, context).get("role", ())
    return _one_line(asked, _without_lead_in(typed, lead_ins), language, context)


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


def _email(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    check = context.check_email(typed)
    if check.address is None:
        return NotAccepted(reason="email")
    return Accepted(value=check.address, suggestion=check.suggestion)


def _phone(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    number = context.check_phone(typed)
    return Accepted(value=number) if number else NotAccepted(reason="phone")


def _number(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    ranges = spellings_of("range", language, context)
    numbers = spellings_of("numbers", language, context)
    within = range(asked.least, asked.most + 1)
    number = people_meant(typed, numbers, ranges.get("between", ()), ranges.get("added", ()), within)
    if number is None or has_address(typed):
        return NotAccepted(reason="participants" if asked.group else "number")
    return Accepted(value=str(number))


def _date(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    day = date_meant(typed, context.course.months, context.now.date())
    return NotAccepted(reason="date") if day is None else Accepted(value=str(day))


def _anything(asked: Field, typed: str, language: str, context: Context) -> Accepted | NotAccepted:
    return Accepted(value=typed)


Reader = Callable[[Field, str, str, Context], Accepted | NotAccepted]
OF_KIND: Mapping[Kind, Reader] = {
    Kind.TEXT: _one_line,
    Kind.LONG_TEXT: _anything,
    Kind.CHOICE: _option,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
}
#: roles whose answers are read in a way of their own
OF_ROLE: Mapping[Role | None, Reader] = {Role.NAME: _named, Role.ORGANISATION: _named, Role.JOB: _job}
