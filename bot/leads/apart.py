"""
All leads written to a file, a few at a time; and as a spreadsheet by a process of its own.

``python -m bot.leads.apart`` reads from its input where the leads are, and gives how many there are, as a line of JSON,
and then the spreadsheet. So neither the library for it nor thousands of leads are in a server's memory, and nobody
waits while they are decrypted.
"""

import asyncio
import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.fields import Field, Form, Kind, Role
from bot.leads.exports import FORMS, Export, lead_record
from storage.every_lead import every_lead
from storage.store import Storage

SECONDS = 90.0  #: what making a spreadsheet apart may take: a little less than an attempt to send it


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of an export."""

    count: int  #: leads that are in it
    unreadable: tuple[str, ...]  #: references of those that are not


async def write_leads(storage: Storage, export: Export, asked: Form) -> Written:
    """Write all leads, oldest first, in one of the ``FORMS``. Raises Unavailable and OSError."""
    count, unreadable = 0, list[str]()
    async for leads in every_lead(storage, unreadable):
        count += len(leads)
        for lead in leads:
            export.add(lead_record(lead, asked))
    export.close()
    return Written(count=count, unreadable=tuple(unreadable))


async def sheet_apart(storage: Storage, form: Form, zone: ZoneInfo) -> tuple[Written, bytes]:
    """
    A spreadsheet of all leads, made by a process of its own.

    Raises RuntimeError where that fails, TimeoutError, and Unavailable while the database is away.
    """
    async with storage.reading():
        pass  # it is there: else what asks for this waits for it
    asked = json.dumps({**asdict(form), "zone": zone.key, "opened_with": storage.opened_with})
    home = str(Path(__file__).parents[2])
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", __name__, env={**os.environ, "PYTHONPATH": home},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            made, _ = await child.communicate(asked.encode())
    except BaseException:
        child.kill()
        await child.wait()
        raise
    if child.returncode:
        raise RuntimeError(f"the process that makes a spreadsheet ended with {child.returncode}")
    told, _, content = made.partition(b"\n")
    known = json.loads(told)
    return Written(count=known["count"], unreadable=tuple(known["unreadable"])), content


def _field(one: dict[str, Any]) -> Field:
    """A field as it was before it was JSON."""
    return Field(**one | {"kind": Kind(one["kind"]), "role": one["role"] and Role(one["role"])})


async def _make() -> None:
    """Give the spreadsheet that the input asks for."""
    asked = json.loads(sys.stdin.buffer.read())
    storage = await Storage.open(**asked["opened_with"], make=False)
    try:
        with TemporaryFile() as made:
            form = Form(fields=tuple(map(_field, asked["fields"])))
            told = await write_leads(storage, FORMS["xlsx"](made, form, ZoneInfo(asked["zone"])), form)
            made.seek(0)
            sys.stdout.buffer.write(json.dumps({"count": told.count, "unreadable": told.unreadable}).encode() + b"\n")
            shutil.copyfileobj(made, sys.stdout.buffer)
    finally:
        await storage.close()


if __name__ == "__main__":
    asyncio.run(_make())
