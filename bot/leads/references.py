"""References of leads and tokens of drafts: random, short, and easy to read aloud."""

import re
import secrets

#: neither vowels, which make words, nor what sounds or looks like another (0 and O, 1 and I, B and 8, S and 5 …)
LETTERS = "3479CDFGHJKLMNPQRTVWXZ"
SMALL_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
#: a reference as people type it: capitals or not, with a dash, another sign for it, spaces, or nothing between
TYPED = rf"[{LETTERS}](?:[\s\u2010-\u2015_-]*[{LETTERS}]){{7}}"


def new_reference() -> str:
    """A reference such as ``K7PQ-X4MT``: eight of 22 signs, so 55 thousand million that nobody can guess."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def typed_reference(text: str) -> str:
    """The reference that was meant, as it is stored; what can be none only in capitals and without space around it."""
    signs = "".join(filter(str.isprintable, text)).strip().upper()  # without what is pasted along and not seen
    if not re.fullmatch(TYPED, signs):
        return signs
    kept = "".join(sign for sign in signs if sign in LETTERS)
    return f"{kept[:4]}-{kept[4:]}"


def new_token() -> str:
    """The six signs that end the buttons of one draft."""
    return "".join(secrets.choice(SMALL_LETTERS) for _ in range(6))
