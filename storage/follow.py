"""What is said once it is known what became of a message: stored with it, so that no stop in between loses it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from storage.contents import Delete
from storage.records import Delivery, Notice, Outcome, Outgoing
from storage.repositories import Repositories

Redact = Callable[[Sequence[Notice], datetime], Sequence[Outgoing]]
"""Gives the edits after which these messages in the staff chat say nothing of a person any more."""
Refresh = Callable[[Repositories, Sequence[Notice], datetime], Awaitable[Sequence[Outgoing]]]
"""Gives the edits of those of these cards that say less than is known of their case."""


async def _as_they_are(tx: Repositories, notices: Sequence[Notice], now: datetime) -> Sequence[Outgoing]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Following:
    """What becomes of messages in the staff chat that arrived: nothing, unless it is said."""

    redact: Redact = lambda notices, now: ()  #: of those whose person was forgotten meanwhile
    refresh: Refresh = _as_they_are  #: of cards whose case is further by then


def follow_up(
    message: Outgoing, outcome: Outcome, now: datetime, receipt: Mapping[str, Any] | None = None
) -> Outgoing | None:
    """What is to be said of this outcome; None when nobody wants to know. ``receipt``: of what arrived."""
    news = message.then.get(outcome)
    if news is None or not isinstance(news.content, Delete):
        return replace(news, created_at=now) if news else None
    number = (receipt or {}).get("message_id")
    taken_away = replace(news.content, message_id=number)
    due_at = now + timedelta(seconds=taken_away.after)
    return replace(news, content=taken_away, created_at=now, due_at=due_at) if number else None


def of_removed(messages: Iterable[Outgoing], now: datetime) -> list[Outgoing]:
    """What is to be said of messages that were removed with their person before it was known whether they arrived."""
    news = (follow_up(message, "forgotten", now) for message in messages if message.status == "waiting")
    return [message for message in news if message]


async def record_outcomes(
    tx: Repositories, deliveries: Sequence[Delivery], following: Following, now: datetime
) -> list[Outgoing]:
    """
    Store what became of messages; give what follows, to be stored in the same transaction.

    That is: the edits of what arrived after its person was forgotten, or their case had changed; and what was to be
    said of each outcome, once.
    """
    telling = {delivery.id: delivery.then for delivery in deliveries if delivery.then}
    fresh = await tx.outbox.open(telling)
    late = await tx.outbox.record(deliveries)
    cards = [one.notice for one in deliveries if one.notice and one.notice.version and one.notice not in late]
    return [
        *(following.redact(late, now) if late else ()),
        *(await following.refresh(tx, cards, now) if cards else ()),
        *(news for number, news in telling.items() if number in fresh),
    ]
