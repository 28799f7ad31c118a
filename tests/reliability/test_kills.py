"""kill -9 while people sign up: nothing lost, nothing twice, nobody without an answer, everyone told of every lead."""

from pathlib import Path

import pytest

from tests.reliability.kills import sign_up_under_kills

pytestmark = pytest.mark.timeout(400)


async def test_polling_and_sqlite(tmp_path: Path, sqlite_url: str) -> None:
    """However often the process is killed under them, all sign-ups arrive once, and staff get each by chat and mail."""
    counts = await sign_up_under_kills(tmp_path, sqlite_url, webhook=False, people=12, kills=3)
    assert counts.faults == {}
    assert counts.leads == 12


async def test_webhook_and_sqlite(tmp_path: Path, sqlite_url: str) -> None:
    """The same when Telegram delivers to the bot."""
    counts = await sign_up_under_kills(tmp_path, sqlite_url, webhook=True, people=8, kills=1)
    assert counts.faults == {}
    assert counts.leads == 8


async def test_polling_and_postgresql(tmp_path: Path, postgres_url: str) -> None:
    """The same with PostgreSQL."""
    counts = await sign_up_under_kills(tmp_path, postgres_url, webhook=False, people=8, kills=1)
    assert counts.faults == {}
    assert counts.leads == 8
