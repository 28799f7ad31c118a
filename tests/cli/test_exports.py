"""Exports by the command line: in the form that is meant, whole, and in no file that says something else."""

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.test_commands import REFERENCE, Command, command, filled

__all__ = ["command", "filled"]


def test_the_ending_of_the_file_says_what_is_written(command: Command, filled: Path) -> None:
    """An export to leads.xlsx is a spreadsheet; what --format says comes first, and without an ending it is JSON."""
    command("leads", "export", "--output", "leads.XLSX")
    assert (filled / "leads.XLSX").read_bytes().startswith(b"PK")
    command("leads", "export", "--output", "leads.csv")
    assert (filled / "leads.csv").read_text("utf-8-sig").startswith("reference,")
    for words in (("leads.json",), ("leads",), ("leads.txt",), ("other.csv", "--format", "json")):
        command("leads", "export", "--output", *words)
        assert json.loads((filled / words[0]).read_text())[0]["reference"] == REFERENCE, words


def test_a_lead_that_cannot_be_read_keeps_back_no_other(command: Command, filled: Path) -> None:
    """An export has all others; one line names those that are missing, and the exit code says that something is."""
    with contextlib.closing(sqlite3.connect(filled / "data" / "bot.db", isolation_level=None)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(leads)")]
        others = ", ".join(f'"{name}"' for name in columns if name not in ("reference", "data"))
        database.execute(f"INSERT INTO leads (reference, data, {others}) SELECT 'P3WT-97HG', 'x', {others} FROM leads")
    for words in (("export",), ("list",)):
        code, output, errors = command("leads", *words)
        assert (code, REFERENCE in output, len(errors.splitlines())) == (1, True, 1), (words, errors)
        assert "P3WT-97HG" in errors


@pytest.mark.parametrize("name", ["leads.xls", "leads.ods", "leads.XLSM", "leads.pdf"])
def test_no_file_says_what_it_is_not(command: Command, filled: Path, name: str) -> None:
    """A file whose ending promises another form is not written: one line names the endings that are known."""
    code, output, errors = command("leads", "export", "--output", name)
    assert (code, output, len(errors.splitlines())) == (2, "", 1)
    assert {".json", ".csv", ".xlsx"} <= set(re.findall(r"\.\w+", errors))
    assert not (filled / name).exists()
