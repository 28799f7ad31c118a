"""One stored lead that cannot be read, in the running program: staff and its person are told, nobody else notices."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.reliability.crowd import STEPS
from tests.reliability.inside import all_inside
from tests.reliability.world import REFERENCE

pytestmark = pytest.mark.timeout(120)
WITHIN = 20.0  #: seconds, on a busy machine; before, the fourth was never answered


async def test_a_lead_that_no_key_opens(tmp_path: Path, sqlite_url: str) -> None:
    """Staff ask for the list, its person says hello, others ask: each is answered, and every update is confirmed."""
    async with all_inside(sqlite_url) as program:
        world = program.world
        noor = world.api.person("Noor")
        for text, expected in STEPS:
            await noor.send(text.format(1))
            await noor.sees(expected, within=WITHIN)
        await noor.tap("signup:submit")
        await noor.sees("signup/done", within=WITHIN)
        reference = found[0] if (found := REFERENCE.search((await world.staff.sees("staff/lead_new")).text)) else ""
        spoil(tmp_path / "bot.db")
        others = [world.api.person(f"Kees {number}") for number in range(4)]
        await world.staff.send("/leads", by="Anne")
        await asyncio.gather(*(kees.send("wat kost het?") for kees in others), noor.send("hallo"))
        listed = await world.staff.sees("staff/leads", within=WITHIN)
        assert reference in listed.text
        await noor.sees("chat/apology", within=WITHIN)
        for kees in others:
            await kees.sees("topic/costs", within=WITHIN)
        async with asyncio.timeout(WITHIN):
            while world.api.updates.pending:
                await asyncio.sleep(0.02)
        await noor.send("hallo")
        await noor.sees("chat/apology", within=WITHIN)
        await world.staff.send("/help", by="Anne")
        await world.staff.sees("staff/help", within=WITHIN)


def spoil(database: Path) -> None:
    """Encrypt every lead with a key that nobody has."""
    token = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE leads SET data = ?", (token,))
