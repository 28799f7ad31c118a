"""The SQLite database as a file: made for its owner only, and copied whole."""

import contextlib
import errno
import os
import sqlite3
from pathlib import Path

from storage.errors import NoDatabase, NotWritable, Unavailable

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
#: how a database file begins, and where it says that it has a log beside it; https://sqlite.org/fileformat.html
_MAGIC, _HEADER, _READ_VERSION, _WAL = b"SQLite format 3\0", 100, 19, 2


def prepare_file(path: Path) -> None:
    """
    Make the folder and an empty database file for its owner only, where they are not there yet.

    SQLite gives its WAL the rights of the file. Raises NotWritable.
    """
    try:
        path.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        if not _is_in_use(path):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        raise NotWritable(f"the database file {path} cannot be written: {error.strerror}") from None


def look_at_file(path: Path, *, make: bool) -> None:
    """
    See that the file is a database of this program, or may become one: before anything is changed in it.

    ``make``: whether it may be made. Raises NoDatabase or NotWritable.
    """
    try:
        size = path.stat().st_size if path.exists() else 0
        odd = path.exists() and not path.is_file()
        begins = _start(path) if size and not odd and not _is_in_use(path) else b""
    except OSError as error:
        raise NotWritable(f"the database file {path} cannot be read: {error.strerror}") from None
    if odd:
        raise NotWritable(f"the database file {path} cannot be written: it is not a file")
    if not size and not make:
        advice = "see DATABASE_URL, and the folder you are in; only `run` and `migrate` make one"
        raise NoDatabase(f"there is no database {path}: {advice}")
    if begins and not begins.startswith(_MAGIC):
        raise NoDatabase(f"{path} is no database of this program, but another file")
    if begins and begins[_READ_VERSION] != _WAL and _is_another_programs(path):
        raise NoDatabase(f"{path} is a database of another program: name another file")


def _is_in_use(path: Path) -> bool:
    """
    Whether a database has its log beside it: somebody has it open, this very process maybe, or had it when it ended.

    SQLite's locks are the process's: all are lost once it closes a file of its own on the database, and another process
    takes itself for the last one then, and the log away. https://www.sqlite.org/howtocorrupt.html, 2.2
    """
    return path.exists() and path.with_name(f"{path.name}-wal").exists()


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER)


def _is_another_programs(path: Path) -> bool:
    """Whether a database that we did not leave as it is has tables, and none of ours; it is not touched."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return False  # who opens it to write says what is wrong with it
    return bool(names) and "alembic_version" not in names


def copy_whole(source_path: Path, path: Path) -> None:
    """
    Copy the database at ``source_path`` to ``path``, while others write: one moment's state, whole or not at all.

    Raises NotWritable or Unavailable.
    """
    if _is_same(source_path, path):
        raise NotWritable(f"the backup {path} would replace the database itself")
    if not _may_go(path):
        raise NotWritable(f"the backup {path} would replace what is no database: name another file")
    part = path.with_name(path.name + ".part")
    with contextlib.suppress(OSError):
        part.unlink()  # of a backup that was broken off
    prepare_file(part)
    try:
        _copy_rows(source_path, part)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise Unavailable(f"the backup failed: {error}") from error
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink()
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None


def _copy_rows(source_path: Path, path: Path) -> None:
    """Copy what is stored into an empty file, not the pages as they are: these may hold rests of what was removed."""
    with contextlib.closing(sqlite3.connect(source_path, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", [str(path)])
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def _may_go(path: Path) -> bool:
    """Whether a backup may take this place: nothing is there, or an earlier one. Raises NotWritable."""
    try:
        if not path.exists():
            return True
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with path.open("rb") as file:
            return path.is_file() and file.read(len(_MAGIC)) in (b"", _MAGIC)
    except OSError as error:
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None


def _is_same(source_path: Path, path: Path) -> bool:
    """Whether both paths lead to one file. Raises NotWritable where nothing can be known of the second."""
    try:
        return path.exists() and path.samefile(source_path)
    except OSError as error:
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None
