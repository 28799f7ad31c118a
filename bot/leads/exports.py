"""Leads as others get them: in an export, in a spreadsheet, in the body of the lead webhook."""

import codecs
import csv
import io
import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Protocol
from zoneinfo import ZoneInfo

from bot.dialogue.fields import Form, Kind, Role
from bot.dialogue.jsontext import json_text
from bot.dialogue.leads import EXPORTED, MOMENTS, lead_as_json
from bot.dialogue.moments import read
from bot.dialogue.records import Lead

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
#: what XML 1.0 cannot hold (2.2)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"reference": 14, "created_at": 24}
_OF_KIND = {Kind.LONG_TEXT: 60, Kind.EMAIL: 30}
_OF_ROLE: dict[Role | None, int] = {Role.ORGANISATION: 30, Role.NAME: 25}


def columns(form: Form) -> tuple[str, ...]:
    """What an export says of a lead, in this order."""
    return tuple(column for name in EXPORTED for column in (form.by_name if name == "answers" else [name]))


def lead_record(lead: Lead, form: Form) -> dict[str, Any]:
    """
    A lead as JSON has it: every column, None where nothing was given; times as ``moments.written`` writes them. What it
    answered that is asked no longer comes last.
    """
    known: dict[str, Any] = lead_as_json(lead, EXPORTED)
    given = known.pop("answers")
    given |= {name: int(given[name]) for name in form.of(Kind.NUMBER) if given.get(name, "").isdecimal()}
    return {name: given.get(name) for name in columns(form)} | known | _gone(given, form)


def _gone(given: Mapping[str, Any], form: Form) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in (*form.by_name, *EXPORTED)}


class Export(Protocol):
    """What leads are written as, one after the other, to a file that stays open."""

    def add(self, record: Record) -> None:
        """Write a lead."""

    def close(self) -> None:
        """Write what comes after the last."""


class Json:
    """A JSON list of objects, with every text as it was typed."""

    def __init__(self, file: BinaryIO, form: Form, zone: ZoneInfo) -> None:
        self._file = file
        self._before = "["

    def add(self, record: Record) -> None:
        """Write an object; no text in it has lines of its own."""
        text = json_text(record, indent=2).replace("\n", "\n  ")
        self._file.write(f"{self._before}\n  {text}".encode())
        self._before = ","

    def close(self) -> None:
        """End the list."""
        self._file.write(b"[]\n" if self._before == "[" else b"\n]\n")


class Csv:
    """
    CSV (RFC 4180) with a line of headings, behind a mark by which spreadsheets know UTF-8.

    Nowhere where some reading of it lets a cell begin, by another sign between cells or a line at a time, stands what a
    spreadsheet takes for a formula: a quote (') goes before it. A telephone number is a ``tel:`` address (RFC 3966),
    which says what it is and can be dialled.
    """

    def __init__(self, file: BinaryIO, form: Form, zone: ZoneInfo) -> None:
        file.write(codecs.BOM_UTF8)
        self._rows = csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\r\n")
        self._columns, self._numbers = columns(form), form.of(Kind.PHONE)
        self._rows.writerow(self._columns)

    def add(self, record: Record) -> None:
        """Write a row."""
        self._rows.writerow([_harmless(record[name], number=name in self._numbers) for name in self._columns])

    def close(self) -> None:
        """Nothing comes after the last."""


class Sheet:
    """
    A spreadsheet: every text is a text cell, never a formula; moments are dates, as clocks in ``zone`` had them, and
    shown with the zone's name. Rows wait in a temporary file of its own, whatever their number.
    """

    def __init__(self, file: BinaryIO, form: Form, zone: ZoneInfo) -> None:
        from xlsxwriter import Workbook  # only an export needs it

        self._file, self._zone, self._number = file, zone, 0
        self._made = io.BytesIO()  # a book is packed by going back and forth, which not every file can do
        self._book = Workbook(self._made, {"constant_memory": True})
        self._formats: dict[str, Any] = {}
        self._page = self._book.add_worksheet("leads")
        self._page.freeze_panes(1, 1)
        bold = self._book.add_format({"bold": True})
        self._columns = columns(form)
        own = {field.name: _OF_KIND.get(field.kind) or _OF_ROLE.get(field.role, 20) for field in form.fields}
        for column, name in enumerate(self._columns):
            self._page.set_column(column, column, own.get(name) or _WIDTHS.get(name, 20))
            self._page.write_string(0, column, name, bold)

    def add(self, record: Record) -> None:
        """Write a row."""
        self._number += 1
        for column, name in enumerate(self._columns):
            self._fill(column, name, record[name])

    def close(self) -> None:
        """Pack the book."""
        self._book.close()
        self._file.write(self._made.getbuffer())

    def _fill(self, column: int, name: str, value: object) -> None:
        if isinstance(value, int):
            self._page.write_number(self._number, column, value)
        elif isinstance(value, str) and name in MOMENTS:
            at = read(value).astimezone(self._zone)
            shown = self._format("num_format", f'yyyy-mm-dd hh:mm "{at.tzname()}"')
            self._page.write_datetime(self._number, column, at.replace(tzinfo=None), shown)  # its dates have no zone
        elif isinstance(value, str) and (text := _UNFIT.sub("", value).replace("\r\n", "\n").replace("\r", "\n")):
            formula = _FORMULA_FIRST.match(text) and not _NUMBER.fullmatch(text)
            quoted = self._format("quote_prefix", True) if formula else None
            self._page.write_string(self._number, column, text, quoted)

    def _format(self, name: str, value: object) -> Any:
        key = f"{name} {value}"
        if key not in self._formats:
            self._formats[key] = self._book.add_format({name: value})
        return self._formats[key]


FORMS: Mapping[str, type[Json | Csv | Sheet]] = {"json": Json, "csv": Csv, "xlsx": Sheet}


def _harmless(value: object, *, number: bool) -> object:
    """A value of which no reading of CSV makes a formula. ``number``: whether it is one to call."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if number and _NUMBER.fullmatch(value):
        return f"tel:{value}"
    text = _HALVES.sub("\ufffd", value)
    quoted = _BEGINS.sub("'", text)
    return f"'{quoted}" if _BLANK_FIRST.match(text) else quoted
