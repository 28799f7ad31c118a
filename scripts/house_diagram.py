"""
The picture of the house, in README.md and docs/house.md: the parts that the import contract names, floor by floor.

The floors are the contract's layers, from pyproject.toml; the arrows are the imports of the code. An arrow is left out
where others lead to the same part, and so is storage's and the bounds' own, which every floor may use.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "house.md"
README = ROOT / "README.md"
PACKAGES = ("bot", "storage")
BEGIN, END = "<!-- house: made by python -m scripts.house_diagram -->\n", "<!-- end of house -->\n"
DOOR = "__main__"  #: opens the command line and nothing else

Arrows = Mapping[str, Set[str]]


def page() -> str:
    """The whole of docs/house.md: the picture, and what each part is for."""
    return f"""# The house, as its imports are

Made from the code and the import contract by `python -m scripts.house_diagram`; a test holds them equal.
A row is a floor of the contract: what stands on it may use what stands below it, and nothing beside or above.
An arrow points from a part to one that it imports; where a longer way leads there too, the arrow is left out.

{picture()}
## What each part is for

| part | what it does, in its own words |
|---|---|
{chr(10).join(f"| `{place}` | {words} |" for place, words in purposes())}
"""


def readme(text: str) -> str:
    """The README with the picture in its place. Raises ValueError when it has no place for it."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("README.md has no place for the picture of the house")
    return before + BEGIN + picture() + end + after


def picture() -> str:
    """The house as a Mermaid diagram: a row for each floor, arrows down only. Raises ValueError for one that is not."""
    rows = floors()
    lines = [f"    subgraph floor{number}[ ]\n        {' ~~~ '.join(row)}\n    end" for number, row in enumerate(rows)]
    arrows = [
        f"    {one} --> {other}" for one, others in sorted(shortest(imports()).items()) for other in sorted(others)
    ]
    return "```mermaid\nflowchart TD\n" + "\n".join([*lines, *arrows]) + "\n```\n"


def floors() -> list[list[str]]:
    """The parts on each floor, from the top: the contract's layers, and storage on the ground."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    rows = [[part.strip() for part in layer.split("|")] for layer in layers]
    return [*([part for part in row if part != DOOR] for row in rows if row != [DOOR]), ["storage"]]


def imports() -> Arrows:
    """Which part imports which. Raises ValueError for an arrow that does not point down."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    floor = {part: number for number, row in enumerate(floors()) for part in row}
    found: dict[str, set[str]] = {part: set() for part in floor}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            one, other = part_of(importer), part_of(imported)
            if one != other and {one, other} <= floor.keys() and one != "storage":
                if floor[one] >= floor[other]:
                    raise ValueError(f"{importer} -> {imported} does not point down")
                found[one].add(other)
    return found


def shortest(arrows: Arrows) -> Arrows:
    """The arrows without those whose end is reached another way too."""
    return {
        one: {other for other in others if not any(other in reached(arrows, by) for by in others - {other})}
        for one, others in arrows.items()
    }


def reached(arrows: Arrows, start: str) -> set[str]:
    """Every part that a part leads to, over one arrow or more."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = arrows.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def purposes() -> Iterator[tuple[str, str]]:
    """Each part's place, floor by floor, and the first sentence of what it says of itself."""
    for part in (part for row in floors() for part in row):
        folder = ROOT / part if part == "storage" else ROOT / "bot" / part
        file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        said = (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n\n")[0]
        place = file.parent if folder.is_dir() else file
        yield (
            place.relative_to(ROOT).as_posix() + ("/" if folder.is_dir() else ""),
            " ".join(said.split()).replace("``", "`"),
        )


def part_of(module: str) -> str:
    """The part of the house that a module belongs to: its first name below bot, or storage."""
    root, _, rest = module.partition(".")
    return root if root == "storage" or not rest else rest.partition(".")[0]


if __name__ == "__main__":
    PAGE.write_text(page())
    README.write_text(readme(README.read_text()))
