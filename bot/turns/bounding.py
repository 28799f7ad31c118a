"""What one person, address or network may send to others in a day: counted, and so that a removal resets nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import bounds
from bot.addresses.reading import mailbox_of
from bot.bounds import Bound
from bot.dialogue.buttons import button
from bot.dialogue.events import Event
from bot.dialogue.records import (
    Conversation,
    Effect,
    LeadSaved,
    QuestionForwarded,
    QuestionMissed,
    Reply,
    TalkLine,
    Turn,
)
from storage.repositories import Repositories

#: what the network of a public address begins with; any other may be a proxy that speaks for everybody
_PUBLIC = "network:"

Counted = tuple[str, str]
"""Whom it is counted for, and what: as ``storage.repositories.counts`` has it."""


@dataclass(frozen=True, kw_only=True)
class _Limit:
    bound: Bound
    key: Counted
    message: str | None  #: the message that says that it is reached; None: see ``_without``


@dataclass(kw_only=True)
class Bounding:
    """Keeps the bounds within one transaction."""

    _counted: Counter[Counted] = field(default_factory=Counter)  #: in this transaction, not stored yet

    async def within(self, tx: Repositories, event: Event, before: Conversation, turn: Turn, now: datetime) -> Turn:
        """
        The turn as it may be: where a bound is reached nothing leaves, the conversation stays as it was, and the
        person reads why. Where it is the receipt alone that may not leave, the rest does, and none is promised; a
        question without an answer that is one too many is answered as any, and not kept.
        """
        for effect in turn.effects:
            limits = _limits(effect, event)
            full = await self._full(tx, limits, now)
            if message := next((limit.message for limit in full if limit.message), None):
                return Turn(conversation=before, replies=(_said(message),))
            if full:
                turn = _without(turn, effect)
            self._count(limit for limit in limits if limit.message or not full)
        return turn

    async def save(self, tx: Repositories, now: datetime) -> None:
        """Store in this transaction what was counted; what was refused is not among it."""
        await tx.counts.add(self._counted.elements(), now)

    async def _full(self, tx: Repositories, limits: list[_Limit], now: datetime) -> list[_Limit]:
        if not limits:
            return []
        since = now - timedelta(seconds=bounds.DAY)
        stored = await tx.counts.since([limit.key for limit in limits], since)
        return [limit for limit in limits if stored[limit.key] + self._counted[limit.key] >= limit.bound.most]

    def _count(self, limits: Iterable[_Limit]) -> None:
        self._counted.update(limit.key for limit in limits)


def _limits(effect: Effect, event: Event) -> list[_Limit]:
    """What counts against which bounds; those of a network are told in other words, since others count too."""
    message: str | None
    match effect:
        case LeadSaved(before=None):
            own, shared, message = bounds.LEADS, bounds.NETWORK_LEADS, "signup/limit"
        case LeadSaved():
            own, shared, message = bounds.CHANGES, bounds.NETWORK_CHANGES, "signup/change_limit"
        case TalkLine():
            return [_Limit(bound=bounds.TALK, key=(event.chat, bounds.TALK.what), message="talk/limit")]
        case QuestionForwarded():
            own, shared, message = bounds.QUESTIONS, bounds.NETWORK_QUESTIONS, "contact/limit"
        case QuestionMissed():
            own, shared, message = bounds.MISSED, bounds.NETWORK_MISSED, None
        case _:
            return []
    found = [_Limit(bound=own, key=(event.chat, own.what), message=message)]
    if event.network and event.network.startswith(_PUBLIC):
        told = "chat/network_limit" if message else None
        found.append(_Limit(bound=shared, key=(event.network, shared.what), message=told))
    return [*found, *(_receipts(effect, event) if isinstance(effect, LeadSaved) else ())]


def _receipts(effect: LeadSaved, event: Event) -> list[_Limit]:
    """The bounds on mail to an address that nobody proved."""
    address = effect.lead.email
    if address is None:
        return []
    to, network = bounds.RECEIPTS, bounds.NETWORK_RECEIPTS
    found = [_Limit(bound=to, key=(f"mail:{mailbox_of(address)}", to.what), message=None)]
    return [*found, _Limit(bound=network, key=(event.network, network.what), message=None)] if event.network else found


def _without(turn: Turn, effect: Effect) -> Turn:
    """The turn without the mail about a lead, and without the promise of it; without a question that is not kept."""
    if isinstance(effect, QuestionMissed):
        return replace(turn, effects=tuple(one for one in turn.effects if one is not effect))
    effects = tuple(
        replace(one, receipt=False) if one is effect and isinstance(one, LeadSaved) else one for one in turn.effects
    )
    replies = tuple(
        replace(reply, values={**reply.values, "receipt": False}) if "receipt" in reply.values else reply
        for reply in turn.replies
    )
    return replace(turn, effects=effects, replies=replies)


def _said(message: str) -> Reply:
    ask = () if message.startswith(("contact/", "chat/")) else (button("contact:ask"),)
    return Reply(message=message, buttons=((*ask, button("menu")),))
