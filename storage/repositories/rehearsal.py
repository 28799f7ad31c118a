"""Whether the database keeps what a turn keeps: tried with rows that belong to nobody, and are gone again."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, bindparam, delete, insert

from storage.repositories.base import Repository, insert_counted
from storage.tables import Moment, conversations, handled, leads, outgoing, questions, transcript

_COUNTED = (outgoing, transcript, questions)


class Rehearsal(Repository):
    """One try."""

    async def run(self) -> None:
        """Store and remove a row in each table that turns write to. Raises what they would raise."""
        name, sealed, now = secrets.token_hex(16), self._keys.seal({"tried": True}), datetime.now(UTC)
        for table in (conversations, handled, leads, *_COUNTED):
            row = _row(table, name, sealed, now)
            if table in _COUNTED:
                [key] = await insert_counted(self._connection, table, [row])
            else:
                await self._connection.write(insert(table), [row])
                key = row[_key(table).name]
            await self._connection.write(delete(table).where(_key(table) == bindparam("which")), {"which": key})


def _key(table: Table) -> Column[Any]:
    [column] = table.primary_key.columns
    return column


def _row(table: Table, name: str, sealed: str, now: datetime) -> dict[str, Any]:
    """Give a row of what must stand in it: it says nothing, and no process looks for it."""
    columns = [one for one in table.columns if not one.nullable and one.name != "id"]
    return {one.name: sealed if one.name == "data" else _value(one, name, now) for one in columns}


def _value(column: Column[Any], name: str, now: datetime) -> Any:
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 0
    return now if isinstance(column.type, Moment) else name
