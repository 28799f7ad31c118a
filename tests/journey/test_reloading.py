"""An editor's change is live without a restart; one with faults changes nothing, and is told loudly."""

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.loading import kept_of
from bot.settings import Settings, load_settings
from tests.journey.program import Running, running, visiting

SMALL = Path(__file__).parents[1] / "another_course" / "messages"  #: one language: quickly read


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: messages are taken anew here alone."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A messages folder to edit."""
    return Path(shutil.copytree(SMALL, tmp_path / "messages"))


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0.05)


async def _warned(url: str) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as answer:
        assert answer.status == 200
        return str((await answer.json())["warnings"].get("messages", ""))


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def _hang_up() -> None:
    os.kill(os.getpid(), signal.SIGHUP)


async def _says_on_the_page(program: Running, question: str) -> str:
    async with visiting(program.url) as visitor:
        return await visitor.says(question)


async def test_a_good_folder_is_live_without_a_restart(folder: Path, tmp_path: Path) -> None:
    """After SIGHUP the chat, the page and what is understood are the editor's; open conversations go on."""
    async with running(tmp_path, messages_dir=folder) as program, visiting(program.url) as visitor:
        assert "honderd euro" in await visitor.says("/start fee")
        _edit(folder, "facts.toml", "honderd euro", "tachtig euro")
        _edit(folder, "nl/page.toml", "title = ", 'title = "De nieuwe titel" #')
        with (folder / "nl/questions/fee.txt").open("a", encoding="utf-8") as phrases:
            phrases.write("hoeveel pegels\n")
        _hang_up()

        async def live() -> bool:
            return "tachtig euro" in await visitor.says("hoeveel pegels")

        await _until(live)
        async with visitor.http.get(program.url) as page:
            assert "De nieuwe titel" in await page.text()
        assert await _warned(program.url) == ""


async def test_faults_change_nothing_and_are_told(folder: Path, tmp_path: Path) -> None:
    """One unclosed tag: people go on reading what they read, /readyz and the staff chat name the file and the line."""
    async with running(tmp_path, messages_dir=folder) as program:
        _edit(folder, "nl/topic/fee.html", "</b>", "")
        _hang_up()

        async def told() -> bool:
            return "nl/topic/fee.html" in await _warned(program.url)

        await _until(told)
        await program.staff.sees("nl/topic/fee.html: ", within=20)
        assert "honderd euro" in await _says_on_the_page(program, "/start fee")


def _kept(settings: Settings) -> None:
    kept_of(settings).keep(time.time() + 1)


async def test_a_start_goes_on_with_the_last_folder_that_passed(folder: Path, tmp_path: Path) -> None:
    """A start on a broken folder serves the kept one, says so to staff, and takes the mended one when asked."""
    async with running(tmp_path, messages_dir=folder) as program:
        _kept(program.settings)
        _edit(folder, "nl/topic/fee.html", "</b>", "")
        settings = program.settings
    assert kept_of(settings).is_there()
    async with running(tmp_path, messages_dir=folder) as program:
        assert "honderd euro" in await _says_on_the_page(program, "/start fee")
        assert "nl/topic/fee.html" in await _warned(program.url)
        await program.staff.sees("nl/topic/fee.html: ", within=20)
        shutil.copy(SMALL / "nl/topic/fee.html", folder / "nl/topic/fee.html")
        _hang_up()

        async def mended() -> bool:
            return await _warned(program.url) == ""

        await _until(mended)


def test_another_course_is_nothing_to_go_on_with(folder: Path, tmp_path: Path) -> None:
    """What was kept of one folder never speaks for another; a folder that changes while it is kept is not kept."""
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}
    own = load_settings({**database, "MESSAGES_DIR": str(folder)}, None)
    other = load_settings({**database, "MESSAGES_DIR": str(SMALL)}, None)
    kept_of(own).keep(0.0)
    assert not kept_of(own).is_there()
    _kept(own)
    assert (kept_of(own).is_there(), kept_of(other).is_there()) == (True, False)
    assert json.loads((kept_of(own).folder / ".kept.json").read_text())["source"] == str(folder)
