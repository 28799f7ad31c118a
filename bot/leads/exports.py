"""
Leads as others get them: in an export, in a spreadsheet, in the body of the lead webhook.

``python -m bot.leads.exports`` makes a spreadsheet of what it reads, so that the library for it is in no server's
memory: see ``sheet_apart``.
"""

import asyncio
import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.dialogue.fields import FIELDS
from bot.dialogue.jsontext import json_text
from bot.dialogue.leads import EXPORTED, MOMENTS, lead_as_json
from bot.dialogue.moments import read
from bot.dialogue.records import Lead

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

#: what an export says of a lead, in this order
COLUMNS = tuple(
    column for name in EXPORTED for column in ([field.name for field in FIELDS] if name == "answers" else [name])
)
SHEET_SECONDS = 60.0  #: what making a spreadsheet apart may take
Record = Mapping[str, Any]

#: what a spreadsheet takes as the beginning of a formula, and what looks the same: small, full-width, raised, lowered
_FORMULA = "=+\\-@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
#: where some reading of CSV lets a cell begin: behind whatever it takes for the end of a cell or of a line
_ENDS = ",;|\\t\\r\\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
#: what readings leave out at the beginning of a cell: quotes, blanks, what cannot be seen
_SKIPPED = (
    '"\x00-\x08\x0e-\x1b\x1f \x7f-\x84\x86-\xa0\xad\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff'
    "\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb"  # what only says how others are shown
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
_BEGINS = re.compile(f"(?:^|(?<=[{_ENDS}]))(?=[{_SKIPPED}]*[{_FORMULA}])")
_BLANK_FIRST = re.compile(f"[{_SKIPPED}]*[\\t\\r\\n]")
_HALVES = re.compile("[\ud800-\udfff]")
#: a telephone number: a plus and digits
_NUMBER = re.compile(r"\+[0-9]+")
_FORMULA_FIRST = re.compile(f"[{_SKIPPED}{_ENDS}]*[{_FORMULA}]")
#: what XML 1.0 cannot hold (2.2), and what a spreadsheet reads as one character's number (ECMA-376, 22.9.2.19)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {"reference": 14, "remark": 60, "organisation": 30, "name": 25, "email": 30, "created_at": 24}


def lead_record(lead: Lead) -> dict[str, Any]:
    """A lead as JSON has it: every column, None where nothing was given; times as ``moments.written`` writes them."""
    known: dict[str, Any] = lead_as_json(lead, EXPORTED)
    given = known.pop("answers")
    record: dict[str, Any] = {name: known[name] if name in known else given.get(name) for name in COLUMNS}
    participants = record["participants"]
    if isinstance(participants, str) and participants.isdecimal():
        record["participants"] = int(participants)
    return record


def to_json(leads: Iterable[Lead]) -> str:
    """The leads as a JSON list of objects, with every text as it was typed."""
    return json_text([lead_record(lead) for lead in leads], indent=2) + "\n"


def to_csv(leads: Iterable[Lead]) -> str:
    """
    The leads as CSV (RFC 4180) with a line of headings.

    Nowhere where some reading of it lets a cell begin, by another sign between cells or a line at a time, stands what a
    spreadsheet takes for a formula: a quote (') goes before it. A telephone number is a ``tel:`` address (RFC 3966),
    which says what it is and can be dialled.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for lead in leads:
        writer.writerow([_harmless(name, value) for name, value in lead_record(lead).items()])
    return text.getvalue()


def to_xlsx(leads: Iterable[Lead], zone: ZoneInfo) -> bytes:
    """The leads as a spreadsheet: see ``sheet``."""
    return sheet([lead_record(lead) for lead in leads], zone)


def sheet(records: Sequence[Record], zone: ZoneInfo) -> bytes:
    """
    Records as a spreadsheet: every text is a text cell, never a formula; moments are dates, as clocks in ``zone`` had
    them, and shown with the zone's name.
    """
    from openpyxl import Workbook  # only an export needs it
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.worksheets[0]
    page.title = "leads"
    page.append(COLUMNS)
    for row, record in enumerate(records, start=2):
        for column, name in enumerate(COLUMNS, start=1):
            _fill(page.cell(row=row, column=column), name, record[name], zone)
    for column, name in enumerate(COLUMNS, start=1):
        page.cell(row=1, column=column).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 20)
    page.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def sheet_apart(leads: Iterable[Lead], zone: ZoneInfo) -> bytes:
    """The same spreadsheet, made by a process of its own. Raises RuntimeError where that fails, TimeoutError."""
    asked = {"zone": zone.key, "records": [lead_record(lead) for lead in leads]}
    here = Path(__file__).parents[2]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, cwd=here, env=_surroundings(here),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SHEET_SECONDS):
            made, _ = await child.communicate(json.dumps(asked).encode())
    except BaseException:
        child.kill()
        await child.wait()
        raise
    if child.returncode:
        raise RuntimeError(f"the process that makes a spreadsheet ended with {child.returncode}")
    return made


def _surroundings(here: Path) -> dict[str, str]:
    """What the process apart needs to know of ours: no setting and no secret."""
    names = ("PATH", "PYTHONHOME", "PYTHONTZPATH", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in names if name in os.environ} | {"PYTHONPATH": str(here)}


def _fill(cell: "Cell | MergedCell", name: str, value: object, zone: ZoneInfo) -> None:
    if isinstance(value, str) and name in MOMENTS:
        at = read(value).astimezone(zone)
        cell.value = at.replace(tzinfo=None)  # a spreadsheet's dates have no zone: the form in which it is shown has
        cell.number_format = f'yyyy-mm-dd hh:mm "{at.tzname()}"'
    elif isinstance(value, str) and _UNFIT.sub("", value):
        cell.value = _NUMBERED.sub("_x005F_", _UNFIT.sub("", value))
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA_FIRST.match(value)) and not _NUMBER.fullmatch(value)
    elif isinstance(value, int | datetime):
        cell.value = value


def _harmless(name: str, value: object) -> object:
    """A value of which no reading of CSV makes a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if name == "phone" and _NUMBER.fullmatch(value):
        return f"tel:{value}"
    text = _HALVES.sub("\ufffd", value)
    quoted = _BEGINS.sub("'", text)
    return f"'{quoted}" if _BLANK_FIRST.match(text) else quoted


def _main() -> None:
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(sheet(asked["records"], ZoneInfo(asked["zone"])))


if __name__ == "__main__":
    _main()
