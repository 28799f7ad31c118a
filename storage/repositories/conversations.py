"""Conversations: what the next turn needs to know of each chat."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from bot.dialogue.events import channel_of
from bot.dialogue.records import Conversation, Draft, Lead, State, Talk
from storage.among import among
from storage.errors import Unreadable
from storage.repositories.base import Repository, insert_missing, tally, upsert
from storage.repositories.leads import Leads
from storage.tables import conversations
from storage.unreadable import reading

_COLUMNS = {"chat", "leads", "language", "state", "misses", "updated_at"}
#: what nobody wrote
_MARKS = {
    "asked_at": None,
    "sharing": False,
    "last_draft": None,
    "forgotten": None,
    "passed_on": 0,
    "offer": None,
    "cut_at": None,
}
_TIMES = ("asked_at", "cut_at")  #: those of the marks that are times
#: what is encrypted, with its value when there is nothing to keep; a field added to the record is kept by itself
_PRIVATE = {
    field.name: field.default
    for field in dataclasses.fields(Conversation)
    if field.name not in _COLUMNS and field.name not in _MARKS
}
_TALK = {field.name for field in dataclasses.fields(Talk)}
_DRAFT = {field.name for field in dataclasses.fields(Draft)}

_LOAD = (
    select(conversations)
    .where(among(conversations.c.chat_hash))  # those that hold a place too: they are to be locked
    .order_by(conversations.c.chat_hash)
    .with_for_update()  # in the order of the hashes, so that two processes never wait for each other
)
_COUNTS = (
    select(conversations.c.channel, conversations.c.language, conversations.c.state, func.count().label("number"))
    .where(conversations.c.state.is_not(None))
    .group_by(conversations.c.channel, conversations.c.language, conversations.c.state)
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unread:
    """A chat of which the conversation or a lead is stored, and cannot be read."""

    language: str
    problem: Unreadable


class Loaded(dict[str, Conversation]):
    """The known conversations by chat, and those that cannot be read, which fail none of the others."""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: dict[str, Unread] = {}


class Conversations(Repository):
    """The conversations, by chat."""

    async def load(self, chats: Iterable[str]) -> Loaded:
        """
        Give the known conversations of these chats, with their leads, oldest first; a chat of which something cannot be
        read is among the ``unreadable`` ones.

        In PostgreSQL the chats are locked until the transaction ends, the unknown ones too: load before anything else
        of these chats is read, so that what another process stored is seen.
        """
        hashes = self._session.chat_hashes(chats)
        loaded = Loaded()
        if not hashes:
            return loaded
        if self._connection.dialect == "postgresql":
            await self._take(hashes)
        found = await self._connection.rows(_LOAD, {"wanted": list(hashes)})
        rows = [row for row in found if row.state is not None]
        if rows:
            problems: dict[str, Unreadable] = {}
            leads = await Leads(self._session).of_chats(hashes, problems)
            for row in rows:
                chat = hashes[row.chat_hash]
                self._read(loaded, row, chat, leads.get(chat, ()), problems.get(chat))
        return loaded

    async def save(self, items: Iterable[Conversation]) -> None:
        """Store these conversations as they are now. Their leads are stored apart, by ``leads.save``."""
        rows = {item.chat: self._row(item) for item in items}
        if rows:
            ordered = sorted(rows.values(), key=lambda row: str(row["chat_hash"]))
            await self._connection.write(upsert(conversations, self._connection.dialect), ordered)

    async def all_counts(self) -> dict[str, dict[str, int]]:
        """Give how many conversations there are by channel, language and state."""
        return tally(await self._connection.rows(_COUNTS), ("channel", "language", "state"))

    async def hold(self, hashes: Mapping[str, str]) -> None:
        """Lock these chats (hash -> chat) until the transaction ends, where the database locks rows."""
        missing = {key: chat for key, chat in hashes.items() if key not in self._session.locked}
        if missing and self._connection.dialect == "postgresql":
            await self._take(missing)
            await self._connection.rows(_LOAD, {"wanted": list(missing)})

    async def _take(self, hashes: Mapping[str, str]) -> None:
        """See that every chat has a row to lock; it counts as no conversation until it is saved."""
        rows = [_placeholder(key, chat) for key, chat in hashes.items()]
        await self._connection.write(insert_missing(conversations, self._connection.dialect), rows)
        self._session.locked.update(hashes)

    def _row(self, item: Conversation) -> dict[str, Any]:
        private = _kept(item, _PRIVATE)
        if item.talk:
            private["talk"] = item.talk.__dict__ | {"at": item.talk.at.isoformat()}
        if item.draft:
            private["draft"] = item.draft.__dict__ | {"started_at": item.draft.started_at.isoformat()}
        marks = _kept(item, _MARKS)
        marks |= {name: getattr(item, name).isoformat() for name in _TIMES if getattr(item, name)}
        return {
            "chat_hash": self._session.chat_hash(item.chat),
            "channel": item.channel,
            "language": item.language,
            "state": str(item.state),
            "misses": item.misses,
            "marks": json.dumps(marks) if marks else None,
            "draft_at": item.draft and item.draft.started_at,
            "updated_at": item.updated_at or datetime.now(UTC),
            "data": self._keys.seal(private, again=True) if private else None,
        }

    def _read(self, loaded: Loaded, row: Any, chat: str, leads: tuple[Lead, ...], problem: Unreadable | None) -> None:
        """Put a chat among those that are known, or those that cannot be read."""
        try:
            with reading("a conversation", row):
                conversation = self._conversation(row, chat, leads)
        except Unreadable as error:
            problem = problem or error
        if problem is None:
            loaded[chat] = conversation
        else:
            loaded.unreadable[chat] = Unread(language=row.language, problem=problem)

    def _conversation(self, row: Any, chat: str, leads: tuple[Lead, ...]) -> Conversation:
        values = {
            "chat": chat,
            "language": row.language,
            "state": State(row.state),
            "leads": leads,
            "misses": row.misses,
            "updated_at": row.updated_at,
        }
        if row.marks:
            values |= _known(json.loads(row.marks), _MARKS)
        if row.data:
            values |= _known(self._keys.open(row.data), _PRIVATE)
        values |= {name: datetime.fromisoformat(values[name]) for name in _TIMES if values.get(name)}
        if values.get("talk"):
            values["talk"] = _talk(values["talk"])
        if values.get("draft"):
            values["draft"] = _draft(values["draft"])
        return Conversation(**values)


def _kept(item: Conversation, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give those of these fields that differ from what they are when there is nothing to keep."""
    values = item.__dict__
    return {name: values[name] for name, empty in fields.items() if values[name] != empty}


def _known(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in fields}


def _draft(value: Mapping[str, Any]) -> Draft:
    return Draft(**_known(value, _DRAFT) | {"started_at": datetime.fromisoformat(value["started_at"])})


def _talk(value: Mapping[str, Any]) -> Talk:
    return Talk(**_known(value, _TALK) | {"at": datetime.fromisoformat(value["at"])})


def _placeholder(chat_hash: str, chat: str) -> dict[str, Any]:
    """Give a row that only holds the place of a chat."""
    return {
        "chat_hash": chat_hash,
        "channel": channel_of(chat),
        "language": "",
        "state": None,
        "misses": 0,
    }
