"""References of leads and tokens of drafts: random, short, and easy to read aloud."""

import secrets

#: neither vowels, which make words, nor what sounds or looks like another (0 and O, 1 and I, B and 8, S and 5 …)
LETTERS = "3479CDFGHJKLMNPQRTVWXZ"
SMALL_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def new_reference() -> str:
    """A reference such as ``K7PQ-X4MT``: eight of 22 signs, so 55 thousand million that nobody can guess."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def new_token() -> str:
    """The six signs that end the buttons of one draft."""
    return "".join(secrets.choice(SMALL_LETTERS) for _ in range(6))
