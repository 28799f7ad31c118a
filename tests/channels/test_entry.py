"""A channel is one entry: a toy that is added so, and nowhere else, carries a whole sign-up and is watched."""

import asyncio
import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.entry import Channel, Given
from bot.dialogue.channels import Traits
from bot.dialogue.events import Actor, Chosen, Typed, chat_address
from bot.settings import load_settings
from bot.wording.markup import to_text
from storage.contents import Send
from storage.records import Outgoing
from tests.frozen import FOR_PROGRAMS
from tests.journey.program import PATIENCE, free_port, serving
from tests.said import is_message

CHAT = chat_address("toy", "noor")


class Toy:
    """Tin cans with a string between them: what is said at one end is heard at the other."""

    def __init__(self) -> None:
        self.given: Given | None = None
        self.heard: list[Send] = []
        self.broken: str | None = None
        self._ids = itertools.count()

    def open(self, given: Given) -> Channel:
        """The one entry."""
        self.given = given
        return Channel(name="toy", traits=Traits(keeps_transcript=False), sender=self, health=lambda: self.broken)

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Hear a message."""
        assert isinstance(message.content, Send)
        self.heard.append(message.content)
        return None

    async def says(self, key: str, text: str = "", choice: str | None = None) -> Send:
        """Say something, or tap what has this id, and wait until a message with this key is heard."""
        assert self.given
        rest: dict[str, Any] = {"id": str(next(self._ids)), "chat": CHAT, "at": datetime.now(UTC), "language": "nl"}
        rest["actor"] = Actor(id=CHAT)
        await self.given.desk.submit([Chosen(button=choice, **rest) if choice else Typed(text=text, **rest)])
        async with asyncio.timeout(PATIENCE):
            while True:
                for one in self.heard:
                    if is_message(to_text(one.html), key, "nl"):
                        return one
                await asyncio.sleep(0.01)


def _button(message: Send, name: str) -> str:
    return next(button for row in message.buttons for button, _ in row if button.startswith(name))


async def test_a_toy_channel_signs_up(tmp_path: Path) -> None:
    """Who signs up through a channel that was added by one entry, without a label, gets thanks, and staff a lead."""
    toy = Toy()
    given = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "HTTP_PORT": str(free_port()),
        "MAIL_URL": f"file:{tmp_path}/mail",
        "MESSAGES_DIR": str(FOR_PROGRAMS),
    }
    settings = load_settings(given, env_file=None)
    async with serving(settings, (toy.open,)):
        await toy.says("signup/ask/interest", "/aanmelden")
        for key, text in (
            ("signup/ask/organisation_type", "crash course"),
            ("signup/ask/organisation", "gemeente"),
            ("signup/ask/name", "Gemeente Utrecht"),
            ("signup/ask/email", "Noor de Wit"),
        ):
            await toy.says(key, text)
        review = await toy.says("signup/review", "noor@utrecht.nl")
        await toy.says("signup/done", choice=_button(review, "signup:submit"))
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{settings.public_url}/readyz") as ready:
                assert (ready.status, (await ready.json())["checks"]["toy"]) == (200, "ok")
            toy.broken = "the string is torn"
            async with http.get(f"{settings.public_url}/readyz") as ready:
                assert ready.status == 503
                assert "the string is torn" in await ready.text()
