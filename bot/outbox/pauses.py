"""How long to wait after a failure, and when to give up; waiting itself."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """The times of the outbox; times within a process in seconds."""

    first: float = 1.0  #: after the first failure; each one after doubles it
    longest: float = 60.0  #: what a pause grows to
    give_up_after: timedelta = timedelta(days=1)  #: the age at which a refused message is given up
    give_up_attempts: int = 5  #: attempts a refused message gets at least, however old it is
    #: a message that is put off, it alone: soon enough for greylisting, which asks for some minutes, and not for ever
    deferred_first: float = 5.0  #: after the first time; each one after doubles it
    deferred_longest: float = 7200.0  #: RFC 5321 4.5.4.1: every two or three hours
    deferred_staff: float = 900.0  #: the same for mail to staff, who wait for it
    deferred_for: timedelta = timedelta(days=4, hours=12)  #: the age at which it is given up (the RFC: 4-5 days)
    lasting: float = 300.0  #: after so long a wait of a whole kind an operator should have a look
    attempt: float = 90.0  #: what one attempt may take
    flush: float = 0.1  #: how long a delivery waits for a batch to mark it, before it is marked by itself
    poll: float = 1.0  #: how often to look for messages that other processes left or gave us
    heartbeat: float = 5.0  #: how often to say that this process lives
    overlooked: timedelta = timedelta(minutes=1)  #: a message of ours older than this is known to us, or overlooked
    doubt: timedelta = timedelta(seconds=10)  #: a message older than this is looked up before it is sent

    def after(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures (1 or more); ``chance`` (0 to 1) spreads them over half of it."""
        return grown(self.first, self.longest, failures) * (0.5 + chance / 2)

    def put_off(self, attempts: int, chance: float, *, soon: bool) -> float:
        """Seconds until a message that was put off so often is tried again; ``soon``: it is for staff."""
        longest = self.deferred_staff if soon else self.deferred_longest
        return grown(self.deferred_first, longest, attempts) * (0.5 + chance / 2)


def grown(first: float, longest: float, failures: int) -> float:
    """A pause after so many failures in a row (1 or more): doubled after each, ``longest`` at most."""
    return min(longest, first * 2.0 ** min(failures - 1, 30))


async def happens_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the event; give whether it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
