"""A text without who it is about, so that what is wanted stands by itself: "wij als Woonstad doen graag mee"."""

from collections.abc import Iterator

from bot.dialogue.fields import Role
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.said import LONGEST_ACT, Said
from bot.dialogue.reading.spelling import plain, plain_way
from bot.dialogue.records import State

_LEAST = 2  #: words that must be left
_WISHED = (State.IDLE, State.REPHRASE)


def without_who(said: Said) -> Iterator[str]:
    """The text without names, kinds of organisation and numbers of people, and what joins them; none without any."""
    if said.conversation.state not in _WISHED or len(said.text) > LONGEST_ACT or said.text.endswith("?"):
        return
    words = said.text.split()
    told = [_tells_who(word, at, said) for at, word in enumerate(words)]
    joining = frozenset(
        map(plain_way, spellings_of("details", said.conversation.language, said.context).get("who", ()))
    )
    for at in range(len(words) - 1, -1, -1):  # what stands before one that goes, goes with it
        told[at] = told[at] or (at + 1 < len(words) and told[at + 1] and plain(words[at]) in joining)
    left = [word for word, gone in zip(words, told, strict=True) if not gone]
    if any(told) and len(left) >= _LEAST:
        yield " ".join(left)


def _tells_who(word: str, at: int, said: Said) -> bool:
    """Whether a word is a name, a kind of organisation, or a number."""
    language, context = said.conversation.language, said.context
    bare = plain(word)
    named = at > 0 and word[:1].isupper() and len(word) > 1
    sector = said.form.having(Role.SECTOR)
    kinds = spellings_of(sector, language, context) if sector else {}
    numbers = spellings_of("numbers", language, context)
    ways = (way for group in (kinds, numbers) for values in group.values() for way in values)
    return named or bare.isdigit() or (bare not in ("een", "one") and bare in map(plain_way, ways))
