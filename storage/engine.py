"""What repositories see of a database, whichever it is: statements in, rows out, one transaction at a time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlalchemy import CompoundSelect, Delete, Engine, Insert, Select, TextClause, Update

Dialect = Literal["sqlite", "postgresql"]
Values = Mapping[str, Any]
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete | TextClause


class Connection(Protocol):
    """One transaction's way to the database."""

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        """Run a statement that gives rows, with its columns as attributes."""

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        """Run a statement, once for each of the values; give how many rows it changed (-1: unknown)."""

    async def write(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> None:
        """Run a statement as ``run`` does, by the next read or the commit at the latest: what it raises comes there."""


class Presence(Protocol):
    """What the database holds for a process as long as that lives, by which others see that it does."""

    async def begin(self) -> bool:
        """Take it; whether it was to be had."""

    def hold(self, announce: Callable[[], Awaitable[None]]) -> None:
        """Hold it from now on; ``announce`` says that this process lives, whenever it had to be taken again."""

    def doubts(self, stored_at: datetime) -> bool:
        """Whether others may have taken this process for gone since then, and taken over what it stored."""

    async def close(self) -> None:
        """Let go of the lock, and of the connection that holds it."""


class Database(Protocol):
    """A database that is open."""

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""

    @property
    def name(self) -> str:
        """The path of its file, or its name on the server."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection whose changes are durable when the block ends, and undone when it raises."""

    def reading(self, within: float | None = None) -> AbstractAsyncContextManager[Connection]:
        """
        Give a connection to read with; it never waits for those who write. ``within``: seconds after which an answer is
        of no use any more.
        """

    def migration_engine(self) -> Engine:
        """Give an engine of its own, that does not wait for the event loop, to change the tables with."""

    async def backup(self, path: Path) -> None:
        """Write a whole copy to ``path``, while others write. Raises NotPossible where other programs do that."""

    def presence(self, owner: str) -> Presence | None:
        """Give what shows others that the process of this name lives; None where only one is at work."""

    async def close(self) -> None:
        """Let go of every connection."""


def reason(error: BaseException) -> str:
    """Give the first line of what the database itself said, without the values."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return lines[0] if lines else type(original).__name__
