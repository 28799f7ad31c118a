"""
What SQLite's errors mean for us: does it refuse this very data, or could it not keep it now.

Only what names the data or our statement is a refusal. All else (locked, full, unreadable, damaged, read-only, no
files or memory left, closed) is the state of file and machine, under which the same may work later.
Codes: https://sqlite.org/rescode.html
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import Rejected, Unavailable

#: results that say that the data is wrong, breaks a rule, or is too much
_REFUSED = frozenset({sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE})
#: results after which the file is better opened anew
_LOST = frozenset({
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
#: what a wrong statement (SQLITE_ERROR) is said to be that is about the file all the same: it is being restored, or the
#: transaction was undone under our hands
_STATE = ("no such table", "cannot commit", "cannot rollback", "cannot start a transaction", "no transaction is active")


def is_refusal(error: sqlite3.Error) -> bool:
    """Whether SQLite refuses this very data, so that the same would fail again."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the driver itself: a value it cannot send, or a connection that is closed
        return isinstance(error, sqlite3.InterfaceError | sqlite3.ProgrammingError) and "closed" not in str(error)
    if code & 0xFF == sqlite3.SQLITE_ERROR:
        return not str(error).startswith(_STATE)
    return code & 0xFF in _REFUSED


def is_lost(error: BaseException | None) -> bool:
    """Whether the connection is better opened anew: the file was replaced, or could not be read or written."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _LOST


def is_shortage(error: BaseException | None) -> bool:
    """Whether a connection could not be opened though the file may be well: no files or threads left."""
    return isinstance(error, RuntimeError) or getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CANTOPEN


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the driver raises into errors of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise (Rejected if is_refusal(error) else Unavailable)(str(error)) from error
    except RuntimeError as error:
        if "thread" not in str(error):  # can't start new thread
            raise
        raise Unavailable(str(error)) from error
    except MemoryError as error:  # SQLITE_NOMEM
        raise Unavailable("out of memory") from error
    except ValueError as error:  # aiosqlite, of a connection whose thread has ended
        if "connection" not in str(error).lower():
            raise
        raise Unavailable(str(error)) from error
