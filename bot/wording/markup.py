"""The HTML that Telegram knows: its rules, its length, its plain text, and parts of it that fit."""

import html
import re
from collections.abc import Iterator

from bot.dialogue.channels import MESSAGE_LIMIT

_TOKEN = re.compile(r"(?P<tag><[^<>]*>)|(?P<entity>&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);)|(?P<text>[^<&]+|[<&])")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z-]+)(?P<attributes>(?:[^a-z<>-][^<>]*)?)>")
_LINK = re.compile(r'<a href="(?P<address>[^"]*)">(?P<label>.*?)</a>', re.DOTALL)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>")
_HREF = re.compile(r' href="(?:https?|mailto|tel|tg):[^"<>]+"')
_PLAIN_TAGS = frozenset(
    ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote", "tg-spoiler")
)
_ALONE = frozenset(("code", "pre"))  #: tags with which no other goes together
_ENTITIES = frozenset(("&lt;", "&gt;", "&amp;", "&quot;"))


def to_text(markup: str) -> str:
    """The plain text of ``markup``; a link becomes "label (address)", an address that is its own label stays one."""
    if "<a " in markup:
        markup = _LINK.sub(_link_text, markup)
    if "<" in markup:
        markup = _ANY_TAG.sub("", markup)
    return html.unescape(markup) if "&" in markup else markup


def _link_text(link: re.Match[str]) -> str:
    address = link["address"].removeprefix("mailto:").removeprefix("tel:")
    return link["label"] if address == link["label"] else f"{link['label']} ({address})"


def units(text: str) -> int:
    """The length of ``text`` as Telegram counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parsed_length(markup: str) -> int:
    """The length of ``markup`` after parsing, in UTF-16 units."""
    return units(html.unescape(_ANY_TAG.sub("", markup)))


def faults(markup: str) -> list[str]:
    """What Telegram would refuse in ``markup``, in words; empty when it is legal."""
    found: list[str] = []
    open_tags: list[str] = []
    for token in _TOKEN.finditer(markup):
        if token["tag"]:
            found += _tag_faults(token["tag"], open_tags)
        elif token["entity"] and not token["entity"].startswith("&#") and token["entity"] not in _ENTITIES:
            found.append(f"Telegram does not know {token['entity']}")
        elif token["text"] in ("<", "&"):
            found.append(f"a bare {token['text']} must be written as {html.escape(token['text'])}")
    return found + [f"<{name}> is not closed" for name in open_tags]


def _tag_faults(tag: str, open_tags: list[str]) -> Iterator[str]:
    """What is wrong with one tag, given those that are open; opens or closes it."""
    parts = _TAG.fullmatch(tag)
    if parts is None or (parts["name"] != "a" and parts["name"] not in _PLAIN_TAGS):
        yield f"Telegram does not know {tag}"
    elif parts["close"]:
        if not open_tags or open_tags.pop() != parts["name"]:
            yield f"{tag} closes what is not open"
    else:
        yield from _nesting_faults(parts["name"], open_tags)
        open_tags.append(parts["name"])
        if parts["attributes"] and not (parts["name"] == "a" and _HREF.fullmatch(parts["attributes"])):
            yield f"Telegram does not take {tag}"


def _nesting_faults(name: str, around: list[str]) -> Iterator[str]:
    """Telegram lets ``code`` and ``pre`` stand with nothing in or around them, and no tag in itself."""
    for outer in around:
        if name == outer:
            yield f"<{name}> cannot stand inside another <{name}>"
        elif (name in _ALONE or outer in _ALONE) and (outer, name) != ("pre", "code"):
            yield f"<{name}> cannot stand inside <{outer}>"


def cut(markup: str, limit: int = MESSAGE_LIMIT) -> str:
    """``markup`` with at most ``limit`` units after parsing, ending in "…" when something was left out."""
    if len(markup) <= limit and units(markup) <= limit:
        return markup
    parts = split(markup, limit - 1)
    return markup if parsed_length(markup) <= limit else f"{parts[0]}…"


def split(markup: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """
    ``markup`` in parts of at most ``limit`` (≥ 2) units after parsing; no tag or entity is broken.

    Tags that are open where a part ends are closed there and opened again in the next. Parts end at a line break
    or a blank where there is one near. A part with nothing to read is left out.
    """
    parts = _Parts(limit)
    for token in _TOKEN.finditer(markup):
        if token["tag"]:
            parts.tag(token["tag"])
        elif token["entity"]:
            parts.entity(token["entity"])
        else:
            parts.text(token["text"])
    return parts.finish()


class _Parts:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._done: list[str] = []
        self._open: list[str] = []  #: the opening tags that are not closed yet
        self._start()

    def _start(self) -> None:
        self._part = "".join(self._open)
        self._room = self._limit
        self._seen = False

    def _end(self) -> None:
        if self._seen:
            self._done.append(self._part + "".join(f"</{_name(tag)}>" for tag in reversed(self._open)))
        self._start()

    def tag(self, tag: str) -> None:
        """Add an opening or closing tag; it takes no room."""
        if not tag.startswith("</"):
            self._open.append(tag)
        elif self._open:
            self._open.pop()
        self._part += tag

    def entity(self, entity: str) -> None:
        """Add an entity as a whole."""
        size = units(html.unescape(entity))
        if size > self._room:
            self._end()
        self._add(entity, size)

    def text(self, text: str) -> None:
        """Add text, over as many parts as it takes."""
        while (size := units(text)) > self._room:
            head = _fitting(text, self._room)
            self._add(head, units(head))
            text = text[len(head) :]
            self._end()
        self._add(text, size)

    def _add(self, text: str, size: int) -> None:
        self._part += text
        self._room -= size
        self._seen = self._seen or bool(text.strip())

    def finish(self) -> list[str]:
        """End the last part and give them all; at least one, be it empty."""
        self._end()
        return self._done or [""]


def _name(tag: str) -> str:
    return tag[1:-1].split(" ", 1)[0]


def _fitting(text: str, room: int) -> str:
    head = text[:room]
    while units(head) > room:
        head = head[: -max(1, (units(head) - room) // 2)]
    for blank in ("\n", " "):
        place = head.rfind(blank) + 1
        if place > len(head) // 2:
            return head[:place]
    return head
