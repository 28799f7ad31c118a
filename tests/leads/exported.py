"""Exports of a few leads, as a whole."""

import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.dialogue.records import Lead
from bot.leads.exports import FORMS, lead_record
from tests.form import FORM


def _exported(form: str, leads: Iterable[Lead], zone: ZoneInfo) -> bytes:
    file = io.BytesIO()
    export = FORMS[form](file, FORM, zone)
    for lead in leads:
        export.add(lead_record(lead, FORM))
    export.close()
    return file.getvalue()


def to_json(leads: Iterable[Lead]) -> str:
    """The leads as JSON."""
    return _exported("json", leads, ZoneInfo("UTC")).decode()


def to_csv(leads: Iterable[Lead]) -> str:
    """The leads as CSV, without the mark before it."""
    return _exported("csv", leads, ZoneInfo("UTC")).decode("utf-8-sig")


def to_xlsx(leads: Iterable[Lead], zone: ZoneInfo) -> bytes:
    """The leads as a spreadsheet."""
    return _exported("xlsx", leads, zone)
