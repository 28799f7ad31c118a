"""Whoever finds a weakness finds out where to tell it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.settings import load_settings
from bot.web.security_text import SecurityText
from tests.channels.web.fakes import FakeDesk
from tests.channels.web.server import serving, visitor

NOW = datetime(2026, 11, 28, 23, 59, tzinfo=UTC)


def text_of(now: datetime = NOW, **environ: str) -> SecurityText:
    """The file as these settings make it."""
    settings = load_settings(environ, None)
    return SecurityText(
        contacts=settings.security_contact, policy=settings.security_policy, languages=("nl", "en"),
        public_url=settings.public_url, now=lambda: now,
    )  # fmt: skip


async def served(desk: FakeDesk, text: SecurityText, method: str = "GET") -> Any:
    async with serving(desk, routes=text.routes()) as server, visitor(server) as client:
        return await client.request(method, "/.well-known/security.txt")


async def test_as_the_standard_has_it(desk: FakeDesk) -> None:
    """Contact, Expires, languages, address and policy, each on its line, as plain text (RFC 9116)."""
    response = await served(desk, text_of(
        SECURITY_CONTACT="securite@example.org, https://example.org/report",
        SECURITY_POLICY="https://example.org/policy", PUBLIC_URL="https://bot.example.org",
    ))  # fmt: skip
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert response.text.splitlines() == [
        "Contact: mailto:securite@example.org",
        "Contact: https://example.org/report",
        "Expires: 2027-05-27T00:00:00Z",
        "Preferred-Languages: nl, en",
        "Canonical: https://bot.example.org/.well-known/security.txt",
        "Policy: https://example.org/policy",
    ]


async def test_without_a_contact_there_is_none(desk: FakeDesk) -> None:
    """An operator who set nothing promises nothing."""
    assert (await served(desk, text_of())).status_code == 404


@pytest.mark.parametrize("now", [NOW, datetime(2028, 2, 29, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)])
async def test_it_never_expires_and_never_stands_for_more_than_a_year(now: datetime, desk: FakeDesk) -> None:
    """However long the program runs, the file is good for months, and never for a whole year."""
    lines = (await served(desk, text_of(now, SECURITY_CONTACT="mailto:a@b.nl"))).text.splitlines()
    (expires,) = (line.partition(": ")[2] for line in lines if line.startswith("Expires: "))
    assert timedelta(days=90) < datetime.fromisoformat(expires) - now < timedelta(days=365)
    assert [line for line in lines if line.startswith(("Canonical", "Policy"))] == []
