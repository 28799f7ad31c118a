"""What the program asks of every messages folder is what it says."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.wording import keys

ROOT = Path(keys.__file__).parents[1]
GAP = "(.+)"  #: what stands in a text for a value


@cache
def said() -> tuple[set[str], set[str]]:
    """All texts in the program's code but for the list of keys, and the patterns of keys that are put together."""
    texts, patterns = set(), set()
    for path in ROOT.rglob("*.py"):
        if path == Path(keys.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Constant(value=str(text)):
                    texts.add(text)
                case ast.JoinedStr(values=values):
                    parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else GAP for one in values]
                    patterns.add("".join(parts))
    return texts, {pattern for pattern in patterns if re.match(r"[a-z]+/", pattern)}


@pytest.mark.parametrize("key", [*keys.MESSAGES, *keys.MAILS])
def test_code_names_each_message_that_every_course_must_have(key: str) -> None:
    """No editor writes, and translates, a message that is never said."""
    texts, patterns = said()
    found = [whole.groups() for pattern in patterns if (whole := re.fullmatch(pattern, key))]
    assert key in texts or any(texts.issuperset(parts) for parts in found)
