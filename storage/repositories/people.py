"""What belongs to a person, removed on request."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Delete, Update, bindparam, delete, or_, select, union, update

from storage.among import among
from storage.errors import Unreadable
from storage.records import LISTS, Forgotten, Kept
from storage.repositories.base import Repository
from storage.repositories.conversations import Conversations
from storage.repositories.ended import Ended
from storage.repositories.leads import Leads
from storage.repositories.notices import Notices
from storage.repositories.outbox import Outbox
from storage.repositories.questions import Questions
from storage.repositories.searched import Searched, texts_of
from storage.repositories.traces import Traces
from storage.repositories.transcript import Transcript
from storage.tables import conversations, handled, lead_addresses, leads, notices, outgoing, questions, transcript
from storage.unreadable import readable

_OUTGOING = or_(among(outgoing.c.chat_hash), among(outgoing.c.lead, "references"))
_NOTICES = or_(among(notices.c.chat_hash), among(notices.c.lead, "references"))
_FIND_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id).with_for_update()
_READ_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id)
_FIND_NOTICES = select(notices).where(_NOTICES).order_by(notices.c.message_id)
_WITH_DATA = select(conversations.c.chat_hash, conversations.c.data).where(conversations.c.data.is_not(None))
_WITH_MAIL = select(outgoing.c.chat_hash, outgoing.c.data).where(
    outgoing.c.kind == "mail", outgoing.c.chat_hash.is_not(None)
)
_ASKED = select(lead_addresses.c.reference).where(lead_addresses.c.email_hash == bindparam("email_hash"))
_WITH_QUESTION = union(
    select(notices.c.chat_hash).where(notices.c.question.in_(_ASKED)),
    select(outgoing.c.chat_hash).where(outgoing.c.question.in_(_ASKED), outgoing.c.chat_hash.is_not(None)),
)
_BY_CHAT: tuple[Delete | Update, ...] = (
    delete(leads).where(among(leads.c.chat_hash)),
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

    async def forget_address(self, *spellings: str, ours: bool = False) -> Forgotten:
        """
        Remove everything of the chats with a lead, a draft or a question with this e-mail address, now or before; and
        from other chats the lines in which it stands.

        ``spellings``: the address as it is stored, and other ways to write it. ``ours``: it is one of the
        organisation's own, to which mail about everybody goes and which everybody may name: only who gave it as theirs
        is removed.
        Reads everything, so it is for an operator. Gives what it was, and how many chats and lines.
        """
        search = Searched(spellings)
        hashes = {key: key for key in await Leads(self._session).chats_by_email(spellings[0])}
        found = [*await self._with_question(spellings[0]), *await self._with_data(search)]
        found += [] if ours else await self._with_mail(search)
        for chat_hash in found:
            hashes.setdefault(chat_hash, chat_hash)
        forgotten = await self._forget(dict(sorted(hashes.items()))) if hashes else Forgotten()
        lines = 0 if ours else await Traces(self._session).remove(search)
        return replace(forgotten, chats=len(hashes), lines=lines)

    async def _with_question(self, address: str) -> list[str]:
        """Give the chats (by their hash) with a question that was to be answered at this address."""
        values = {"email_hash": Leads(self._session).email_hash(address)}
        return [row.chat_hash for row in await self._connection.rows(_WITH_QUESTION, values)]

    async def _with_data(self, search: Searched) -> list[str]:
        """Give the chats (by their hash) with a draft that has it, or that asked to be answered at it."""
        rows = await self._connection.rows(_WITH_DATA)
        return [row.chat_hash for row in rows if any(map(search.is_one, texts_of(self._keys.readable(row.data))))]

    async def _with_mail(self, search: Searched) -> list[str]:
        """Give the chats (by their hash) about which mail went to it, or was to be answered at it."""
        rows = await self._connection.rows(_WITH_MAIL)
        opened = [(row.chat_hash, self._keys.readable(row.data)) for row in rows]
        mails = [(key, data["payload"]) for key, data in opened if isinstance(data, dict)]
        return [key for key, mail in mails if search.is_one(mail.get("to")) or search.is_one(mail.get("reply_to"))]

    async def kept(self, chat: str) -> Kept:
        """Give what is kept of a chat besides its conversation and leads."""
        hashes = self._session.chat_hashes([chat])
        of_chat = await Leads(self._session).of_chats(hashes)
        references = tuple(lead.reference for items in of_chat.values() for lead in items)
        both = {"wanted": tuple(hashes), "references": references}
        return Kept(
            said=tuple(await Transcript(self._session).of(chat, whole=True)),
            outgoing=tuple(map(Outbox(self._session).read, await self._connection.rows(_READ_OUTGOING, both))),
            notices=tuple(map(Notices(self._session).read, await self._connection.rows(_FIND_NOTICES, both))),
            missed=tuple(await Questions(self._session).of(chat)),
        )

    async def _forget(self, chats: Mapping[str, str]) -> Forgotten:
        """Remove everything of these chats (hash -> chat), of what another process is just storing too."""
        await Conversations(self._session).hold(chats)  # as a turn does: what is read from here on stays as it is
        unread: dict[str, Unreadable] = {}
        of_chats = await Leads(self._session).of_chats(chats, unread)
        hashes = {**chats, self._session.chat_hash(LISTS): LISTS}
        by_chat = {"wanted": tuple(hashes)}
        removed = tuple(lead for items in of_chats.values() for lead in items)
        references = await Leads(self._session).references_of(chats)
        both = by_chat | {"references": references}
        forgotten = Forgotten(
            leads=removed,
            unread=tuple(sorted({*references} - {lead.reference for lead in removed})),
            outgoing=tuple(readable(await self._connection.rows(_FIND_OUTGOING, both), Outbox(self._session).read)),
            notices=tuple(readable(await self._connection.rows(_FIND_NOTICES, both), Notices(self._session).read)),
        )
        await Ended(self._session).add_web(chats, datetime.now(UTC))
        for removal in _BY_CHAT_OR_LEAD:
            await self._connection.run(removal, both)
        await self._connection.run(_ADDRESSES, {"references": (*forgotten.references, *forgotten.questions)})
        for change in _BY_CHAT:
            await self._connection.run(change, by_chat)
        self._keys.forget()
        return forgotten
