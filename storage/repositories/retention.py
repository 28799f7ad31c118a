"""Removes what was kept long enough, a slice at a time (see old.py)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update

from bot.dialogue.records import State
from storage import listed
from storage.among import among
from storage.records import Listed, Notice, Purged
from storage.repositories.base import Repository
from storage.repositories.counts import Counts
from storage.repositories.ended import DAYS, Ended
from storage.repositories.notices import Notices
from storage.repositories.old import FOUND, SLICE, SWEEPS, Terms
from storage.tables import case_events, cases, conversations, lead_addresses, leads, notices, outgoing
from storage.unreadable import readable

Old = Mapping[str, Sequence[Any]]  #: by the name of a sweep: keys of what is old

_FIND = {name: sweep.finds for name, sweep in SWEEPS.items()}
_REMOVE = {name: sweep.removes() for name, sweep in SWEEPS.items()}
#: a lead that its person is just changing is left for the next day
_LEADS = (
    select(leads.c.reference)
    .where(*SWEEPS["leads"].again)
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
_NOTHING_KEPT = {"state": str(State.IDLE), "data": None, "draft_at": None, "marks": None, "misses": 0}
_EMPTY = update(conversations).where(*SWEEPS["conversations"].again).values(_NOTHING_KEPT)
_DROP = delete(conversations).where(
    *SWEEPS["conversations"].again,
    ~select(leads.c.reference).where(leads.c.chat_hash == conversations.c.chat_hash).exists(),
)
_DRAFTS = (
    select(conversations.c.chat_hash, conversations.c.data)
    .where(*SWEEPS["drafts"].again)
    .order_by(conversations.c.chat_hash)
    .with_for_update()
)
_WITHOUT_DRAFT = (
    update(conversations)
    .where(conversations.c.chat_hash == bindparam("which"))
    .values(state=str(State.IDLE), draft_at=None, data=bindparam("rest"))
)
_CASES = select(cases.c.reference).where(*SWEEPS["cases"].again)
_OF_QUESTIONS = (
    delete(case_events).where(among(case_events.c.reference)),
    delete(cases).where(among(cases.c.reference)),
)
_NOTICES_OF_NOBODY = select(notices).where(*SWEEPS["notices"].again).order_by(notices.c.message_id)
_OF_LISTS = select(notices).where(notices.c.chat_hash == bindparam("lists")).order_by(notices.c.message_id)
_LISTS = {  # what a list holds stands where others have their question
    Listed.LEADS: _OF_LISTS.where(notices.c.question != str(Listed.QUESTIONS)),  # and what a later release lists
    Listed.QUESTIONS: _OF_LISTS.where(notices.c.question == str(Listed.QUESTIONS)),
}
_SENT_LISTS = delete(outgoing).where(outgoing.c.chat_hash == bindparam("lists"))
_AT_A_TIME = 1000
_REFERENCES = [
    select(column).distinct().where(column > bindparam("after")).order_by(column).limit(_AT_A_TIME)
    for column in (leads.c.reference, outgoing.c.lead, outgoing.c.question)
]


def slices(old: Old) -> Iterator[Old]:
    """Give it in parts that can be removed at a time."""
    for first in range(0, max(map(len, old.values()), default=0), SLICE):
        yield {name: keys[first : first + SLICE] for name, keys in old.items() if keys[first:]}


class Retention(Repository):
    """The times after which things are removed."""

    async def old(self, terms: Terms, most: int = FOUND) -> Old:
        """Give what is old, of each table so many rows at the most; nothing where nothing is."""
        found = {}
        for name, statement in _FIND.items():
            rows = await self._connection.rows(statement, self._values(name, terms) | {"most": most})
            if rows:
                found[name] = [row[0] for row in rows]
        return found

    async def remove(self, old: Old, terms: Terms) -> Purged:
        """Remove what is old of this, and still is. Gives how much was removed."""
        references, of_leads = await self._leads(old, terms)
        drafts = len(await self._still(_DRAFTS, "drafts", old, terms))
        conversations = await self._conversations(old, terms)
        await self._drafts(old, terms)
        of_leads += await self._removed(_NOTICES_OF_NOBODY, old, "notices", terms)
        asked = await self._cases(old, terms)
        missed = await self._drop("questions", old, terms)
        of_leads += await self._lists(Listed.LEADS) if references or asked else []
        of_leads += await self._lists(Listed.QUESTIONS) if missed else []
        purged = Purged(
            leads=len(references),
            references=tuple(references),
            notices=tuple(of_leads),
            drafts=drafts,
            conversations=conversations,
            questions=missed,
            handled=await self._drop("handled", old, terms),
            outgoing=sum([await self._drop(name, old, terms) for name in ("sent", "failed", "waiting")]),
            transcript=await self._drop("transcript", old, terms),
        )
        await self._drop("addresses", old, terms)
        return purged

    async def tidy(self, terms: Terms) -> None:
        """Remove counts and ended sessions that nothing asks for any more."""
        await Counts(self._session).purge(terms.handled)
        await Ended(self._session).purge(terms.now - timedelta(days=DAYS))

    async def references(self) -> set[str]:
        """Give the references of the leads and questions that anything is still kept of. Others go on meanwhile."""
        found: set[str] = set()
        for statement in _REFERENCES:
            after: str | None = ""
            while after is not None:
                rows = await self._connection.rows(statement, {"after": after})
                found.update(row[0] for row in rows)
                after = rows[-1][0] if len(rows) == _AT_A_TIME else None
        return found

    def _values(self, name: str, terms: Terms) -> dict[str, Any]:
        """Give what a sweep's conditions need."""
        lists = {"lists": self._session.chat_hash(listed.CHAT)} if name == "notices" else {}
        return {"before": getattr(terms, SWEEPS[name].term)} | lists

    async def _drop(self, name: str, old: Old, terms: Terms) -> int:
        if name not in old:
            return 0
        return await self._connection.run(_REMOVE[name], self._values(name, terms) | {"wanted": old[name]})

    async def _lists(self, what: Listed) -> list[Notice]:
        """Remove the notices of lists that hold what was removed, and what was sent of any list; give the notices."""
        lists = {"lists": self._session.chat_hash(listed.CHAT)}
        await self._connection.write(_SENT_LISTS, lists)
        return await self._without(_LISTS[what], lists)

    async def _removed(self, statement: Select[Any], old: Old, name: str, terms: Terms) -> list[Notice]:
        if name not in old:
            return []
        return await self._without(statement, self._values(name, terms) | {"wanted": old[name]})

    async def _without(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Notice]:
        """Remove these notices; give them."""
        repository = Notices(self._session)
        found = await self._connection.rows(statement, values)
        await repository.remove(found)
        return list(readable(found, repository.read))

    async def _still(self, statement: Select[Any], name: str, old: Old, terms: Terms) -> list[Any]:
        """Give the rows of a slice that are still old."""
        if name not in old:
            return []
        return list(await self._connection.rows(statement, self._values(name, terms) | {"wanted": old[name]}))

    async def _leads(self, old: Old, terms: Terms) -> tuple[list[str], list[Notice]]:
        """Remove old leads with all that is about them; give their references and notices."""
        references = [row.reference for row in await self._still(_LEADS, "leads", old, terms)]
        if not references:
            return [], []
        values = {"wanted": references}
        rows = await self._connection.rows(_NOTICES_OF_LEADS, values)
        for statement in _OF_LEADS:
            await self._connection.write(statement, values)
        return references, list(readable(rows, Notices(self._session).read))

    async def _cases(self, old: Old, terms: Terms) -> list[str]:
        """Remove the cases of questions about which nobody said anything since; give their references."""
        references = [row.reference for row in await self._still(_CASES, "cases", old, terms)]
        if references:
            for statement in _OF_QUESTIONS:
                await self._connection.write(statement, {"wanted": references})
        return references

    async def _drafts(self, old: Old, terms: Terms) -> None:
        """Remove old drafts from the conversations that stay."""
        rest = [
            {"which": row.chat_hash, "rest": self._without_draft(row.data)}
            for row in await self._still(_DRAFTS, "drafts", old, terms)
        ]
        if rest:
            await self._connection.write(_WITHOUT_DRAFT, rest)

    async def _conversations(self, old: Old, terms: Terms) -> int:
        """Remove conversations nobody came back to, or empty those of a chat with a lead; give how many are removed."""
        await self._drop("placeholders", old, terms)
        if "conversations" not in old:
            return 0
        values = self._values("conversations", terms) | {"wanted": old["conversations"]}
        removed = await self._connection.run(_DROP, values)
        await self._connection.write(_EMPTY, values)
        return removed

    def _without_draft(self, data: str | None) -> str | None:
        """Give what a conversation keeps besides its draft: nothing where it cannot be read."""
        private = self._keys.readable(data) if data else None
        known = private if isinstance(private, dict) else {}
        kept = {name: value for name, value in known.items() if name != "draft"}
        return self._keys.seal(kept) if kept else None
