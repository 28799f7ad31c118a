"""The words of what is more than a line of text: pasted lists and tables (``rich_message``), a checklist."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from bot.channels.telegram.entities import with_links
from bot.channels.telegram.fields import Json, items, part, whole, words
from bot.wording.markup import units

DEEPEST = 16  #: blocks within blocks that are read
MOST_LINES = 1_000  #: that are read; the dialogue refuses a text that is too long far sooner


def rich_text(message: Json) -> str:
    """The words of a RichMessage, a line for each paragraph, item and row; empty where it has none."""
    return _joined(_blocks(items(message, "blocks"), DEEPEST))


def checklist_text(checklist: Json) -> str:
    """The title of a Checklist and what is to be done, a line each."""
    title = with_links(words(checklist, "title"), items(checklist, "title_entities"))
    tasks = (task for task in items(checklist, "tasks") if isinstance(task, dict))
    return _joined([title, *(f"- {with_links(words(one, 'text'), items(one, 'text_entities'))}" for one in tasks)])


def _joined(lines: Any) -> str:
    return "\n".join(line.strip() for line in islice(lines, MOST_LINES) if line.strip(" -")).strip()


def _blocks(blocks: Any, deep: int) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, dict) and deep:
            yield from _block(block, deep - 1)


def _block(block: Json, deep: int) -> Iterator[str]:
    for name in ("summary", "text", "expression"):
        yield _inline(block.get(name), deep)
    yield from _blocks(items(block, "blocks"), deep)
    for item in items(block, "items"):
        yield from _item(item, deep)
    for row in items(block, "cells"):
        yield " | ".join(filter(None, (_cell(cell, deep) for cell in row))) if isinstance(row, list) else ""
    for name in ("caption", "credit"):
        yield _inline(block.get(name), deep)


def _item(item: Any, deep: int) -> Iterator[str]:
    if isinstance(item, dict):
        label = words(item, "label") or "-"
        for number, line in enumerate(filter(str.strip, _blocks(items(item, "blocks"), deep))):
            yield line if number else f"{label} {line}"


def _cell(cell: Any, deep: int) -> str:
    return _inline(cell.get("text"), deep).strip() if isinstance(cell, dict) else ""


def _inline(text: Any, deep: int) -> str:
    """A RichText: words, a list of such, or an object around them."""
    if isinstance(text, str):
        return whole(text)
    if deep and isinstance(text, list):
        return "".join(_inline(one, deep - 1) for one in text)
    if not deep or not isinstance(text, dict):
        return ""
    inner = next((text[name] for name in ("text", "expression", "alternative_text") if name in text), None)
    shown = _inline(part(text, "button").get("text") if inner is None else inner, deep - 1)
    link = {"type": "text_link", "offset": 0, "length": units(shown), "url": text.get("url")}
    return with_links(shown, [link]) if words(text, "url") else shown
