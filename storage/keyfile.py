"""The key file beside an SQLite database: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path

from storage.crypto import new_key, split_keys
from storage.errors import NotWritable, WrongKey

_OWNER_ONLY = 0o600


def key_path(database: Path) -> Path:
    """Give the path of the key file that belongs to this database file."""
    return database.parent / "key"


def read_key(path: Path) -> str | None:
    """Give the keys in the file, newest first and comma-separated; None when there is no file."""
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotWritable(f"the key file {path} cannot be read: {error.strerror}") from None


def make_key(path: Path) -> str:
    """Give the key in the file, made first when it is not there. Two that do so at once get the same key."""
    temporary = _written(path, new_key() + "\n")
    try:
        os.link(temporary, path)  # unlike a rename, it never replaces a key that is there
    except FileExistsError:
        pass
    except OSError as error:
        raise NotWritable(f"the key file {path} cannot be made: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return present_key(path)


def add_key(path: Path) -> str:
    """Put a fresh key in front of those in the file, and give them all. Raises WrongKey when there is no file."""
    keys = ",".join((new_key(), *split_keys(present_key(path))))
    _replace(path, keys)
    return keys


def drop_old_keys(path: Path) -> str:
    """Keep only the newest key in the file, and give it. Only after everything was encrypted anew with it."""
    newest = split_keys(present_key(path))[0]
    _replace(path, newest)
    return newest


def present_key(path: Path) -> str:
    """Give the keys in a file that must be there. Raises WrongKey."""
    key = read_key(path)
    if not key:
        raise WrongKey(f"the key file {path} is missing or empty")
    return key


def _replace(path: Path, keys: str) -> None:
    """Put these keys in the file, whole or not at all."""
    try:
        _written(path, keys + "\n").replace(path)
    except OSError as error:
        raise NotWritable(f"the key file {path} cannot be written: {error.strerror}") from None


def _written(path: Path, text: str) -> Path:
    """Give a new file beside ``path`` that holds the text, durably, for its owner only."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotWritable(f"the folder {path.parent} cannot be written: {error.strerror}") from None
    return temporary
