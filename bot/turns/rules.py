"""What turns are decided with, who is told afterwards, and how they fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.records import Conversation, Effect
from bot.turns.batch import Key
from bot.turns.protocols import StaffEntrance
from bot.wording import Wording
from storage.case_records import Case
from storage.errors import StorageError, Unavailable
from storage.follow import Following
from storage.records import Forgotten, Outgoing

log = structlog.get_logger()


class TurnsFailed(Exception):
    """Our own code failed at these events; nothing of their batch was changed."""

    def __init__(self, keys: frozenset[Key]) -> None:
        super().__init__(f"{len(keys)} turns failed")
        self.keys = keys


class NotBegun(Unavailable):
    """The database did not so much as begin a transaction: it is away, or another program holds it."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a turn is decided with."""

    wording: Wording
    context: Callable[[], Context]  #: everything respond needs, as of now
    #: the messages that tell of an effect, and the case that it changed where it did
    notify: Callable[[Effect, Conversation, datetime, Case | None], Sequence[Outgoing]]
    following: Following = field(default_factory=Following)  #: what becomes of our messages in the staff chat
    staff: StaffEntrance | None = None


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """Who is told what was committed. Where one of them fails the others are told all the same."""

    said: Callable[[str], None] = lambda chat: None  #: which web chat has new messages
    #: how many turns were stored together, with which effects
    batch: Callable[[int, Sequence[tuple[Effect, Conversation]]], None] = lambda turns, effects: None
    forgotten: Callable[[Forgotten], None] = lambda forgotten: None  #: what was removed of a person


def guarded(what: str, tell: Callable[[], None]) -> None:
    """Tell somebody of what is stored already: where that fails it is logged, and nothing else depends on it."""
    try:
        tell()
    except Exception:
        log.exception("not_told", what=what)


def tell_failed(event: Event, problem: Exception) -> None:
    """Say in the log at what our own code failed, and where; of what the database refuses not where."""
    error, ours = type(problem).__name__, not isinstance(problem, StorageError)
    log.error("turn_failed", channel=event.channel, kind=event.kind, error=error, exc_info=ours and problem)
