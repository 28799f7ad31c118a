"""Looking for an e-mail address in what was decrypted."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import normalize


class Searched:
    """One address in each of its spellings; capitals make no difference."""

    def __init__(self, spellings: Sequence[str]) -> None:
        self._all = {_plain(one) for one in spellings}
        either = "|".join(map(re.escape, sorted(self._all)))
        self._within = re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)")

    def is_one(self, text: str | None) -> bool:
        """Whether this text is the address."""
        return text is not None and _plain(text) in self._all

    def within(self, text: str) -> bool:
        """Whether the address stands somewhere in this text; not as the end or the beginning of another one."""
        return self._within.search(_plain(text)) is not None


def texts_of(value: Any) -> Iterator[str]:
    """Give every text in a JSON value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part)


def _plain(text: str) -> str:
    return normalize("NFC", text.strip()).lower()
