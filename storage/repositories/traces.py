"""An e-mail address in what others said: who asks to be removed is removed there too, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Delete, Select, Update, bindparam, delete, select, update

from storage.among import among
from storage.case_records import Did, Kind
from storage.repositories.base import Repository
from storage.repositories.searched import Searched, texts_of
from storage.tables import case_events, cases, conversations, handled, outgoing, questions, transcript

#: where it may stand, and what removes it there
_LINES: Mapping[str, tuple[Select[Any], Delete | Update]] = {
    "transcript": (
        select(transcript.c.id, transcript.c.data),
        delete(transcript).where(among(transcript.c.id)),
    ),
    "outgoing": (
        select(outgoing.c.id, outgoing.c.data).where(outgoing.c.status == "sent"),
        delete(outgoing).where(among(outgoing.c.id)),
    ),
    "questions": (
        select(questions.c.id, questions.c.data),
        delete(questions).where(among(questions.c.id)),
    ),
    "case_events": (
        select(case_events.c.id, case_events.c.data).where(case_events.c.kind == str(Did.NOTED)),
        delete(case_events).where(among(case_events.c.id)),
    ),
    "handled": (
        select(handled.c.event_hash, handled.c.body).where(handled.c.body.is_not(None)),
        update(handled).where(among(handled.c.event_hash)).values(body=None),
    ),
}
_ASKED = select(cases.c.reference, cases.c.data).where(cases.c.data.is_not(None), cases.c.kind == str(Kind.QUESTION))
_BLANK = (
    update(cases)
    .where(cases.c.reference == bindparam("which"), cases.c.data == bindparam("old"))
    .values(data=bindparam("new"))
)
_TALK = select(conversations.c.chat_hash, conversations.c.data).where(conversations.c.data.is_not(None))
_REPLACE = (  # unless its person said something else meanwhile
    update(conversations)
    .where(conversations.c.chat_hash == bindparam("which"), conversations.c.data == bindparam("old"))
    .values(data=bindparam("new"))
)


@dataclass(frozen=True, kw_only=True)
class Traced:
    """Where an address stands in what others said."""

    lines: Mapping[str, list[Any]] = field(default_factory=dict)  #: table -> keys of its rows
    asked: tuple[Mapping[str, str], ...] = ()  #: conversations with it in a question that might still be passed on
    passed_on: tuple[Mapping[str, str], ...] = ()  #: cases of questions with it in their words

    @property
    def chats(self) -> tuple[str, ...]:
        """The hashes of the chats whose conversation is to be changed."""
        return tuple(one["which"] for one in self.asked)


class Traces(Repository):
    """What is left of an address once its own chats are removed."""

    async def find(self, search: Searched) -> Traced:
        """
        Give the lines, answers and messages that left in which the address stands. Reads everything.

        A message that still waits, or was given up, is not among them: it is to arrive.
        """
        lines = {
            table: [key for key, sealed in await self._connection.rows(find) if self._holds(search, sealed)]
            for table, (find, _) in _LINES.items()
        }
        talks, cases_of = await self._connection.rows(_TALK), await self._connection.rows(_ASKED)
        return Traced(
            lines=lines,
            asked=tuple(one for row in talks for one in self._asked(search, row)),
            passed_on=tuple(one for row in cases_of for one in self._passed_on(search, row)),
        )

    async def remove(self, traced: Traced) -> int:
        """Remove these lines, and nothing else of their chats; give how many there were."""
        count = 0
        for table, keys in traced.lines.items():
            count += await self._connection.run(_LINES[table][1], {"wanted": keys}) if keys else 0
        for one in traced.asked:
            count += await self._connection.run(_REPLACE, one)
        for one in traced.passed_on:
            count += await self._connection.run(_BLANK, one)
        return count

    def _asked(self, search: Searched, row: Any) -> list[Mapping[str, str]]:
        """The change after which a conversation holds no question with the address, where it does."""
        private = self._keys.readable(row.data)
        if not isinstance(private, dict) or not search.within(str(private.get("question") or "")):
            return []
        return [{"which": row.chat_hash, "old": row.data, "new": self._keys.seal(private | {"question": None})}]

    def _passed_on(self, search: Searched, row: Any) -> list[Mapping[str, str]]:
        """The change after which a case holds no question with the address, where it does."""
        private = self._keys.readable(row.data)
        asked = private.get("asked") if isinstance(private, dict) else None
        if not asked or not search.within(str(asked.get("question"))):
            return []
        return [{"which": row.reference, "old": row.data, "new": self._keys.seal(private | {"asked": None})}]

    def _holds(self, search: Searched, sealed: str) -> bool:
        return any(map(search.within, texts_of(self._keys.readable(sealed))))
