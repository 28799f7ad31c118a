"""How much one session and one address may ask: token buckets in memory, bounded in number."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.bounds import (
    ADDRESS_BYTES,
    ADDRESS_MESSAGES,
    ADDRESS_REQUESTS,
    ADDRESS_STREAMS,
    ADDRESS_TYPED,
    ALL_STREAMS,
    SESSION_FILES,
    SESSION_MESSAGES,
    SESSION_READS,
    STREAMS,
    VISITS,
    Bound,
)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """``burst`` requests at once, and ``per_second`` more in the long run."""

    burst: int
    per_second: float

    @classmethod
    def of(cls, bound: Bound) -> "Rate":
        """The rate that this bound allows. Raises TypeError for one that knows no time."""
        if bound.seconds is None:
            raise TypeError(f"{bound.what}: a rate is counted within a time")
        return cls(burst=bound.most, per_second=bound.most / bound.seconds)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the web channel allows. A whole town hall may share one address, so that one is wide."""

    session: Rate = field(default_factory=lambda: Rate.of(SESSION_MESSAGES))
    address: Rate = field(default_factory=lambda: Rate.of(ADDRESS_REQUESTS))
    visits: Rate = field(default_factory=lambda: Rate.of(VISITS))  #: new conversations from one public address
    reads: Rate = field(default_factory=lambda: Rate.of(SESSION_READS))
    bytes: Rate = field(default_factory=lambda: Rate.of(ADDRESS_BYTES))  #: of conversations that one address reads
    files: Rate = field(default_factory=lambda: Rate.of(SESSION_FILES))
    messages: Rate = field(default_factory=lambda: Rate.of(ADDRESS_MESSAGES))  #: of one public address
    typed: Rate = field(default_factory=lambda: Rate.of(ADDRESS_TYPED))  #: characters from one public address
    address_streams: int = ADDRESS_STREAMS.most  #: open event streams of one address
    streams: int = STREAMS.most  #: open event streams of one conversation
    all_streams: int = ALL_STREAMS.most  #: open event streams in all
    body_seconds: float = 15.0  #: how long a body may take to arrive
    send_seconds: float = 30.0  #: a reader of a stream that takes nothing for so long has gone


class Limiter:
    """One token bucket a key. The key used longest ago is dropped when there are more than ``size``."""

    def __init__(self, rate: Rate, *, size: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._size = size
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)

    def reserve(self, key: str, number: int = 1) -> float:
        """Take so many out of this key's bucket, which may not be there yet; the seconds until they are."""
        tokens = self._tokens(key) - number
        self._keep(key, tokens)
        return max(0.0, -tokens / self._rate.per_second)

    def wait(self, key: str) -> float:
        """Take one request from this key's bucket; 0.0 when there was one, else the seconds until there is."""
        tokens = self._tokens(key)
        allowed = tokens >= 1
        self._keep(key, tokens - 1 if allowed else tokens)
        return 0.0 if allowed else (1 - tokens) / self._rate.per_second

    def _tokens(self, key: str) -> float:
        tokens, at = self._buckets.get(key, (float(self._rate.burst), self._clock()))
        return min(float(self._rate.burst), tokens + (self._clock() - at) * self._rate.per_second)

    def _keep(self, key: str, tokens: float) -> None:
        self._buckets[key] = (tokens, self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._size:
            self._buckets.popitem(last=False)
