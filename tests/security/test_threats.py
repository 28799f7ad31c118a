"""SECURITY.md says who is stopped by what, and names the test in which that is seen: each of them is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
NAMED = re.findall(r"`([\w/.]+\.py)::(\w+)`", TEXT)
THREATS = TEXT.partition("## Who, wants what, tries what")[2].partition("\n## ")[0]
ROWS = [line for line in THREATS.splitlines() if line.startswith("| ")][1:]
SEEN = re.findall(r"`(?:tests/)?((?:\w+/)*test_\w+\.py)`", TEXT.partition("## Where it is tested")[2])


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse(path.read_text())
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)), ids=lambda part: str(part))
def test_every_named_test_is_there(path: str, name: str) -> None:
    """A test that is renamed or taken away is noticed where people read that it holds."""
    assert name in names_in(ROOT / "tests" / path)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40])
def test_every_threat_is_seen_in_a_test(row: str) -> None:
    """No row of the table is a claim alone: who, wants what, tries what, is stopped by what, seen where."""
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert len(cells) == 5, cells
    assert all(cells)
    assert re.search(r"::test_\w+`$", cells[4])


def test_the_table_is_read() -> None:
    """The tests above look at the table as it stands there."""
    assert len(ROWS) >= 25
    assert len(set(NAMED)) >= 60


@pytest.mark.parametrize("name", sorted(set(SEEN)))
def test_every_named_file_is_there(name: str) -> None:
    """The files of tests that the page leads to are where it says."""
    assert (ROOT / "tests" / name).exists() or (ROOT / "tests" / "security" / name).exists()
