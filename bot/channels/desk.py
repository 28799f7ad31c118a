"""What channels ask of the desk, so that a test can hand them one of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.dialogue.records import Event


class Answered(Protocol):
    """What the desk gives for one event."""

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        """The answer as the web API gives it."""

    @property
    def removed(self) -> bool:
        """Whether all that was kept of the person was removed with it."""


class Desk(Protocol):
    """Where events are answered."""

    async def submit(self, events: Sequence[Event]) -> Sequence[Answered]:
        """The answers, stored. Raises NotSaved."""
