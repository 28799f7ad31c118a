"""The SQLite database as a file: made for its owner only, and copied whole."""

import contextlib
import os
import sqlite3
from pathlib import Path

from storage.errors import NotWritable, Unavailable

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700


def prepare_file(path: Path) -> None:
    """
    Make the folder and an empty database file for its owner only, where they are not there yet.

    SQLite gives its WAL the rights of the file. Raises NotWritable.
    """
    try:
        path.parent.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        raise NotWritable(f"the database file {path} cannot be written: {error.strerror}") from None


def copy_whole(source_path: Path, path: Path) -> None:
    """
    Copy the database at ``source_path`` to ``path``, while others write: one moment's state, whole or not at all.

    Raises NotWritable or Unavailable.
    """
    if _is_same(source_path, path):
        raise NotWritable(f"the backup {path} would replace the database itself")
    part = path.with_name(path.name + ".part")
    with contextlib.suppress(OSError):
        part.unlink()  # of a backup that was broken off
    prepare_file(part)
    source, target = sqlite3.connect(source_path), sqlite3.connect(part)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise Unavailable(f"the backup failed: {error}") from error
    finally:
        target.close()
        source.close()
    try:
        part.replace(path)
    except OSError as error:
        part.unlink()
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None


def _is_same(source_path: Path, path: Path) -> bool:
    """Whether both paths lead to one file. Raises NotWritable where nothing can be known of the second."""
    try:
        return path.exists() and path.samefile(source_path)
    except OSError as error:
        raise NotWritable(f"the backup {path} cannot be written: {error.strerror}") from None
