"""A program that many chats share, and somebody who talks to it in one of two channels and two languages."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio

from tests.journey.program import Running, running, visiting
from tests.journey.someone import OnTelegram, OnThePage, Someone

#: makes one more person in the channel and the language of this test; ``source`` is where they come from
Meet = Callable[..., AbstractAsyncContextManager[Someone]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One running program for all chats of a file."""
    async with running(tmp_path_factory.mktemp("program")) as program:
        yield program


@contextlib.asynccontextmanager
async def meet(program: Running, channel: str, language: str, source: str | None = None) -> AsyncIterator[Someone]:
    """Somebody who has not said anything yet."""
    if channel == "telegram":
        yield OnTelegram(language=language, person=program.api.person("Noor", language=language))
        return
    async with visiting(program.url, language, source) as visitor:
        yield OnThePage(language=language, visitor=visitor)


@pytest.fixture(params=["telegram", "web"])
def channel(request: pytest.FixtureRequest) -> str:
    """Where the person is."""
    return str(request.param)


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """What the person speaks."""
    return str(request.param)


@pytest_asyncio.fixture(loop_scope="module")
async def noor(shared: Running, channel: str, language: str) -> AsyncIterator[Someone]:
    """A person in the channel and the language of this test."""
    async with meet(shared, channel, language) as person:
        yield person


@pytest.fixture(scope="session", autouse=True)
def whole_program(unmeasured: None) -> None:
    """These tests walk through the whole program on roads that its parts' own tests walk, too."""
