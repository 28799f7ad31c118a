"""Whose an e-mail address is or was, found wherever it is stored. Reads everything, so it is for an operator."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, union

from storage.contents import Letter
from storage.repositories.base import Repository
from storage.repositories.leads import Leads
from storage.repositories.outgoing_rows import OutgoingRows
from storage.repositories.searched import Searched, texts_of
from storage.repositories.traces import Traced, Traces
from storage.tables import conversations, lead_addresses, notices, outgoing
from storage.unreadable import readable

_WITH_DATA = select(conversations.c.chat_hash, conversations.c.data).where(conversations.c.data.is_not(None))
_WITH_MAIL = select(outgoing).where(outgoing.c.kind == "mail", outgoing.c.chat_hash.is_not(None))
_ASKED = select(lead_addresses.c.reference).where(lead_addresses.c.email_hash == bindparam("email_hash"))
_WITH_QUESTION = union(
    select(notices.c.chat_hash).where(notices.c.question.in_(_ASKED)),
    select(outgoing.c.chat_hash).where(outgoing.c.question.in_(_ASKED), outgoing.c.chat_hash.is_not(None)),
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an address led to."""

    chats: frozenset[str]  #: their hashes: all of these is to be removed
    traced: Traced  #: what stands in other chats


class Addressed(Repository):
    """The chats that an address belongs to."""

    async def find(self, *spellings: str, ours: bool = False) -> Found:
        """Give what ``people.forget_address`` removes, which says what the arguments are."""
        search = Searched(spellings)
        chats = {*await self.at_once(spellings[0]), *await self._with_data(search)}
        if ours:
            return Found(chats=frozenset(chats), traced=Traced())
        chats |= set(await self._with_mail(search))
        return Found(chats=frozenset(chats), traced=await Traces(self._session).find(search))

    async def at_once(self, address: str) -> list[str]:
        """Give the hashes of the chats that an index leads to: with a lead, or a question that was passed on."""
        leads = Leads(self._session)
        asked = await self._connection.rows(_WITH_QUESTION, {"email_hash": leads.email_hash(address)})
        return [*await leads.chats_by_email(address), *(row.chat_hash for row in asked)]

    async def _with_data(self, search: Searched) -> list[str]:
        """Give the chats with a draft that has it, or that asked to be answered at it."""
        rows = await self._connection.rows(_WITH_DATA)
        return [row.chat_hash for row in rows if any(map(search.is_one, texts_of(self._keys.readable(row.data))))]

    async def _with_mail(self, search: Searched) -> list[str]:
        rows = await self._connection.rows(_WITH_MAIL)
        mails = readable(rows, lambda row: (row.chat_hash, OutgoingRows(self._session).read(row).content_as(Letter)))
        return [key for key, mail in mails if search.is_one(mail.to) or search.is_one(mail.reply_to)]
