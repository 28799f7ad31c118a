"""All leads as a spreadsheet, made by a process of its own: nobody waits while it is made."""

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.dialogue.records import Lead
from bot.leads import apart
from bot.leads.apart import sheet_apart, write_leads
from bot.leads.exports import FORMS
from storage.store import Storage
from tests.form import FORM
from tests.leads.exported import to_xlsx
from tests.leads.test_exports import ZONE, lead


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """A database with a lead of hostile answers."""
    opened = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    async with opened.transaction() as tx:
        await tx.leads.save([hostile()])
    yield opened
    await opened.close()


def hostile() -> Lead:
    return lead(name="=1+1", remark="\ud800 Zo\u00eb", phone="+31612345678")


def cells(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]]


async def test_apart_is_the_same(storage: Storage) -> None:
    """The spreadsheet of the staff chat says what that of the command line says, and how many are in it."""
    told, content = await sheet_apart(storage, FORM, ZONE)
    assert (told.count, told.unreadable) == (1, ())
    assert cells(content) == cells(to_xlsx([hostile()], ZONE))


async def test_written_as_read(storage: Storage) -> None:
    """An export goes to its file as the leads are read."""
    file = io.BytesIO()
    assert (await write_leads(storage, FORMS["json"](file, FORM, ZONE), FORM)).count == 1
    assert json.loads(file.getvalue())[0]["name"] == "=1+1"


async def test_what_cannot_be_made_apart_is_told(storage: Storage) -> None:
    """A process that fails is no spreadsheet."""

    class Nowhere(ZoneInfo):
        key = "Nowhere/At all"

    with pytest.raises(RuntimeError):
        await sheet_apart(storage, FORM, Nowhere("UTC"))


async def test_what_takes_too_long_is_ended(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs keeps no staff waiting for ever."""
    monkeypatch.setattr(apart, "SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        await sheet_apart(storage, FORM, ZONE)
