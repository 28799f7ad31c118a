"""The key file beside an SQLite database: made once, readable by its owner only, followed by programs that run."""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from storage.crypto import new_key, split_keys
from storage.errors import InvalidKey, NotWritable, StorageError, WrongKey
from storage.whole import draft_of

_LEFT_SECONDS = 3600.0  #: what a write left that was broken off; a younger one may still be under way


class KeyFile:
    """A key file as a program that runs sees it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None

    def changed(self) -> str | None:
        """Give the keys when the file was written since the latest look; None when not, or while it is of no use."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return None
        try:
            keys = ",".join(split_keys(present_key(self._path)))
        except StorageError:
            return None  # being moved or edited: the program goes on with the keys it has
        self._seen = stamp
        return keys

    def _stamp(self) -> tuple[int, ...] | None:
        """What differs when the file is written anew; None when it is not there."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def key_path(database: Path) -> Path:
    """Give the path of the key file that belongs to this database file."""
    return database.parent / "key"


def read_key(path: Path) -> str | None:
    """Give the keys in the file, newest first and comma-separated; None when there is no file."""
    try:
        return path.read_text("utf-8-sig").strip()  # an editor may have put a mark before it
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise InvalidKey(f"the key file {path} is not a text file") from None
    except OSError as error:
        raise NotWritable(f"the key file {path} cannot be read: {error.strerror}") from None


def make_key(path: Path) -> str:
    """
    Give the key in the file, made first when it is not there. Two that do so at once get the same key.

    A copy of it that a kill left beside it is removed by a later start: somebody may move the key elsewhere.
    """
    if read_key(path) is not None:
        _clear_leftovers(path)
    else:
        with _beside(path, new_key()) as temporary, contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # unlike a rename, it never replaces a key that is there
    return present_key(path)


def add_key(path: Path) -> str:
    """Put a fresh key in front of those in the file, and give them all. Raises WrongKey when there is no file."""
    keys = ",".join((new_key(), *split_keys(present_key(path))))
    with _beside(path, keys) as temporary:
        temporary.replace(path)
    return keys


def present_key(path: Path) -> str:
    """Give the keys in a file that must be there. Raises WrongKey."""
    key = read_key(path)
    if not key:
        raise WrongKey(f"the key file {path} is missing or empty")
    return key


@contextlib.contextmanager
def _beside(path: Path, keys: str) -> Iterator[Path]:
    """Give a file beside ``path`` that holds these keys, to be put in its place in the block; durable afterwards."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        _clear_leftovers(path)
        with draft_of(f"{keys}\n".encode(), temporary):
            yield temporary
            _sync_folder(path.parent)
    except OSError as error:
        raise NotWritable(f"the key file {path} cannot be written: {error.strerror}") from None


def _clear_leftovers(path: Path) -> None:
    """Remove what writes left that were broken off long ago: there are keys in it."""
    for left in path.parent.glob(f".{path.name}.{'?' * 12}"):
        with contextlib.suppress(OSError):  # gone already, or not ours to remove
            if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Let the file's name survive a power cut too, where the file system can do that."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)
