"""A real channel in front of the strict server, with a desk that is written by hand."""

from collections.abc import AsyncIterator

import pytest

from tests.botapi import BotApi
from tests.channels.telegram.house import House


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


@pytest.fixture
async def house(server: BotApi) -> AsyncIterator[House]:
    async with House(server=server) as open_house:
        yield open_house
