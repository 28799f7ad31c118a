"""What Telegram tells of a text beside its words: which of them are bold, which have a link behind them."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from bot.channels.telegram.fields import Json, number, words
from bot.wording.markup import units

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


class _Span(NamedTuple):
    start: int
    end: int
    entity: Json


class _Text:
    def __init__(self, text: str) -> None:
        self._bytes = text.encode("utf-16-le", "surrogatepass")
        self.units = len(self._bytes) // 2

    def cut(self, start: int, end: int) -> str:
        return self._bytes[2 * start : 2 * end].decode("utf-16-le", "replace")


def with_links(text: str, entities: Sequence[Any]) -> str:
    """The text as plain text, with the address of a link behind the words that hide it: ``word (https://…)``."""
    links = [span for span in _spans(text, entities) if words(span.entity, "type") == "text_link"]
    if not links:
        return text
    cuts, told, at = _Text(text), [], 0
    for start, end, url in _joined(links):
        shown = cuts.cut(start, end)
        behind = end - units(shown) + units(shown.rstrip())
        told.append(cuts.cut(at, behind) + _address(shown, url))
        at = behind
    return "".join(told) + cuts.cut(at, cuts.units)


def _joined(links: Sequence[_Span]) -> Iterator[tuple[int, int, str]]:
    begun: tuple[int, int, str] | None = None
    for start, end, entity in links:
        url = words(entity, "url").strip()
        if begun and start < begun[1]:
            continue
        if begun and start == begun[1] and url == begun[2]:
            begun = (begun[0], end, url)
            continue
        if begun:
            yield begun
        begun = (start, end, url)
    if begun:
        yield begun


def _address(shown: str, url: str) -> str:
    """What is put behind the words of a link; nothing where they are the address."""
    return "" if not url or _bare(shown) == _bare(url) else f" ({url.removeprefix('mailto:')})"


def _bare(address: str) -> str:
    """An address as people write it: without its scheme and its last slash."""
    text = address.strip().lower()
    for scheme in _SCHEMES:
        text = text.removeprefix(scheme)
    return text.rstrip("/")


def as_html(text: str, entities: Sequence[Any]) -> str:
    """The text with its looks, as the HTML that Telegram takes."""
    cuts, told, at = _Text(text), [""], 0
    begun: list[tuple[int, str]] = []  # what is open now, the innermost last: where it ends, and its tag

    def close(up_to: int) -> None:
        nonlocal at
        while begun and begun[-1][0] <= up_to:
            end, tag = begun.pop()
            told.append(escape(cuts.cut(at, end)) + tag)
            at = end

    for start, end, entity in _spans(text, entities):
        close(start)
        opening, closing = _tags(entity)
        if opening and all(closing != tag and end <= inside for inside, tag in begun):
            told.append(escape(cuts.cut(at, start)) + opening)
            at = start
            begun.append((end, closing))
    close(cuts.units)
    return "".join(told) + escape(cuts.cut(at, cuts.units))


def _tags(entity: Json) -> tuple[str, str]:
    kind = words(entity, "type")
    if kind == "text_link":
        return f'<a href="{escape(words(entity, "url"))}">', "</a>"
    tag = _TAGS.get(kind, "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def _spans(text: str, entities: Sequence[Any]) -> list[_Span]:
    found, length = [], units(text)
    for entity in entities:
        if isinstance(entity, dict):
            start, size = number(entity, "offset"), number(entity, "length")
            if start is not None and size is not None and start >= 0 < size and start + size <= length:
                found.append(_Span(start, start + size, entity))
    return sorted(found, key=lambda span: (span.start, -span.end))
