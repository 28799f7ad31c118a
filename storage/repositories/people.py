"""What belongs to a person, removed on request."""

from collections.abc import Iterable

from sqlalchemy import Delete, Update, delete, or_, select, update

from storage.among import among
from storage.records import Forgotten
from storage.repositories.base import Repository
from storage.repositories.leads import Leads
from storage.repositories.notices import Notices
from storage.repositories.outbox import Outbox
from storage.tables import conversations, handled, leads, notices, outgoing, transcript

_OUTGOING = or_(among(outgoing.c.chat_hash), among(outgoing.c.lead, "references"))
_NOTICES = or_(among(notices.c.chat_hash), among(notices.c.lead, "references"))
_FIND_OUTGOING = select(outgoing).where(_OUTGOING).order_by(outgoing.c.id).with_for_update()
_FIND_NOTICES = select(notices).where(_NOTICES).order_by(notices.c.message_id)
_BY_CHAT: tuple[Delete | Update, ...] = (
    delete(leads).where(among(leads.c.chat_hash)),
    delete(transcript).where(among(transcript.c.chat_hash)),
    delete(conversations).where(among(conversations.c.chat_hash)),
    update(handled).where(among(handled.c.chat_hash), handled.c.body.is_not(None)).values(body=None),
)
_BY_CHAT_OR_LEAD = (delete(outgoing).where(_OUTGOING), delete(notices).where(_NOTICES))


class People(Repository):
    """Everything of a person, wherever it is stored."""

    async def forget(self, chats: Iterable[str]) -> Forgotten:
        """
        Remove everything of these chats; give what it was, so that it can be removed elsewhere too.

        That these chats' events were handled stays known, without what was answered. Messages about the removal are
        to be added afterwards.
        """
        hashes = self._session.chat_hashes(chats)
        if not hashes:
            return Forgotten()
        by_chat = {"wanted": tuple(hashes)}
        of_chats = await Leads(self._session).of_chats(hashes)
        removed = tuple(lead for items in of_chats.values() for lead in items)
        both = by_chat | {"references": tuple(lead.reference for lead in removed)}
        forgotten = Forgotten(
            leads=removed,
            outgoing=tuple(map(Outbox(self._session).read, await self._connection.rows(_FIND_OUTGOING, both))),
            notices=tuple(map(Notices(self._session).read, await self._connection.rows(_FIND_NOTICES, both))),
        )
        for removal in _BY_CHAT_OR_LEAD:
            await self._connection.run(removal, both)
        for change in _BY_CHAT:
            await self._connection.run(change, by_chat)
        self._keys.forget()
        return forgotten
