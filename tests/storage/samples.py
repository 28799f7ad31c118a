"""Records as the tests store them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dialogue.records import Conversation, Draft, Lead, State
from storage.case_records import Case, Kind
from storage.contents import Send
from storage.records import Delivery, Outgoing, Purged
from storage.repositories import Repositories
from storage.repositories.old import Terms

NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
ANSWERS = {
    "interest": "both",
    "organisation_type": "municipality",
    "organisation": "Gemeente Súdwest-Fryslân",
    "name": "Marjolein van 't Hooft",
    "email": "Marjolein.Hooft@sudwestfryslan.nl",
    "phone": "+31612345678",
}


def lead(reference: str = "KX7M", chat: str = "telegram:1", **changes: Any) -> Lead:
    """A lead as it is sent."""
    values: dict[str, Any] = {
        "reference": reference,
        "chat": chat,
        "channel": chat.partition(":")[0],
        "language": "nl",
        "answers": ANSWERS,
        "choices": ("interest", "organisation_type"),
        "created_at": NOW,
        "updated_at": NOW,
        "consent_at": NOW,
        "consent_version": "2026-11",
        "consent_language": "nl",
        "source": "flyer-utrecht",
    }
    return Lead(**values | changes)


def case(reference: str = "KX7M", chat: str | None = "telegram:1", **changes: Any) -> Case:
    """A case as it comes in."""
    values: dict[str, Any] = {"kind": Kind.LEAD, "created_at": NOW, "updated_at": NOW}
    return Case(reference=reference, chat=chat, **values | changes)


def draft(**changes: Any) -> Draft:
    """A sign-up under way."""
    values: dict[str, Any] = {"token": "a1b2c3", "started_at": NOW, "answers": ANSWERS, "step": "phone", "more": True}
    return Draft(**values | changes)


def conversation(chat: str = "telegram:1", **changes: Any) -> Conversation:
    """A conversation in which a sign-up is under way."""
    values: dict[str, Any] = {"language": "nl", "state": State.ASK, "draft": draft(), "updated_at": NOW}
    return Conversation(chat=chat, **values | changes)


def outgoing(lane: str = "telegram:1", text: str = "Dag Marjolein", **changes: Any) -> Outgoing:
    """A message that is to leave."""
    values: dict[str, Any] = {"kind": "telegram", "content": Send(html=text), "created_at": NOW}
    return Outgoing(lane=lane, **values | changes)


def sent(message: Outgoing, at: datetime = NOW, **changes: Any) -> Delivery:
    """What became of a message that arrived at the first attempt."""
    assert message.id is not None
    values: dict[str, Any] = {"status": "sent", "attempts": 1, "receipt": {"message_id": 12}}
    return Delivery(id=message.id, at=at, **values | changes)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)


async def cleaned(tx: Repositories, now: datetime, *, lead_days: int = 365, draft_days: int = 30) -> Purged:
    """What is removed because it was kept long enough, found and removed in one transaction."""
    terms = Terms(now=now, lead_days=lead_days, draft_days=draft_days)
    removed = await tx.retention.remove(await tx.retention.old(terms), terms)
    await tx.retention.tidy(terms)
    return removed
