"""The key: replaced while the program runs, and refused in one line where it does not fit."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cli.operator import Operator
from bot.settings import Settings, SettingsError
from storage.store import Storage
from tests.journey.program import Running, free_port, running, serving, visiting
from tests.said import is_message

ROOT = Path(__file__).parents[2]
ANSWERS = ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl")


def key() -> str:
    """A fresh Fernet key."""
    return Fernet.generate_key().decode()


async def operates(settings: Settings, work: Callable[[Operator], Awaitable[None]], data_key: str | None) -> None:
    """A command beside the running program."""
    storage = await Storage.open(settings.database_url, data_key=data_key)
    try:
        await work(Operator(settings, storage))
    finally:
        await storage.close()


async def talks_on(program: Running, change: Callable[[], Awaitable[None]]) -> None:
    """A sign-up in the middle of which the keys change; afterwards it is found by chat, and by address."""
    async with visiting(program.url) as noor:
        await noor.says("/aanmelden")
        for answer in ANSWERS[:3]:
            await noor.says(answer)
        await change()
        for answer in ANSWERS[3:]:
            await noor.says(answer)
        await noor.taps("signup:submit")
        await change()
        assert "Noor de Vries" in await noor.says("/mijngegevens")


async def test_a_new_key_in_the_key_file_while_it_runs(tmp_path: Path) -> None:
    """``rotate-key --new-key`` beside the running bot: nobody notices, the old key opens nothing, all is found."""
    async with running(tmp_path, telegram_bot_token=None, telegram_staff_chat_id=None) as program:
        old = (tmp_path / "key").read_text()

        async def change() -> None:
            await operates(program.settings, lambda operator: operator.rotate(new_key=True), None)

        await talks_on(program, change)
        assert (tmp_path / "key").read_text().split(",")[0] not in old
        await operates(program.settings, lambda operator: operator.forget("NOOR@utrecht.nl"), None)
        async with visiting(program.url) as other:
            assert is_message(await other.says("/mijngegevens"), "data/none", "nl")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


async def test_several_keys_in_the_settings(tmp_path: Path) -> None:
    """New key in front, start again, rotate while it runs, take the old one away: the lead is there all along."""
    old, new = key(), key()
    quiet = {"telegram_bot_token": None, "telegram_staff_chat_id": None}
    async with running(tmp_path, data_key=old, **quiet) as program:
        await talks_on(program, _nothing)
        settings = program.settings
    both = f"{new},{old}"
    async with serving(with_keys(settings, both)), visiting(settings.public_url) as kees:
        assert await kees.says("/start")
        await operates(settings, lambda operator: operator.rotate(new_key=False), both)
        assert await kees.says("/help")
    storage = await Storage.open(settings.database_url, data_key=new)
    async with storage.reading() as tx:
        assert len(await tx.leads.chats_by_email("NOOR@utrecht.nl")) == 1
        [lead] = await tx.leads.list()
    await storage.close()
    assert lead.answers["name"] == "Noor de Vries"
    for wrong in (old, key()):
        assert wrong != new
        await does_not_start(settings, wrong)
    await does_not_start(settings, None)


def with_keys(settings: Settings, data_key: str | None) -> Settings:
    """The same settings with other keys."""
    return Settings(**settings.model_dump(exclude_unset=True) | {"data_key": data_key})


async def does_not_start(settings: Settings, data_key: str | None) -> None:
    """The start ends with one line that names the setting, without a key."""
    with pytest.raises(SettingsError) as told:
        async with serving(with_keys(settings, data_key)):
            raise AssertionError("it started")
    line = str(told.value)
    assert (line.startswith("DATA_KEY"), line.count("\n")) == (True, 0)
    assert data_key is None or data_key not in line


async def _nothing() -> None:
    """Change nothing."""


def refused(folder: Path, why: str, **settings: str) -> None:
    """The start ends with exit code 2 and one line that names the setting, without a key."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HTTP_PORT": str(free_port())}
    database = {"DATABASE_URL": f"sqlite:///{folder}/bot.db", "MAIL_URL": f"file:{folder}/mail"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], env=environment | database | settings, cwd=folder,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), (why, done.stderr)
    assert done.stderr.startswith("DATA_KEY")
    assert not [value for value in settings.values() if value in done.stderr]


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    """A mistyped key stops the start in the same way."""
    refused(tmp_path, "mistyped", DATA_KEY=f"{'A' * 43}=,nonsense")
