"""Says once that deliveries of a kind are held up, and once that all of them go again: not a line for every attempt."""

import structlog

log = structlog.get_logger()


class Troubles:
    """The lanes that wait for the other side, by kind."""

    def __init__(self) -> None:
        self._lanes: dict[str, str] = {}

    def begin(self, lane: str, kind: str, reason: str) -> None:
        """A lane waits."""
        if kind not in self._lanes.values():
            log.warning("deliveries_wait", kind=kind, reason=reason)
        self._lanes[lane] = kind

    def over(self, lane: str) -> None:
        """A lane goes again, or has nothing left."""
        kind = self._lanes.pop(lane, None)
        if kind is not None and kind not in self._lanes.values():
            log.info("deliveries_resumed", kind=kind)
