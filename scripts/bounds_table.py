"""Writes the table of bounds in docs/operations.md, from bot/bounds.py."""

from pathlib import Path

from bot.bounds import BOUNDS

TARGET = Path(__file__).parent.parent / "docs" / "operations.md"
BEGIN, END = "<!-- bounds: made by python -m scripts.bounds_table -->\n", "<!-- end of bounds -->\n"


def table() -> str:
    """Every bound, a row each, as Markdown."""
    head = ("at most", "of", "for each", "within", "who reaches it gets")
    rows = [(most, what, per, span, said) for what, per, most, span, said in (bound.row() for bound in BOUNDS)]
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def document(text: str) -> str:
    """The page with the table in its place. Raises ValueError when the page has no place for it."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{TARGET.name} has no place for the bounds")
    return before + BEGIN + table() + end + after


if __name__ == "__main__":
    TARGET.write_text(document(TARGET.read_text()))
