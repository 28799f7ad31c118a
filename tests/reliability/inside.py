"""The program in this process, in a world where things go wrong."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.settings import load_settings
from tests.botapi import Person
from tests.journey.program import serving
from tests.reliability.crowd import Crowd
from tests.reliability.world import World, a_world

PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Inside:
    """The program's surroundings, and who looks at it."""

    world: World
    url: str
    http: aiohttp.ClientSession

    async def says(self, text: str, message_id: str | None = None, session: str = "") -> tuple[int, dict[str, Any]]:
        """Type something on the web; status and body of the answer."""
        headers = {"Authorization": f"Bearer {session}"} if session else {}
        body = {"message_id": message_id or str(uuid.uuid4()), "text": text, "language": "nl"}
        async with self.http.post(f"{self.url}/api/chat", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def session(self) -> str:
        """A new visitor's session."""
        async with self.http.post(f"{self.url}/api/session", json={}) as answer:
            return str((await answer.json())["session"])

    async def ready(self) -> tuple[int, str]:
        """What /readyz says."""
        async with self.http.get(f"{self.url}/readyz") as answer:
            return answer.status, await answer.text()

    async def metrics(self) -> str:
        """What /metrics says."""
        async with self.http.get(f"{self.url}/metrics") as answer:
            return await answer.text()


@contextlib.asynccontextmanager
async def inside(world: World, settings: dict[str, str]) -> AsyncIterator[Inside]:
    """The program with these settings, for as long as the block lasts."""
    async with serving(load_settings(settings, None)), aiohttp.ClientSession() as http:
        yield Inside(world=world, url=f"http://127.0.0.1:{settings['HTTP_PORT']}", http=http)


@contextlib.asynccontextmanager
async def all_inside(database_url: str) -> AsyncIterator[Inside]:
    """A world, and the program in it."""
    async with a_world() as world, inside(world, world.settings(database_url)) as program:
        yield program


async def sign_up(world: World, *numbers: int) -> Crowd:
    """These people sign up on Telegram, one after another; all of them are answered."""
    crowd = Crowd(again=0)
    for number in numbers:
        await crowd.on_telegram(world.api, number)
    assert crowd.unanswered == 0
    return crowd


async def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so. Raises AssertionError when it never is."""
    try:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{what} did not happen") from None


async def answered(person: Person, text: str = "wat kost het?", expected: str = "topic/costs") -> None:
    """Ask, and wait for the answer."""
    await person.send(text)
    await person.sees(expected, within=PATIENCE)
