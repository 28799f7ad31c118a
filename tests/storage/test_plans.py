"""What every turn and every second asks stays quick, however much is stored."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.among import among
from storage.repositories import cases, conversations, counts, handled, leads, notices, outbox, people, transcript
from storage.statements import compiled
from storage.tables import outgoing

MODULES = (cases, conversations, counts, handled, leads, notices, outbox, people, transcript)
FOR_OPERATORS = {"_COUNTS", "_WITH_DATA", "_OLDEST_FIRST", "_OF_QUESTION"}  # read everything, now and then
STATEMENTS = [
    (f"{module.__name__.rpartition('.')[2]}.{name}", statement)
    for module in MODULES
    for name, value in vars(module).items()
    for statement in (value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value])
    if isinstance(statement, sa.Select | sa.Update | sa.Delete) and name not in FOR_OPERATORS
]


def plan(url: str, statement: sa.Select[object] | sa.Update | sa.Delete) -> list[str]:
    """How SQLite goes about a statement."""
    ready = compiled(statement, ())
    connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
    rows = connection.execute(f"EXPLAIN QUERY PLAN {ready.text}", [None] * len(ready.names)).fetchall()
    connection.close()
    return [row[3] for row in rows]


@pytest.mark.parametrize(("name", "statement"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_no_table_is_read_whole(sqlite_ready: str, name: str, statement: sa.Select[object]) -> None:
    """An index leads to the rows that are wanted."""
    whole = [
        step
        for step in plan(sqlite_ready, statement)
        if step.startswith("SCAN") and "USING" not in step and "json_each" not in step and "processes" not in step
    ]
    assert whole == []


def test_a_whole_table_would_be_noticed(sqlite_ready: str) -> None:
    """The test above sees a statement that no index helps."""
    assert "SCAN outgoing" in plan(sqlite_ready, sa.select(outgoing.c.id).where(among(outgoing.c.kind)))
