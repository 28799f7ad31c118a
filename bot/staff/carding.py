"""The cards of a case in the staff chat: edited in place, or posted anew where they cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.events import channel_of
from bot.dialogue.records import Lead
from bot.notifications.cards import Cards
from bot.outbox import StaffAddress
from storage.case_records import Card, Case, CaseEvent, Kind
from storage.contents import Content, Edit, Send, Topic, TopicChange
from storage.errors import Unreadable
from storage.records import Notice, Outgoing
from storage.repositories import Repositories


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What brings the cards of a case up to date."""

    outgoing: Sequence[Outgoing] = ()
    superseded: frozenset[int] = field(default_factory=frozenset)  #: ids of waiting edits that these replace


class Carding:
    """Makes the edits, and new cards."""

    def __init__(self, cards: Cards, address: StaffAddress) -> None:
        self._cards = cards
        self._address = address

    async def edits(self, tx: Repositories, case: Case, now: datetime, tapped: Notice | None = None) -> Edits:
        """
        What makes every card of the case show it as it is now; the newest edit of a message replaces those that wait.

        ``tapped``: a message that was tapped and that we do not know: it is a card from now on.
        """
        if case.chat is None:
            return Edits()
        known = await tx.notices.cards(case.chat, case.reference)
        moved = [one for one in known if one.staff_chat != self._address.now]
        here = [one for one in known if one not in moved] + ([tapped] if tapped else [])
        await tx.notices.retire(moved)
        if moved and not here:
            return Edits(outgoing=[await self.posted(tx, case, now)])
        current = [replace(one, version=case.version) for one in here]
        await tx.notices.add(current)
        content = await self._content(tx, case)
        edits = [
            self._about(case, one.staff_chat, now, Edit(message_id=one.message_id, html=html, buttons=buttons))
            for one in current
            for html, buttons in [(content.html, content.buttons)]
        ]
        return Edits(outgoing=edits, superseded=await self._waiting(tx, case, here))

    async def posted(self, tx: Repositories, case: Case, now: datetime) -> Outgoing:
        """A new card of the case, as it is now. The case is to be saved with its version as ``card_version``."""
        content = replace(await self._content(tx, case), topic=True)
        return replace(self._about(case, self._address.now or "", now, content), card=case.version)

    def followed(self, case: Case, now: datetime) -> Sequence[Outgoing]:
        """What closes the topic of a case with it, or opens it again; nothing where it has none."""
        follows = Topic(change=TopicChange.FOLLOWS)
        return [self._about(case, self._address.now or "", now, follows)] if case.topic else []

    async def retired(self, tx: Repositories, case: Case, now: datetime) -> Edits:
        """What takes the buttons from the cards that there are: a newer one comes."""
        if case.chat is None:
            return Edits()
        old = await tx.notices.cards(case.chat, case.reference)
        await tx.notices.retire(old)
        here = [one for one in old if one.staff_chat == self._address.now]
        return Edits(outgoing=[self._bare(case, one, now) for one in here])

    async def refresh(self, tx: Repositories, notices: Sequence[Notice], now: datetime) -> Sequence[Outgoing]:
        """The edits of cards that arrived when their case was further already."""
        made: list[Outgoing] = []
        for notice in notices:
            case = await _case(tx, notice)
            if case is None or notice.version == case.version:
                continue
            if (notice.version or 0) < case.card_version:
                await tx.notices.retire([notice])
                made.append(self._bare(case, notice, now))
            else:
                made += (await self.edits(tx, case, now)).outgoing
        return made

    async def _content(self, tx: Repositories, case: Case) -> Send:
        lead = await lead_of(tx, case)
        history: Sequence[CaseEvent] = ()
        if case.card is Card.WHOLE:
            history = (await tx.cases.history([case.reference])).get(case.reference, ())
        return self._cards.shown(case, lead, history).sent()

    async def _waiting(self, tx: Repositories, case: Case, cards: Sequence[Notice]) -> frozenset[int]:
        """The ids of edits of these messages that still wait."""
        ids = {one.message_id for one in cards}
        waiting = await tx.outbox.waiting_about(case.chat or "")
        return frozenset(
            one.id
            for one in waiting
            if one.id is not None and isinstance(one.content, Edit) and one.content.message_id in ids
        )

    def _bare(self, case: Case, notice: Notice, now: datetime) -> Outgoing:
        return self._about(case, notice.staff_chat, now, Edit(message_id=notice.message_id, html=None))

    def _about(self, case: Case, chat: str, now: datetime, content: Content) -> Outgoing:
        return Outgoing(
            lane=chat,
            kind=channel_of(chat),
            content=content,
            created_at=now,
            chat=case.chat,
            lead=case.lead,
            question=case.question,
        )


async def _case(tx: Repositories, notice: Notice) -> Case | None:
    if notice.version is None or notice.reference is None:
        return None
    try:
        return await tx.cases.find(notice.reference)
    except Unreadable:
        return None


async def lead_of(tx: Repositories, case: Case) -> Lead | None:
    """The lead of the case; None where it is of none, or where it cannot be read."""
    if case.kind is not Kind.LEAD:
        return None
    try:
        return await tx.leads.find(case.reference)
    except Unreadable:
        return None
