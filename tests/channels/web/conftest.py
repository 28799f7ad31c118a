"""What the tests of the web channel share."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser import browser as browser
from tests.channels.web.browsing import visiting, welcomed
from tests.channels.web.fakes import FakeDesk
from tests.channels.web.server import WebServer, serving, visitor


@pytest.fixture
def desk() -> FakeDesk:
    """A desk that answers from memory."""
    return FakeDesk()


@pytest_asyncio.fixture
async def server(desk: FakeDesk) -> AsyncIterator[WebServer]:
    """The web application as an operator runs it."""
    async with serving(desk) as server:
        yield server


@pytest_asyncio.fixture
async def client(server: WebServer) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor who keeps cookies."""
    async with visitor(server, **{"Accept-Language": "nl"}) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def site(desk: FakeDesk) -> AsyncIterator[WebServer]:
    """The web application, in the browser's event loop."""
    async with serving(desk) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, site: WebServer) -> AsyncIterator[Page]:
    """A visitor who opened the chat and was welcomed."""
    async with visiting(browser) as page:
        await page.goto(f"{site.url}/?source=nieuwsbrief")
        await welcomed(page)
        yield page
