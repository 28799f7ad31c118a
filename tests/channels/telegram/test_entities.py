"""Links and looks of a text, whose places Telegram counts in UTF-16 units, are where they were put."""

from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.entities import as_html, with_links
from bot.channels.telegram.rich import checklist_text, rich_text
from bot.wording.markup import faults, to_text
from tests.botapi import markup

ADDRESS = "https://example.org/a"


def link(offset: int, length: int, url: str = ADDRESS, kind: str = "text_link") -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, "url": url}


@pytest.mark.parametrize(
    ("text", "entities", "read"),
    [
        ("zie hier.", [link(4, 4)], f"zie hier ({ADDRESS})."),
        ("😀 hier", [link(3, 4)], f"😀 hier ({ADDRESS})"),
        ("zie hier nu", [link(4, 5)], f"zie hier ({ADDRESS}) nu"),
        ("example.org/A en b", [link(0, 13, "http://example.org/a/"), link(17, 1)], f"example.org/A en b ({ADDRESS})"),
        ("jan@utrecht.nl", [link(0, 14, "mailto:jan@utrecht.nl")], "jan@utrecht.nl"),
        ("mail Jan", [link(5, 3, "mailto:jan@utrecht.nl")], "mail Jan (jan@utrecht.nl)"),
        ("een link", [link(0, 4), link(4, 4)], f"een link ({ADDRESS})"),
        ("een link", [link(0, 8), link(4, 4, "https://b.nl")], f"een link ({ADDRESS})"),
        ("een link", [link(0, 8, kind="bold"), link(3, 9), link(-1, 3), link(2, 0), "x", {}], "een link"),
        ("een link", [link(0, 3, ""), {"type": "text_link", "offset": "0", "length": 3}], "een link"),
    ],
)
def test_links(text: str, entities: list[Any], read: str) -> None:
    """The address behind a word is read after it, once; nonsense is left aside."""
    assert with_links(text, entities) == read


@pytest.mark.parametrize(
    "html",
    [
        "<b>Kies</b> &lt;nu&gt; &amp; <i>dan</i>",
        "<b>a<i>b</i></b><i>c</i>",
        '<a href="https://example.org/?a=1&amp;b=2">😀 hier</a> <code>x</code>',
        "<blockquote>citaat</blockquote> <u>u</u><s>s</s>",
        "",
    ],
)
def test_a_message_of_ours_comes_back(html: str) -> None:
    """A tapped message has the looks it was sent with."""
    assert as_html(*markup.parse(html)) == html


UNITS = st.integers(-2, 12)
ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["bold", "italic", "text_link", "expandable_blockquote", "mention"]),
            "offset": UNITS,
            "length": UNITS,
            "url": st.sampled_from([ADDRESS, "tg://user?id=5"]),
        }
    ),
    max_size=6,
)


@settings(deadline=None)
@given(st.text("ab <&😀é", max_size=10), ENTITIES)
def test_any_entities(text: str, entities: list[Any]) -> None:
    """Whatever the entities, no word is lost and what is made is legal."""
    html = as_html(text, entities)
    assert not faults(html)
    assert unescape(to_text(html)).replace(f" ({ADDRESS})", "").replace(" (tg://user?id=5)", "") == text or "�" in html
    read = with_links(text, entities)
    assert read.replace(f" ({ADDRESS})", "").replace(" (tg://user?id=5)", "") == text or "�" in read


def paragraph(text: Any, **more: Any) -> dict[str, Any]:
    return {"type": "paragraph", "text": text, **more}


def item(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"blocks": list(blocks), **more}


@pytest.mark.parametrize(
    ("blocks", "read"),
    [
        ([paragraph("Wat kost de cursus?")], "Wat kost de cursus?"),
        ([paragraph(["Wat ", {"type": "bold", "text": ["kost", " het"]}]), paragraph("Ja?")], "Wat kost het\nJa?"),
        ([paragraph({"type": "url", "text": "hier", "url": ADDRESS})], f"hier ({ADDRESS})"),
        (
            [{"type": "list", "items": [item(paragraph("een"), label="1."), item(paragraph("twee"))]}],
            "1. een\n- twee",
        ),
        (
            [{"type": "table", "cells": [[{"text": "Waar"}, {"text": "Wat"}], [{"text": "Ede"}, {}]], "caption": "T"}],
            "Waar | Wat\nEde\nT",
        ),
        ([{"type": "details", "summary": "Kort", "blocks": [paragraph("lang")]}], "Kort\nlang"),
        ([{"type": "blockquote", "blocks": [paragraph("zei hij")], "credit": "Jan"}], "zei hij\nJan"),
        ([{"type": "photo", "photo": [], "caption": {"text": "Wie is dit?"}}], "Wie is dit?"),
        ([{"type": "mathematical_expression", "expression": "1+1"}], "1+1"),
        ([paragraph([{"type": "custom_emoji", "custom_emoji_id": "1", "alternative_text": "👍"}])], "👍"),
        ([{"type": "divider"}, "x", None, paragraph(5), {"type": "map", "location": {}}], ""),
    ],
)  # fmt: skip
def test_rich_messages(blocks: list[Any], read: str) -> None:
    """Pasted lists, tables and quotations are read line by line."""
    assert rich_text({"blocks": blocks}) == read


def test_blocks_without_end() -> None:
    """Blocks in blocks in blocks cost no more than a few."""
    block: dict[str, Any] = paragraph("diep")
    for _ in range(200):
        block = paragraph("x", blocks=[block])
    assert rich_text({"blocks": [block]}).split() == ["x"] * 16
    assert len(rich_text({"blocks": [paragraph("x")] * 5_000}).split()) < 2_000


def test_a_checklist() -> None:
    """A checklist is read as its title and its tasks."""
    tasks = [{"id": 1, "text": "prijs", "text_entities": [link(0, 5)]}, {"id": 2, "text": "data"}, "x", {}]
    assert checklist_text({"title": "Graag horen", "tasks": tasks}) == f"Graag horen\n- prijs ({ADDRESS})\n- data"
