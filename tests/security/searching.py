"""Looks for somebody's words in all that is stored, with the key beside it: as a thief of the whole machine could."""

import asyncio
import base64
import contextlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from storage.tables import metadata

TOKEN = re.compile(rb"gAAAA[A-Za-z0-9_-]{59,}")  #: how Fernet's tokens begin in this century, with one block at least


def words_in_tables(url: str, key: str) -> dict[str, str]:
    """All that the tables hold, opened where it is sealed: "table.column" -> its texts."""
    found: dict[str, list[str]] = {}
    for table in metadata.tables.values():
        for row in _rows(url, table.name, [column.name for column in table.columns]):
            for column, value in zip(table.columns, row, strict=True):
                found.setdefault(f"{table.name}.{column.name}", []).append(opened(value, key))
    return {name: "\n".join(values) for name, values in found.items()}


def _rows(url: str, table: str, columns: Sequence[str]) -> Sequence[Sequence[Any]]:
    statement = f"SELECT {', '.join(columns)} FROM {table}"
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(url) as connected:
        return connected.execute(statement.encode()).fetchall()


def opened(value: object, key: str) -> str:
    """A value as text, opened where it is a token."""
    text = "" if value is None else str(value)
    try:
        return Fernet(key).decrypt(text).decode()
    except (InvalidToken, ValueError):
        return text


def words_in_bytes(content: bytes, key: str) -> str:
    """What the key opens of raw bytes: whole tokens, and the beginnings that were left of others."""
    return "\n".join(_begin(token[0], key) for token in TOKEN.finditer(content))


def _begin(token: bytes, key: str) -> str:
    """What the first blocks of a token say; whether it is whole does not matter (RFC 2315's padding neither)."""
    data = base64.urlsafe_b64decode(token[: len(token) // 4 * 4])
    secret, start, sealed = base64.urlsafe_b64decode(key)[16:], data[9:25], data[25:]
    opener = Cipher(AES(secret), CBC(start)).decryptor()
    return opener.update(sealed[: len(sealed) // 16 * 16]).decode("latin-1")


def files_of(folder: Path) -> Iterator[Path]:
    """Every file that the program made; a folder may just be put in another's place."""
    return (Path(where, name) for where, _, names in os.walk(folder) for name in names)


def bytes_of(path: Path) -> bytes:
    """
    What stands in a file, nothing where it went meanwhile; in a database's as another process reads it.

    SQLite's locks are the process's: they are lost once it closes a file of its own on the database.
    """
    if ".db" in path.name:
        return subprocess.run(["cat", path], capture_output=True, check=False).stdout
    return path.read_bytes() if path.is_file() else b""


def holding(words: Iterable[str], text: str) -> list[str]:
    """Which of these words the text holds, however they are capitalised."""
    return [word for word in words if word.lower() in text.lower()]


async def gone(texts: Any, word: str, seconds: float = 90.0) -> None:
    """
    Wait until none of the named texts that ``texts()`` gives holds this word; else fail with their names.

    What was removed is overwritten after a rest of a minute at most, where that took long before.
    """
    left: list[str] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while left := [name for name, text in texts().items() if holding([word], text)]:
                await asyncio.sleep(0.05)
    assert not left, f"{word} is still in {left}"
