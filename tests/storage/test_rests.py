"""After a removal no copy of a row is left between the rows that stay: in the file, its log, or a backup."""

import random
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import bindparam, delete

from storage.repositories.base import upsert
from storage.sqlite_rests import overwrite_rests
from storage.store import Storage
from storage.tables import conversations
from tests.storage.conftest import Open
from tests.storage.samples import NOW

TOKEN = re.compile(rb"token-\d+-\d+:")
_FORGET = delete(conversations).where(conversations.c.chat_hash == bindparam("which"))


def row(chance: random.Random, number: int, turn: int) -> dict[str, object]:
    """A conversation whose draft has any length; the same for the same chance."""
    data = f"token-{number}-{turn}:" + "x" * chance.randint(1, 900)
    hashed = f"{number * 7919 % 1000:032}"
    fixed = {"channel": "web", "language": "nl", "state": "ask", "misses": 0, "marks": None, "draft_at": NOW}
    return {"chat_hash": hashed, "updated_at": NOW, "data": data, **fixed}


async def talk_and_forget(storage: Storage, seed: int) -> None:
    """People sign up and change what they said, and some are forgotten, while others go on."""
    chance = random.Random(seed)
    for turn in range(12):
        async with storage._database.transaction() as connection:
            rows = [row(chance, number, turn) for number in chance.sample(range(90), 30)]
            await connection.run(upsert(conversations, "sqlite"), rows)
        async with storage._database.transaction() as connection:
            gone = [row(chance, number, turn)["chat_hash"] for number in chance.sample(range(90), 12)]
            await connection.run(_FORGET, [{"which": one} for one in gone])


def kept(path: Path) -> list[tuple[object, ...]]:
    """All rows."""
    database = sqlite3.connect(path)
    rows = database.execute("SELECT * FROM conversations ORDER BY chat_hash").fetchall()
    database.close()
    return rows


def rests(path: Path) -> set[bytes]:
    """What a file holds of drafts that no row of the database has any more."""
    rows = str(kept(path.with_name("bot.db"))).encode()
    return {token for token in TOKEN.findall(path.read_bytes()) if token not in rows}


@pytest.mark.parametrize("seed", [8, 10, 30])
async def test_no_copy_is_left(sqlite_ready: str, opened: Open, tmp_path: Path, seed: int) -> None:
    """With the key beside it nothing of who was forgotten can be read, neither in a backup made at once nor later."""
    storage = await opened(sqlite_ready)
    await talk_and_forget(storage, seed)
    await storage.backup(tmp_path / "at-once.db")
    assert await storage.overwrite_removed()
    await storage.backup(tmp_path / "later.db")
    for name in ("bot.db", "bot.db-wal", "bot.db-shm", "at-once.db", "later.db"):
        assert rests(tmp_path / name) == set(), name
    assert kept(tmp_path / "at-once.db") == kept(tmp_path / "later.db") == kept(tmp_path / "bot.db")


async def test_a_large_file_makes_nobody_wait(sqlite_ready: str, opened: Open, tmp_path: Path) -> None:
    """In a file too large to be made anew while people wait, the log is emptied all the same."""
    storage = await opened(sqlite_ready)
    await talk_and_forget(storage, 8)
    assert overwrite_rests(tmp_path / "bot.db", patience=1.0, largest=0)
    assert (tmp_path / "bot.db-wal").stat().st_size == 0
    assert rests(tmp_path / "bot.db"), "the file was made anew"
