"""What a sender of messages promises, and how it says that a message could not be delivered."""

from collections.abc import Mapping
from typing import Any, Protocol

from storage.records import Outgoing


class NotDelivered(Exception):
    """One attempt to deliver failed. ``reason`` is logged and stored: it holds no personal data and no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(NotDelivered):
    """Try again after this many seconds; None means after a pause that grows with every attempt."""

    def __init__(self, seconds: float | None, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Refused(NotDelivered):
    """Refused for good, as far as the other side says: tried for a day all the same, then given up loudly."""


class Gone(NotDelivered):
    """Nobody is there to get it (the person blocked us, the message is gone): dropped quietly."""


class Moved(NotDelivered):
    """The lane has another address now (a group became a supergroup): it is followed."""

    def __init__(self, lane: str, reason: str) -> None:
        super().__init__(reason)
        self.lane = lane


class Sender(Protocol):
    """Delivers messages of one kind. Called side by side for different lanes, one at a time within a lane."""

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Deliver one message; give what the other side answered. Raises Later, Refused, Gone or Moved."""
