"""
One lane: which message is to be tried next, and when. Knows nothing of sending; times are a clock's seconds.

Messages leave in the order of their ids; questions for staff after the others (see ``Queue``). One that the other
side refuses is set aside, so that it holds back nobody, and is tried again later. Where the whole lane is closed (we
were removed from a chat), every message is refused: then only two are tried at a time, the oldest first, until one
arrives; the rest follow at once, oldest first.
"""

from bisect import insort
from collections import deque
from collections.abc import Collection, Sequence

from bot.outbox.queue import Queue
from bot.outbox.queue import number as number
from storage.records import Outgoing

#: what the error of a message begins with that stands aside and is tried again: it was refused
REFUSED = "refused: "
DEFERRED = "deferred: "  #: it was put off, it alone
UNREACHED = "unreached: "  #: its person's mailbox takes no mail, and staff were told
DENIED = "denied: "  #: the mail server refuses us at its person's mailbox, and staff were told that it refuses us
_ASIDE = (REFUSED, DEFERRED, UNREACHED, DENIED)
#: those that are ordinary: nobody needs to look at them
ORDINARY = (DEFERRED, UNREACHED, DENIED)

_PROBES = 2  #: refusals in a row that show that the lane is closed


def stands_aside(message: Outgoing) -> bool:
    """Whether it was refused or put off: others go first."""
    return message.error is not None and message.error.startswith(_ASIDE)


class Lane:
    """The messages of one lane that are still to be delivered."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.failures = 0  #: times in a row that the other side was not ready
        self.away = False  #: whether it does not answer; False: it told us how long to wait
        self._until = 0.0
        self._waiting = Queue()
        self._refused: list[Outgoing] = []
        self._round: deque[Outgoing] = deque()  #: refused ones that are being tried again now
        self._probe_at = 0.0
        self._turn = 0
        self._refusals = 0  #: in a row
        self._misses = 0  #: refusals in this round
        self._arrived = False  #: whether something was delivered since the latest round ended

    def __bool__(self) -> bool:
        """Whether there is anything to deliver."""
        return bool(self._waiting or self._round or self._refused)

    def messages(self) -> list[Outgoing]:
        """Everything that is still to be delivered, but for the one being tried."""
        return [*self._waiting, *self._round, *self._refused]

    def held_up(self) -> Sequence[Outgoing]:
        """What waits only for its turn: nothing while the other side does not answer."""
        return () if self.failures and self.away else tuple(self._waiting)

    def add(self, message: Outgoing) -> None:
        """Take a message in, at its place in the order."""
        if stands_aside(message):
            insort(self._refused, message, key=number)
        else:
            self._waiting.add(message)

    def delay(self, now: float) -> float:
        """Seconds until something may be tried; 0: now. For a lane that has messages."""
        if now < self._until:
            return self._until - now
        if self._waiting or self._round:
            return 0.0
        return max(0.0, self._probe_at - now)

    def next(self) -> Outgoing:
        """Take out the message to try now."""
        if self._waiting:
            return self._waiting.take()
        if not self._round:
            self._start_round()
        return self._round.popleft()

    def arrived(self) -> None:
        """The message taken out was delivered, or is not to be delivered any more though the lane is open."""
        if self._refusals >= _PROBES:
            self._probe_at = 0.0
        if self._round:
            self._round = deque(sorted(self._round, key=number))
        self.failures = self._refusals = self._misses = 0
        self._arrived = True

    def wait(self, message: Outgoing, until: float) -> None:
        """The other side is not ready: the message goes back to the front, and the lane waits until then."""
        self._waiting.put_back(message)
        self.hold(until)

    def hold(self, until: float) -> None:
        """Let nothing leave before this time."""
        self._until = max(self._until, until)

    def set_aside(self, message: Outgoing) -> None:
        """The message was refused: others go first. ``probe`` says when it is tried again."""
        self.count_refusal()
        insort(self._refused, message, key=number)

    def count_refusal(self) -> None:
        """One more was refused in a row; enough of them end the round."""
        self._refusals += 1
        self._misses += 1
        if self._misses >= _PROBES and not self._arrived:
            self._refused = sorted([*self._refused, *self._round], key=number)
            self._round.clear()
        if not self._round:
            self._arrived = False

    def probe(self, at: float) -> None:
        """When the refused messages are tried again."""
        self._probe_at = at

    def most_attempts(self) -> int:
        """How often the refused message that was tried most often was tried."""
        return max((message.attempts for message in self._refused), default=1)

    def drop(self, ids: Collection[int]) -> list[int]:
        """Let go of these messages; give the ids of those that were here."""
        gone = [number(message) for message in self.messages() if message.id in ids]
        if gone:
            self._waiting.drop(ids)
            self._round = deque(item for item in self._round if item.id not in ids)
            self._refused = [item for item in self._refused if item.id not in ids]
        return gone

    def _start_round(self) -> None:
        """The oldest refused message is tried first, then each time another one of the rest."""
        oldest, *rest = self._refused
        start = self._turn % len(rest) if rest else 0
        self._round = deque([oldest, *rest[start:], *rest[:start]])
        self._refused = []
        self._turn += 1
        self._misses = 0
