"""course.toml: what the sign-up asks."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.dialogue.fields import Field, Form, Kind, Role
from bot.dialogue.reading.spelling import plain
from bot.wording.course import languages_of, participants_of
from bot.wording.facts import facts_of
from bot.wording.records import WordingError
from bot.wording.tables import Table

STANDARD = Path(__file__).resolve().parents[2] / "messages"  #: whose form a course has that declares none
GROUP = "participants"  #: the table of course.toml that says how small and large a group is
BUTTON_ID_LIMIT = 64  #: bytes, with the token of a draft
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_OPTION = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
#: what is called so already: parts of buttons, columns of an export, groups of spellings
_TAKEN = """
    start resume skip back edit more submit cancel another reference created_at started_at status channel language
    source consent_at consent_version fields navigation numbers range negation lead_in instead asides details assent
    ordinals points commands
"""
_NAMES = ("id", "kind", "role", "required", "options", "every", "other", "course", "limit", "least", "most", "group")
_MOST = 2000  #: characters of an answer
_OF_KIND = {Kind.EMAIL: Role.EMAIL, Kind.PHONE: Role.PHONE}
Facts = Mapping[str, Any]


def read_form(folder: Path) -> Form:
    """What the course in a messages folder asks; raises WordingError where that cannot be read."""
    table, facts = Table(folder, "course.toml"), Table(folder, "facts.toml")
    languages = languages_of(table)
    own = facts_of(facts.values, languages[0], languages) if languages else {}
    form = form_of(table, own, participants_of(table, own))
    if found := [*table.problems, *facts.problems]:
        raise WordingError(tuple(found))
    return form


def declared(table: Table) -> tuple[Mapping[str, Any], ...]:
    """The fields as they are written; those of the standard course where none is."""
    own = table.values.get("fields")
    return tuple(own if own is not None else Table(STANDARD, "course.toml").values["fields"])


def form_of(table: Table, facts: Facts, group: tuple[int, int]) -> Form:
    """
    The form of the course. ``facts``: in one language; a choice from one that is not known yet is left out.

    ``group``: the smallest and the largest.
    """
    fields = (_field(one, facts, group) for one in declared(table))
    return Form(fields=tuple(field for field in fields if field.options or field.kind is not Kind.CHOICE))


def _field(one: Mapping[str, Any], facts: Facts, group: tuple[int, int]) -> Field:
    kind = Kind(one["kind"]) if one["kind"] in {*Kind} else Kind.TEXT
    role = one.get("role", "")
    return Field(
        name=one["id"],
        kind=kind,
        role=_OF_KIND.get(kind) or (Role(role) if role in {*Role} else None),
        required=one.get("required", False),
        options=tuple(option for option, _ in _options(one, facts)) if kind is Kind.CHOICE else (),
        every=one.get("every"),
        other=one.get("other"),
        course=one.get("course"),
        limit=one.get("limit", _MOST if kind is Kind.LONG_TEXT else 200),
        least=one.get("least", 1),
        most=one.get("most", 999),
        group=group if "group" in one else None,
    )


def _options(one: Mapping[str, Any], facts: Facts) -> Iterator[tuple[str, object]]:
    """The options of a field, each with what it is made of: itself, or an item of a fact."""
    given = one.get("options", ())
    items = facts.get(given) if isinstance(given, str) else given
    for item in items if isinstance(items, list) else ():
        yield (item, item) if not isinstance(given, str) else (_as_option(item), item)


def _as_option(item: object) -> str:
    return str(item) if isinstance(item, date) else plain(str(item)).replace(" ", "_")[:24]


def of_facts(table: Table, facts: Facts, known: Facts) -> dict[str, dict[str, object]]:
    """
    The options that facts give: field -> option -> the item of the fact in one language.

    ``facts`` are those of the language that options are named by, ``known`` those of the other.
    """
    found = {}
    for one in declared(table):
        if isinstance(one.get("options"), str):
            own = known.get(one["options"])
            items = own if isinstance(own, list) else []
            found[one["id"]] = dict(zip((option for option, _ in _options(one, facts)), items, strict=False))
    return found


def check_form(table: Table, facts: Facts) -> None:
    """Note in course.toml what is wrong with the fields."""
    own = table.values.get("fields")
    seen: set[str] = set()
    for number, one in enumerate(own or ()):
        for text in (*_of_id(one, seen), *_of_kind(one), *_of_options(one, facts)):
            table.problem(text, "fields", str(number))
        seen |= {one["id"], f"role {one.get('role') or one['kind']}"}
    addresses = [one for one in own or () if one["kind"] == Kind.EMAIL and one.get("required")]
    if own is not None and not addresses:
        table.problem('a sign-up needs a field with kind = "email" and required = true', "fields")


def _of_id(one: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    name, role = one["id"], one.get("role")
    if not _ID.fullmatch(name) or name in _TAKEN.split():
        yield f"{name!r} cannot be a field's id: small letters, digits and _, and no word that the bot uses itself"
    if name in seen:
        yield f"there are two fields {name}"
    if role and role not in {*Role}:
        yield f"nobody reads role {role}; these are: {', '.join(Role)}"
    if f"role {role or one['kind']}" in seen and (role or one["kind"] in _OF_KIND):
        yield f"one field can be the {role or one['kind']}; {name} is the second"


def _of_kind(one: Mapping[str, Any]) -> Iterator[str]:
    for name in one:
        if name not in _NAMES:
            yield f"nobody reads {name}; these are: {', '.join(_NAMES)}"
    if one["kind"] not in {*Kind}:
        yield f"nobody reads kind {one['kind']}; these are: {', '.join(Kind)}"
    if (one["kind"] == Kind.CHOICE) != ("options" in one):
        yield f'{one["id"]}: options belong to kind = "choice", and to no other'
    if one.get("group", GROUP) != GROUP or ("group" in one and one["kind"] != Kind.NUMBER):
        yield f'{one["id"]}: a number of people has group = "{GROUP}", and nothing else has'
    if not 1 <= one.get("limit", 1) <= _MOST:
        yield f"{one['id']}: limit is a number of characters, at most {_MOST}"
    if one.get("least", 1) > one.get("most", 999):
        yield f"{one['id']}: least is more than most"


def _of_options(one: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    name, options = one["id"], [option for option, _ in _options(one, facts)]
    given = one.get("options")
    if isinstance(given, str) and given not in facts:
        yield f"the options of {name} are those of {given}, which is no fact"
    elif isinstance(given, str) and facts[given] is not None and not options:
        yield f"the options of {name} are those of {given}, which is no list"
    if given == []:
        yield f"{name} has no options"
    for option in options:
        if not _OPTION.fullmatch(option):
            yield f"{option!r} cannot be an option: small letters, digits, _ and -"
        if len(f"signup:{name}:{option}@123456") > BUTTON_ID_LIMIT:
            yield f"{name} and its option {option} are too long for a button: make one of them shorter"
    if len(set(options)) < len(options):
        yield f"{name} has two options that are alike"
    for part in ("every", "other", "course"):
        if one.get(part) and one[part] not in options:
            yield f"{name}: {part} = {one[part]!r} is none of its options"
