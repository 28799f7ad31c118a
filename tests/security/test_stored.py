"""All that is stored is listed: whose it is, in what form, and what removes it."""

from collections import Counter

import pytest
import sqlalchemy as sa

from scripts.stored import ELSEWHERE, STORED, Stored
from scripts.stored_table import TARGET, document
from storage.rotation import SEALED
from storage.tables import metadata

COLUMNS = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
LISTED = Counter((row.where, column) for row in STORED for column in row.columns)


def listed(form: str) -> set[tuple[str, str]]:
    """The columns that are listed in this form."""
    return {(row.where, column) for row in STORED if row.form == form for column in row.columns}


def test_every_column_is_listed_once() -> None:
    """A column that is added is stored only once somebody wrote down whose it is and what removes it."""
    assert set(LISTED) == COLUMNS
    assert set(LISTED.values()) == {1}


def test_the_form_is_what_the_tables_have() -> None:
    """What is listed as encrypted is what a new key encrypts anew; what is listed as a hash can hold nothing else."""
    assert listed("sealed") == {(column.table.name, column.name) for column in SEALED}
    hashes = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns
              if isinstance(column.type, sa.String) and column.type.length == 32}  # fmt: skip
    assert listed("hash") == hashes
    assert listed("as it is") == set()


@pytest.mark.parametrize("row", [*STORED, *ELSEWHERE], ids=lambda row: f"{row.where}.{'-'.join(row.columns)}"[:40])
def test_each_says_all(row: Stored) -> None:
    """Nothing is listed without whose it is, what it holds, and what removes it, on request and without."""
    assert all((row.where, row.holds, row.whose, row.form, row.on_request, row.otherwise))
    assert row.columns or row in ELSEWHERE


def test_the_page_shows_the_list() -> None:
    """docs/stored.md is made from the list; make it anew after a change."""
    text = TARGET.read_text(encoding="utf-8")
    assert document(text) == text
