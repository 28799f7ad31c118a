"""What the desk needs of the parts beside it, so that each can be replaced."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.events import Event
from storage.records import Delivery, Outgoing
from storage.repositories import Repositories


class Deliverer(Protocol):
    """Where committed messages go, and where the news of sent ones comes from."""

    def put(self, messages: Iterable[Outgoing]) -> None:
        """Take over these committed messages."""

    def deliveries(self) -> AbstractContextManager[list[Delivery]]:
        """Hand out what was delivered, for the block's transaction to mark; kept for the next one when that fails."""

    def drop(self, ids: Collection[int]) -> None:
        """Let go of these messages: they were removed."""


@dataclass(frozen=True, kw_only=True)
class StaffTurn:
    """What follows on something said in the staff chat, once it is committed."""

    outgoing: Sequence[Outgoing] = ()
    said_in: str | None = None  #: the web chat in which staff said something


class StaffEntrance(Protocol):
    """What answers the events of the staff chat."""

    async def handle(self, tx: Repositories, event: Event) -> StaffTurn:
        """Do what staff ask in this transaction; give what follows."""

    def serves(self, event: Event) -> bool:
        """Whether this event comes from the staff chat."""

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
