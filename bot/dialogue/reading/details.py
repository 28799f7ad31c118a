"""
What a person tells of themselves, wherever it stands in a text: address, number, name, organisation, kind, group size.

A text is cut where an address or a number stands, and at commas, bars and lines. Each part is read by what it says it
is ("mijn naam is ...", "van gemeente ...", "met z'n achten"); what says nothing is taken only where an address or a
number beside it makes the whole a visiting card. What nobody can name is left over, for the question that is open.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.dialogue.context import Context, Found
from bot.dialogue.fields import Kind, Role
from bot.dialogue.reading.answers import Accepted, read_answer, spellings_of
from bot.dialogue.reading.correcting import changed
from bot.dialogue.reading.described import remark_in, role_in, without_roughly
from bot.dialogue.reading.negation import denied_parts
from bot.dialogue.reading.phrasing import beginning, ending
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way

LONGEST = 600  #: characters of a text in which details are looked for
_MARK = "\x1f"  #: where something was taken out
_TITLES = "".join(rf"(?<!\b{title})" for title in ("mevr", "dhr", "drs", "prof", "ing", "mrs"))  # "mevr. De Haan"
_NEXT = r"\s(?:en|and)\s(?=(?:we|wij|ik|mijn|onze|er|I|my|our|there)(?:['’]\w+)?\s)"  # where a sentence begins
_PART = re.compile(rf"[,;|\n•()<>{_MARK}]|(?<=\w{{3}}){_TITLES}[.!](?:\s|$)|\s[-–—/]\s|{_NEXT}", re.IGNORECASE)
_TRIM = " \t\n.,;:|/-–—!()<>\"'“”" + _MARK
_SMALL = r"(?:van|de|der|den|het|'t|’t|te|ten|ter|el|al|von|bin|ben|di|da|la|le|op|in)"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w'’.-]*"
NAME = re.compile(rf"{_CAPITAL}(?:\s+(?:{_SMALL}\s+){{0,3}}{_CAPITAL}){{0,5}}")
_ARTICLE = re.compile(r"\A(?:de|het|een|the|a|an)\s+(?=\S)", re.IGNORECASE)
_CLAUSE = re.compile(r" (?:en|and|maar|but|die|dat|want|i|ik) (?=[a-zà-ÿ])")
_SHORT_KIND = 5  #: letters
_KIND = 4  #: words in which somebody says for what kind of organisation they work
_ONE = "1"  #: which as a word is mostly no number
_NUMBER = r"(\d{1,3}|[a-z]{1,14})"  #: in a plain text, which has no accents


@dataclass(frozen=True, kw_only=True)
class Details:
    """What was told in a text, and what is left of it."""

    told: Mapping[str, str] = field(default_factory=dict)  #: field -> value, as it will be stored
    guessed: Mapping[str, str] = field(default_factory=dict)  #: the same, where nothing but its place told which it is
    rest: str = ""  #: what is left for the question that is open
    suggestion: str | None = None  #: the e-mail address we think was meant


@dataclass(kw_only=True)
class _Reader:
    language: str
    context: Context
    asked: str | None  #: the field that is open
    card: bool  #: there is an address or a number in the text
    whole: bool  #: the text is an organisation's name, or may be: it is asked for, and nothing else is told
    told: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    several: bool = False  #: the text has more than one part

    def ways(self, group: str, value: str) -> tuple[str, ...]:
        return spellings_of(group, self.language, self.context).get(value, ())

    def keep(self, name: str, text: str) -> bool:
        """Keep an answer to this field, where there is such a field and the text can be one."""
        read = read_answer(name, text, self.language, self.context) if name else None
        if not isinstance(read, Accepted) or name in self.told:
            return False
        self.told[name] = read.value
        return True

    def keep_as(self, role: Role, text: str) -> bool:
        """Keep an answer to the field with this role."""
        return self.keep(self.context.form.having(role), text)

    def organisation(self, text: str) -> bool:
        """Keep an organisation, and its kind where its name says that."""
        named = _ARTICLE.sub("", _CLAUSE.split(" ".join(text.split()))[0].strip(_TRIM), count=1)
        kinds = kinds_meant(named, self.language, self.context)
        if not (kinds or any(map(str.isupper, named))) or not self.keep_as(Role.ORGANISATION, named):
            return False
        if len(kinds) == 1:
            self.told.setdefault(self.context.form.having(Role.SECTOR), kinds[0])
        return True


def kinds_meant(text: str, language: str, context: Context) -> tuple[str, ...]:
    """The kinds of organisation that are named in a text, to the letter; not what is denied, nor "something else"."""
    sector = context.form.having(Role.SECTOR)
    if not sector:
        return ()
    other, spelled = context.form.by_name[sector].other, spellings_of(sector, language, context)
    known = {kind: ways for kind, ways in spelled.items() if kind != other}
    negation = spellings_of("negation", language, context)
    denied = denied_parts(text, negation.get("not", ()), negation.get("but", ()))
    return options_meant(text, known, denied, slips=False)  # a builder is no "Brouwer"


def read_details(text: str, asked: str | None, language: str, context: Context) -> Details:
    """What is told in ``text``, where ``asked`` is the field that is open, if one is."""
    if len(text) > LONGEST:
        return Details(rest=text)
    form = context.form
    of_kind = {kind: form.of(kind)[0] for kind in (Kind.EMAIL, Kind.PHONE) if form.of(kind)}
    found = tuple(one for one in _single(context.find(text)) if one.kind in of_kind)
    whole = bool(asked) and asked == form.having(Role.ORGANISATION) and not found
    reader = _Reader(language=language, context=context, asked=asked, card=bool(found), whole=whole)
    remarks = form.of(Kind.LONG_TEXT)[-1:]
    if remarks and not found and (remark := remark_in(text, language, context)):
        return Details(told={remarks[0]: remark})
    reader.told |= {of_kind[one.kind]: one.value for one in found}
    if remarks and any(one.unsure for one in found):
        reader.told[remarks[0]] = next(text[one.start : one.end] for one in found if one.unsure)
    pieces = [piece for part in _parts(text, found, reader) for piece in _pieces(part, reader)]
    reader.several = len(pieces) > 1
    reader.left = [piece for piece in pieces if not _is_read(piece, reader)]
    guessed = _guesses(reader, asked) if found and reader.left else {}
    rest = ", ".join(reader.left) if reader.told else text
    suggestion = next((one.suggestion for one in found if one.suggestion), None)
    return Details(told=reader.told, guessed=guessed, rest=rest, suggestion=suggestion)


def _is_read(part: str, reader: _Reader) -> bool:
    return any(read(part, reader) for read in (_introduced, _labelled, _counted, _working, _employed))


def _employed(part: str, reader: _Reader) -> bool:
    """``projectleider warmte`` on a visiting card; ``ik ben wijkmanager`` beside another answer."""
    form = reader.context.form
    if reader.whole or reader.asked == form.having(Role.JOB) or not (reader.card or reader.asked):
        return False
    beside = reader.card or (reader.asked == form.having(Role.NAME) and reader.several)
    role = role_in(part, not beside, reader.language, reader.context)
    return bool(role) and reader.keep_as(Role.JOB, role)


def _pieces(part: str, reader: _Reader) -> list[str]:
    """The part; where a colon in it announces what follows, and names no field, both sides of that."""
    head, colon, rest = part.partition(": ")
    if not colon or changed(part, reader.language, reader.context):
        return [part]
    return [piece.strip(_TRIM) for piece in (head, rest) if _says(piece)]


def _single(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Those of which there is one: of two addresses or two numbers it is not clear which is meant."""
    values = {kind: {one.value for one in found if one.kind == kind} for kind in Kind}
    return tuple(one for one in found if len(values[one.kind]) == 1)


def _parts(text: str, found: tuple[Found, ...], reader: _Reader) -> Iterator[str]:
    """The parts of the text, without what was found and without what only announced it."""
    for one in reversed(found):
        text = f"{text[: one.start]}{_MARK}{text[one.end :]}"
    around = (*reader.ways("lead_in", "email"), *reader.ways("lead_in", "phone"))
    cut = text.split(_MARK)
    for number, piece in enumerate(cut):
        bare = piece
        while number < len(cut) - 1 and around and (shorter := ending(around).sub("", bare.rstrip(_TRIM))) != bare:
            bare = shorter
        if number:
            bare = _after(bare, reader)
        yield from (part for part in (cleaned.strip(_TRIM) for cleaned in _PART.split(bare)) if _says(part))


def _after(piece: str, reader: _Reader) -> str:
    """What follows on an address, without the words that close it off or lead on."""
    joined = reader.ways("details", "closing")
    while joined and (found := re.match(rf"\s*{beginning(joined).pattern}", f"{piece} ", re.IGNORECASE)):
        piece = piece[found.end() :]
    return ending(joined).sub("", piece) if joined else piece


def _says(part: str) -> bool:
    return any(map(str.isalnum, part))


def _labelled(part: str, reader: _Reader) -> bool:
    """``functie: projectleider``, ``organisatie moet zijn Gemeente Tilburg``."""
    read = changed(part, reader.language, reader.context)
    return read is not None and reader.keep(*read)


def _counted(part: str, reader: _Reader) -> bool:
    number = counted(part, reader.language, reader.context)
    return number is not None and reader.keep(reader.context.form.people, number)


def counted(text: str, language: str, context: Context) -> str | None:
    """The number of people that a text says come along ("met 12 man", "we zijn met z'n tienen"); None where none."""
    text = without_roughly(text, language, context)
    typed, negation = plain(text), spellings_of("negation", language, context)
    denied = denied_parts(text, negation.get("not", ()), negation.get("but", ()))
    numbers = {plain_way(way): n for n, ways in spellings_of("numbers", language, context).items() for way in ways}
    for way in spellings_of("details", language, context).get("counted", ()):
        for found in _counting(way).finditer(typed):
            if any(start <= found.start() < end for start, end in denied):
                continue
            if found[1].isdecimal() or numbers.get(found[1], _ONE) != _ONE:
                return found[1] if found[1].isdecimal() else numbers[found[1]]
    return None


@lru_cache(maxsize=256)
def _counting(way: str) -> re.Pattern[str]:
    made = r"\ ".join(_NUMBER if word == "N" else re.escape(plain(word)) for word in way.split())
    return re.compile(rf"(?<![a-z0-9]){made}(?![a-z0-9])")


def _introduced(part: str, reader: _Reader) -> bool:
    """``ik ben Noor de Vries van Stedin``, ``mijn naam is ...``."""
    ways = reader.ways("lead_in", "name")
    lead = beginning(ways).search(part) if ways else None
    if lead and lead.start() and " " not in lead[0].strip():  # "met" in the middle introduces nobody
        return False
    found = NAME.match(part, lead.end()) if lead else None
    if found is None:
        return False
    name, after = _name_and_rest(part[found.start() :], found[0], reader)
    kept = reader.keep_as(Role.NAME, name)
    belongs = reader.ways("details", "belongs")
    if belongs and (joint := beginning(belongs).match(after.lstrip())):
        reader.organisation(after.lstrip()[joint.end() :])
    return kept


def _name_and_rest(text: str, name: str, reader: _Reader) -> tuple[str, str]:
    """The name, cut before an organisation: "Kees van Gemeente Ede", "Noor de Vries van Stedin"."""
    belongs = reader.ways("details", "belongs")
    for joint in beginning(belongs).finditer(name) if belongs else ():
        before, after = name[: joint.start()].strip(), name[joint.end() :]
        far = len(before.split()) > 1 and joint[0].split()[0].lower() in before.lower().split()
        kinds = () if _family_name(after) else kinds_meant(after, reader.language, reader.context)
        if before and (far or kinds):
            return before, text[len(before) :]
    return name, text[len(name) :]


def _family_name(text: str) -> bool:
    """Whether a kind of organisation, so short and with a capital, is part of a name: "Mieke van Wijk"."""
    return text.isalpha() and text[0].isupper() and len(text) <= _SHORT_KIND


def _working(part: str, reader: _Reader) -> bool:
    """``ik werk bij netbeheerder Stedin``, ``Fatima van gemeente Breda``, ``woningcorporatie Ymere``."""
    ways, belongs = reader.ways("lead_in", "organisation"), reader.ways("details", "belongs")
    lead = beginning(ways).search(part) if ways else None
    if lead and any(map(str.isupper, part[lead.end() :])):
        return reader.organisation(part[lead.end() :])
    if lead and len(part[lead.end() :].split()) <= _KIND:
        kinds = kinds_meant(part[lead.end() :], reader.language, reader.context)
        return len(kinds) == 1 and reader.keep_as(Role.SECTOR, kinds[0])
    name = None if reader.whole else NAME.match(part)
    if belongs and name:
        own, after = _name_and_rest(part, name[0], reader)
        joint = beginning(belongs).match(after.lstrip())
        if joint and kinds_meant(after, reader.language, reader.context) and reader.keep_as(Role.NAME, own):
            return reader.organisation(after.lstrip()[joint.end() :])
    return _kind_and_name(part, reader)


def _kind_and_name(part: str, reader: _Reader) -> bool:
    """``gemeente Ede``: a kind, with a name of its own behind it."""
    words = part.split()
    own = [word for word in words[1:] if word[:1].isupper()]
    sector = reader.context.form.having(Role.SECTOR)
    if exactly(part, spellings_of(sector, reader.language, reader.context)):
        return False
    named = (word for at, word in enumerate(words[:3]) if not (at and _family_name(word)))
    kinds = kinds_meant(" ".join(named), reader.language, reader.context)
    return bool(own) and len(words) <= 6 and len(kinds) == 1 and reader.organisation(part)


def _titled(part: str) -> bool:
    """Whether a part is written as a name: half of its words at least with a capital."""
    words = part.split()
    return "?" not in part and 2 * sum(word[:1].isupper() for word in words) >= len(words)


def _guesses(reader: _Reader, asked: str | None) -> dict[str, str]:
    """What the parts of a visiting card are that do not say it: a name, an organisation, in the order they came."""
    guessed: dict[str, str] = {}
    named, *others = (reader.context.form.having(role) for role in (Role.NAME, Role.ORGANISATION, Role.JOB))
    order = [one for one in (asked, named, others[0]) if one and one in (named, *others)]
    closing = {"": reader.ways("details", "closing")}
    reader.left = [part for part in reader.left if exactly(part, closing) is None]
    other = bool(asked) and asked not in order  # what comes first is the answer to that
    for part in reader.left[other:]:
        if not _titled(part) and (not asked or part != reader.left[0]):
            continue
        open_now = [name for name in order if name not in reader.told and name not in guessed]
        name = NAME.fullmatch(part)
        fits = next((one for one in open_now if one == asked or one != named or name), None)
        if fits and (fits == asked or part[:1].isupper()):
            guessed[fits] = part
            reader.left.remove(part)
    return guessed
