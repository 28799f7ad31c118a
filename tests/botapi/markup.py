"""Telegram's HTML: which tags there are, how they nest, and what text and entities come out of it."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.botapi.refusals import bad_request

TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_START = re.compile(r"<([^\s>]+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_END = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


def units(text: str) -> int:
    """Length as Telegram counts offsets: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown, and its entities. Raises Refusal the way Telegram words it."""
    return _Parser(html).run()


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        while self.at < len(self.html):
            self._step()
        if self.open:
            raise self._refusal(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self._trimmed()

    def _step(self) -> None:
        character = self.html[self.at]
        if character == "<":
            self._tag()
        elif character == "&" and (found := _REFERENCE.match(self.html, self.at)):
            self.text += _character(found)
            self.at = found.end()
        else:
            self.text += character
            self.at += 1

    def _tag(self) -> None:
        if self.html.startswith("</", self.at):
            self._end_tag()
            return
        found = _START.match(self.html, self.at)
        if not found:
            raise self._refusal(f"Unclosed start tag at byte offset {self._byte_offset()}")
        tag = found[1].lower()
        if tag not in TYPES:
            raise self._refusal(f'Unsupported start tag "{tag}" at byte offset {self._byte_offset()}')
        attributes = {item[1].lower(): item[2] or item[3] or item[4] or "" for item in _ATTRIBUTE.finditer(found[2])}
        self._check_tag(tag, attributes)
        self.open.append(_Open(tag, units(self.text), attributes))
        self.at = found.end()

    def _check_tag(self, tag: str, attributes: dict[str, str]) -> None:
        """Refuses what Telegram refuses, and the nesting that it would silently undo."""
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte_offset()}')
        around = [entry.tag for entry in self.open]
        if "code" in around or ("pre" in around and tag != "code"):
            raise self._refusal(f'Tag "{tag}" can\'t be inside "code" or "pre" (strict)')
        if tag in around or (tag == "code" and around and around != ["pre"]):
            raise self._refusal(f'Tag "{tag}" can\'t be inside {around} (strict)')
        if tag == "a" and not attributes.get("href"):
            raise self._refusal("A link without an address (strict)")

    def _end_tag(self) -> None:
        found = _END.match(self.html, self.at)
        if not found:
            raise self._refusal(f"Unclosed end tag at byte offset {self._byte_offset()}")
        if not self.open:
            raise self._refusal(f"Unexpected end tag at byte offset {self._byte_offset()}")
        last = self.open.pop()
        if found[1].lower() not in ("", last.tag):
            raise self._refusal(
                f"Unmatched end tag at byte offset {self._byte_offset()}, "
                f'expected "</{last.tag}>", found "</{found[1].lower()}>"'
            )
        self._close(last)
        self.at = found.end()

    def _close(self, last: _Open) -> None:
        length = units(self.text) - last.offset
        entity: dict[str, Any] = {"type": TYPES[last.tag], "offset": last.offset, "length": length}
        if last.tag == "a":
            entity["url"] = unescape(last.attributes["href"])
        if last.tag == "tg-emoji":
            entity["custom_emoji_id"] = last.attributes.get("emoji-id", "")
        if last.tag == "pre" and self.entities and self.entities[-1] == entity | {"type": "code"}:
            self.entities.pop()  # code that fills a pre only names its language
        if length:
            self.entities.append(entity)

    def _trimmed(self) -> tuple[str, list[dict[str, Any]]]:
        """Telegram takes white space away at both ends of a message."""
        lead = units(self.text) - units(self.text.lstrip())
        text = self.text.strip()
        entities = []
        for entity in _outer_first(self.entities):
            start = max(entity["offset"] - lead, 0)
            end = min(entity["offset"] + entity["length"] - lead, units(text))
            if end > start:
                entities.append(entity | {"offset": start, "length": end - start})
        return text, entities

    def _byte_offset(self) -> int:
        return len(self.html[: self.at].encode())

    def _refusal(self, reason: str) -> Exception:
        return bad_request(f"can't parse entities: {reason}")


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    return chr(int(found[1]) if found[1] else int(found[2], 16))


def _outer_first(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In order of place; of those that cover the same text, the one around the other (closed later) first."""
    numbered = list(enumerate(entities))
    numbered.sort(key=lambda one: (one[1]["offset"], -one[1]["length"], -one[0]))
    return [entity for _, entity in numbered]
