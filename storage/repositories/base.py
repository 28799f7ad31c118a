"""What every repository has: the transaction's connection, the keys, and the statements all of them need."""

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Insert, Row, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from storage.crypto import DataKeys
from storage.engine import Connection, Dialect

T = TypeVar("T")

_MOST = 512  # values in one IN (…)


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the repositories of one transaction share."""

    connection: Connection
    keys: DataKeys
    owner: str  #: this process, by the name its outgoing messages carry
    locked: set[str]  #: hashes of the chats this transaction holds, where the database locks rows

    def chat_hash(self, chat: str) -> str:
        """Give what stands for a chat in the tables."""
        return self.keys.hash("chat", chat)

    def chat_hashes(self, chats: Iterable[str]) -> dict[str, str]:
        """Give hash -> chat, in the order of the hashes, which is the order in which rows are locked."""
        return dict(sorted((self.keys.hash("chat", chat), chat) for chat in set(chats)))


class Repository:
    """One thing stored, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._keys = session.keys


def among(column: Column[Any] | ColumnElement[Any], name: str = "wanted") -> ColumnElement[bool]:
    """Give the condition that the column has one of the values bound to ``name``; see ``wanted``."""
    return column.in_(bindparam(name, expanding=True))


def wanted(values: Sequence[T]) -> list[T]:
    """Give the values, the last one repeated up to a power of two: few different statements for the database."""
    if not values:
        return []
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (size - len(values))]


def portions(values: Sequence[T], size: int = _MOST) -> Iterator[Sequence[T]]:
    """Give the values in portions that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@functools.cache
def upsert(table: Table, dialect: Dialect, keep: tuple[str, ...] = ()) -> Insert:
    """Give the statement that inserts rows, or changes them where the key is there; ``keep`` stays as it was."""
    key = [column.name for column in table.primary_key]
    statement = _insert(table, dialect)
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in key and column.name not in keep
    }
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


@functools.cache
def insert_missing(table: Table, dialect: Dialect) -> Insert:
    """Give the statement that inserts rows, and leaves those alone that are there."""
    return _insert(table, dialect).on_conflict_do_nothing()


def _insert(table: Table, dialect: Dialect) -> postgresql.Insert | sqlite.Insert:
    """Give the database's own insert, which knows about conflicts."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def tally(rows: Iterable[Row[Any]], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give, for each of these columns, how often each of its values occurs, by the rows' ``number``."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in rows:
        for name in names:
            counts[name][getattr(row, name) or "unknown"] += row.number
    return {name: dict(counter) for name, counter in counts.items()}


async def insert_counted(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows into a table that numbers them; give their ids, which grow in the order of the rows."""
    return [row.id for row in await connection.rows(_counted_insert(table), rows)]


@functools.cache
def _counted_insert(table: Table) -> ReturningInsert[Any]:
    """Give the statement that inserts rows and gives their ids in the same order."""
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)
