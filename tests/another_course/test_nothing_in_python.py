"""Nothing about this one course stands in Python: facts, topics and words are in messages/ alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.reading.commands import COMMANDS
from bot.wording.tables import Table
from tests.form import FIELDS
from tests.frozen import MESSAGES

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")])
#: names that happen to be a topic's too: sign-up fields and options, commands, a file's content, how dates are written
WIRE = {
    *(field.name for field in FIELDS),
    *(option for field in FIELDS for option in field.options),
    *COMMANDS,
    "content",
    "dates",
}


def _texts(value: object) -> Iterator[str]:
    """All texts in a fact."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_fact_and_no_topic_of_this_course_stands_in_python(path: Path) -> None:
    """A programmer of another course has nothing to change in the program."""
    values = Table(MESSAGES, "facts.toml").values.values()
    facts = {text.casefold() for value in values for text in _texts(value) if text}
    course = Table(MESSAGES, "course.toml")
    topics = set(course.section("topics")) - set(course.names("small_talk")) - WIRE
    source = path.read_text(encoding="utf-8").casefold()
    assert [fact for fact in facts if len(fact) > 12 and re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", source)] == []
    for line, text in _strings(path):
        assert text.casefold() not in facts - WIRE, f"{path}:{line}"
        for word in topics:
            assert word not in (text, text.removeprefix("topic/"), text.removeprefix("topic:")), f"{path}:{line}"
