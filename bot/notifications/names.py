"""Whether what somebody typed as a name is one, so that a stranger's mail may say it."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONGEST = 40  #: characters of a name that is said
_WORDS = 4  #: words with a capital that it has at most
#: small words within Dutch names and those of neighbours; they count for no word
_PARTICLES = _words(
    "aan al af bij da das de del den der di dos du e el en in la le op te ten ter tot uit van vande vanden vander "
    "vd ver von voor y zu zum zur 's 't ’s ’t"
)
_INITIALS = re.compile(r"(?:(?:[^\W\d_]|Ch|Chr|Fr|IJ|Joh|Ph|St|Th)\.){1,5}")  # no "nl.", which ends an address
_WORD = re.compile(r"[dDlLoO]?['’]?[^\W\d_]{1,20}(?:['’-][^\W\d_]{1,20}){0,3}")
#: what adverts are made of; who is really called so is greeted without a name, and misses nothing else
_ADVERTS = _words(
    "actie apply bel bezoek bitcoin bonus buy call cash casino click code coin com crypto deal deals direct dot "
    "euro free geld gokken gratis guaranteed hier http https invest join kies kijk klik koop korting krijg "
    "lening loan login lotto money net nl now nu offer online order org password pay pills porn porno prijs "
    "prize promo punt sale seks sex shop site spam store telegram urgent viagra visit website whatsapp win "
    "winnen wint won www xxx your"
)


def plain_name(text: str) -> str | None:
    """The name, where it looks like nothing but a name: a few words of letters; else None."""
    name = " ".join(text.split())
    words = name.split(" ")
    main = [word for word in words if word.lower() not in _PARTICLES]
    looks = 0 < len(main) <= _WORDS and len(words) <= 2 * _WORDS and len(name) <= _LONGEST
    return name if looks and all(map(_is_part, main)) else None


def _is_part(word: str) -> bool:
    """Whether this is a word of a name: initials, or letters that do not shout and advertise nothing."""
    if _INITIALS.fullmatch(word):
        return True
    if not _WORD.fullmatch(word) or (word.isupper() and len(word) > 3):
        return False
    return not _ADVERTS & set(re.split(r"['’-]", word.lower()))
