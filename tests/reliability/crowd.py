"""People who ask and sign up, on Telegram and on the web, whatever happens to the bot meanwhile; and their counts."""

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.botapi import BotApi, Person
from tests.reliability.world import REFERENCE
from tests.said import holds

#: what is said, and which message must answer it; the one that sends comes after these
STEPS = (
    ("/start", "chat/welcome"),
    ("wat kost het?", "topic/costs"),
    ("/aanmelden", "signup/ask/interest"),
    ("beide", "signup/ask/organisation_type"),
    ("gemeente", "signup/ask/organisation"),
    ("Gemeente {}", "signup/ask/name"),
    ("Persoon {}", "signup/ask/email"),
    ("persoon{}@utrecht.nl", "signup/review"),
)
STEPS_EACH = len(STEPS) + 1
PATIENCE = 90.0  #: seconds somebody waits for an answer before it counts as missing


@dataclass(kw_only=True)
class Crowd:
    """What all of them met."""

    asked: int = 0
    answered: int = 0
    not_saved: int = 0  #: web answers that said honestly that it is not saved yet
    different: int = 0  #: web answers to the same request that were not the same
    references: list[str] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)  #: those on Telegram who have a reference
    waits: list[float] = field(default_factory=list)  #: seconds from a message to its answer
    again: float = 0.1  #: the share of messages that come twice
    think: float = 0  #: seconds before somebody says something
    chance: random.Random = field(default_factory=lambda: random.Random(4))

    def late(self, seconds: float) -> int:
        """How many messages were answered after more than so many seconds."""
        return sum(wait > seconds for wait in self.waits)

    @property
    def unanswered(self) -> int:
        """Messages without an answer."""
        return self.asked - self.answered

    async def progress(self, answered: int) -> None:
        """Wait until so many messages were answered, or no answer comes any more."""
        until = asyncio.get_running_loop().time() + PATIENCE
        while self.answered < answered and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.005)

    async def on_telegram(self, api: BotApi, number: int) -> None:
        """Somebody signs up on Telegram; gives up when an answer is missing."""
        person = api.person(f"Persoon {number}")
        for text, expected in STEPS:
            if not await self._tells(person, text.format(number), expected):
                return
        await self._sends_off(api, person)

    async def _tells(self, person: Person, text: str, expected: str) -> bool:
        """Say something; whether the answer came."""
        await asyncio.sleep(self.think)
        self.asked += 1
        began = asyncio.get_running_loop().time()
        await person.send(text)
        if self.chance.random() < self.again:
            person.server.again()
        try:
            await person.sees(expected, within=PATIENCE)
        except AssertionError:
            return False
        self.answered += 1
        self.waits.append(asyncio.get_running_loop().time() - began)
        return True

    async def _sends_off(self, api: BotApi, person: Person) -> None:
        """Tap the button that sends, twice, as people do."""
        self.asked += 1
        began = asyncio.get_running_loop().time()
        await person.tap("signup:submit")
        if self.chance.random() < self.again:
            api.again()
        try:
            thanks = await person.sees("signup/done", within=PATIENCE)
        except AssertionError:
            return
        self.waits.append(asyncio.get_running_loop().time() - began)
        self.people[self._thanked(thanks.text)] = person

    def _thanked(self, text: str) -> str:
        self.answered += 1
        found = REFERENCE.search(text)
        assert found, text
        self.references.append(found[0])
        return found[0]

    async def on_the_web(self, url: Callable[[], str], number: int) -> None:
        """Somebody signs up on the web, with a page that asks again until it has an answer."""
        headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(20)) as http:
            page = Page(http=http, url=url, crowd=self)
            await page.opens()
            for text, expected in STEPS:
                if not await page.says(expected, text=text.format(number)):
                    return
            if await page.says("signup/done", choice=page.button("signup:submit")):
                self._thanked(page.latest)
                self.answered -= 1  # counted with the others


@dataclass(kw_only=True)
class Page:
    """The page in somebody's browser."""

    http: aiohttp.ClientSession
    url: Callable[[], str]  #: asked anew for every request: a proxy chooses
    crowd: Crowd
    token: str = ""
    messages: Sequence[dict[str, Any]] = ()

    @property
    def latest(self) -> str:
        """What the latest answer says."""
        return "\n".join(message["text"] for message in self.messages)

    def button(self, name: str) -> str:
        """The id, with its token, of the button called ``name`` in the latest answer."""
        rows = [row for message in self.messages for row in message["buttons"]]
        ids = [str(one["id"]) for row in rows for one in row]
        return next(one for one in ids if one.partition("@")[0] == name)

    async def opens(self) -> None:
        """Get a session."""
        self.token = (await self._insists("/api/session", {"language": "nl"}))["session"]

    async def says(self, expected: str, **said: str) -> bool:
        """Say something, and ask again until there is an answer; whether it is the right one."""
        self.crowd.asked += 1
        body = {"message_id": str(uuid.uuid4()), **said}
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._insists("/api/chat", body)
            if self.crowd.chance.random() < self.crowd.again:
                self.crowd.different += answer != await self._insists("/api/chat", body)
        except TimeoutError:
            return False
        self.messages = answer["messages"]
        if not any(holds(str(one["text"]), expected, "nl") for one in self.messages):
            return False
        self.crowd.answered += 1
        self.crowd.waits.append(asyncio.get_running_loop().time() - began)
        return True

    async def _insists(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """Ask until it is answered. Raises TimeoutError when it never is."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with self.http.post(self.url() + path, json=body, headers=headers) as answer:
                        if answer.status == 200:
                            given: dict[str, Any] = await answer.json()
                            return given
                        assert answer.status == 503, await answer.text()
                        self.crowd.not_saved += 1
                except (aiohttp.ClientError, TimeoutError, ConnectionError):
                    pass
                await asyncio.sleep(0.1)
