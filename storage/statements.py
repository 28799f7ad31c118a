"""
Statements as SQLite takes them: compiled once from the very same tables and statements that PostgreSQL gets.

SQLAlchemy compiles; the driver executes. A statement through SQLAlchemy's own execution costs five times the CPU of
the statement itself, which shows where each takes microseconds.
"""

import functools
import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import SelectBase
from sqlalchemy.dialects import sqlite

from storage.engine import Statement
from storage.tables import Moment
from storage.unreadable import GARBLED

_KEPT = 256  # compiled statements; most are made once, some anew for every call


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """One statement, ready for the driver."""

    text: str
    names: tuple[str, ...]  #: of its values, in their order
    fixed: Mapping[str, Any]  #: values that are part of the statement
    moments: tuple[int, ...]  #: which columns of its rows are times

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Give the values as the driver takes them."""
        row = {**self.fixed, **given} if self.fixed else given
        return [
            _PLAIN[type(value)](value) if type(value) in _PLAIN else value
            for value in [row[name] for name in self.names]
        ]

    def rows(self, columns: Sequence[str], found: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        """Give the rows as named tuples, with times that know their zone."""
        make = _row_type(tuple(columns))
        return [make(self._read(row) if self.moments else row) for row in found]

    def _read(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for index in self.moments:
            if values[index] is not None:
                values[index] = _time(values[index])
        return values


def _time(stored: Any) -> Any:
    """Give a time from what was stored: one that is garbled is one row's fault, and none of those read with it."""
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return GARBLED


@functools.lru_cache(maxsize=_KEPT)
def compiled(statement: Statement, names: tuple[str, ...]) -> Compiled:
    """Give the statement compiled for values of these names."""
    made = statement.compile(dialect=sqlite.dialect(), column_keys=list(names))
    order = tuple(made.positiontup or ())
    columns = statement.selected_columns if isinstance(statement, SelectBase) else ()
    return Compiled(
        text=str(made),
        names=order,
        fixed={name: made.params[name] for name in order if name not in names},
        moments=tuple(index for index, column in enumerate(columns) if isinstance(column.type, Moment)),
    )


@functools.cache
def _row_type(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Give what makes rows with these columns."""
    row_type: Any = namedtuple  # the type checker wants the columns written out
    make: Callable[[Sequence[Any]], Any] = row_type("Row", columns, rename=True)._make
    return make


@functools.lru_cache(maxsize=_KEPT)  # the rows of one batch have few different times
def _moment(value: datetime) -> str:
    """Give a time as text in UTC; see ``tables.Moment``."""
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


#: how values are given that SQLite has no type for; many values as one, see ``among``
_PLAIN: Mapping[type, Callable[[Any], str]] = {datetime: _moment, list: json.dumps, tuple: json.dumps}
