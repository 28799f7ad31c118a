"""Facts, numbers and addresses that stand in a sentence, where they would not be changed with the fact."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_QUOTED = re.compile(r'"[^"\n]*"')
_TAG = re.compile(r"<[^<>]*>|&#?\w+;", re.DOTALL)
_NOT_A_NEWLINE = re.compile(r"[^\n]")
_FOUND = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.\w+")),
    ("a web address", re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)),
    ("a number", re.compile(r"[+]?\d(?:[\d ()./–-]*\d)?")),
)
_SUSPECT = re.compile(r"[\d@]|://|www", re.IGNORECASE)  #: without one of these, only a fact can be wrong
_REMEDY = "make it a fact in facts.toml, or a setting, and show that"


class Prose:
    """Looks for what may not stand in a sentence of one language."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        texts = sorted({text for value in facts.values() for text in _sought(value)}, key=len, reverse=True)
        self._facts = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, texts))})(?!\w)", re.IGNORECASE) if texts else None
        )

    def has_fact(self, text: str) -> bool:
        """Whether a fact stands in ``text``."""
        return self._facts is not None and self._facts.search(text) is not None

    def in_template(self, source: str) -> Iterator[tuple[int, str]]:
        """The line and the text of what is wrong in a template; its code and its tags are not prose."""
        return self.in_text(_TAG.sub(_blank, _JINJA.sub(_only_quoted, source)))

    def in_text(self, text: str) -> Iterator[tuple[int, str]]:
        """The line and the text of what is wrong in ``text``."""
        if not (_SUSPECT.search(text) or (self._facts and self._facts.search(text))):
            return
        for number, line in enumerate(text.split("\n"), 1):
            for what, found in self._in_line(line):
                yield number, f"{found!r} is {what} in a sentence: {_REMEDY}"

    def _in_line(self, line: str) -> Iterator[tuple[str, str]]:
        if self._facts is not None:
            for found in self._facts.finditer(line):
                yield "a fact", found[0]
            line = self._facts.sub(_blank, line)
        for what, pattern in _FOUND:
            for found in pattern.finditer(line):
                yield what, found[0].strip()
            line = pattern.sub(_blank, line)


def without_code(source: str) -> str:
    """A template with its code and its comments blank, every line and place as it was."""
    return _JINJA.sub(_blank, source)


def _sought(value: object) -> Iterator[str]:
    """The texts of a fact that are looked for: in a list, only what is more than one plain word."""
    if isinstance(value, str) and len(value) > 2:
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str) and (" " in item or item != item.lower()))
        yield from (item["name"] for item in value if isinstance(item, Mapping) and item.get("name"))


def _blank(found: re.Match[str]) -> str:
    return _NOT_A_NEWLINE.sub(" ", found[0])


def _only_quoted(code: re.Match[str]) -> str:
    """The texts between quotes in a piece of template code, in their places; the rest blank."""
    text = code[0]
    if text.startswith("{#"):
        return _blank(code)
    kept = list(_NOT_A_NEWLINE.sub(" ", text))
    for quoted in _QUOTED.finditer(text):
        kept[quoted.start() + 1 : quoted.end() - 1] = quoted[0][1:-1]
    return "".join(kept)
