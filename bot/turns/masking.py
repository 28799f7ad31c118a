"""
A question as it may be kept for who improves the answers: without whose it is.

What looks like an address, a number or a name is masked. Beside an address or number only what is asked is kept,
and nothing at all where little else is left: a question too few does no harm, a name too many does.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from unicodedata import category

from bot.dialogue.signs import normal
from bot.turns.details import Word, details_in, words_of

MASK = "[…]"
LONGEST = 500  #: characters; a longer text is a letter rather than a question, with a letter's names and places
_FEWEST_WORDS = 3  #: beside a mask, for a question to be worth keeping; one more where it does not end as one
# fmt: off
_PARTICLES = frozenset((
    "de", "den", "der", "van", "het", "'t", "’t", "ten", "ter", "te", "op", "in", "von", "da", "di", "du", "la",
    "le", "t", "el", "al", "bin", "ben", "ibn", "dos", "del", "des", "d'", "v.d.", "vd",
))
#: what a sentence begins with that is nobody's name
_OPENERS = frozenset((
    "wat", "wie", "waar", "wanneer", "waarom", "hoe", "hoeveel", "welke", "kan", "kun", "kunnen", "mag",
    "mogen", "is", "zijn", "heb", "heeft", "hebben", "hebt", "krijg", "krijgt", "krijgen", "moet", "moeten",
    "doen", "doet", "gaat", "ga", "wil", "ik", "wij", "we", "je", "jij", "jullie", "er", "het", "de", "een",
    "dit", "dat", "deze", "die", "en", "of", "maar", "als", "met", "voor", "bij", "op", "in", "van", "naar",
    "ook", "dag", "hallo", "hoi", "beste", "geachte", "graag", "meld", "stuur", "bel", "mail", "komt", "komen",
    "kost", "kosten", "worden", "wordt", "zit", "staat", "nee", "ja", "mijn", "onze", "zou", "zullen", "zal",
    "alvast", "bedankt", "what", "who", "where", "when", "why", "how", "which", "can", "could", "may", "is",
    "are", "do", "does", "did", "have", "has", "will", "would", "should", "i", "we", "you", "my", "our", "the",
    "a", "an", "this", "that", "there", "and", "or", "but", "if", "with", "for", "at", "on", "to", "from",
    "hello", "hi", "dear", "please", "yes", "no", "it",
))
_ENDS = frozenset((
    "en", "and", "maar", "but", "ik", "i", "wil", "die", "wat", "what", "hoe", "how", "kan", "can", "is"
))
_OF_NOBODY = frozenset((
    "gemeente", "municipality", "stichting", "vereniging", "woningcorporatie", "corporatie", "wijk", "buurt", "energie",
    "bouw", "advies", "centrum", "team", "foundation", "housing", "group", "groep",
    "info", "mail", "email", "gmail", "hotmail", "outlook", "live", "contact", "com", "www", "http", "https"
))
_SHORTENED = frozenset((
    "ext.", "tel.", "nr.", "dhr.", "mevr.", "mw.", "mr.", "mrs.", "ms.", "dr.", "drs.", "ir.", "ing.", "prof.", "o.a.",
    "bijv.", "bv.", "evt.", "max.", "min.", "ca.", "t.a.v.", "a.u.b.", "i.v.m.", "d.w.z.", "incl.", "excl.",
))
# fmt: on
#: how @ and the dot are hidden from machines
_AT = re.compile(r"\s?[(\[{<]\s?(?:at|apenstaartje|apestaartje)\s?[)\]}>]\s?", re.IGNORECASE)
_DOT = re.compile(r"\s?[(\[{<]\s?(?:dot|punt)\s?[)\]}>]\s?", re.IGNORECASE)
#: after these somebody says who they are, with capitals or without
_NAMED = re.compile(
    r"\b(?:ik heet|(?:mijn|m'n|me) naam is|naam ?:|my name(?: is|'s)|groet(?:en|jes)?|mvg|regards|greetings|"
    r"dhr\.?|mevr\.?|mw\.?|meneer|mevrouw|mrs?\.?|ms\.?)[\s,]+",
    re.IGNORECASE,
)
#: after these it is a name only with a capital, or where the text has an address or a number as well
_MAYBE_NAMED = re.compile(
    r"\b(?:ik ben|i am|i'm|dit is|this is|namens|t\.?a\.?v\.?|naam|name|organisatie|collega|colleague)\s+",
    re.IGNORECASE,
)
_LONGEST_NAME = 6  #: words


def without_details(text: str, names: Iterable[str] = ()) -> str | None:
    """
    What may be kept of a typed question; None where that is nothing.

    ``names``: what its person is known to be called, and their organisation. Never raises.
    """
    if len(text) > LONGEST:
        return None
    clean = _visible(text)
    words = words_of(clean)
    details = details_in(clean, words)
    masked = details | _names(clean, words, strict=bool(details), details=details)
    known = {part for name in names for part in _parts(name)} | _shared(words, details)
    masked |= {at for at, word in enumerate(words) if word.small.removesuffix("'s") in known}
    kept = _questions(words) if details else range(len(words))
    return _joined(words, [at for at in range(len(words)) if at in kept], masked)


def _visible(text: str) -> str:
    """The text in its plain form, without signs that nobody sees."""
    plain = normal("NFKC", text.replace("ⓐ", "@"))[: 2 * LONGEST]  # one sign may become eighteen
    seen = (sign for sign in plain if category(sign) != "Cf" and not "\ufe00" <= sign <= "\ufe0f")
    return _DOT.sub(".", _AT.sub("@", "".join(seen)))


def _names(text: str, words: Sequence[Word], *, strict: bool, details: set[int]) -> set[int]:
    """Which words are a name, by what stands before them or by their capitals; ``strict``: beside a detail."""
    found = {at for one in _NAMED.finditer(text) for at in _name_from(words, one.end(), capitals=False)}
    found |= {at for one in _MAYBE_NAMED.finditer(text) for at in _name_from(words, one.end(), capitals=not strict)}
    return found | _capitals(text, words, details, fewest=1 if strict else 2)


def _name_from(words: Sequence[Word], start: int, *, capitals: bool) -> list[int]:
    """The words of the name that begins here, up to a comma or a word that goes on with the sentence."""
    found: list[int] = []
    first = bisect_left(words, (start,))
    for at, word in enumerate(words[first : first + _LONGEST_NAME + 1], start=first):
        if word.small in _ENDS or len(found) == _LONGEST_NAME or (capitals and not _is_name_part(word)):
            break
        found.append(at)
        if word.text.endswith((",", ".", ";", "!", "?", ":")) and not _is_initial(word):
            break
    return found if not capitals or any(_has_capital(words[at]) for at in found) else []


def _capitals(text: str, words: Sequence[Word], details: set[int], *, fewest: int) -> set[int]:
    if text.isupper():  # somebody who types everything so
        return set()
    found: set[int] = set()
    run: list[int] = []
    for at, word in enumerate(words):
        opens = at == 0 or (words[at - 1].text.endswith((".", "!", "?")) and not _is_initial(words[at - 1]))
        counts = _has_capital(word) and not (opens and word.small in _OPENERS) and at not in details
        if counts or (run and word.small in _PARTICLES):
            run.append(at)
            if not word.text.endswith((",", ";", ":", ")")):
                continue
        found |= _long_enough(words, run, fewest)
        run = []
    return found | _long_enough(words, run, fewest)


def _long_enough(words: Sequence[Word], run: list[int], fewest: int) -> set[int]:
    """The words of a run, without the particles it ends in, where enough of them have a capital."""
    while run and not _has_capital(words[run[-1]]):
        run = run[:-1]
    return set(run) if sum(_has_capital(words[at]) for at in run) >= fewest else set()


def _has_capital(word: Word) -> bool:
    bare = word.bare.removeprefix("d'").removeprefix("d’")
    return bare[:1].isupper() and bare not in ("I", "I'm", "AVG", "GDPR", "NL", "BTW", "PDF")


def _is_initial(word: Word) -> bool:
    return re.fullmatch(r"(?:[A-Z]\.)+", word.text) is not None


def _is_short(word: Word) -> bool:
    """Whether the dot behind a word shortens it, rather than ending the sentence."""
    return word.text.lower() in _SHORTENED or _is_initial(word)


def _is_name_part(word: Word) -> bool:
    return _has_capital(word) or word.small in _PARTICLES


def _parts(name: str) -> set[str]:
    """The words of a name that tell whose it is."""
    return {part.lower() for part in re.findall(r"[^\W\d_]{3,}", _visible(name))} - _PARTICLES - _OF_NOBODY


def _shared(words: Sequence[Word], details: set[int]) -> set[str]:
    """The words that an address is made of: a name beside it is made of the same."""
    return {part for at in details if "@" in words[at].text for part in _parts(words[at].text)}


def _questions(words: Sequence[Word]) -> set[int]:
    asked: set[int] = set()
    sentence: list[int] = []
    for at, word in enumerate(words):
        sentence.append(at)
        if word.text.endswith((".", "!", "?")) and word.text != "." and not _is_short(word):
            asked.update(sentence if word.text.endswith("?") else ())
            sentence = []
    return asked


def _joined(words: Sequence[Word], kept: Sequence[int], masked: set[int]) -> str | None:
    """The words that are kept, with one mask for those that stand together; None where little is left."""
    plain = [at for at in kept if at not in masked]
    masks = sum(at in masked and at - 1 not in masked for at in kept)
    fewest = _FEWEST_WORDS if kept and words[kept[-1]].text.endswith("?") else _FEWEST_WORDS + 1
    if (masks and len(plain) < max(fewest, 2 * masks)) or not plain:
        return None
    said: list[str] = []
    for at in kept:
        end = words[at].text[len(words[at].text.rstrip("?!")) :]
        if at not in masked:
            said.append(words[at].text)
        elif not said or not said[-1].startswith(MASK):
            said.append(MASK + end)
        elif end:
            said[-1] = MASK + end
    return " ".join(said)
