"""
What a removal leaves in an SQLite file: overwritten.

The log beside it holds pages as they were before. And ``secure_delete`` overwrites a row where it was removed, but not
the copies of it that stay between the rows of a page when SQLite divides or joins pages: some in a thousand removals.
"""

import contextlib
import sqlite3
from pathlib import Path

from storage.sqlite_engine import PRAGMAS

LARGEST = 64 * 2**20  #: bytes of a file that is made anew: nobody can write meanwhile, which is a third of a second


def overwrite_rests(path: Path, *, patience: float, largest: int = LARGEST) -> bool:
    """
    Make the file anew with what is in it, and cut its log to nothing; whether both could be done.

    A file larger than ``largest`` bytes is left as it is, but for its log: others would wait too long.

    They cannot while somebody reads an older state (a backup, say) or writes for longer than ``patience`` seconds.
    https://www.sqlite.org/lang_vacuum.html; https://www.sqlite.org/pragma.html#pragma_wal_checkpoint, TRUNCATE.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
            for pragma in PRAGMAS:  # what is written into the file is written as always: synced, removed overwritten
                connection.execute(f"PRAGMA {pragma}")
            made_anew = path.stat().st_size > largest or _made_anew(connection)
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of it, while others write
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (sqlite3.Error, OSError):
        return False
    return made_anew and not busy


def _made_anew(connection: sqlite3.Connection) -> bool:
    """Make the file anew; whether there was room and time for it."""
    try:
        connection.execute("VACUUM")
    except sqlite3.Error:
        return False
    return True
