"""A talk: the time in which a person and staff write to each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET = timedelta(hours=72)  #: after so long without a word from either it is over
LONGEST = 3500  #: characters of what is passed on at once, either way: with what stands around it, it fits one message


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A talk as the person's conversation knows it."""

    reference: str  #: of the lead or question that staff wrote about last
    name: str  #: the first word of the name of who wrote last; may be empty
    at: datetime  #: when either said something last
    answering: bool = False  #: the next text goes to staff, whatever is being asked

    def is_open(self, now: datetime) -> bool:
        """Whether it is not over."""
        return now - self.at < QUIET
