"""Writes docs/house.md: which part of the program imports which, from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "house.md"
PACKAGES = ("bot", "storage")


def document() -> str:
    """The whole page: every part of bot/, and storage, with its arrows."""
    return f"""# The house, as its imports are

Made from the code by `python -m scripts.house_diagram`; a test holds them equal.
An arrow points from a part to one that it imports. `app` and `cli`, which know all others, are left out.

```mermaid
flowchart TD
{chr(10).join(f"    {line}" for line in lines())}
```

## What each part is for

| part | what it does, in its own words |
|---|---|
{chr(10).join(f"| `{place}` | {words} |" for place, words in purposes())}
"""


def purposes() -> Iterator[tuple[str, str]]:
    """Each part's place, and the first sentence of what it says of itself."""
    parts = [*(path for path in sorted((ROOT / "bot").iterdir()) if not path.name.startswith("_")), ROOT / "storage"]
    for path in parts:
        file = path / "__init__.py" if path.is_dir() else path
        if file.is_file():
            said = (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n\n")[0]
            yield (
                path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else ""),
                " ".join(said.split()).replace("``", "`"),
            )


def lines() -> Iterator[str]:
    """One line of the diagram for each arrow, in alphabetical order."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    parts = sorted({part(name) for name in graph.modules} - {"bot", "app", "cli", "__main__"})
    arrows = {
        (part(importer), part(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    for importer, imported in sorted(arrows):
        if importer != imported and importer in parts and imported in parts:
            yield f"{importer} --> {imported}"


def part(module: str) -> str:
    """The part of the house that a module belongs to: its first name below bot, or storage."""
    root, _, rest = module.partition(".")
    return root if root == "storage" or not rest else rest.partition(".")[0]


if __name__ == "__main__":
    TARGET.write_text(document())
