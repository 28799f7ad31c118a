"""A real Chromium for tests, driven by Playwright. With CI=true a missing browser is a failure, never a skip."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: how long a page may take until it shows what is expected, in milliseconds: a busy machine is slow, and not wrong
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str | None:
    """Where the system's Chromium is: what CHROMIUM names, else the usual names; None when there is none."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, (named, *NAMES) if named else NAMES)), None)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """A headless Chromium. Fails the test when there is none and CI=true; skips it on a developer's machine."""
    path = find_chromium()
    if path is None:
        why = "no Chromium on this machine (Debian: apt-get install chromium, or set CHROMIUM to its path)"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, headless=True, args=[*ARGUMENTS, *sandbox])
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(unmeasured: None) -> AsyncIterator[Browser]:
    """One browser for all tests of a run; they share its event loop (``loop_scope="session"``)."""
    async with open_browser() as browser:
        yield browser
