"""An editor who mends a sentence mends no test: their words stand in tests/wording/ alone."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.frozen import MESSAGES

TESTS = Path(__file__).parents[1]
#: here words are quoted: what each message must say, and another course's own
WORDS_APART = ("wording", "another_course")
TELEGRAMS = {"message is too long"}  #: how the Bot API refuses, word for word
TYPED = {"questions", "acts"}  #: folders with what people type, which is no editor's sentence
FEWEST = 4  #: words; fewer may be anybody's
SEPARATORS = re.compile(r" \| |\n|(?<=[.?!:;]) ")
TEMPLATE = re.compile(r"<[^>]*>|\{[{%#].*?[}%#]\}", re.DOTALL)
WORD = re.compile(r"[\w’'-]+")


@cache
def sentences() -> str:
    """All that editors write to people, word by word; a line for each stretch that no value or tag interrupts."""
    found = chain.from_iterable(MESSAGES.glob(f"[a-z]*/**/*.{kind}") for kind in ("html", "txt"))
    files = (file for file in found if not TYPED & {*file.relative_to(MESSAGES).parts})
    texts = [TEMPLATE.sub("\n", file.read_text("utf-8")) for file in files]
    texts += [TEMPLATE.sub("\n", file.read_text("utf-8")) for file in MESSAGES.glob("*/page.toml")]
    return "\n".join(f" {in_words(line)} " for text in texts for line in text.splitlines())


def in_words(text: str) -> str:
    """The words of a text, without capitals and punctuation."""
    return " ".join(WORD.findall(text.lower()))


def quoted(source: str) -> Iterator[tuple[int, str]]:
    """What a test quotes from an editor: the line, and the words. Docstrings are no quotes."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            for part in map(in_words, SEPARATORS.split(node.value)):
                if part.count(" ") + 1 >= FEWEST and part not in TELEGRAMS and f" {part} " in sentences():
                    yield node.lineno, part


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('assert shown == "Zal ik je vraag doorsturen?"', ["zal ik je vraag doorsturen"]),
        ('f"Kees: Zal ik je vraag doorsturen? {name}"', ["zal ik je vraag doorsturen"]),
        ('sees("Wat? | Shall I pass your question on?")', ["shall i pass your question on"]),
        ('"""Zal ik je vraag doorsturen?"""\nsees("topic/costs", "Gemeente Utrecht")', []),
    ],
)
def test_a_quoted_sentence_is_found(source: str, found: list[str]) -> None:
    """In whatever it is wrapped, and in either language."""
    assert [words for _, words in quoted(source)] == found


def test_no_test_quotes_an_editor() -> None:
    """Elsewhere a test names the message by its key (tests/said.py), so that its words may change."""
    files = [path for path in TESTS.rglob("*.py") if path.relative_to(TESTS).parts[0] not in WORDS_APART]
    found = [
        f"{path.relative_to(TESTS)}:{line}: {words}"
        for path in files
        for line, words in quoted(path.read_text("utf-8"))
    ]
    assert files
    assert found == []
