"""Says once that deliveries of a kind are held up, and once that all of them go again: not a line for every attempt."""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()


class Outages:
    """The lanes that wait for the other side, by kind."""

    def __init__(self, lasting: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``lasting``: seconds after which an operator should have a look."""
        self._lasting = lasting
        self._clock = clock
        self._lanes: dict[str, tuple[str, str, float]] = {}

    def begin(self, lane: str, kind: str, reason: str) -> None:
        """Note that a lane waits, and since when; log it where it is the first of its kind."""
        if not self._has(kind):
            log.warning("deliveries_wait", kind=kind, reason=reason)
        _, _, since = self._lanes.get(lane, ("", "", self._clock()))
        self._lanes[lane] = kind, reason, since

    def over(self, lane: str) -> None:
        """Note that a lane goes again, or has nothing left; log it where it was the last of its kind."""
        kind, _, _ = self._lanes.pop(lane, ("", "", 0.0))
        if kind and not self._has(kind):
            log.info("deliveries_resumed", kind=kind)

    def lasting(self) -> dict[str, str]:
        """The kinds that have been held up for minutes, with the reason."""
        before = self._clock() - self._lasting
        return {kind: reason for kind, reason, since in self._lanes.values() if since <= before}

    def _has(self, kind: str) -> bool:
        return any(kind == other for other, _, _ in self._lanes.values())
