"""Where an address, a number or a link stands in what somebody typed, word by word; in doubt it is one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: how people write @ and the dot where they think that a machine reads along
_AT = frozenset(("@", "apenstaartje", "apestaartje", "apenstaart", "apestaart"))
_DOT = frozenset((".", "punt", "dot", "-", "_", "streepje", "underscore"))
_AT_ALL = re.compile(r"@|^at$|^ap[a-z]*staart")  #: a word without it has no part in an address
_SPOKEN_AT = "at"  #: only where a spoken dot follows, or what has one
_AROUND = ".,;:!?()[]{}<>\"'“”‘’«»"
# fmt: off
_SPOKEN_DIGITS = frozenset((
    "nul", "een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "dubbel",
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double",
))
# fmt: on
_FEWEST_DIGITS = 7  #: of a telephone number; a bank account and a citizen's number have more
_DIGITS = re.compile(r"\+?\(?\d(?:[\s\-‐-―./()*_·~,|:]*\d)*")
#: a date to come, or years: people ask about them, and they are nobody's
_TIMES = re.compile(
    r"(?:[0-3]?\d[-/. ][01]?\d[-/. ])?20[2-9]\d(?:[\s\-‐-―/,.]+20[2-9]\d)*|[0-3]?\d[-/.][01]?\d[-/.][2-9]\d"
)
_POSTCODE = re.compile(r"\b[1-9]\d{3}(?: ?[A-Z]{2}|[a-z]{2})\b")
_STREET = re.compile(
    r"\b\w+(?:straat|laan|weg|plein|gracht|kade|dijk|singel|dreef|steeg|street|road|avenue)"
    r"(?:\s(?:nr\.?|nummer|number))?\s\d{1,5}\w?\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}[ \d]+", re.IGNORECASE)
_BORN = re.compile(r"\b(?:geboren|geboortedatum|born|date of birth)\b[^.?!,]{0,40}", re.IGNORECASE)
#: a number plate, or the reference of a lead
_SIGN = re.compile(
    r"\b(?=[A-Z-]{0,9}\d)(?=[0-9-]{0,9}[A-Z])(?:[A-Z0-9]{1,3}-[A-Z0-9]{1,3}-[A-Z0-9]{1,3}|[A-Z0-9]{4}-[A-Z0-9]{4})\b"
)
_LINK = re.compile(r"://|^www\.|\w\.[a-z]{2,10}/", re.IGNORECASE)
_ELSEWHERE = frozenset(
    ("skype", "instagram", "insta", "linkedin", "facebook", "twitter", "signal", "whatsapp", "telegram")
)


_KINDS = (_POSTCODE, _STREET, _ACCOUNT, _BORN, _SIGN)


class Word(NamedTuple):
    """A word, and where it stands."""

    start: int
    end: int
    text: str  #: with what stands around it
    bare: str  #: without
    small: str  #: without, in small letters


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in their order."""
    found = ((one.start(), one.end(), one[0], one[0].strip(_AROUND)) for one in re.finditer(r"\S+", text))
    return tuple(Word(start, end, word, bare, bare.lower()) for start, end, word, bare in found)


def details_in(text: str, words: Sequence[Word]) -> set[int]:
    """Which words are an address, a number, a link or a part of one, by their place."""
    plain = [word.text.lower() for word in words]
    found = {at for number, word in enumerate(plain) if _AT_ALL.search(word) for at in _address_around(plain, number)}
    found |= {at for at, word in enumerate(words) if _LINK.search(word.text)}
    found |= {at + 1 for at, word in enumerate(words[:-1]) if word.small in _ELSEWHERE and _is_login(words[at + 1])}
    found |= set(_spoken_number(words))
    starts, ends = [word.start for word in words], [word.end for word in words]
    spans = [*_numbers(text), *(one.span() for kind in _KINDS for one in kind.finditer(text))]
    for start, end in spans:
        found.update(range(bisect_right(ends, start), bisect_left(starts, end)))
    return found


def _address_around(plain: Sequence[str], at: int) -> Iterator[int]:
    """The words of the address whose @ stands in this one, where it has one."""
    sign = plain[at].strip(",;:!?\"'") if plain[at] not in _AT else plain[at]
    spoken = sign == _SPOKEN_AT and _has_dot(plain[at + 1 : at + 3])
    if sign not in _AT and "@" not in sign and not spoken:
        return
    yield at
    before, _, behind = sign.partition("@")
    whole = sign not in _AT and not spoken
    if not (whole and (before or "." not in behind)):
        yield from _chain(plain, at, -1)
    if not (whole and behind):
        yield from _chain(plain, at, 1)
    elif not behind.endswith((".", ",")):
        yield from _after(plain, at)


def _has_dot(behind: Sequence[str]) -> bool:
    """Whether the next words go on as an address does: "utrecht dot nl", or "utrecht.nl"."""
    return (len(behind) == 2 and behind[1] in _DOT) or (bool(behind) and re.search(r"\w\.\w{2}", behind[0]) is not None)


def _is_login(word: Word) -> bool:
    """Whether this is what somebody is called elsewhere: no ordinary word of a sentence."""
    return not word.bare.isalpha()


def _chain(plain: Sequence[str], at: int, step: int) -> Iterator[int]:
    """The word beside this one, and those that a dot ties to it."""
    at += step
    while 0 <= at < len(plain):
        yield at
        if not 0 <= at + 2 * step < len(plain) or plain[at + step] not in _DOT:
            return
        yield at + step
        at += 2 * step


def _after(plain: Sequence[str], at: int) -> Iterator[int]:
    """What a dot that stands alone ties to the end of an address."""
    while at + 2 < len(plain) and plain[at + 1] in _DOT:
        yield from (at + 1, at + 2)
        at += 2


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where a number stands that is long enough to be somebody's, and no date to come."""
    for found in _DIGITS.finditer(text):
        enough = sum(map(str.isdigit, found[0])) >= _FEWEST_DIGITS
        if enough and not _TIMES.fullmatch(found[0].strip(" .,-/:|")):
            yield found.span()


def _spoken_number(words: Sequence[Word]) -> Iterator[int]:
    """The words of a number that is written out, figure by figure."""
    run: list[int] = []
    digits = 0
    for at, bare in enumerate((*(word.small for word in words), "")):
        spoken = all(part in _SPOKEN_DIGITS for part in bare.split("-"))
        if spoken or (bare.isdecimal() and len(bare) <= _FEWEST_DIGITS):
            run.append(at)
            digits += bare.count("-") + 1
            continue
        if digits >= _FEWEST_DIGITS:
            yield from run
        run, digits = [], 0
