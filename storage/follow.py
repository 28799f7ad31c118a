"""What is said once it is known what became of a message: stored with it, so that no stop in between loses it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from storage.records import Delivery, Notice, Outcome, Outgoing
from storage.repositories.outbox import Outbox

Redact = Callable[[Sequence[Notice], datetime], Sequence[Outgoing]]
"""Gives the edits after which these messages in the staff chat say nothing of a person any more."""


def follow_up(message: Outgoing, outcome: Outcome, now: datetime) -> Outgoing | None:
    """What is to be said of this outcome; None when nobody wants to know."""
    news = message.then.get(outcome)
    return replace(news, created_at=now) if news else None


def of_removed(messages: Iterable[Outgoing], now: datetime) -> list[Outgoing]:
    """What is to be said of messages that were removed with their person before it was known whether they arrived."""
    news = (follow_up(message, "forgotten", now) for message in messages if message.status == "waiting")
    return [message for message in news if message]


async def record_outcomes(
    outbox: Outbox, deliveries: Sequence[Delivery], redact: Redact, now: datetime
) -> list[Outgoing]:
    """
    Store what became of messages; give what follows, to be stored in the same transaction.

    That is: the edits of what arrived after its person was forgotten, and what was to be said of each outcome, once.
    """
    telling = {delivery.id: delivery.then for delivery in deliveries if delivery.then}
    fresh = await outbox.open(telling)
    late = await outbox.record(deliveries)
    return [
        *(redact(late, now) if late else ()),
        *(news for number, news in telling.items() if number in fresh),
    ]
