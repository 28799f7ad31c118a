"""What the editors' guide tells to type: its snippets, by the words that stand before them."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "redactie.md"


def section(heading: str) -> str:
    """The text under a heading of the guide."""
    return GUIDE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def line_after(text: str, words: str) -> str:
    """The first line of code, between backquotes on a line of its own, after ``words``."""
    found = re.search(r"(?m)^\s*`(.+)`$", text[text.index(words) :])
    assert found, words
    return found[1]


def block_after(text: str, words: str) -> str:
    """The first block of code after ``words``, without its indent."""
    found = re.search(r"(?ms)^( *)```\n(.*?)^ *```", text[text.index(words) :])
    assert found, words
    return re.sub(rf"(?m)^{found[1]}", "", found[2])
