"""Changes that wait for the next step into SQLite's thread: what a turn stores is there in its order, or not at all."""

import sqlite3
from pathlib import Path

import pytest

from storage.sqlite_steps import SteppedConnection


async def opened(folder: Path) -> SteppedConnection:
    """A connection to a new file with one table."""
    connection = SteppedConnection(folder / "bot.db", isolation_level=None)
    await connection
    await connection.read(("CREATE TABLE t (n INTEGER PRIMARY KEY)", ()))
    return connection


async def test_what_is_read_has_the_changes_before_it(tmp_path: Path) -> None:
    """Who reads right after a change sees it, in the order in which it was said."""
    connection = await opened(tmp_path)
    connection.change_later(("INSERT INTO t VALUES (?)", [(1,), (2,)]))
    connection.change_later(("DELETE FROM t WHERE n = ?", [(1,)]))
    assert await connection.read(("SELECT n FROM t", ())) == [(2,)]
    connection.change_later(("INSERT INTO t VALUES (?)", [(3,)]))
    assert await connection.change(("DELETE FROM t WHERE n > ?", [(0,)])) == 2
    await connection.close()


async def test_what_is_undone_leaves_no_change_waiting(tmp_path: Path) -> None:
    """A turn that fails leaves nothing behind for the next one to store."""
    connection = await opened(tmp_path)
    await connection.read(("BEGIN IMMEDIATE", ()))
    connection.change_later(("INSERT INTO t VALUES (?)", [(1,)]))
    await connection.rollback()
    await connection.read(("BEGIN IMMEDIATE", ()))
    await connection.commit()
    assert await connection.read(("SELECT n FROM t", ())) == []
    await connection.close()


async def test_a_change_that_is_refused_fails_the_commit(tmp_path: Path) -> None:
    """What cannot be stored is told at the commit at the latest, and nothing of its turn is stored."""
    connection = await opened(tmp_path)
    await connection.read(("BEGIN IMMEDIATE", ()))
    connection.change_later(("INSERT INTO t VALUES (?)", [(1,), (1,)]))
    with pytest.raises(sqlite3.IntegrityError):
        await connection.commit()
    await connection.rollback()
    assert await connection.read(("SELECT n FROM t", ())) == []
    await connection.close()
