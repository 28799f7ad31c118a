"""Leads as others get them: JSON, CSV and spreadsheet, whatever was typed."""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format

from bot.dialogue.records import Lead
from bot.leads.exports import columns, lead_record
from tests.form import FORM
from tests.leads.exported import to_csv, to_json, to_xlsx

ZONE = ZoneInfo("Europe/Amsterdam")
COLUMNS = columns(FORM)
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOSTILE = ["=1+1", "+1+1", "+1\n=1", "+١", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", ' =HYPERLINK("http://x")', "\xa0=1"]
UNSEEN = ["\u0600+1", "\U000e0020=1"]  #: before what begins a formula


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
    assert (found["created_at"], found["source"]) == ("2026-11-02T09:30:00Z", "nieuwsbrief")


def test_an_answer_cannot_take_the_place_of_a_column() -> None:
    """What is stored under a column's name leaves it as it is; what is asked no longer comes last, in JSON alone."""
    assert lead_record(lead(status="x"), FORM)["status"] == "new"
    assert [*lead_record(lead(other="x"), FORM)] == [*COLUMNS, "other"]
    assert next(csv.reader(io.StringIO(to_csv([lead(other="x")]), newline=""))) == [*COLUMNS]
    assert lead_record(lead(participants="veel"), FORM)["participants"] == "veel"


#: categories of signs that nobody sees; one that Unicode has not given out yet is seen, as a box
NOT_SHOWN = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


def dangerous(cell: str) -> bool:
    """Whether some spreadsheet could take this cell for a formula."""
    shown = "".join(sign for sign in cell if unicodedata.category(sign) not in NOT_SHOWN).lstrip('"')
    return unicodedata.normalize("NFKC", shown[:1]) in ("=", "+", "-", "@", "\N{MINUS SIGN}")


def readings(text: str) -> Iterator[str]:
    """Every cell that somebody may see in this CSV: by each sign between cells, with its quotes or as it stands."""
    for sign in (",", ";", "\t", "|"):
        yield from (cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) for cell in row)
        for line in text.splitlines():
            yield from line.split(sign)
            yield from (cell for row in csv.reader([line], delimiter=sign) for cell in row)


def no_formula_in_csv(text: str) -> None:
    made = to_csv([lead(name=text, remark=text, phone="+31612345678")])
    assert not [cell for cell in readings(made) if dangerous(cell)], made


def no_formula_in_a_spreadsheet(text: str) -> None:
    content = to_xlsx([lead(name=text)], ZONE)
    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].cell(2, COLUMNS.index("name") + 1)
    assert cell.data_type in ("s", "n")
    assert cell.value is None or isinstance(cell.value, str)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", [*HOSTILE, *UNSEEN, "X;=cmd|' /C calc'!A0", 'a;"=1', "x\n=1", "\x00=1", "\ud800=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """Whoever opens an export in a spreadsheet runs nothing that somebody typed into a chat, however it is read."""
    no_formula_in_csv(text)
    no_formula_in_a_spreadsheet(text)


typed = st.text(st.one_of(st.sampled_from("=+-@;,|\t\r\n\"' \x00\xa0\u200b\u2028＝a1"), st.characters()), max_size=12)


@settings(max_examples=150, deadline=None)
@given(typed)
def test_no_text_is_a_formula(text: str) -> None:
    """Nor is there any other text of which a reading of an export makes a formula; JSON has it as it was typed."""
    no_formula_in_csv(text)
    assert json.loads(to_json([lead(name=text)]))[0]["name"] == text


@settings(max_examples=25, deadline=None)
@given(typed)
def test_no_text_is_a_formula_in_a_spreadsheet(text: str) -> None:
    """Nor where a spreadsheet is made, whose cells have a type: making and reading one takes longer, so fewer."""
    no_formula_in_a_spreadsheet(text)


def test_a_spreadsheet_reads_well() -> None:
    """One row a lead under bold headings that stay in sight; characters no spreadsheet can hold are left out."""
    told = {"name": "Zoë", "remark": "a\x01b\nc", "phone": "+31612345678", "participants": "12", "role": "_x003D_1"}
    content = to_xlsx([lead(**told)], ZONE)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    row = dict(zip(COLUMNS, [cell.value for cell in sheet[2]], strict=True))
    assert (row["remark"], row["phone"], row["participants"]) == ("ab\nc", "+31612345678", 12)
    assert (row["name"], row["role"]) == ("Zoë", "_x005F_x003D_1"), "an underscore that is one (ECMA-376, 22.9.2.19)"
    assert sheet.freeze_panes == "B2"


def test_dates_are_dates() -> None:
    """A spreadsheet sorts and counts by date: moments are dates, on the course's clock, with its zone shown."""
    summer = replace(lead(), created_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([lead(), summer], ZONE))).worksheets[0]
    made = [sheet.cell(row, COLUMNS.index("created_at") + 1) for row in (2, 3)]
    assert all(is_date_format(cell.number_format) for cell in made)
    assert [cell.value for cell in made] == [datetime(2026, 11, 2, 10, 30), datetime(2026, 7, 2, 0, 30)]
    assert [cell.number_format.partition('"')[2] for cell in made] == ['CET"', 'CEST"']
    assert isinstance(sheet.cell(2, COLUMNS.index("consent_at") + 1).value, datetime)


def test_a_telephone_number_can_be_dialled() -> None:
    """A number in an export is readable and whole: in CSV a tel: address, in a spreadsheet the number as text."""
    [row] = csv.DictReader(io.StringIO(to_csv([lead(phone="+31612345678")]), newline=""))
    assert row["phone"] == "tel:+31612345678"
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([lead(phone="+31612345678", name="+1+1")], ZONE)))
    phone, name = (book.worksheets[0].cell(2, COLUMNS.index(column) + 1) for column in ("phone", "name"))
    assert (phone.value, phone.data_type, phone.quotePrefix) == ("+31612345678", "s", False)
    assert name.quotePrefix


def test_no_leads_is_a_line_of_headings() -> None:
    """An empty export is still an export."""
    assert json.loads(to_json([])) == []
    assert to_csv([]).strip().split(",") == list(COLUMNS)
