"""What all parts of the outbox work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.observing.metrics import Metrics
from bot.outbox.marks import Marks
from bot.outbox.outages import Outages
from bot.outbox.pauses import Pauses
from storage.store import Storage


@dataclass(frozen=True, kw_only=True)
class Shared:
    """One outbox's storage, times and figures, and what it knows of messages besides."""

    storage: Storage
    metrics: Metrics
    pauses: Pauses
    marks: Marks
    outages: Outages
    now: Callable[[], datetime]
    chance: Callable[[], float]  #: between 0 and 1, to spread what is tried again
    held: set[int] = field(default_factory=set)  #: ids of the messages that are in a lane
