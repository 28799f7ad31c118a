"""A field that a text names, and what it is to be: "functie: projectleider", "mijn naam is fout, het is De Wit"."""

from collections.abc import Mapping

from bot.dialogue.context import Context
from bot.dialogue.fields import Kind
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.phrasing import beginning, ending
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way

_TRIM = " \t\n,;:|-–—!()<>\"'“”"
_MOST_BEFORE = 7  #: words of what ends in a field's name


def changed(text: str, language: str, context: Context) -> tuple[str, str] | None:
    """The field that a text names and what it is to be, as it was typed; None where it names none."""
    form = context.form
    fields = {name: ways for name, ways in spellings_of("fields", language, context).items() if name in form.by_name}
    becomes = spellings_of("details", language, context).get("becomes", ())
    head, colon, rest = text.partition(":")
    named = _field_of(head, fields, becomes) if colon else None
    if named and rest.strip():
        return named, rest.strip()
    words = {name: fields[name] for name in form.of(Kind.TEXT) if name in fields}
    if begun := _begun(text, words) or _corrected(text, language, context):
        return begun
    nots = spellings_of("negation", language, context).get("not", ())
    for way in beginning(becomes).finditer(text) if becomes else ():
        named = _field_of(text[: way.start()], fields, ())
        value = _without_end(text[way.end() :], language, context)
        denied = not set(plain(text[: way.start()].rpartition(",")[2]).split()).isdisjoint(map(plain_way, nots))
        if named and value and not denied and not _wrong(value, language, context):
            return named, value
    return None


def _begun(text: str, fields: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """A field that begins the text, with a name right behind it: "organisatie Stichting Ymere"."""
    for name, spelled in fields.items():
        found = beginning(spelled).match(text) if spelled else None
        if found and text[found.end()].isupper() and not text[0].isupper():
            return name, text[found.end() :].strip()
    return None


def _wrong(value: str, language: str, context: Context) -> bool:
    """Whether this says that something is wrong, and not what is right."""
    return exactly(value, {"": spellings_of("details", language, context).get("wrong", ())}) is not None


def _corrected(text: str, language: str, context: Context) -> tuple[str, str] | None:
    """``mijn achternaam is fout, het is De Wit``: a field in one clause, and what it is to be in the next."""
    head, comma, rest = text.partition(",")
    ways = spellings_of("details", language, context).get("corrects", ())
    lead = beginning(ways).match(rest.strip()) if comma and ways else None
    named = options_meant(head, spellings_of("fields", language, context))
    if lead is None or len(named) != 1 or named[0] not in context.form.by_name:
        return None
    value = _without_end(rest.strip()[lead.end() :], language, context)
    return (named[0], value) if value else None


def _field_of(head: str, fields: Mapping[str, tuple[str, ...]], becomes: tuple[str, ...]) -> str | None:
    """The field whose name ends these words, with at most five before it."""
    bare = plain(ending(becomes).sub("", head) if becomes else head)
    if len(bare.split()) > _MOST_BEFORE:
        return None
    ways = sorted(((plain_way(way), name) for name in fields for way in fields[name]), key=lambda pair: -len(pair[0]))
    return next((name for way, name in ways if f" {bare}".endswith(f" {way}")), None)


def _without_end(value: str, language: str, context: Context) -> str:
    ends = spellings_of("details", language, context).get("ends", ())
    return (ending(ends).sub("", value) if ends else value).strip(_TRIM)
