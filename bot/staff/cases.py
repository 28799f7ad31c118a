"""What staff do with a case: who has it, and where it stands. Decided while nobody else changes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.channels import traits_of
from bot.dialogue.events import Actor, channel_of
from bot.dialogue.records import Conversation, Lead, LeadSaved, Reply
from bot.notifications.notifier import changed_for_staff
from bot.staff.carding import Carding, Edits
from bot.staff.transitions import Act, Refusal, Stands, moved
from bot.turns.protocols import CaseChange
from bot.wording import Wording
from bot.wording.cleaning import first_word
from storage.case_records import Card, Case, CaseEvent, Kind, Status
from storage.records import Notice, Outgoing, Said
from storage.repositories import Repositories

NOBODY = Actor(id="telegram:nobody")  #: who did something, where the channel does not say
#: what a person is told of: that somebody has their case; every other step is for staff alone
TOLD = (Act.CLAIM, Act.REOPEN)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of something that staff did with a case."""

    case: Case | None  #: as it is now; None: there is none
    refusal: Refusal | None = None  #: why nothing changed
    outgoing: Sequence[Outgoing] = ()
    superseded: frozenset[int] = field(default_factory=frozenset)
    said_in: str | None = None  #: the transcript in which the person was told something


class CaseDesk:
    """Changes cases, with their cards, their history, and the line to the person."""

    def __init__(self, wording: Wording, carding: Carding, language: str) -> None:
        """``language``: of who has no conversation any more."""
        self._wording = wording
        self._carding = carding
        self._language = language

    async def held(self, tx: Repositories, reference: str) -> Case | None:
        """The case, which nobody else changes now. One that an earlier release made is made here of its lead."""
        case = await tx.cases.hold(reference)
        if case is not None and case.chat is not None:
            return case
        chat = await self.chat_of(tx, reference)
        if chat is None:
            return None
        if case is not None:
            return replace(case, chat=chat)
        lead = await tx.leads.find(reference)
        return _of_lead(lead) if lead else None

    async def chat_of(self, tx: Repositories, reference: str) -> str | None:
        """The chat of the person whose lead or question this is; None where nothing is known of it."""
        case = await tx.cases.find(reference)
        if case is not None and case.chat is not None:
            return case.chat
        lead = await tx.leads.find(reference)
        notice = None if lead else await tx.notices.of_question(reference)
        return lead.chat if lead else notice.chat if notice else None

    async def does(
        self, tx: Repositories, case: Case, act: Act, by: Actor, now: datetime,
        *, person: Conversation | None = None, tapped: Notice | None = None,
    ) -> Done:  # fmt: skip
        """
        Do this with a case that is held; where it is refused nothing changes.

        ``person``: whose case it is, as far as known; ``tapped``: the message that was tapped, where we do not know it.
        """
        actor = tx.cases.staff(by.id, by.name)
        after = moved(Stands.of(case), act, actor)
        if isinstance(after, Refusal):
            edits = await self._carding.edits(tx, case, now, tapped) if tapped else Edits()
            return Done(case=case, refusal=after, outgoing=edits.outgoing, superseded=edits.superseded)
        stands, did = after
        changed = replace(
            case, status=stands.status, owner=stands.owner, version=case.version + 1, status_at=now, updated_at=now
        )
        event = CaseEvent(reference=case.reference, at=now, did=did, by=actor, before=case.status, after=stands.status)
        changed, line, said_in = await self._told(tx, changed, act, person, now)
        await self._kept(tx, changed, event)
        edits = await self._carding.edits(tx, changed, now, tapped)
        closed = (case.status, changed.status).count(Status.CLOSED)
        follows = self._carding.followed(changed, now) if closed == 1 else ()
        outgoing = [*line, *edits.outgoing, *follows]
        return Done(case=changed, outgoing=outgoing, superseded=edits.superseded, said_in=said_in)

    async def changed(self, tx: Repositories, effect: LeadSaved, now: datetime) -> CaseChange | None:
        """
        What a person's change makes of the case of a lead: a new card, and the old ones lose their buttons.

        A case that was closed is new again. None where there is no case, or where nothing changed that staff see.
        """
        changes = changed_for_staff(effect, self._wording.form)
        case = await tx.cases.hold(effect.lead.reference) if changes else None
        if case is None:
            return None
        version = case.version + 1
        changed = replace(
            case, version=version, card=Card.CHANGED, card_version=version, changes=tuple(changes), updated_at=now,
            chat=effect.lead.chat,
        )  # fmt: skip
        after = moved(Stands.of(case), Act.CHANGE, None)
        if not isinstance(after, Refusal):
            stands, did = after
            changed = replace(changed, status=stands.status, owner=stands.owner, status_at=now)
            event = CaseEvent(
                reference=case.reference, at=now, did=did, by=None, before=case.status, after=stands.status
            )
            await tx.cases.log([event])
        await tx.cases.save(changed)
        edits = await self._carding.retired(tx, case, now)
        return CaseChange(case=changed, outgoing=edits.outgoing, superseded=edits.superseded)

    async def _kept(self, tx: Repositories, case: Case, event: CaseEvent) -> None:
        await tx.cases.save(case)
        await tx.cases.log([event])

    async def _told(
        self, tx: Repositories, case: Case, act: Act, person: Conversation | None, now: datetime
    ) -> tuple[Case, list[Outgoing], str | None]:
        """The line that tells a person who has their case now, once for each who does."""
        owner = case.owner
        if act not in TOLD or owner is None or owner.key in case.told or case.chat is None:
            return case, [], None
        told = replace(case, told=(*case.told, owner.key))
        values = {"name": first_word(owner.name), "reference": case.reference, "question": case.kind is Kind.QUESTION}
        reply = Reply(message="chat/claimed", values=values)
        outgoing, said_in = await self.said(tx, case, reply, person, now)
        return told, outgoing, said_in

    async def said(
        self, tx: Repositories, case: Case, reply: Reply, person: Conversation | None, now: datetime
    ) -> tuple[list[Outgoing], str | None]:
        """A reply to the person of a case: what leaves, or the transcript in which it stands."""
        chat = case.chat or ""
        language = person.language if person else self._language
        rendered = self._wording.reply(reply, language, channel_of(chat))
        if traits_of(channel_of(chat)).keeps_transcript:
            if await tx.ended.of([chat]):
                return [], None
            await tx.transcript.add([Said(chat=chat, by="bot", at=now, content=rendered.body())])
            return [], chat
        return [Outgoing(lane=chat, kind=channel_of(chat), chat=chat, content=rendered.sent(), created_at=now)], None


def _of_lead(lead: Lead) -> Case:
    return Case(
        reference=lead.reference, kind=Kind.LEAD, chat=lead.chat, created_at=lead.created_at, updated_at=lead.updated_at
    )
