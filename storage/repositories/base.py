"""What every repository has: the transaction's connection, the keys, and the statements all of them need."""

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, Integer, String, Table, bindparam, func, insert, select, text

from storage.crypto import DataKeys
from storage.engine import Connection, Dialect

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the repositories of one transaction share."""

    connection: Connection
    keys: DataKeys
    owner: str  #: this process, by the name its outgoing messages carry
    ahead: timedelta = timedelta()  #: how far the server's clock, by which processes go, is ahead of this machine's
    locked: set[str] = field(
        default_factory=set
    )  #: hashes of the chats this transaction holds, where the database locks rows

    hashes: dict[tuple[str, str], str] = field(default_factory=dict)  #: what was hashed before, by purpose and value

    def hash(self, purpose: str, value: str) -> str:
        """Give the keyed hash of a value; most are needed several times in a transaction."""
        found = self.hashes.get((purpose, value))
        if found is None:
            found = self.hashes[purpose, value] = self.keys.hash(purpose, value)
        return found

    def chat_hash(self, chat: str) -> str:
        """Give what stands for a chat in the tables."""
        return self.hash("chat", chat)

    def chat_hashes(self, chats: Iterable[str]) -> dict[str, str]:
        """Give hash -> chat, in the order of the hashes, which is the order in which rows are locked."""
        return dict(sorted((self.chat_hash(chat), chat) for chat in set(chats)))


#: where SQLite keeps the highest id that a table ever had
_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :which")
_SEQUENCE = select(func.nextval(bindparam("sequence", type_=String))).select_from(
    func.generate_series(1, bindparam("count", type_=Integer))
)


class Repository:
    """One thing stored, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._keys = session.keys


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
def insert_adding(table: Table, dialect: Dialect, column: str) -> Insert:
    """Give the statement that inserts rows, or adds their number in this column where the key is there."""
    statement = _insert(table, dialect)
    key = [part.name for part in table.primary_key]
    added = {column: table.c[column] + statement.excluded[column]}
    return statement.on_conflict_do_update(index_elements=key, set_=added)


@functools.cache
def insert_missing(table: Table, dialect: Dialect) -> Insert:
    """Give the statement that inserts rows, and leaves those alone that are there."""
    return _insert(table, dialect).on_conflict_do_nothing()


def _insert(table: Table, dialect: Dialect) -> "postgresql.Insert | sqlite.Insert":
    """Give the database's own insert, which knows about conflicts; only the dialect that is used is loaded."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def tally(rows: Iterable[Any], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give, for each of these columns, how often each of its values occurs, by the rows' ``number``."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in rows:
        for name in names:
            counts[name][getattr(row, name) or "unknown"] += row.number
    return {name: dict(counter) for name, counter in counts.items()}


async def insert_counted(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows into a table that numbers them; give their ids, which grow in the order of the rows."""
    ids = await _new_ids(connection, table, len(rows))
    await connection.write(_insert_all(table), [{"id": number} | row for number, row in zip(ids, rows, strict=True)])
    return ids


async def _new_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Give ids that were never used. In SQLite only we write now; in PostgreSQL nobody else gets the same."""
    if connection.dialect == "postgresql":
        rows = await connection.rows(_SEQUENCE, {"sequence": f"{table.name}_id_seq", "count": count})
        return sorted(row[0] for row in rows)
    rows = await connection.rows(_LAST_ID, {"which": table.name})
    first = rows[0].seq + 1 if rows else 1
    return list(range(first, first + count))


@functools.cache
def _insert_all(table: Table) -> Insert:
    return insert(table)
