"""A database a test, on either engine."""

from pathlib import Path

import pytest

from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture(scope="session", autouse=True)
def whole_program(unmeasured: None) -> None:
    """These tests walk through the whole program on roads that its parts' own tests walk, too."""
