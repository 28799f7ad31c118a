"""Encryption at rest: Fernet for what a person wrote, keyed hashes for what must be found again."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import InvalidKey, WrongKey

_MOST_RECENT = 1000  # some hundred conversations are under way at most; 2 MB at most
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_HASH_BYTES = 16  # 128 bits: no collisions in practice, half the index


_dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_ascii = json.JSONEncoder(separators=(",", ":")).encode  # three times as long for emoji; takes what is no Unicode too


def new_key() -> str:
    """Give a fresh Fernet key."""
    return Fernet.generate_key().decode()


def split_keys(text: str) -> tuple[str, ...]:
    """Give the comma-separated keys, newest first. Raises InvalidKey, without showing the key."""
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    if not keys:
        raise InvalidKey("the data key is empty: it must hold at least one Fernet key")
    for number, key in enumerate(keys, start=1):
        if not _KEY.fullmatch(key):  # Fernet itself reads past what is no base64: another key behind a semicolon, say
            raise InvalidKey(
                f"data key number {number} is not a Fernet key (32 bytes as 44 characters of url-safe base64)"
            )
    return keys


class DataKeys:
    """
    Encrypts and decrypts JSON with the data keys, and makes keyed hashes.

    ``changed`` gives the keys anew when they changed (in the key file, say), else None: it is asked by ``refresh``, and
    when a value cannot be opened.
    """

    def __init__(self, text: str, *, changed: Callable[[], str | None] = lambda: None) -> None:
        self._keys = split_keys(text)
        self._fernet = MultiFernet([Fernet(key) for key in self._keys])
        self._changed = changed
        self._hash_key = b""
        self._recent: dict[str, str] = {}  # token -> JSON

    def seal(self, value: Any, *, again: bool = False) -> str:
        """Encrypt a JSON value with the newest key; ``again``: it will soon be opened again, so it is remembered."""
        text = _written(value)
        token = self._fernet.encrypt(text.encode()).decode()
        if again:
            self._recent[token] = text
            if len(self._recent) > _MOST_RECENT:
                del self._recent[next(iter(self._recent))]
        return token

    def open(self, token: str) -> Any:
        """Decrypt what ``seal`` gave. Raises WrongKey when no key fits."""
        recent = self._recent.get(token)
        if recent is not None:
            return json.loads(recent)
        try:
            return json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            self.refresh()
        try:
            return json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            raise WrongKey("a stored value was encrypted with a key that DATA_KEY does not hold") from None

    def readable(self, token: str) -> Any:
        """Decrypt what ``seal`` gave; None for what no key opens, or what is garbled."""
        try:
            return self.open(token)
        except Exception:
            return None

    def forget(self) -> None:
        """Remember nothing of what was sealed."""
        self._recent.clear()

    def refresh(self) -> None:
        """Take over the keys that are current now. Asked at every transaction, so it takes microseconds."""
        text = self._changed()
        if text is not None:
            self._keys = split_keys(text)
            self._fernet = MultiFernet([Fernet(key) for key in self._keys])

    def newest_opens(self, token: str) -> bool:
        """Whether the newest key made this token."""
        try:
            Fernet(self._keys[0]).decrypt(token)
        except (InvalidToken, ValueError):  # the latter: no token at all
            return False
        return True

    def rotated(self, token: str) -> str:
        """Give the same value, encrypted with the newest key. Raises WrongKey when no key fits."""
        try:
            return self._fernet.rotate(token).decode()
        except (InvalidToken, ValueError):
            raise WrongKey("a stored value was encrypted with a key that DATA_KEY does not hold") from None

    def use_hash_key(self, hash_key: str) -> None:
        """Set the key of the keyed hashes: hexadecimal, made by ``new_hash_key``, the same for a database's life."""
        self._hash_key = bytes.fromhex(hash_key)

    def hash(self, purpose: str, value: str) -> str:
        """Give 32 hex digits that only this database's key can make; another purpose gives another hash."""
        text = f"{purpose}\0{value}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._hash_key, digest_size=_HASH_BYTES).hexdigest()


def _written(value: Any) -> str:
    text = _dumps(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ascii(value)
    return text


def new_hash_key() -> str:
    """Give a fresh random key for the keyed hashes."""
    return secrets.token_hex(32)
