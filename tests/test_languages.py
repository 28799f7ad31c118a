"""No language, and no country, stands in the program: a folder says which are spoken, and what is of which country."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

CODES = frozenset(["nl", "en", "de", "fr", "NL", "BE", "DE", "FR", "GB", "en-GB", "nl-NL", "de-DE", "Europe/Amsterdam"])
NAMED = re.compile(r"language_(?:nl|en|de|fr)\b")
IN_A_SCRIPT = re.compile(r"""["'`](nl|en|de|fr|[a-z]{2}-[A-Z]{2})["'`]""")
#: files whose lists hold such words as words of names, or as ends of domains
WORDS = {
    "bot/dialogue/reading/said.py",  # the small words within names
    "bot/turns/masking.py",  # words that are no names
    "bot/addresses/reading.py",  # words before an address
    "bot/addresses/typos.py",  # the ends of domains
}


def _codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value if node.value in CODES or NAMED.search(node.value) else ""
            yield from (f"{path.relative_to(ROOT)}:{node.lineno}: {one}" for one in (text,) if one)


def test_no_language_is_named_in_python() -> None:
    """Whoever adds a language, or takes one away, changes no Python: none names a language or a country."""
    files = [path for part in ("bot", "storage") for path in sorted((ROOT / part).rglob("*.py"))]
    found = [line for path in files if str(path.relative_to(ROOT)) not in WORDS for line in _codes_in(path)]
    assert found == []


def test_no_language_is_named_in_scripts_and_pages() -> None:
    """The same of what browsers run, and of what pages are made from."""
    files = [path for ending in ("js", "html", "svg") for path in sorted((ROOT / "bot").rglob(f"*.{ending}"))]
    assert files
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if IN_A_SCRIPT.search(line) and not line.lstrip().startswith(("//", "*"))
    ]
    assert found == []
