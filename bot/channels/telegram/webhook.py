"""The webhook: the endpoint Telegram posts to, and the watch over its being set."""

import asyncio
import hmac
import json
import time
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import Json, items, number, one_line, words
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.outage import Outage
from bot.channels.telegram.translate import ALLOWED_UPDATES
from bot.outbox.pauses import happens_within
from bot.web.body import read_body

log = structlog.get_logger()

PATH = "/telegram/webhook"
#: updates that Telegram may deliver at once, the most that the Bot API allows ("setWebhook"): as many as are answered
#: together, so that no chat waits behind others for its delivery
CONNECTIONS = 100
BODY_SECONDS = 15.0  #: how long a body may take to arrive
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

    def __init__(self, api: Api, address: WebhookAddress, intake: Intake) -> None:
        self._api = api
        self._address = address
        self._intake = intake
        self._save = Outage("saving updates")
        self._watch = Outage("setWebhook")
        self._delivery = Outage("webhook delivery")
        self._error_at = 0.0  #: when Telegram met the latest error that we know of
        self._set_at = 0.0
        self._stopping = asyncio.Event()

    def routes(self) -> list[Route]:
        """The endpoint that Telegram sends updates to."""
        return [Route(PATH, self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """200 when the update is stored with its answer, or is none of ours; 503 asks Telegram to post it again."""
        shown = request.headers.get(_SHOWN_IN, "")
        if not hmac.compare_digest(shown.encode(), self._address.secret.encode()):
            return Response(status_code=401)
        body = await read_body(request, most=BODY_LIMIT, seconds=BODY_SECONDS)
        return Response(status_code=200 if await self._take(body) else 503)

    async def _take(self, body: bytes) -> bool:
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
        for outage in (self._watch, self._delivery):
            if outage.lasts:
                return outage.reason
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
            await happens_within(self._stopping, seconds)

    async def stop(self) -> None:
        """Let ``run`` end, after what it is doing now; returns at once."""
        self._stopping.set()

    async def _look(self) -> None:
        info = await self._api.call("getWebhookInfo")
        self._judge(info)
        if self._differs(info):
            wanted = {"url": self._address.url, "allowed_updates": ALLOWED_UPDATES}
            more = {"max_connections": CONNECTIONS, "secret_token": self._address.secret}
            await self._api.call("setWebhook", wanted | more)
            log.info("telegram_webhook_set")
            self._set_at = time.time()

    def _judge(self, info: Json) -> None:
        """Whether what Telegram met when it delivered is over, or met once more."""
        reason, at = _failing(info, self._set_at), _failed_at(info)
        if reason is None:
            self._delivery.over()
        elif at > self._error_at:
            self._delivery.pause(reason)
        self._error_at = at

    def _differs(self, info: Json) -> bool:
        """
        Whether it is set otherwise, as far as we know.

        Telegram does not show the secret. So it is set at every start, for it may be a new one; later an old one shows
        in the errors that Telegram met.
        """
        secret_is_old = _failed_at(info) > self._set_at and "401" in words(info, "last_error_message")
        kinds = sorted(kind for kind in items(info, "allowed_updates") if isinstance(kind, str))
        set_otherwise = words(info, "url") != self._address.url or kinds != sorted(ALLOWED_UPDATES)
        return not self._set_at or secret_is_old or set_otherwise or number(info, "max_connections") != CONNECTIONS


def _failing(info: Json, since: float) -> str | None:
    """What Telegram met when it delivered lately, if something still waits."""
    failed = _failed_at(info)
    if number(info, "pending_update_count") and failed > max(since, time.time() - RECENT_SECONDS):
        return f"Telegram cannot deliver updates: {one_line(words(info, 'last_error_message')[:200])}"
    return None


def _failed_at(info: Json) -> float:
    return float(number(info, "last_error_date") or 0)
