"""How a moment is written wherever a program reads it: one form in exports, calls, files and the web API."""

from datetime import UTC, datetime


def written(at: datetime) -> str:
    """A moment by RFC 3339, in UTC, in whole seconds: ``2026-03-02T09:15:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(text: str) -> datetime:
    """The moment that ``written`` wrote. Raises ValueError for any other text."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
