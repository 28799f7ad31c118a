"""Removes what was kept long enough."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Delete, Select, bindparam, delete, exists, func, or_, select, union, update

from bot.dialogue.records import State
from storage import listed
from storage.among import among
from storage.case_records import Kind
from storage.records import Listed, Notice, Purged
from storage.repositories.base import Repository
from storage.repositories.cases import Cases
from storage.repositories.counts import Counts
from storage.repositories.ended import DAYS, Ended
from storage.repositories.notices import Notices
from storage.repositories.questions import Questions
from storage.tables import (
    case_events,
    cases,
    conversations,
    handled,
    lead_addresses,
    leads,
    notices,
    outgoing,
    transcript,
)
from storage.unreadable import readable

HANDLED = timedelta(hours=48)  #: how long a handled event is known, with its answer
DELIVERED = timedelta(days=7)  #: how long delivered messages and transcripts are kept

_BEFORE: BindParameter[datetime] = bindparam("before")
#: a lead that its person is just changing is left for the next day
_OLD_LEADS = (
    select(leads.c.reference)
    .where(leads.c.updated_at < _BEFORE)
    .order_by(leads.c.reference)
    .with_for_update(skip_locked=True)
)
_NOTICES_OF_LEADS = select(notices).where(among(notices.c.lead)).order_by(notices.c.message_id)
_OF_LEADS = (  # the lead before its case: staff who change it go by this order
    delete(leads).where(among(leads.c.reference)),
    delete(lead_addresses).where(among(lead_addresses.c.reference)),
    delete(notices).where(among(notices.c.lead)),
    delete(outgoing).where(among(outgoing.c.lead)),
    delete(case_events).where(among(case_events.c.reference)),
    delete(cases).where(among(cases.c.reference)),
)
#: of questions that nothing is kept of any more, and what the release before this one left when it removed a lead
_OF_NOTHING = delete(lead_addresses).where(
    ~exists().where(leads.c.reference == lead_addresses.c.reference),
    ~exists().where(notices.c.question == lead_addresses.c.reference),
    ~exists().where(outgoing.c.question == lead_addresses.c.reference),
    ~exists().where(cases.c.reference == lead_addresses.c.reference),
)
_OVERDUE_DRAFTS = conversations.c.draft_at < _BEFORE
_COUNT_DRAFTS = select(func.count()).where(_OVERDUE_DRAFTS)
_QUIET = conversations.c.updated_at < _BEFORE
_DROP_PLACEHOLDERS = delete(conversations).where(conversations.c.state.is_(None))
_NOTHING_KEPT = {"state": str(State.IDLE), "data": None, "draft_at": None, "marks": None, "misses": 0}
_DROP_QUIET = delete(conversations).where(_QUIET, ~exists().where(leads.c.chat_hash == conversations.c.chat_hash))
_EMPTY_QUIET = update(conversations).where(_QUIET, conversations.c.data.is_not(None)).values(_NOTHING_KEPT)
_WITH_DRAFT = (
    select(conversations.c.chat_hash, conversations.c.data)
    .where(_OVERDUE_DRAFTS, conversations.c.data.is_not(None))
    .order_by(conversations.c.chat_hash)
    .with_for_update()
)
_WITHOUT_DRAFT = (
    update(conversations)
    .where(conversations.c.chat_hash == bindparam("which"))
    .values(state=str(State.IDLE), draft_at=None, data=bindparam("rest"))
)
_OLD_HANDLED = delete(handled).where(handled.c.at < _BEFORE)
_OLD_TRANSCRIPT = delete(transcript).where(
    transcript.c.at < _BEFORE,
    ~exists().where(  # what is said in a talk is kept until so long after it ended
        cases.c.chat_hash == transcript.c.chat_hash, or_(cases.c.talk_at.is_not(None), cases.c.talked_at >= _BEFORE)
    ),
)
_OLD_SENT = delete(outgoing).where(outgoing.c.status == "sent", outgoing.c.done_at < _BEFORE)
_OLD_WAITING = delete(outgoing).where(
    outgoing.c.status == "waiting",
    outgoing.c.created_at < _BEFORE,
    ~exists().where(leads.c.reference == outgoing.c.lead),
)
_OF_NOBODY = (
    notices.c.lead.is_(None),
    notices.c.chat_hash != bindparam("lists"),
    ~exists().where(conversations.c.chat_hash == notices.c.chat_hash, conversations.c.updated_at >= _BEFORE),
    ~exists().where(cases.c.reference == notices.c.question, cases.c.updated_at >= _BEFORE),
)
_OLD_QUESTIONS = select(cases.c.reference).where(
    cases.c.kind == str(Kind.QUESTION),
    cases.c.updated_at < _BEFORE,
    ~exists().where(conversations.c.chat_hash == cases.c.chat_hash, conversations.c.updated_at >= _BEFORE),
)
_OF_QUESTIONS = (
    delete(case_events).where(among(case_events.c.reference)),
    delete(cases).where(among(cases.c.reference)),
)
_NOTICES_OF_NOBODY = select(notices).where(*_OF_NOBODY).order_by(notices.c.message_id)
_OF_LISTS = select(notices).where(notices.c.chat_hash == bindparam("lists")).order_by(notices.c.message_id)
_LISTS = {  # what a list holds stands where others have their question
    Listed.LEADS: _OF_LISTS.where(notices.c.question != str(Listed.QUESTIONS)),  # and what a later release lists
    Listed.QUESTIONS: _OF_LISTS.where(notices.c.question == str(Listed.QUESTIONS)),
}
_SENT_LISTS = delete(outgoing).where(outgoing.c.chat_hash == bindparam("lists"))
_REFERENCES = union(
    select(leads.c.reference),
    select(outgoing.c.lead).where(outgoing.c.lead.is_not(None)),
    select(outgoing.c.question).where(outgoing.c.question.is_not(None)),
)
_OLD_FAILED = delete(outgoing).where(
    outgoing.c.status == "failed",
    outgoing.c.done_at < _BEFORE,
    ~exists().where(leads.c.reference == outgoing.c.lead),  # what failed about a lead is kept as long as the lead
)


class Retention(Repository):
    """The times after which things are removed."""

    async def purge(self, now: datetime, *, lead_days: int, draft_days: int) -> Purged:
        """
        Remove leads, drafts and missed questions after these days, and the rest after its fixed time.

        A lead's days count from when its person last sent it. Gives how much was removed.
        """
        leads_before, drafts_before = now - timedelta(days=lead_days), now - timedelta(days=draft_days)
        delivered_before = now - min(DELIVERED, timedelta(days=lead_days))
        references, of_leads = await self._leads(leads_before)
        drafts, removed = await self._conversations(drafts_before)
        of_leads += await self._notices_of_nobody(drafts_before)
        asked = await self._questions(drafts_before)
        missed = await Questions(self._session).purge(drafts_before)
        of_leads += await self._lists(Listed.LEADS) if references or asked else []
        of_leads += await self._lists(Listed.QUESTIONS) if missed else []
        await Cases(self._session).adopt()
        await Counts(self._session).purge(now - HANDLED)
        await Ended(self._session).purge(now - timedelta(days=DAYS))
        purged = Purged(
            leads=len(references),
            references=tuple(references),
            notices=tuple(of_leads),
            drafts=drafts,
            conversations=removed,
            questions=missed,
            handled=await self._drop(_OLD_HANDLED, before=now - HANDLED),
            outgoing=await self._drop(_OLD_SENT, before=delivered_before)
            + await self._drop(_OLD_FAILED, before=delivered_before)
            + await self._drop(_OLD_WAITING, before=drafts_before),
            transcript=await self._drop(_OLD_TRANSCRIPT, before=delivered_before),
        )
        await self._connection.write(_OF_NOTHING)
        return purged

    async def references(self) -> set[str]:
        """Give the references of the leads and questions that anything is still kept of."""
        return {row.reference for row in await self._connection.rows(_REFERENCES)}

    async def _notices_of_nobody(self, before: datetime) -> list[Notice]:
        """Remove the notices of questions whose person said nothing since; give them."""
        return await self._removed(_NOTICES_OF_NOBODY, lists=self._session.chat_hash(listed.CHAT), before=before)

    async def _lists(self, what: Listed) -> list[Notice]:
        """Remove the notices of lists that hold what was removed, and what was sent of any list; give the notices."""
        lists = self._session.chat_hash(listed.CHAT)
        await self._connection.write(_SENT_LISTS, {"lists": lists})
        return await self._removed(_LISTS[what], lists=lists)

    async def _removed(self, statement: Select[Any], **values: Any) -> list[Notice]:
        repository = Notices(self._session)
        found = await self._connection.rows(statement, values)
        await repository.remove(found)
        return list(readable(found, repository.read))

    async def _leads(self, before: datetime) -> tuple[list[str], list[Notice]]:
        """Remove old leads with all that is about them; give their references and notices."""
        references = [row.reference for row in await self._connection.rows(_OLD_LEADS, {"before": before})]
        return references, await self._drop_leads(references) if references else []

    async def _drop_leads(self, references: Sequence[str]) -> list[Notice]:
        values = {"wanted": references}
        rows = await self._connection.rows(_NOTICES_OF_LEADS, values)
        for statement in _OF_LEADS:
            await self._connection.write(statement, values)
        return list(readable(rows, Notices(self._session).read))

    async def _questions(self, before: datetime) -> list[str]:
        """Remove the cases of questions about which nobody said anything since; give their references."""
        values = {"wanted": [row.reference for row in await self._connection.rows(_OLD_QUESTIONS, {"before": before})]}
        if values["wanted"]:
            for statement in _OF_QUESTIONS:
                await self._connection.write(statement, values)
        return values["wanted"]

    async def _conversations(self, before: datetime) -> tuple[int, int]:
        """
        Remove old drafts, and conversations nobody came back to; give how many of each.

        A conversation whose chat has a lead stays, emptied: its person is known again on return.
        """
        values = {"before": before}
        drafts: int = (await self._connection.rows(_COUNT_DRAFTS, values))[0][0]
        removed = await self._drop(_DROP_QUIET, before=before)
        await self._connection.write(_EMPTY_QUIET, values)
        await self._connection.write(_DROP_PLACEHOLDERS)
        rest = [
            {"which": row.chat_hash, "rest": self._without_draft(row.data)}
            for row in await self._connection.rows(_WITH_DRAFT, values)
        ]
        if rest:
            await self._connection.write(_WITHOUT_DRAFT, rest)
        return drafts, removed

    def _without_draft(self, data: str) -> str | None:
        """Give what a conversation keeps besides its draft: nothing where it cannot be read."""
        private = self._keys.readable(data)
        known = private if isinstance(private, dict) else {}
        kept = {name: value for name, value in known.items() if name != "draft"}
        return self._keys.seal(kept) if kept else None

    async def _drop(self, statement: Delete, **values: datetime) -> int:
        return await self._connection.run(statement, values)
