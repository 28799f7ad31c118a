"""The webhook: the endpoint Telegram posts to, and the watch over its being set."""

import asyncio
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, WebhookInfo

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.translate import ALLOWED_UPDATES
from bot.channels.telegram.trouble import Trouble, wait

log = structlog.get_logger()

PATH = "/telegram/webhook"
BODY_LIMIT = 1_000_000  #: bytes; the longest update is a tenth of it
WATCH_SECONDS = 60.0
DOUBT_SECONDS = 3.0  #: until the next look, after Telegram met an error
RECENT_SECONDS = 180.0
_SHOWN_IN = "x-telegram-bot-api-secret-token"


@dataclass(frozen=True, kw_only=True)
class WebhookAddress:
    """Where Telegram posts updates, and the secret it shows."""

    root: str  #: public https root of this program
    secret: str

    @property
    def url(self) -> str:
        """The full address."""
        return self.root.rstrip("/") + PATH


class Webhook:
    """``routes`` receive; ``run`` sees to it that Telegram posts there."""

    def __init__(self, bot: Bot, address: WebhookAddress, intake: Intake) -> None:
        self._bot = bot
        self._address = address
        self._intake = intake
        self._save = Trouble("saving updates")
        self._watch = Trouble("setWebhook")
        self._delivery = Trouble("webhook delivery")
        self._error_at = 0.0  #: when Telegram met the latest error that we know of
        self._set_at = 0.0
        self._stopping = asyncio.Event()

    def routes(self) -> list[Route]:
        """The endpoint."""
        return [Route(PATH, self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """200 when the update is stored with its answer, or is none of ours; 503 asks Telegram to post it again."""
        shown = request.headers.get(_SHOWN_IN, "")
        if not hmac.compare_digest(shown.encode(), self._address.secret.encode()):
            return Response(status_code=401)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        return Response(status_code=200 if await self._take(body) else 503)

    async def _take(self, body: bytes) -> bool:
        """Whether this may be confirmed."""
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        if not isinstance(update, dict):
            log.warning("telegram_update_not_read", error="not a JSON object")
            return True
        try:
            await self._intake.take([update])
        except Exception as problem:
            self._save.pause(type(problem).__name__)
            return False
        self._save.over()
        return True

    def health(self) -> str | None:
        """What has kept Telegram from delivering updates for more than one try; None when they come."""
        for trouble in (self._watch, self._delivery):
            if trouble.lasts:
                return trouble.reason
        return None

    async def run(self) -> None:
        """Set the webhook where it differs, and look every minute whether it still stands and works."""
        while not self._stopping.is_set():
            try:
                await self._look()
                self._watch.over()
                seconds = DOUBT_SECONDS if self._delivery.reason else WATCH_SECONDS
            except Exception as problem:
                seconds = self._watch.pause_after(problem)
            await wait(self._stopping, seconds)

    async def stop(self) -> None:
        """End ``run``."""
        self._stopping.set()

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        if self._differs(info):
            log.info("telegram_webhook_set")
            await self._bot.set_webhook(
                self._address.url, allowed_updates=ALLOWED_UPDATES, secret_token=self._address.secret
            )
            self._set_at = time.time()
        self._judge(info)

    def _judge(self, info: WebhookInfo) -> None:
        """Whether what Telegram met when it delivered is over, or met once more."""
        reason, at = _failing(info, self._set_at), _failed_at(info)
        if reason is None:
            self._delivery.over()
        elif at > self._error_at:
            self._delivery.pause(reason)
        self._error_at = at

    def _differs(self, info: WebhookInfo) -> bool:
        """Whether it is set otherwise; Telegram does not show the secret, but an old one shows in its errors."""
        secret_is_old = _failed_at(info) > self._set_at and "401" in (info.last_error_message or "")
        kinds: Sequence[str] = info.allowed_updates or ()
        return secret_is_old or info.url != self._address.url or set(kinds) != set(ALLOWED_UPDATES)


async def _body(request: Request) -> bytes | None:
    """The body; None when it is over the limit, or was not sent to the end."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > BODY_LIMIT:
                return None
            parts.append(part)
    except ClientDisconnect:
        return None
    return b"".join(parts)


def _failing(info: WebhookInfo, since: float) -> str | None:
    """What Telegram met when it delivered lately, if something still waits."""
    failed = _failed_at(info)
    if info.pending_update_count and failed > max(since, time.time() - RECENT_SECONDS):
        return f"Telegram cannot deliver updates: {info.last_error_message}"
    return None


def _failed_at(info: WebhookInfo) -> float:
    return info.last_error_date.timestamp() if info.last_error_date else 0.0
