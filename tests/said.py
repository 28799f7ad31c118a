"""
Which message of messages/ a text is, so that a chat can say "she sees signup/review" and no editor's sentence.

A label has a name such as "labels/options/interest/both" or "page/send": the file, and where it stands in it.

The pattern of a message is its template: its own words as they stand in messages/ now, and anything where a value is
shown. Space counts for nothing, since channels break lines each in their way.
"""

import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

from bot.loading import load_wording
from bot.settings import load_settings
from bot.wording import Wording
from bot.wording.compiling import environment
from tests.frozen import FOR_PROGRAMS as MESSAGES

ANYTHING = ".*?"
KEY = re.compile(r"[a-z_]+(/[a-z_]+)+(\.\w+)?")
LABEL = re.compile(r"(?:labels|page)(?:/[\w:@]+)+")
_SPACE = re.compile(r"\s+")


def is_message(text: str, key: str, language: str, folder: Path = MESSAGES) -> bool:
    """
    Whether ``text``, as a channel or a mail program shows it, is the message ``key`` in ``language``.

    A mail's parts have keys such as "mail/receipt/subject.txt".
    """
    return pattern(folder, language, key).fullmatch(_SPACE.sub("", text)) is not None


def is_key(wanted: str, folder: Path = MESSAGES) -> bool:
    """Whether this is the key of a message, in any language, and no words of one."""
    return bool(KEY.fullmatch(wanted)) and any(_file(one, wanted).is_file() for one in folder.iterdir() if one.is_dir())


def holds(text: str, wanted: str, language: str, folder: Path = MESSAGES) -> bool:
    """Whether ``text`` is the message with the key ``wanted`` (``one|other``); else, whether it holds these words."""
    keys = wanted.split("|")
    if all(is_key(key, folder) for key in keys):
        return any(is_message(text, key, language, folder) for key in keys)
    return wanted in text


def has(text: str, wanted: str, language: str) -> bool:
    """Whether the part with the key ``wanted`` stands in ``text``, and is not left out there; or these words."""
    if is_key(wanted):
        return any(found.group() for found in pattern(MESSAGES, language, wanted).finditer(_SPACE.sub("", text)))
    return wanted in text


def rendered(key: str, values: Mapping[str, object], language: str = "nl", channel: str = "web") -> str:
    """The message itself, where only its values tell which of its sentences are meant."""
    return _wording().message(key, language, values, channel).text


def rendered_mail(kind: str, values: Mapping[str, object], language: str = "nl") -> str:
    """The same of a mail's plain text, as "question"."""
    return _wording().mail(f"mail/{kind}", language, values).text


def label(name: str, language: str = "nl") -> str:
    """The label with this name as it stands in messages/ now. Raises KeyError where there is none."""
    file, *path = name.split("/")
    found = _table(language, file)
    for step in path:
        found = found[step]
    return str(found)


@cache
def worded(**settings: str) -> Wording:
    """The words of messages/ with these settings, loaded once."""
    return load_wording(load_settings(settings, env_file=None))


def _wording() -> Wording:
    return worded(MESSAGES_DIR=str(MESSAGES))


@cache
def _table(language: str, file: str) -> dict[str, Any]:
    return tomllib.loads((MESSAGES / language / f"{file}.toml").read_text("utf-8"))


@lru_cache(maxsize=1000)
def pattern(folder: Path, language: str, key: str) -> re.Pattern[str]:
    """The pattern of a message without its space."""
    file = _file(folder / language, key)
    words = _Reader(folder, language, file.suffix == ".html").of_file(file)
    return re.compile(words + _chosen(folder, language) if file.suffix == ".html" else words, re.DOTALL)


def _chosen(folder: Path, language: str) -> str:
    """What stands below a message once one of its buttons was tapped, or nothing."""
    return f"(?:(?<=.){_Reader(folder, language, True).of_file(_file(folder / language, 'chat/chosen'))})?"


def _file(folder: Path, key: str) -> Path:
    """The file of a message or of a mail's part."""
    return folder / (key if key.endswith((".txt", ".html")) else f"{key}.html")


class _Reader:
    """Reads templates into a pattern; remembers whether it is inside a tag, whose words nobody sees."""

    def __init__(self, folder: Path, language: str, markup: bool) -> None:
        self._folder = folder
        self._language = language
        self._markup = markup
        self._in_tag = False
        self._environment: Environment = environment()

    def of_file(self, file: Path) -> str:
        """The pattern of a file."""
        tree = self._environment.parse(file.read_text(encoding="utf-8"), file.name)
        return "".join(self._of(tree.body))

    def _of(self, body: list[nodes.Node]) -> Iterator[str]:
        for node in body:
            if isinstance(node, nodes.Output):
                yield from self._of(node.nodes)  # type: ignore[arg-type]
            elif isinstance(node, nodes.TemplateData):
                yield self._words(node.data)
            elif isinstance(node, nodes.If):
                yield self._either(node)
            elif isinstance(node, nodes.Include):
                yield self._included(node)
            elif isinstance(node, nodes.For | nodes.Expr) and not self._in_tag:
                yield ANYTHING

    def _either(self, node: nodes.If) -> str:
        """One of the ways that a condition leaves; each begins outside or inside a tag as the condition does."""
        ways = [node.body, *(other.body for other in node.elif_), node.else_]
        return f"(?:{'|'.join(''.join(self._of(way)) for way in ways)})"

    def _included(self, node: nodes.Include) -> str:
        assert isinstance(node.template, nodes.Const)
        name = node.template.value
        own = self._folder / self._language / name
        return self.of_file(own if own.is_file() else self._folder / name)

    def _words(self, data: str) -> str:
        """A template's own words, escaped for a pattern, without tags and space."""
        if self._markup:
            seen = []
            for sign in data:
                if sign in "<>":
                    self._in_tag = sign == "<"
                elif not self._in_tag:
                    seen.append(sign)
            data = html.unescape("".join(seen))
        return re.escape(_SPACE.sub("", data))
