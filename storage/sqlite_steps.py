"""
Several statements in one step into aiosqlite's thread: each step costs a turn more than most of its statements do.

A change of which nobody waits to hear is kept until something is read, or committed, and then goes with that.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

Change = tuple[str, Sequence[Sequence[Any]]]  #: a statement, and the values of each time it is run
Query = tuple[str, Sequence[Any]]

T = TypeVar("T")

_CHUNK = 64  # rows that are fetched together where somebody iterates; nobody does


class SteppedConnection(aiosqlite.Connection):
    """A connection to a file, whose changes wait for the next step."""

    def __init__(self, path: Path, **options: Any) -> None:
        """Take what ``sqlite3.connect`` takes."""
        super().__init__(partial(sqlite3.connect, str(path), **options), _CHUNK)
        self._changes: list[Change] = []

    def change_later(self, change: Change) -> None:
        """Keep a change for the next step."""
        self._changes.append(change)

    async def read(self, query: Query) -> list[Any]:
        """Make the changes that wait, then give the rows of a query. Raises what sqlite3 raises."""
        return await self._step(partial(_rows, query))

    async def change(self, change: Change) -> int:
        """Make the changes that wait, then this one; give how many rows it changed. Raises what sqlite3 raises."""
        return await self._step(partial(_changed, change))

    async def commit(self) -> None:
        """Make the changes that wait, and the transaction durable. Raises what sqlite3 raises."""
        await self._step(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        """Undo the transaction, with the changes that wait. Raises what sqlite3 raises."""
        self._changes = []
        await super().rollback()

    async def _step(self, last: Callable[[sqlite3.Connection], T]) -> T:
        changes, self._changes = self._changes, []
        done: T = await self._execute(_together, self._conn, changes, last)  # type: ignore[no-untyped-call]
        return done


def _together(connection: sqlite3.Connection, changes: Sequence[Change], last: Callable[[sqlite3.Connection], T]) -> T:
    for change in changes:
        _changed(change, connection)
    return last(connection)


def _changed(change: Change, connection: sqlite3.Connection) -> int:
    text, rows = change
    return connection.executemany(text, rows).rowcount


def _rows(query: Query, connection: sqlite3.Connection) -> list[Any]:
    return connection.execute(*query).fetchall()
