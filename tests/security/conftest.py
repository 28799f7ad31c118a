"""What is left of two whole journeys, each made once; and the running program."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from tests.journey.program import Running, running
from tests.postgres import postgres_server, postgres_url
from tests.security.journey import Remains, journey

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="session", params=["json", "console"])
def remains(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Remains:
    """What is left after a whole journey, logged in this form."""
    form: Literal["console", "json"] = request.param
    return asyncio.run(journey(tmp_path_factory.mktemp(f"journey-{form}"), form))


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Running]:
    """The program with Telegram, a staff chat and mail files."""
    async with running(tmp_path) as started:
        yield started


@pytest.fixture(scope="session", autouse=True)
def whole_program(unmeasured: None) -> None:
    """These tests walk through the whole program on roads that its parts' own tests walk, too."""
