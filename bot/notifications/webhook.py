"""
Posts leads to a CRM: JSON, with a key by which a repeated call is recognised, signed together with key and time.

The signature is that of Standard Webhooks (https://www.standardwebhooks.com), for which receivers find libraries.
"""

import base64
import hashlib
import hmac
import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.dialogue.jsontext import json_text
from bot.outbox import Later, Refused
from storage.contents import Hook
from storage.records import Outgoing

TIMEOUT = 15.0  #: seconds for a whole call
LONGEST_WAIT = 3600.0  #: seconds; what the other side may make us wait
SHORTEST_WAIT = 1.0  #: seconds; "at once" would be without end
_PASSING = frozenset({407, 408, 425, 429})


class LeadWebhook:
    """A sender of leads to one https address."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        timeout: float = TIMEOUT,
        proxy: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``proxy``: the address of the proxy that the hook is reached through; ``clock`` gives seconds since 1970."""
        self._url = url
        self._proxy = proxy
        self._secret = secret
        self._timeout = timeout
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Post one lead. Raises Later (not reached, 5xx, 429) or Refused (any other answer than 2xx)."""
        call = message.content_as(Hook)
        body = body_of(call.body)
        headers = self._headers(call.idempotency_key, body)
        try:
            async with self._open().post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                _judge(answer.status, answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Later(None, f"the lead webhook is out of reach ({type(error).__name__})") from None
        return None

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        at = int(self._clock())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Webhook-Id": key,
            "Webhook-Timestamp": str(at),
            "Webhook-Signature": signature(key, at, body, self._secret),
            "X-Signature-256": body_signature(body, self._secret),
        }

    async def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "course-bot"},
                proxy=self._proxy,
            )
        return self._session


def body_of(record: Mapping[str, Any]) -> bytes:
    """The bytes that are sent and signed: the same for the same record."""
    return json_text(record).encode()


def signature(key: str, at: int, body: bytes, secret: str) -> str:
    """``v1,<base64>``: the HMAC over key, time (seconds since 1970) and raw body, as Standard Webhooks has it."""
    signed = f"{key}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def body_signature(body: bytes, secret: str) -> str:
    """``sha256=<hex>``: the HMAC over the raw body alone, for receivers built before the other was there."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _judge(status: int, retry_after: str | None) -> None:
    """Return when the call was taken. Raises Later or Refused."""
    if 200 <= status < 300:
        return
    reason = f"the lead webhook answered {status}"
    if status >= 500 or status in _PASSING:
        raise Later(seconds_of(retry_after), reason)
    raise Refused(reason)


def seconds_of(retry_after: str | None) -> float | None:
    """What a Retry-After header asks for, from a second to an hour; None when it asks for nothing."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT) if math.isfinite(seconds) else None
