"""A lock beside an SQLite file: one program runs on it at a time. It goes when the process does, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import InUse, NotWritable
from storage.sqlite_file import prepare_file


@contextmanager
def alone_on(database: Path) -> Iterator[None]:
    """Hold the lock of this database file while the block lasts. Raises InUse, or NotWritable."""
    path = database.with_name(f"{database.name}.lock")
    prepare_file(path)
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"another program runs on {database}") from None
        except OSError as error:
            advice = "put the database on a local disk"
            raise NotWritable(f"{database} cannot be locked ({error.strerror}): {advice}") from None
        file.truncate()
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def holder(database: Path) -> int | None:
    """The process that holds the lock of this database file; None when nobody does."""
    path = database.with_name(f"{database.name}.lock")
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(path.read_bytes() or b"0") or None
    except OSError:
        return None
    return None
