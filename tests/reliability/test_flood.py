"""Somebody sends far too much: a few answers, one kind line, an answer to the latest; others notice nothing."""

import asyncio
from pathlib import Path

import pytest

from tests.journey.program import Running, running
from tests.reliability.crowd import Crowd
from tests.said import is_message

pytestmark = pytest.mark.timeout(300)
PATIENCE = 60


def how_often(said: list[str], key: str) -> int:
    """How many of these are the message with this key."""
    return sum(is_message(text, key, "nl") for text in said)


async def floods(program: Running, messages: int, seconds: float) -> list[str]:
    """All that the bot says to somebody who sends so much, until it has answered the last message."""
    eve = program.api.person("Eve")
    for number in range(messages):
        await eve.send(("wat kost het?", "waar is het?", "voor wie is het?")[number % 3])
        await asyncio.sleep(seconds / messages)
    await eve.send("/aanmelden")
    await eve.sees("signup/ask/interest", within=PATIENCE)
    return eve.said


async def test_a_flood(tmp_path: Path) -> None:
    """300 messages in 3 seconds get a few answers, one kind line and an answer to the last; all others are answered."""
    async with running(tmp_path, telegram_rate="30") as program:
        crowd = Crowd(again=0)
        others = [asyncio.create_task(crowd.on_telegram(program.api, number)) for number in range(5)]
        said = await floods(program, 300, 3)
        await asyncio.gather(*others)
        assert crowd.unanswered == 0
        assert how_often(said, "chat/slow_down") == 1
        assert is_message(said[-1], "signup/ask/interest", "nl")
        assert 3 <= len(said) <= 40
        assert is_message(said[0], "topic/costs", "nl")


async def test_what_matters_is_never_left_out(tmp_path: Path) -> None:
    """A sign-up that is sent amid a flood is stored, its reference and what staff say reach the person."""
    async with running(tmp_path, telegram_rate="30") as program:
        noor = program.api.person("Noor")
        for text in ("/aanmelden", "beide", "gemeente", "Utrecht", "Noor de Vries", "noor@utrecht.nl"):
            await noor.send(text)
        await noor.tap("signup:submit", within=PATIENCE)
        for _ in range(60):
            await noor.send("wat kost het?")
        await noor.send("/taal")
        await noor.sees("signup/done", within=PATIENCE)
        await noor.finds("language:en", within=PATIENCE)
        assert how_often(noor.said, "chat/slow_down") == 1
        await program.staff.sees("Noor de Vries", within=PATIENCE)


async def test_no_limits_of_our_own_nothing_left_out(tmp_path: Path) -> None:
    """With TELEGRAM_RATE=0, for load tests, every single message gets its answer."""
    async with running(tmp_path) as program:
        eve = program.api.person("Eve")
        for _ in range(60):
            await eve.send("wat kost het?")
        async with asyncio.timeout(PATIENCE):
            while how_often(eve.said, "topic/costs") < 60:
                await asyncio.sleep(0.01)
        assert how_often(eve.said, "chat/slow_down") == 0
