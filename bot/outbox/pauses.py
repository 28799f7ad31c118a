"""How long to wait after a failure, and when to give up."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """The times of the outbox; times within a process in seconds."""

    first: float = 1.0  #: after the first failure; each one after doubles it
    longest: float = 60.0  #: what a pause grows to
    give_up_after: timedelta = timedelta(days=1)  #: the age at which a refused message is given up
    give_up_attempts: int = 5  #: attempts a refused message gets at least, however old it is
    attempt: float = 90.0  #: what one attempt may take
    flush: float = 0.1  #: how long a delivery waits for a batch to mark it, before it is marked by itself
    poll: float = 1.0  #: how often to look for messages that other processes left or gave us
    heartbeat: float = 5.0  #: how often to say that this process lives
    overlooked: timedelta = timedelta(minutes=1)  #: a message of ours older than this is known to us, or overlooked
    doubt: timedelta = timedelta(seconds=10)  #: a message older than this is looked up before it is sent

    def after(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures (1 or more); ``chance`` (0 to 1) spreads them over half of it."""
        full = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return full * (0.5 + chance / 2)
