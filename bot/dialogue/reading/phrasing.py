"""How a phrase of spellings.toml is looked for in what was typed, as it was typed."""

import re
from collections.abc import Iterable
from functools import lru_cache

NEVER = re.compile(r"(?!)")


def pattern_of(ways: Iterable[str]) -> str:
    """A pattern that finds one of these phrases, the longest first, whatever spaces and apostrophe stand in it."""
    spaced = (r"\s+".join(map(re.escape, way.split())) for way in sorted(ways, key=len, reverse=True))
    return "|".join(way.replace("'", "['’]") for way in spaced)


def _begun(ways: Iterable[str]) -> str:
    """What looks whether a word, and one of these phrases, can begin here, before any of them is tried."""
    first = {sign for way in ways for sign in way[:1].replace("'", "'’")}
    return rf"(?<!\w)(?=[{''.join(map(re.escape, sorted(first)))}])"


@lru_cache(maxsize=256)
def beginning(ways: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of these phrases at a place where a word begins, with the space or the colon after it."""
    return (
        re.compile(rf"{_begun(ways)}(?:{pattern_of(ways)})(?:\s*[:,]\s*|\s+)(?=\S)", re.IGNORECASE) if ways else NEVER
    )


@lru_cache(maxsize=256)
def ending(ways: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of these phrases at the end of a text."""
    return re.compile(rf"{_begun(ways)}(?:{pattern_of(ways)})[\s.,:;!]*$", re.IGNORECASE) if ways else NEVER
