"""Leads as others get them: JSON, CSV and spreadsheet, whatever was typed."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from bot.dialogue.records import Lead
from bot.leads.exports import COLUMNS, lead_record, to_csv, to_json, to_xlsx

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOSTILE = ["=1+1", "+1+1", "+1\n=1", "+١", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", ' =HYPERLINK("http://x")', "\xa0=1"]


def lead(**answers: str) -> Lead:
    return Lead(
        reference="K7M2-PX",
        chat="web:abc",
        channel="web",
        language="nl",
        answers=answers,
        created_at=AT,
        updated_at=AT,
        consent_at=AT,
        consent_version="1",
        consent_language="nl",
        source="nieuwsbrief",
    )


def test_json_has_every_column() -> None:
    """An export lists all fields in the agreed order, null where nothing was given."""
    [found] = json.loads(to_json([lead(name="Zoë", participants="12")]))
    assert tuple(found) == COLUMNS
    assert (found["name"], found["participants"], found["remark"]) == ("Zoë", 12, None)
    assert (found["created_at"], found["source"]) == ("2026-11-02T09:30:00+00:00", "nieuwsbrief")


def test_an_answer_cannot_take_the_place_of_a_column() -> None:
    """What is stored under another name stays out of the export."""
    assert "other" not in lead_record(lead(other="x"))
    assert lead_record(lead(participants="veel"))["participants"] == "veel"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    """Whoever opens an export in a spreadsheet runs nothing that somebody typed into a chat."""
    [row] = csv.DictReader(io.StringIO(to_csv([lead(name=text)]), newline=""))
    assert row["name"] == f"'{text}"
    content = to_xlsx([lead(name=text)])
    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].cell(2, COLUMNS.index("name") + 1)
    assert cell.data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_spreadsheet_reads_well() -> None:
    """One row a lead under bold headings that stay in sight; characters no spreadsheet can hold are left out."""
    content = to_xlsx([lead(name="Zoë", remark="a\x01b\nc", phone="+31612345678", participants="12")])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    row = dict(zip(COLUMNS, [cell.value for cell in sheet[2]], strict=True))
    assert (row["remark"], row["phone"], row["participants"]) == ("ab\nc", "+31612345678", 12)
    assert sheet.freeze_panes == "B2"


def test_a_telephone_number_can_be_dialled() -> None:
    """A number in an export is the number, without a quote in front: a plus and digits alone are no formula."""
    [row] = csv.DictReader(io.StringIO(to_csv([lead(phone="+31612345678")]), newline=""))
    assert row["phone"] == "+31612345678"
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([lead(phone="+31612345678", name="+1+1")]))).worksheets[0]
    phone, name = (sheet.cell(2, COLUMNS.index(column) + 1) for column in ("phone", "name"))
    assert (phone.value, phone.data_type, phone.quotePrefix) == ("+31612345678", "s", False)
    assert name.quotePrefix


def test_no_leads_is_a_line_of_headings() -> None:
    """An empty export is still an export."""
    assert json.loads(to_json([])) == []
    assert to_csv([]).strip().split(",") == list(COLUMNS)
