"""SQLite's write-ahead log, emptied: until then it holds pages as they were before something was removed."""

import contextlib
import sqlite3
from pathlib import Path

from storage.sqlite_engine import PRAGMAS


def empty_log(path: Path, *, patience: float) -> bool:
    """
    Write what the log holds into the file, and cut the log to nothing; whether that could be done.

    It cannot while somebody reads an older state (a backup, say) or writes for longer than ``patience`` seconds.
    https://www.sqlite.org/pragma.html#pragma_wal_checkpoint, TRUNCATE.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
            for pragma in PRAGMAS:  # what is written into the file is written as always: synced, removed overwritten
                connection.execute(f"PRAGMA {pragma}")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy
