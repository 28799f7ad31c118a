"""The Telegram channel as a whole: what the rest of the program starts, runs, asks for its health, and stops."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from starlette.routing import Route
from telegram import Bot
from telegram.error import InvalidToken

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import words
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.outage import Outage
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.request import READ_SECONDS, AiohttpRequest
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.setup import Introduction, TokenRefused
from bot.channels.telegram.translate import Here, Migrated, address, chat_id
from bot.channels.telegram.webhook import Webhook, WebhookAddress
from bot.outbox import StaffAddress
from bot.outbox.pauses import happens_within
from bot.turns.desk import Desk
from bot.wording.records import TelegramTexts

log = structlog.get_logger()

STOP_SECONDS = 4.0
MEET_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class TelegramSettings:
    """What the channel is set up with."""

    token: str
    api_url: str = "https://api.telegram.org"
    rate: float = 30.0  #: messages a second in all; 0: no limits of our own
    webhook: WebhookAddress | None = None  #: None: long polling
    answer_seconds: float = READ_SECONDS  #: how long a call may take
    proxy: str | None = None  #: the address of the proxy that the Bot API is reached through


class TelegramChannel:
    """Start, then run as a task until stopped. Its ``sender`` is for the outbox, its ``routes`` for the web server."""

    def __init__(
        self,
        settings: TelegramSettings,
        desk: Desk,
        texts: Mapping[str, TelegramTexts],
        *,
        staff: StaffAddress,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``texts`` by language, the default one first."""
        self._staff = staff
        self._username: str | None = None
        self._met = False
        self._stopping, self._changed = asyncio.Event(), asyncio.Event()
        self._request = AiohttpRequest(settings.answer_seconds, proxy=settings.proxy)
        self._bot = _bot(settings, self._request)
        self._api = Api(self._request, self._bot.base_url)
        self._intake = Intake(self._api, desk, here=self._here, now=now, on_migrated=self._on_migrated)
        self._receiver = self._make_receiver(settings)
        self._introduction = Introduction(self._bot, texts, staff=staff, on_migrated=self._on_migrated)
        self._contact = Outage("contact")
        self.sender = TelegramSender(self._api, Limits(settings.rate), staff)

    @property
    def routes(self) -> list[Route]:
        """The webhook's endpoint; nothing when polling."""
        return self._receiver.routes() if isinstance(self._receiver, Webhook) else []

    def health(self) -> str | None:
        """Why updates do not come in, in one line; None when they do."""
        if self._contact.reason or not self._met:
            return self._contact.reason or "Telegram was not reached yet"
        return self._receiver.health()

    async def start(self) -> None:
        """Make contact. Raises TokenRefused; when Telegram is out of reach, ``run`` goes on trying."""
        try:
            await self._meet()
        except InvalidToken:
            await self._request.shutdown()
            raise TokenRefused from None
        except Exception as problem:
            self._contact.pause_after(problem)

    async def run(self) -> None:
        """Receive until stopped. Never ends by itself, whatever Telegram or the database do."""
        if not self._met:
            await self._persist(self._contact, self._meet)
        introduction = asyncio.create_task(self._introduce())
        try:
            if isinstance(self._receiver, Polling):
                await self._persist(self._contact, self._receiver.leave_webhook)
            await self._receiver.run()
        finally:
            introduction.cancel()
            await asyncio.gather(introduction, return_exceptions=True)

    def introduce(self, texts: Mapping[str, TelegramTexts]) -> None:
        """Have Telegram show these texts of the bot."""
        self._introduction.show(texts)
        self._changed.set()

    async def _introduce(self) -> None:
        """Have Telegram show what is said of the bot, each time that changes."""
        while True:
            self._changed.clear()
            await self._persist(Outage("setup"), self._introduction.make)
            await self._changed.wait()

    async def stop(self) -> None:
        """Finish the updates in hand, within a few seconds; then ``run`` returns. Sending goes on until ``close``."""
        self._stopping.set()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._receiver.stop()
        except TimeoutError:
            log.warning("telegram_stop_took_too_long")

    async def close(self) -> None:
        """Close the connections; after the outbox has stopped."""
        await self._intake.close()
        await self._request.shutdown()

    def _make_receiver(self, settings: TelegramSettings) -> Polling | Webhook:
        if settings.webhook:
            return Webhook(self._api, settings.webhook, self._intake)
        return Polling(self._api, self._intake)

    def _here(self) -> Here:
        return Here(staff_chat=chat_id(self._staff.now), username=self._username)

    def _on_migrated(self, moved: Migrated) -> None:
        if self._staff.moved(address(moved.old), address(moved.new)):
            log.warning("telegram_staff_chat_moved", now=moved.new, advice="set TELEGRAM_STAFF_CHAT_ID to it")

    async def _meet(self) -> None:
        me = await self._api.call("getMe", seconds=MEET_SECONDS)
        self._username = words(me, "username") or None
        self._met = True

    async def _persist(self, outage: Outage, step: Callable[[], Awaitable[object]]) -> None:
        while not self._stopping.is_set():
            try:
                await step()
            except Exception as problem:
                await happens_within(self._stopping, outage.pause_after(problem))
            else:
                outage.over()
                return


def _bot(settings: TelegramSettings, request: AiohttpRequest) -> Bot:
    """PTB's bot. Raises TokenRefused for a token that it will not even try."""
    logging.getLogger("telegram").setLevel(logging.WARNING)  # below that it logs the token and what people wrote
    try:
        return Bot(settings.token, f"{settings.api_url.rstrip('/')}/bot", request=request, get_updates_request=request)
    except InvalidToken:
        raise TokenRefused from None
