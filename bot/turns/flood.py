"""
One chat sends more than may be answered in time: of the answers that still wait, only the newest is kept.

Telegram takes about one message a second in a chat. Whoever sends 300 in three seconds would get answers for five
minutes, the last one to their latest message. Every message is handled and stored all the same; it is the waiting
answers that the newest one makes superfluous.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.bounds import WAITING_ANSWERS
from storage.contents import Edit, Send
from storage.records import Outgoing

EPISODE_SECONDS = 60.0  #: after the latest message of a flood, one who sends too much is told so again

Backlog = Callable[[str], Sequence[Outgoing]]


@dataclass(kw_only=True)
class Thinned:
    """What is left out in one batch."""

    superseded: set[int] = field(default_factory=set)  #: ids of stored answers that are to be removed
    slowed: set[str] = field(default_factory=set)  #: chats that are asked to slow down
    counts: Counter[str] = field(default_factory=Counter)  #: messages of this batch, by chat


class Flood:
    """Knows which chats send too much. One a process."""

    def __init__(
        self, backlog: Backlog, *, most: int = WAITING_ANSWERS.most, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``backlog`` gives the messages of a lane that wait because of Telegram's limits, and for nothing else."""
        self._backlog = backlog
        self._most = most
        self._clock = clock
        self._slowed: dict[str, float] = {}

    def add(
        self, outgoing: list[Outgoing], fresh: Sequence[Outgoing], thinned: Thinned, slow_down: Callable[[], Outgoing]
    ) -> None:
        """Put the messages of one turn behind those of its batch; where they are too many, earlier ones make way."""
        if not fresh:
            return
        chat = fresh[0].lane
        waiting = [one for one in self._backlog(chat) if one.id not in thinned.superseded]
        if self._floods(chat, len(waiting) + thinned.counts[chat], thinned):
            thinned.superseded.update(one.id for one in waiting if one.id and _is_superseded(one, fresh))
            outgoing[:] = [one for one in outgoing if one.lane != chat or not _is_superseded(one, fresh)]
            if not self._was_slowed(chat, thinned):
                outgoing.append(slow_down())
            thinned.slowed.add(chat)
            thinned.counts[chat] = sum(one.lane == chat for one in outgoing)
        outgoing.extend(fresh)
        thinned.counts[chat] += len(fresh)

    def committed(self, thinned: Thinned) -> None:
        """Remember who was asked to slow down, now that it is stored; to be called after the commit."""
        if thinned.slowed or self._slowed:
            now = self._clock()
            self._slowed = {chat: at for chat, at in self._slowed.items() if now - at < EPISODE_SECONDS}
            self._slowed.update(dict.fromkeys(thinned.slowed, now))

    def _floods(self, chat: str, waiting: int, thinned: Thinned) -> bool:
        return waiting >= (1 if self._was_slowed(chat, thinned) else self._most)

    def _was_slowed(self, chat: str, thinned: Thinned) -> bool:
        at = self._slowed.get(chat)
        return chat in thinned.slowed or (at is not None and self._clock() - at < EPISODE_SECONDS)


def _is_superseded(message: Outgoing, fresh: Sequence[Outgoing]) -> bool:
    """Whether these messages of a later turn say all that matters of this one."""
    match message.content:
        case Send(supersedable=supersedable):
            return supersedable
        case Edit(message_id=edited, html=None):
            return any(isinstance(one.content, Edit) and one.content.message_id == edited for one in fresh)
        case _:
            return False
