"""
What PostgreSQL's errors mean for us: does it refuse this very data, or could it not keep it now.

Only what names the data or our statement is a refusal. All else (a failover, a pooler, no room, a lock, a right that
was taken away, an error that nobody here knows) is the server's own state, under which the same may work later.
Codes: appendix A of PostgreSQL's documentation, "PostgreSQL Error Codes".
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, PendingRollbackError, ResourceClosedError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.engine import reason
from storage.errors import Rejected, Unavailable

#: classes of codes: the data is wrong, breaks a rule, is too much for any server, or a statement of ours is wrong
_REFUSED = ("21", "22", "23", "42", "44", "54", "P0")
#: codes of those classes that say something of the server all the same: a pooler's session has other prepared
#: statements, a table is not there (a restore is under way), a right was taken away
_STATE = frozenset({"42P05", "42P01", "42501", "42P02"})
#: codes after which this connection, and all that were made before, are of no use: the server became a read-only
#: copy, is stopping or starting, or closes idle sessions; a pooler mixed up sessions
_LOST = frozenset({"25006", "57P01", "57P02", "57P03", "57P04", "57P05", "26000", "42P05"})
#: what server and pooler say who take no further connection; a refused connection has no code
_CROWDED = ("too many clients", "too many connections", "remaining connection slots", "no more connections allowed")


def is_refusal(error: BaseException) -> bool:
    """Whether the server refuses this very data, so that the same would fail again."""
    code = getattr(error, "sqlstate", None)
    if code is None:  # psycopg itself: a NUL in a text, a value or statement that cannot be sent
        return isinstance(error, psycopg.DataError | psycopg.ProgrammingError | psycopg.NotSupportedError)
    return code.startswith(_REFUSED) and code not in _STATE


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no further use, though it may still be open."""
    return getattr(error, "sqlstate", None) in _LOST


def is_crowded(error: BaseException) -> bool:
    """Whether a new connection is refused since there are too many: one of ours may be free in a moment."""
    return any(words in str(error) for words in _CROWDED)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the database library raises into errors of ours, without statements and values."""
    try:
        yield
    except DBAPIError as error:
        refused = not error.connection_invalidated and is_refusal(error.orig or error)
        raise (Rejected if refused else Unavailable)(reason(error)) from error
    except (PoolTimeoutError, PendingRollbackError, ResourceClosedError) as error:
        raise Unavailable(reason(error)) from error
    except SQLAlchemyError as error:
        raise Rejected(type(error).__name__) from error
    except (psycopg.Error, OSError) as error:  # connecting: no files left, no name found
        raise Unavailable(reason(error)) from error
