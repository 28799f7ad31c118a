"""What the desk needs of the parts beside it, so that each can be replaced."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.dialogue.events import Event
from bot.dialogue.records import Conversation, LeadSaved, TalkEnded, TalkLine
from storage.case_records import Case
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
    said_in: str | None = None  #: the web chat in which something was said besides
    superseded: frozenset[int] = frozenset()  #: ids of waiting messages that this one's replace
    toast: str | None = None  #: what who tapped is shown for a moment
    conversations: Sequence[Conversation] = ()  #: people's, as they are from now on


@dataclass(frozen=True, kw_only=True)
class CaseChange:
    """What a person's change makes of the case that staff have of their lead."""

    case: Case
    outgoing: Sequence[Outgoing] = ()
    superseded: frozenset[int] = frozenset()  #: ids of waiting messages that these replace


People = Mapping[str, Conversation]
"""The conversations of this batch as they are now, by chat."""


class StaffEntrance(Protocol):
    """What answers the events of the staff chat."""

    async def about(self, tx: Repositories, event: Event) -> str | None:
        """The chat of the person whom this is about, which is held before anything is decided; None where of nobody."""

    async def handle(self, tx: Repositories, event: Event, people: People) -> StaffTurn:
        """Do what staff ask in this transaction; give what follows."""

    async def talked(
        self, tx: Repositories, effect: TalkLine | TalkEnded, conversation: Conversation, now: datetime
    ) -> StaffTurn:
        """What staff learn of what a person says in their talk."""

    async def changed(self, tx: Repositories, effect: LeadSaved, now: datetime) -> CaseChange | None:
        """What the change of a lead makes of its case; None where it makes nothing of it."""

    def serves(self, event: Event) -> bool:
        """Whether this event comes from the staff chat."""

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
