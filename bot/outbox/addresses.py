"""Where chats are now: a group that becomes a supergroup gets another address, and keeps its old one as a name."""

from collections.abc import Mapping


class Addresses:
    """What lanes are called now, as those learn it who send there; each move is stored by who learns it."""

    def __init__(self) -> None:
        self._now: dict[str, str] = {}

    def now(self, lane: str) -> str:
        """What a lane is called now: the same, unless the chat moved."""
        return self._now.get(lane, lane)

    def found(self, stored: Mapping[str, str]) -> None:
        """Take over the moves that were stored before."""
        self._now |= stored

    def moved(self, old: str, new: str) -> None:
        """Take note of a move: what was called so before goes along."""
        self._now = {name: new if now == old else now for name, now in self._now.items() if name != new}
        self._now[old] = new


class StaffAddress:
    """
    The staff chat's address, in one object for all who need it: that of the settings, and the one it moved to, whoever
    was told of that first.
    """

    def __init__(self, chat: str | None, addresses: Addresses | None = None) -> None:
        """``chat``: as the settings have it; None where nobody serves a staff chat. ``addresses``: the outbox's."""
        self._chat = chat
        self._addresses = addresses or Addresses()
        self._moved_to: str | None = None  #: where it moved to, as Telegram told in passing

    @property
    def now(self) -> str | None:
        """Where it is now; None where there is none."""
        return self._moved_to or (self._addresses.now(self._chat) if self._chat else None)

    def is_at(self, chat: str) -> bool:
        """Whether this is the staff chat, by its name now or one that it had before."""
        return self._chat is not None and chat in (self._chat, self._addresses.now(self._chat), self._moved_to)

    def moved(self, old: str, new: str) -> bool:
        """Take note that a chat moved; whether it was the staff chat, and news."""
        if old != self.now:
            return False
        self._moved_to = new
        return True
