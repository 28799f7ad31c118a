"""What a sender of messages promises, and how it says that a message could not be delivered."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from storage.records import Outgoing


class NotDelivered(Exception):
    """One attempt to deliver failed. ``reason`` is logged and stored: it holds no personal data and no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(NotDelivered):
    """
    The way is closed for everything just now (out of reach, told to wait): never given up.

    Try again after this many seconds; None means after a pause that grows with every attempt, to a minute.
    """

    def __init__(self, seconds: float | None, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Deferred(Later):
    """
    The other side puts off this very message, or this mailbox, and takes others: pauses grow to hours.

    Given up after some days, as RFC 5321 4.5.4.1 has it for mail.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(None, reason)


class Refused(NotDelivered):
    """Refused for good, as far as the other side says: tried for a day all the same, then given up loudly."""

    def __init__(self, reason: str, *, closed: bool = False) -> None:
        """``closed``: it is about the chat or mailbox, which takes nothing from us; else about this message."""
        super().__init__(reason)
        self.closed = closed


class Unreached(Refused):
    """The mailbox is not there, or takes nothing: a typing error of a person's, most often."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, closed=True)


Lost = Literal["gone", "closed", "right", "none"]
"""Why there is no topic: it was deleted; it is closed; we may not do that; the chat has no topics."""


class NoTopic(Refused):
    """The topic that it was to stand in is not there, or nothing may be written in it."""

    def __init__(self, reason: str, why: Lost) -> None:
        super().__init__(reason, closed=True)
        self.why = why


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
        """Deliver one message; give what the other side answered. Raises a NotDelivered."""
