"""The program as an operator starts it: what it prints, how it ends, and what it says of wrong settings."""

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.journey.program import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 40.0
STOP_SECONDS = 5.0


async def started(folder: Path, *words: str, **settings: str) -> asyncio.subprocess.Process:
    """``python -m bot …`` in an empty folder, with these settings and no others."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "COLUMNS": "160"} | settings,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def ended(folder: Path, *words: str, typed: str = "", **settings: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, output, errors."""
    process = await started(folder, *words, **settings)
    async with asyncio.timeout(START_SECONDS):
        output, errors = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def lines(process: asyncio.subprocess.Process, count: int) -> list[str]:
    """The first lines it prints."""
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        return [(await process.stdout.readline()).decode() for _ in range(count)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_with_no_setting_at_all_it_serves_and_ends_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    """Three lines say where to chat, where leads go and how to switch Telegram on; Ctrl-C and SIGTERM end it."""
    port = free_port()
    process = await started(tmp_path, "run", HTTP_PORT=str(port))
    chat, leads, telegram = await lines(process, 3)
    assert f"http://127.0.0.1:{port}" in chat
    assert "bot.db" in leads
    assert "data/mail" in leads
    assert "TELEGRAM_BOT_TOKEN" in telegram
    async with aiohttp.request("GET", f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    process.send_signal(how)
    async with asyncio.timeout(STOP_SECONDS):
        _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors
    assert {path.name: oct(path.stat().st_mode)[-3:] for path in (tmp_path / "data").iterdir()}["key"] == "600"


async def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path) -> None:
    """The start stops with exit code 2 and one line that names the setting; no traceback, no secret."""
    code, _, errors = await ended(tmp_path, "run", HTTP_PORT=str(free_port()), TELEGRAM_BOT_TOKEN="not-a-token")
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("TELEGRAM_BOT_TOKEN")
    assert "not-a-token" not in errors


async def test_a_token_that_telegram_refuses_is_named(tmp_path: Path) -> None:
    """A token of the right form that Telegram does not know stops the start; the token itself is not shown."""
    token = "123456789:" + "x" * 35
    async with BotApi() as api:
        code, _, errors = await ended(
            tmp_path, "run", HTTP_PORT=str(free_port()), TELEGRAM_BOT_TOKEN=token, TELEGRAM_API_URL=api.url
        )
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("TELEGRAM_BOT_TOKEN")
    assert token not in errors


async def test_telegram_out_of_reach_is_no_wrong_setting(tmp_path: Path) -> None:
    """While Telegram is away the web chat serves; readiness and the log say what is wrong."""
    port, nobody = free_port(), free_port()
    process = await started(
        tmp_path, "run", HTTP_PORT=str(port),
        TELEGRAM_BOT_TOKEN="123456789:" + "x" * 35, TELEGRAM_API_URL=f"http://127.0.0.1:{nobody}",
    )  # fmt: skip
    await lines(process, 3)
    async with aiohttp.ClientSession() as http:
        async with http.post(f"http://127.0.0.1:{port}/api/chat", json={"message_id": "1", "text": "/start"}) as answer:
            assert answer.status == 200
        async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 503
            assert "telegram" in (await answer.json())["reasons"]
    process.terminate()
    async with asyncio.timeout(STOP_SECONDS):
        _, errors = await process.communicate()
    assert process.returncode == 0
    assert b"x" * 35 not in errors


async def test_a_broken_message_stops_the_start_and_is_named_by_file_and_line(tmp_path: Path) -> None:
    """An editor's slip is found before anyone reads it."""
    shutil.copytree(ROOT / "messages", tmp_path / "messages")
    broken = tmp_path / "messages" / "nl" / "chat" / "menu.html"
    broken.write_text("Kies {{ onderwerp", encoding="utf-8")
    code, output, errors = await ended(
        tmp_path, "run", MESSAGES_DIR=str(tmp_path / "messages"), HTTP_PORT=str(free_port())
    )
    assert code == 2
    assert "nl/chat/menu.html:1" in output + errors
    assert "Traceback" not in errors


async def test_ask_answers_a_question_a_line(tmp_path: Path) -> None:
    """One JSON object comes back for each line."""
    code, output, _ = await ended(tmp_path, "ask", "--language", "nl", typed="wat kost het?\n\nvoor wie is het?\n")
    answers = [json.loads(line) for line in output.splitlines()]
    assert (code, [answer["topic"] for answer in answers]) == (0, ["costs", "audience"])
    assert set(answers[0]) == {"question", "language", "topic", "topics", "suggestions", "score"}
