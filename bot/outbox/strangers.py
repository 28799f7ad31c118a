"""
Persons' mailboxes that the mail server refuses for who we are, not for what they are: "relay access denied", say.

While no other person's mail arrives it counts as refusing all of them, which an operator must mend; once one does
arrive, what was refused is the matter of those mailboxes alone.
"""

from collections.abc import Collection, Iterable


class Strangers:
    """Whom the mail server refuses us, and whether staff were told."""

    def __init__(self, home: Iterable[str] = ()) -> None:
        """``home``: lanes of staff. A server takes mail for their domain that passes on nothing to others."""
        self._home = {_domain(lane) for lane in home if "@" in lane}
        self._refused: dict[str, str] = {}  #: by lane, with the reason
        self._alone: set[str] = set()  #: lanes that are refused though others are reached
        self.staff_know = False  #: that persons are not reached

    def refused(self, lane: str, reason: str, *, known: bool) -> bool:
        """Take note of a refusal; ``known``: staff know of it from before. Whether it may be one of all persons."""
        if lane in self._alone:
            return False
        self._refused[lane] = reason
        self.staff_know = self.staff_know or known
        return True

    def waits(self, lane: str, reason: str) -> None:
        """Take note of a refusal of before this start, of which staff were told."""
        self._refused.setdefault(lane, reason)
        self.told = True

    def is_first(self, lane: str) -> bool:
        """Whether this is the one that is tried sooner than the others, to see whether the server takes mail again."""
        return next(iter(self._refused), None) == lane

    def reached(self, lane: str) -> Collection[str]:
        """Take note that a mail to a person arrived; the lanes that were refused, which may find the server mended."""
        if _domain(lane) in self._home:
            return ()
        refused = self._refused.keys()
        self._alone |= refused
        self._refused, self.staff_know = {}, False
        return refused

    def ended(self, lane: str) -> None:
        """Forget a lane in which nothing is left."""
        self._refused.pop(lane, None)
        self._alone.discard(lane)

    def health(self) -> dict[str, str]:
        """What an operator must mend, by name; empty when nothing is known."""
        reason = next(iter(self._refused.values()), None)
        return {"mail to people": f"{reason}: does it pass mail on for us?"} if reason else {}


def _domain(lane: str) -> str:
    return lane.rpartition("@")[2].lower()
