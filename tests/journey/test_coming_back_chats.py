"""Coming back after the program was started again, and after a week: the sign-up goes on where it was."""

import contextlib
import sqlite3
from pathlib import Path

from bot.settings import Settings
from storage.tables import Moment, metadata
from tests.botapi import BotApi
from tests.journey.conftest import meet
from tests.journey.program import Running, program_settings, serving
from tests.journey.someone import Someone


async def test_after_a_restart_and_a_week(tmp_path: Path) -> None:
    """Whoever stopped half way finds the draft as it was, in both channels and languages, and goes on."""
    async with BotApi() as api, contextlib.AsyncExitStack() as stack:
        staff = api.group("Staf", "Anne")
        settings = program_settings(tmp_path, api, staff.id)
        program = Running(settings=settings, api=api, staff=staff, folder=tmp_path)
        people = [
            await stack.enter_async_context(meet(program, channel, language))
            for channel in ("telegram", "web")
            for language in ("nl", "en")
        ]
        async with serving(settings):
            for noor in people:
                await begins(noor)
        a_week_passes(settings)
        async with serving(settings):
            for noor in people:
                await goes_on(noor)


async def begins(noor: Someone) -> None:
    """Three answers, and then nothing any more."""
    await noor.says("/aanmelden | /signup")
    for answer in ("3", "1", "Gemeente Utrecht"):
        await noor.says(answer)
    await noor.sees("signup/ask/name")


async def goes_on(noor: Someone) -> None:
    """The draft is shown, and what was given is sent with the rest."""
    await noor.says("/start")
    await noor.sees("signup/resume", "Gemeente Utrecht", "labels/options/interest/both")
    await noor.taps("signup:resume")
    await noor.sees("signup/ask/name")
    await noor.says("Noor de Vries")
    await noor.says("noor@example.org")
    await noor.sees("signup/review", "Gemeente Utrecht", "Noor de Vries")
    assert await noor.submits()


def a_week_passes(settings: Settings) -> None:
    """Everything stored is a week older than it was."""
    assert settings.database_path
    with contextlib.closing(sqlite3.connect(settings.database_path)) as database:
        for table in metadata.sorted_tables:
            for column in (one.name for one in table.columns if isinstance(one.type, Moment)):
                older = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-7 days')"
                database.execute(f"UPDATE {table.name} SET {column} = {older}")
        database.commit()
