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
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from zoneinfo import ZoneInfo

from bot.leads.exports import FORMS, lead_record
from storage.every_lead import every_lead
from storage.store import Storage

SECONDS = 90.0  #: what making a spreadsheet apart may take: a little less than an attempt to send it


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of an export."""

    count: int  #: leads that are in it
    unreadable: tuple[str, ...]  #: references of those that are not


async def write_leads(storage: Storage, form: str, file: BinaryIO, zone: ZoneInfo) -> Told:
    """Write all leads, oldest first, in one of the ``FORMS``. Raises Unavailable and OSError."""
    count, unreadable, export = 0, list[str](), FORMS[form](file, zone)
    async for leads in every_lead(storage, unreadable):
        count += len(leads)
        for lead in leads:
            export.add(lead_record(lead))
    export.close()
    return Told(count=count, unreadable=tuple(unreadable))


async def sheet_apart(storage: Storage, zone: ZoneInfo) -> tuple[Told, bytes]:
    """
    A spreadsheet of all leads, made by a process of its own.

    Raises RuntimeError where that fails, TimeoutError, and Unavailable while the database is away.
    """
    async with storage.reading():
        pass  # it is there: else what asks for this waits for it
    asked = json.dumps({"zone": zone.key, "opened_with": storage.opened_with})
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
    return Told(count=known["count"], unreadable=tuple(known["unreadable"])), content


async def _make() -> None:
    """Give the spreadsheet that the input asks for; whoever waits for a turn goes first."""
    os.nice(5)
    asked = json.loads(sys.stdin.buffer.read())
    storage = await Storage.open(**asked["opened_with"], make=False)
    try:
        with TemporaryFile() as made:
            told = await write_leads(storage, "xlsx", made, ZoneInfo(asked["zone"]))
            made.seek(0)
            sys.stdout.buffer.write(json.dumps({"count": told.count, "unreadable": told.unreadable}).encode() + b"\n")
            shutil.copyfileobj(made, sys.stdout.buffer)
    finally:
        await storage.close()


if __name__ == "__main__":
    asyncio.run(_make())
