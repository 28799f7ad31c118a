"""A web session: a token that only we can mint, which names the chat. What is stored is which of them have ended."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.dialogue.events import chat_address

_TOKEN = re.compile(
    r"([A-Za-z0-9_-]{43}~([0-9a-f]{8,10})~([a-z]{0,8})~([A-Za-z0-9_-]{0,64}))\.([A-Za-z0-9_=-]{16,128})"
)
_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_AHEAD = timedelta(minutes=10)  #: how far another process's clock may be ahead


@dataclass(frozen=True, kw_only=True)
class Session:
    """One visitor's conversation."""

    token: str
    chat: str  #: "web:<32 hexadecimal digits>"
    language: str | None = None  #: as asked for when the session was made
    source: str | None = None  #: where the visitor came from, as said when the session was made


def clean_source(value: object) -> str | None:
    """A source as it may be kept with a lead; None when it is none."""
    return value if isinstance(value, str) and _SOURCE.fullmatch(value) else None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Sessions:
    """
    Mints and reads tokens: random text, the time of making, language and source, a dot, and our keyed hash of it all.

    A token is good for ``days``, counted by us: what a browser does with its cookie is the browser's.
    """

    def __init__(
        self, keyed_hash: Callable[[str, str], str], *, days: int = 90, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._keyed_hash = keyed_hash
        self.life = timedelta(days=days)
        self._now = now

    def mint(self, *, language: str | None = None, source: str | None = None) -> Session:
        """A new session that nobody can guess."""
        made = f"{int(self._now().timestamp()):08x}"
        value = f"{secrets.token_urlsafe(32)}~{made}~{language or ''}~{source or ''}"
        return _session(f"{value}.{self._sign(value)}", language, source)

    def read(self, token: str) -> Session | None:
        """The session of this token; None when we did not mint it, or when its time is up."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        value, made, language, source, mark = found.groups()
        if not hmac.compare_digest(mark.encode(), self._sign(value).encode()):
            return None
        age = self._now() - datetime.fromtimestamp(int(made, 16), UTC)
        if not -_AHEAD <= age < self.life:
            return None
        return _session(token, language or None, source or None)

    def _sign(self, value: str) -> str:
        return self._keyed_hash("session", value)


def _session(token: str, language: str | None, source: str | None) -> Session:
    chat = chat_address("web", hashlib.sha256(token.encode()).hexdigest()[:32])
    return Session(token=token, chat=chat, language=language, source=source)
