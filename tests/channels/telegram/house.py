"""The channel's surroundings, small: a desk that keeps events, and a way to send."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self, cast

from bot.channels.telegram import TelegramChannel, TelegramSettings, WebhookAddress
from bot.dialogue.events import Event
from bot.outbox import StaffAddress
from bot.turns.batch import Answer
from bot.wording.records import TelegramTexts
from storage.contents import Edit, from_stored
from storage.records import Outgoing
from tests.botapi import BotApi

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
TEXTS = {
    "nl": TelegramTexts(
        description="Een bot om te proberen.",
        short_description="De cursusbot",
        commands={"start": "Begin", "help": "Hulp"},
        staff_commands={"leads": "Aanmeldingen"},
    ),
    "en": TelegramTexts(
        description="A bot to try.",
        short_description="The course bot",
        commands={"start": "Begin", "help": "Help"},
        staff_commands={"leads": "Sign-ups"},
    ),
}


class FakeDesk:
    """Keeps what was submitted; fails as often as ``failures`` says."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failures = 0
        self.tried = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.came = asyncio.Event()

    async def submit(self, events: Sequence[Event]) -> Sequence[Answer]:
        self.tried += 1
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.events.extend(events)
        self.came.set()
        self.came = asyncio.Event()
        return ()

    async def gets(self, count: int = 1, *, within: float = 20) -> list[Event]:
        """Wait until so many events were stored; give them all."""
        async with asyncio.timeout(within):
            while len(self.events) < count:
                await self.came.wait()
        return self.events


@dataclass(kw_only=True)
class House:
    """The channel as the program runs it. ``async with`` starts it; ``running=False`` leaves that to the test."""

    server: BotApi
    staff_chat: int | None = None
    rate: float = 0.0
    webhook: WebhookAddress | None = None
    token: str | None = None
    answer_seconds: float = 5.0
    api_url: str | None = None  #: None: the server's own
    proxy: str | None = None
    desk: FakeDesk = field(default_factory=FakeDesk)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._task: asyncio.Task[None] | None = None
        self.staff = StaffAddress(f"telegram:{self.staff_chat}" if self.staff_chat else None)
        self.channel = TelegramChannel(
            TelegramSettings(
                token=self.token or self.server.token,
                api_url=self.api_url or self.server.url,
                proxy=self.proxy,
                rate=self.rate,
                webhook=self.webhook,
                answer_seconds=self.answer_seconds,
            ),
            cast(Any, self.desk),
            TEXTS,
            staff=self.staff,
            now=lambda: NOW,
        )

    async def __aenter__(self) -> Self:
        await self.channel.start()
        self._task = asyncio.create_task(self.channel.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.stop()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.channel.close()

    def message(self, chat: int, **stored: Any) -> Outgoing:
        """A message for that chat, as the outbox would hold it."""
        plain: dict[str, Any] = {
            "html": "Hallo",
            "buttons": [],
            "keyboard": "unchanged",
            "share_label": None,
            "file": None,
        }
        return Outgoing(
            lane=f"telegram:{chat}",
            kind="telegram",
            content=from_stored({"do": "send", **plain, **stored}),
            created_at=NOW,
            id=next(self._numbers),
        )

    async def send(self, chat: int, **stored: Any) -> Mapping[str, Any]:
        """Send it now, as the outbox would."""
        return await self.channel.sender.send(self.message(chat, **stored))

    async def edit(self, chat: int, message_id: int, html: str | None) -> Mapping[str, Any]:
        """Change a message now, as the outbox would."""
        message = self.message(chat)
        return await self.channel.sender.send(replace(message, content=Edit(message_id=message_id, html=html)))


async def until(condition: Any, *, within: float = 20) -> None:
    """Wait, bounded, until the condition holds."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)
