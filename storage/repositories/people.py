"""What belongs to a person, removed on request."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Delete, Update, delete, or_, select, update

from storage.among import among
from storage.records import LISTS, Forgotten, Kept
from storage.repositories.base import Repository
from storage.repositories.conversations import Conversations
from storage.repositories.leads import Leads
from storage.repositories.notices import Notices
from storage.repositories.outbox import Outbox
from storage.repositories.transcript import Transcript
from storage.tables import conversations, handled, lead_addresses, leads, notices, outgoing, questions, transcript

_OUTGOING = or_(among(outgoing.c.chat_hash), among(outgoing.c.lead, "references"))
_NOTICES = or_(among(notices.c.chat_hash), among(notices.c.lead, "references"))
_FIND_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id).with_for_update()
_READ_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id)
_FIND_NOTICES = select(notices).where(_NOTICES).order_by(notices.c.message_id)
_WITH_DATA = select(conversations.c.chat_hash, conversations.c.data).where(conversations.c.data.is_not(None))
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

    async def forget_address(self, address: str) -> Forgotten:
        """
        Remove everything of the chats with a lead, a draft or a question to be answered at this e-mail address.

        Reads every conversation, so it is for an operator. Gives what it was, and how many chats.
        """
        hashes = {
            self._session.chat_hash(lead.chat): lead.chat for lead in await Leads(self._session).by_email(address)
        }
        for row in await self._connection.rows(_WITH_DATA):
            if address.casefold() in _addresses(self._keys.open(row.data)):
                hashes.setdefault(row.chat_hash, row.chat_hash)
        if not hashes:
            return Forgotten()
        return replace(await self._forget(dict(sorted(hashes.items()))), chats=len(hashes))

    async def kept(self, chat: str) -> Kept:
        """Give what is kept of a chat besides its conversation and leads."""
        hashes = self._session.chat_hashes([chat])
        of_chat = await Leads(self._session).of_chats(hashes)
        references = tuple(lead.reference for items in of_chat.values() for lead in items)
        both = {"wanted": tuple(hashes), "references": references}
        return Kept(
            said=tuple(await Transcript(self._session).of(chat)),
            outgoing=tuple(map(Outbox(self._session).read, await self._connection.rows(_READ_OUTGOING, both))),
            notices=tuple(map(Notices(self._session).read, await self._connection.rows(_FIND_NOTICES, both))),
        )

    async def _forget(self, chats: Mapping[str, str]) -> Forgotten:
        """Remove everything of these chats (hash -> chat), of what another process is just storing too."""
        await Conversations(self._session).hold(chats)  # as a turn does: what is read from here on stays as it is
        of_chats = await Leads(self._session).of_chats(chats)
        hashes = {**chats, self._session.chat_hash(LISTS): LISTS}
        by_chat = {"wanted": tuple(hashes)}
        removed = tuple(lead for items in of_chats.values() for lead in items)
        both = by_chat | {"references": tuple(lead.reference for lead in removed)}
        forgotten = Forgotten(
            leads=removed,
            outgoing=tuple(map(Outbox(self._session).read, await self._connection.rows(_FIND_OUTGOING, both))),
            notices=tuple(map(Notices(self._session).read, await self._connection.rows(_FIND_NOTICES, both))),
        )
        for removal in _BY_CHAT_OR_LEAD:
            await self._connection.run(removal, both)
        await self._connection.run(_ADDRESSES, {"references": both["references"]})
        for change in _BY_CHAT:
            await self._connection.run(change, by_chat)
        self._keys.forget()
        return forgotten


def _addresses(private: Mapping[str, Any]) -> set[str]:
    """Give the e-mail addresses that a conversation holds: of its draft, and where a question is to be answered."""
    draft = private.get("draft") or {}
    found = (private.get("reply_to"), draft.get("suggestion"), draft.get("answers", {}).get("email"))
    return {address.casefold() for address in found if address}
