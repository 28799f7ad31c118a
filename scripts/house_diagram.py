"""Writes docs/house.md: which part of the program imports which, from the code itself."""

from collections.abc import Iterator
from pathlib import Path

import grimp

TARGET = Path(__file__).parent.parent / "docs" / "house.md"
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
"""


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
