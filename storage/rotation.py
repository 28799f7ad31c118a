"""Encrypts everything anew with the newest key, in small transactions, while the program runs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Select, Table, Update, bindparam, select, tuple_, update

from storage.crypto import DataKeys
from storage.engine import Connection, Database
from storage.errors import WrongKey
from storage.tables import (
    case_events,
    cases,
    conversations,
    handled,
    leads,
    meta,
    notices,
    outgoing,
    questions,
    transcript,
)

_ANEW, _LEFT = "anew", "left"  #: what became of a value
#: every encrypted column
SEALED: tuple[Column[Any], ...] = (
    meta.c.value,
    conversations.c.data,
    leads.c.data,
    handled.c.body,
    outgoing.c.data,
    outgoing.c.error,
    outgoing.c.receipt,
    transcript.c.data,
    questions.c.data,
    notices.c.data,
    cases.c.data,
    case_events.c.data,
)


async def rotate_all(database: Database, keys: DataKeys, *, batch: int) -> int:
    """
    Encrypt anew what the newest key did not encrypt; give how many values that were.

    What no key opens is left as it is, and holds up nothing else; raises WrongKey in the end, which says how many.
    """
    done: Counter[str] = Counter()
    for column in SEALED:
        await _rotate_column(database, keys, column, batch, done)
    if done[_LEFT]:
        raise WrongKey(
            f"{done[_LEFT]} stored values were encrypted with a key that DATA_KEY does not hold, and stay as they are;"
            " all others are encrypted with the newest key now"
        )
    return done[_ANEW]


async def _rotate_column(
    database: Database, keys: DataKeys, column: Column[Any], batch: int, done: Counter[str]
) -> None:
    """Go through one column, from key to key."""
    last: tuple[Any, ...] | None = None
    while True:
        async with database.transaction() as connection:
            rows = await connection.rows(_page(column, last).limit(batch))
            done += await _rotate_rows(connection, keys, column, rows)
        if len(rows) < batch:
            return
        last = tuple(rows[-1][:-1])


async def _rotate_rows(
    connection: Connection, keys: DataKeys, column: Column[Any], rows: Sequence[Any]
) -> Counter[str]:
    """Encrypt these values anew; one that another process changed meanwhile is left to that process's key."""
    changed, left = [], 0
    for row in rows:
        token = row[-1]
        if not token.startswith("{") and not keys.newest_opens(token):
            where = {f"key_{number}": part for number, part in enumerate(tuple(row)[:-1])}
            try:
                changed.append(where | {"old": token, "new": keys.rotated(token)})
            except WrongKey:
                left += 1
    if changed:
        await connection.run(_replace(column), changed)
    return Counter({_ANEW: len(changed), _LEFT: left})


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def _page(column: Column[Any], last: tuple[Any, ...] | None) -> Select[Any]:
    key = _key(column.table)
    statement = select(*key, column).where(column.is_not(None)).order_by(*key)
    return statement if last is None else statement.where(tuple_(*key) > tuple_(*last))


def _replace(column: Column[Any]) -> Update:
    where = [part == bindparam(f"key_{number}") for number, part in enumerate(_key(column.table))]
    return update(column.table).where(*where, column == bindparam("old")).values({column: bindparam("new")})
