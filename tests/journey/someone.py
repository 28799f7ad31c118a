"""One person, whichever channel they use: a chat is written once, and holds in Telegram and on the web page alike."""

import asyncio
import re
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from tests.botapi import Person
from tests.botapi.chats import Message
from tests.form import FIELDS
from tests.journey.program import PATIENCE, Visitor
from tests.said import LABEL, has, holds, label

REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
REQUIRED = (
    "allebei graag | both please",
    "wij zijn een gemeente | we are a municipality",
    "Gemeente Utrecht",
    "Noor de Vries",
    "noor@example.org",
)


@dataclass(frozen=True, kw_only=True)
class OldButton:
    """A button as it was once seen."""

    id: str
    message: Message | None = None  #: in Telegram, the message it stood under


@dataclass(kw_only=True)
class Someone(ABC):
    """
    Types, taps and sees. In what is typed and seen, ``nl | en`` is the Dutch and the English of it.

    What is seen is the key of a message in messages/, the name of a label there, or words that it holds.
    """

    language: str

    def in_own(self, text: str) -> str:
        """The half of ``nl | en`` in this person's language, or all of a text without a bar; of a label its words."""
        dutch, bar, english = text.partition(" | ")
        own = english if bar and self.language == "en" else dutch
        return label(own, self.language) if LABEL.fullmatch(own) else own

    async def says(self, text: str) -> None:
        """Type this."""
        await self.types(self.in_own(text))

    @abstractmethod
    async def types(self, text: str) -> None:
        """Type exactly this."""

    @abstractmethod
    async def taps(self, name: str) -> None:
        """Tap the newest button with this id, its token aside."""

    @abstractmethod
    async def taps_old(self, button: OldButton) -> None:
        """Tap a button further up, or one that is no longer shown."""

    @abstractmethod
    async def remembers(self, name: str) -> OldButton:
        """The newest button with this id, to tap it later."""

    @abstractmethod
    async def hears(self, text: str) -> str:
        """Wait for a message, after the last one heard, with this key or these very words; give all of it."""

    @property
    @abstractmethod
    def told(self) -> int:
        """How many messages the bot sent."""

    async def sees(self, *texts: str) -> str:
        """Wait for a message with the first of these, which has the others too; give all of it."""
        shown = await self.hears(self.in_own(texts[0]))
        for text in texts[1:]:
            assert has(shown, self.in_own(text), self.language), f"{self.in_own(text)!r} is not in {shown!r}"
        return shown

    async def signs_up(self, *answers: str, upto: str = "sent") -> str:
        """Walk through the required questions; give the review, or where it is sent the reference."""
        await self.says("/aanmelden | /signup")
        for field_asked, answer in zip(FIELDS, answers or REQUIRED, strict=False):
            await self.sees(f"signup/ask/{field_asked.name}")
            await self.says(answer)
        review = await self.sees("signup/review")
        return await self.submits() if upto == "sent" else review

    async def submits(self) -> str:
        """Tap send; give the reference."""
        await self.taps("signup:submit")
        found = REFERENCE.search(await self.sees("signup/done|signup/changed"))
        assert found, "the answer names no reference"
        return found[0]


@dataclass(kw_only=True)
class OnTelegram(Someone):
    """A person in a private chat with the bot."""

    person: Person
    heard: set[int] = field(default_factory=set)  #: ids of the messages that were heard, whose edits are no news

    async def types(self, text: str) -> None:
        """Type exactly this."""
        await self.person.send(text)

    async def taps(self, name: str) -> None:
        """Tap the newest button with this id, its token aside."""
        await self.person.tap(name)

    async def taps_old(self, button: OldButton) -> None:
        """Tap a button further up, or one that is no longer shown."""
        await self.person.tap_old(button.message or self.person.last, button.id)

    async def remembers(self, name: str) -> OldButton:
        """The newest button with this id, to tap it later."""
        message, button = await self.person.finds(name)
        return OldButton(id=button.id, message=message)

    async def hears(self, text: str) -> str:
        """Wait for a message, after the last one heard, with this key or these very words; give all of it."""
        self.person.reads = self.language
        while (message := await self.person.sees(text)).id in self.heard:
            continue
        self.heard.add(message.id)
        return message.text

    @property
    def told(self) -> int:
        """How many messages the bot sent."""
        return len(self.person.said)


@dataclass(kw_only=True)
class OnThePage(Someone):
    """A person in the web chat, by its API."""

    visitor: Visitor
    heard: list[dict[str, Any]] = field(default_factory=list)  #: what has not been looked at yet
    shown: set[str] = field(default_factory=set)  #: ids of the messages that came

    async def types(self, text: str) -> None:
        """Type exactly this."""
        await self.visitor.says(text)
        self._take(self.visitor.heard)

    async def taps(self, name: str) -> None:
        """Tap the newest button with this id, its token aside."""
        await self.taps_old(await self.remembers(name))

    async def taps_old(self, button: OldButton) -> None:
        """Tap a button further up, or one that is no longer shown."""
        await self.visitor.sends(choice=button.id)
        self._take(self.visitor.heard)

    async def remembers(self, name: str) -> OldButton:
        """The newest button with this id, to tap it later."""
        return OldButton(id=self.visitor.button(name))

    async def hears(self, text: str) -> str:
        """Wait for a message, after the last one heard, with this key or these very words; give all of it."""
        until = time.monotonic() + PATIENCE
        passed: list[str] = []
        while time.monotonic() < until:
            while self.heard:
                passed.append(str(self.heard.pop(0)["text"]))
                if holds(passed[-1], text, self.language):
                    return passed[-1]
            await asyncio.sleep(0.02)
            self._take(await self.history())
        raise AssertionError(f"no message with {text!r}; there were {passed}")

    async def history(self) -> list[dict[str, Any]]:
        """The conversation as the page shows it after a reload."""
        async with self.visitor.http.get(f"{self.visitor.url}/api/chat") as answer:
            return list((await answer.json())["messages"])

    @property
    def told(self) -> int:
        """How many messages the bot sent."""
        return len(self.shown)

    def _take(self, messages: list[dict[str, Any]]) -> None:
        fresh = [one for one in messages if one["id"] not in self.shown and one.get("from") != "person"]
        self.shown.update(one["id"] for one in fresh)
        answered = {one["id"] for one in self.visitor.heard}
        self.visitor.heard += [one for one in fresh if one["id"] not in answered]
        self.heard.extend(fresh)
