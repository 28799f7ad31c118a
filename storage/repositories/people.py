"""What belongs to a person, removed on request."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Delete, Update, delete, or_, select, update

from storage import listed
from storage.among import among
from storage.errors import Unreadable
from storage.records import Forgotten, Kept
from storage.repositories.addressed import Addressed, Found
from storage.repositories.base import Repository
from storage.repositories.cases import Cases
from storage.repositories.conversations import Conversations
from storage.repositories.ended import Ended
from storage.repositories.leads import Leads
from storage.repositories.notices import Notices
from storage.repositories.outgoing_rows import OutgoingRows
from storage.repositories.questions import Questions
from storage.repositories.traces import Traces
from storage.repositories.transcript import Transcript
from storage.tables import (
    case_events,
    cases,
    conversations,
    handled,
    lead_addresses,
    leads,
    notices,
    outgoing,
    questions,
    transcript,
)
from storage.unreadable import readable

_OUTGOING = or_(among(outgoing.c.chat_hash), among(outgoing.c.lead, "references"))
_NOTICES = or_(among(notices.c.chat_hash), among(notices.c.lead, "references"))
_FIND_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id).with_for_update()
_READ_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id)
_FIND_NOTICES = select(notices).where(_NOTICES).order_by(notices.c.message_id)
_CASES = select(cases.c.reference).where(among(cases.c.chat_hash))
_BY_CHAT: tuple[Delete | Update, ...] = (
    delete(leads).where(among(leads.c.chat_hash)),  # before its case: staff who change it go by this order
    delete(case_events).where(case_events.c.reference.in_(_CASES)),
    delete(cases).where(among(cases.c.chat_hash)),
    delete(transcript).where(among(transcript.c.chat_hash)),
    delete(questions).where(among(questions.c.chat_hash)),
    delete(conversations).where(among(conversations.c.chat_hash)),
    update(handled).where(among(handled.c.chat_hash), handled.c.body.is_not(None)).values(body=None),
)
_BY_CHAT_OR_LEAD = (delete(outgoing).where(_OUTGOING), delete(notices).where(_NOTICES))
_ADDRESSES = delete(lead_addresses).where(among(lead_addresses.c.reference, "references"))


class People(Repository):
    """Everything of a person, wherever it is stored."""

    async def forget(self, chats: Iterable[str]) -> Forgotten:
        """
        Remove everything of these chats; give what it was, so that it can be removed elsewhere too.

        That these chats' events were handled stays known, without what was answered. Messages about the removal are
        to be added afterwards. Lists of leads in the staff chat are out of date then, and among the notices.
        """
        hashes = self._session.chat_hashes(chats)
        return await self._forget(hashes) if hashes else Forgotten()

    async def forget_address(self, *spellings: str, ours: bool = False, found: Found | None = None) -> Forgotten:
        """
        Remove everything of the chats with a lead, a draft or a question with this e-mail address, now or before; and
        from other chats the lines in which it stands.

        ``spellings``: the address as it is stored, and other ways to write it. ``ours``: it is one of the
        organisation's own, to which mail about everybody goes and which everybody may name: only who gave it as theirs
        is removed. ``found``: what ``find_address`` gave before, while nobody had to wait; else it is sought now.
        Gives what it was, and how many chats and lines.
        """
        addressed = Addressed(self._session)
        found = found or await addressed.find(*spellings, ours=ours)
        chats = {key: key for key in sorted({*found.chats, *await addressed.at_once(spellings[0])})}
        held = {key: key for key in sorted({*chats, *found.traced.chats})}
        await Conversations(self._session).hold(held)  # all of them in one order: no two wait for each other
        forgotten = await self._forget(chats) if chats else Forgotten()
        lines = await Traces(self._session).remove(found.traced)
        return replace(forgotten, chats=len(chats), lines=lines)

    async def find_address(self, *spellings: str, ours: bool = False) -> Found:
        """Give what ``forget_address`` is to remove. Reads everything, so it is for an operator, and takes no lock."""
        return await Addressed(self._session).find(*spellings, ours=ours)

    async def kept(self, chat: str) -> Kept:
        """Give what is kept of a chat besides its conversation and leads."""
        hashes = self._session.chat_hashes([chat])
        of_chat = await Leads(self._session).of_chats(hashes)
        references = tuple(lead.reference for items in of_chat.values() for lead in items)
        both = {"wanted": tuple(hashes), "references": references}
        of_staff = await Cases(self._session).of_chat(chat)
        return Kept(
            said=tuple(await Transcript(self._session).of(chat, whole=True)),
            outgoing=tuple(map(OutgoingRows(self._session).read, await self._connection.rows(_READ_OUTGOING, both))),
            notices=tuple(map(Notices(self._session).read, await self._connection.rows(_FIND_NOTICES, both))),
            missed=tuple(await Questions(self._session).of(chat)),
            cases=tuple(of_staff),
            history=await Cases(self._session).history(case.reference for case in of_staff),
        )

    async def _forget(self, chats: Mapping[str, str]) -> Forgotten:
        """Remove everything of these chats (hash -> chat), of what another process is just storing too."""
        await Conversations(self._session).hold(chats)  # as a turn does: what is read from here on stays as it is
        unread: dict[str, Unreadable] = {}
        of_chats = await Leads(self._session).of_chats(chats, unread)
        hashes = {**chats, self._session.chat_hash(listed.CHAT): listed.CHAT}
        by_chat = {"wanted": tuple(hashes)}
        removed = tuple(lead for items in of_chats.values() for lead in items)
        references = await Leads(self._session).references_of(chats)
        both = by_chat | {"references": references}
        forgotten = Forgotten(
            leads=removed,
            unread=tuple(sorted({*references} - {lead.reference for lead in removed})),
            outgoing=tuple(
                readable(await self._connection.rows(_FIND_OUTGOING, both), OutgoingRows(self._session).read)
            ),
            notices=tuple(readable(await self._connection.rows(_FIND_NOTICES, both), Notices(self._session).read)),
        )
        await Ended(self._session).add_web(chats, datetime.now(UTC))
        for removal in _BY_CHAT_OR_LEAD:
            await self._connection.write(removal, both)
        await self._connection.write(_ADDRESSES, {"references": (*forgotten.references, *forgotten.questions)})
        for change in _BY_CHAT:
            await self._connection.write(change, by_chat)
        self._keys.forget()
        return forgotten
