"""Writes the table of all that is stored in docs/stored.md, from scripts/stored.py."""

from pathlib import Path

from scripts.stored import ELSEWHERE, STORED, Stored

TARGET = Path(__file__).parent.parent / "docs" / "stored.md"
BEGIN, END = "<!-- stored: made by python -m scripts.stored_table -->\n", "<!-- end of stored -->\n"
FORMS = {"sealed": "encrypted", "hash": "keyed hash", "plain": "readable", "as it is": "as it is"}


def table(rows: tuple[Stored, ...]) -> str:
    """These rows as Markdown."""
    head = ("where", "holds", "whose", "form", "on request", "otherwise")
    lines = [head, tuple("---" for _ in head), *map(_cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: Stored) -> tuple[str, ...]:
    columns = ", ".join(f"`{name}`" for name in row.columns)
    where = f"`{row.where}`: {columns}" if columns else row.where
    return where, row.holds, row.whose, FORMS[row.form], row.on_request, row.otherwise


def document(text: str) -> str:
    """The page with the tables in their place. Raises ValueError when the page has no place for them."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{TARGET.name} has no place for what is stored")
    return before + BEGIN + table(STORED) + "\nBesides the tables:\n\n" + table(ELSEWHERE) + end + after


if __name__ == "__main__":
    TARGET.write_text(document(TARGET.read_text()))
