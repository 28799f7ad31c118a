"""Leads as others get them: in an export, in a spreadsheet, in the body of the lead webhook."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.dialogue.fields import FIELDS
from bot.dialogue.records import Lead

#: what an export says of a lead, in this order
COLUMNS = (
    *("reference", "created_at", "status", "channel", "language", "source"),
    *(field.name for field in FIELDS),
    *("consent_at", "consent_version"),
)
#: what a spreadsheet takes as the beginning of a formula, full-width forms included
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: a telephone number: a plus and digits alone can do no harm, and with a quote in front nobody can dial it
_NUMBER = re.compile(r"\+[0-9]+")
_WIDTHS = {"reference": 14, "remark": 60, "organisation": 30, "name": 25, "email": 30}


def lead_record(lead: Lead) -> dict[str, Any]:
    """A lead as JSON has it: every column, None where nothing was given; times in ISO 8601, UTC."""
    record: dict[str, Any] = dict.fromkeys(COLUMNS)
    record |= {name: value for name, value in lead.answers.items() if name in record}
    record |= {
        "reference": lead.reference,
        "created_at": _moment(lead.created_at),
        "status": lead.status,
        "channel": lead.channel,
        "language": lead.language,
        "source": lead.source,
        "consent_at": _moment(lead.consent_at),
        "consent_version": lead.consent_version,
    }
    participants = record["participants"]
    if isinstance(participants, str) and participants.isdecimal():
        record["participants"] = int(participants)
    return record


def to_json(leads: Iterable[Lead]) -> str:
    """The leads as a JSON list of objects."""
    return json.dumps([lead_record(lead) for lead in leads], ensure_ascii=False, indent=2) + "\n"


def to_csv(leads: Iterable[Lead]) -> str:
    """The leads as CSV with a line of headings; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for lead in leads:
        writer.writerow(["" if value is None else _harmless(value) for value in lead_record(lead).values()])
    return text.getvalue()


def to_xlsx(leads: Iterable[Lead]) -> bytes:
    """The leads as a spreadsheet; every text is a text cell, never a formula."""
    from openpyxl import Workbook  # only an export needs it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "leads"
    sheet.append(COLUMNS)
    for row, lead in enumerate(leads, start=2):
        for column, value in enumerate(lead_record(lead).values(), start=1):
            cell = sheet.cell(row=row, column=column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(_FORMULA) and not _NUMBER.fullmatch(value)
            elif value is not None:
                cell.value = value
    for column, name in enumerate(COLUMNS, start=1):
        sheet.cell(row=1, column=column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 20)
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _harmless(value: object) -> object:
    """A value of which no spreadsheet makes a formula: what could be one gets a quote in front."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.lstrip(" \xa0").startswith(_FORMULA) else value
