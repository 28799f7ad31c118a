"""Whether somebody agrees, in words that leave no doubt: what a yes gives is consent."""

from functools import lru_cache

from bot.dialogue.context import Context
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.spelling import folded, made_of


def agrees(text: str, language: str, context: Context) -> bool:
    """
    Whether ``text`` is nothing but words that agree ("ja hoor, klopt, verstuur maar").

    Any other word in it, a "maar", a "niet" or a change among them, makes it no agreement, and so does a question mark.
    """
    if "?" in text:
        return False
    words = spellings_of("assent", language, context)
    ways = spellings_of("navigation", language, context)
    agreeing = words.get("yes", ()) + words.get("send", ()) + ways.get("yes", ()) + ways.get("submit", ())
    sure = _folded(agreeing)
    made = made_of(text, sure | _folded(words.get("filler", ())))
    return made is not None and any(piece in sure for piece in made)


@lru_cache(maxsize=64)
def _folded(ways: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded, ways))
