"""E-mail addresses and phone numbers wherever they stand in a text, read as people write, say and copy them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from bot.addresses.reading import ALIKE, AROUND, bare, normalized, suggested
from bot.dialogue.context import Found
from bot.dialogue.fields import Kind

_PARTED = frozenset(' \t\n\r<>()[]{},;:|"“”„')  #: what no address has inside it
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253  #: characters (RFC 5321, 4.5.3.1)
_MOST = 10  #: addresses or numbers looked at in one text; who sends more means none of them
_ENDING = re.compile(r",(?=(?:nl|com|be|org|net|eu|de|info)(?![\w.-]))", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_AT_WORDS = frozenset(("@", "apestaartje", "apenstaartje", "(at)", "[at]", "{at}"))
_DOT_WORDS = frozenset(("punt", "dot", "(dot)", "[dot]", "(punt)", "[punt]"))
_JOINED = re.compile(r"(?<=[\w.-])\s?[(\[{](?:at|apestaartje)[)\]}]\s?(?=\w)", re.IGNORECASE)
_LOCAL = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_EXTENSION = re.compile(r"[\s,(]{0,3}(?:toestel|tst|doorkiesnummer|doorkies|intern)[.:]?\s?\d{1,6}\)?", re.IGNORECASE)
_ALONE = 3  #: words; "noor at utrecht.nl" and nothing else is an address
_FEWEST_DIGITS = 7


def find(text: str, region: str) -> tuple[Found, ...]:
    """
    The addresses and numbers in the text, in their order, each with where it stands; none where there are many.

    A number without a country code is one of ``region``, as "NL".
    """
    seen, places = _visible(text)
    if seen.count("@") > _MOST:
        return ()
    emails = list(_emails(seen))
    hidden = seen
    for one in emails:
        hidden = hidden[: one.start] + " " * (one.end - one.start) + hidden[one.end :]
    found = sorted((*emails, *_phones(hidden, region)), key=lambda one: one.start)
    return tuple(_placed(one, places) for one in found)


def emails_in(text: str) -> tuple[Found, ...]:
    """The addresses alone, as ``find`` gives them."""
    seen, places = _visible(text)
    return () if seen.count("@") > _MOST else tuple(_placed(one, places) for one in _emails(seen))


def _visible(text: str) -> tuple[str, list[int]]:
    """What is to be seen of the text, and where each sign of that stood in it; the last place is the text's end."""
    kept = [(sign, at) for at, sign in enumerate(text) if not _hidden(sign)]
    return "".join(sign for sign, _ in kept).translate(ALIKE), [*(at for _, at in kept), len(text)]


def _hidden(sign: str) -> bool:
    return not sign.isascii() and (unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f")


def _placed(one: Found, places: list[int]) -> Found:
    start, end = places[one.start], places[one.end - 1] + 1
    return replace(one, start=start, end=end)


def _emails(seen: str) -> Iterator[Found]:
    end = 0
    for start, stop, spelled in (*_written(seen), *_spoken(seen)):
        address = normalized(bare(spelled))
        if address and start >= end:
            end = stop
            yield Found(kind=Kind.EMAIL, value=address, start=start, end=stop, suggestion=suggested(address))


def _written(seen: str) -> Iterator[tuple[int, int, str]]:
    """What stands around each @, or around its word between brackets."""
    for joint in re.finditer(r" ?@ ?", seen):
        yield from _around(seen, joint.start(), joint.end())
    for joint in _JOINED.finditer(seen):
        yield from _around(seen, joint.start(), joint.end())


def _around(seen: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    left, right = start, end
    while left and start - left < _LONGEST_LOCAL and seen[left - 1] not in _PARTED:
        left -= 1
    while right < len(seen) and right - end < _LONGEST_DOMAIN and seen[right] not in _PARTED:
        right += 1
    domain = seen[end:right]
    if ending := _ENDING.match(seen, right):
        last = _HOST.match(seen, ending.end())
        right = last.end() if last else right
        domain = f"{domain}.{seen[ending.end() : right]}"
    local = seen[left:start].lstrip(AROUND)
    if local and domain:
        begin = start - len(local)
        prefix = len("mailto:") if seen[:begin].lower().endswith("mailto:") else 0
        yield begin - prefix, right - (len(domain) - len(domain.rstrip(AROUND))), f"{local}@{domain}"


def _spoken(seen: str) -> Iterator[tuple[int, int, str]]:
    words = [(found.start(), found.end(), found[0]) for found in _WORD.finditer(seen)]
    for at in range(1, len(words) - 1):
        word = words[at][2].lower()
        if word not in _AT_WORDS and word != "at":
            continue
        before, domain = words[at - 1], _domain(words, at + 1)
        alone = len(words) == _ALONE
        if domain and _LOCAL.fullmatch(before[2]) and (domain[2] or alone or word != "at"):
            start, local = _local(words, at - 1)
            yield start, domain[1], f"{local}@{domain[0]}"


def _local(words: list[tuple[int, int, str]], at: int) -> tuple[int, str]:
    """Where what is said before the @ begins, up to this word, and what it is: "ria punt bakker"."""
    start, local = words[at][0], words[at][2]
    while at > 1 and words[at - 1][2].lower() in _DOT_WORDS and _LOCAL.fullmatch(words[at - 2][2]):
        at -= 2
        start, local = words[at][0], f"{words[at][2]}.{local}"
    return start, local


def _domain(words: list[tuple[int, int, str]], at: int) -> tuple[str, int, bool] | None:
    """The domain that is said from this word on, its end, and whether its dots were said."""
    host, end = words[at][2].rstrip(AROUND), words[at][1]
    said = False
    while at + 2 < len(words) and words[at + 1][2].lower() in _DOT_WORDS:
        at += 2
        last = words[at][2].rstrip(AROUND)
        host, end, said = f"{host}.{last}", words[at][0] + len(last), True
    return (host, end, said) if "." in host and _HOST.fullmatch(host) else None


def _phones(seen: str, region: str) -> Iterator[Found]:
    if sum(map(str.isdecimal, seen)) < _FEWEST_DIGITS:
        return
    import phonenumbers  # who types the first number pays for the tables of all countries

    for found in phonenumbers.PhoneNumberMatcher(seen, region, max_tries=_MOST):
        value = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        extension = _EXTENSION.match(seen, found.end)
        end, unsure = extension.end() if extension else found.end, extension or found.number.extension
        yield Found(kind=Kind.PHONE, value=value, start=found.start, end=end, unsure=bool(unsure))
