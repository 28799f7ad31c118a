"""A desk each of whose steps can be made to fail for one event, at the seams where the program is put together."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from bot.dialogue.context import Match
from bot.dialogue.records import Conversation, Effect, Reply
from bot.loading import context_maker
from bot.outbox import StaffAddress
from bot.staff.chat import StaffChat
from bot.turns.desk import Desk, Rules
from bot.wording import Rendered, Wording
from storage.case_records import Case
from storage.crypto import DataKeys
from storage.engine import Connection, Database, Statement, Values
from storage.errors import Rejected, Unavailable
from storage.records import Outgoing
from storage.store import Storage
from tests.turns.post import FACTS, MESSAGES, Post, matcher

STAFF = -100
MARK = "ditklapt"  #: where this stands, the armed step fails


class Broken(Exception):
    """A fault of ours."""


@dataclass(kw_only=True)
class Fault:
    """Which step fails now, and how often; -1: for ever."""

    step: str = ""
    times: int = 0
    hits: int = 0  #: how often it failed since it was armed
    transactions: int = 0  #: begun since it was armed

    def arm(self, step: str, times: int) -> None:
        """Let this step fail so often."""
        self.step, self.times, self.hits, self.transactions = step, times, 0, 0

    def said(self, chat: str) -> None:
        """Whoever is told of what was committed fails here."""
        self.at("said", holds=True)

    def at(self, step: str, holds: object) -> None:
        """Fail here, where this is the step and what it works on ``holds`` what makes it fail."""
        if step == self.step and holds and self.times:
            self.times -= 1
            self.hits += 1
            raise Rejected("not this") if "rejects" in step else Unavailable("not now") if "away" in step else Broken


class Keys(DataKeys):
    """Keys that do not open, or seal, one value."""

    fault: Fault

    def open(self, token: str) -> Any:
        value = super().open(token)
        self.fault.at("load", MARK in json.dumps(value))
        self.fault.at("all answers", isinstance(value, dict) and "messages" in value)
        return value

    def seal(self, value: Any, *, again: bool = False) -> str:
        self.fault.at("encrypt", MARK in json.dumps(value))
        return super().seal(value, again=again)


@dataclass(kw_only=True)
class Wire:
    """A connection that does not take one chat's rows; SQLite's says so with the next step, as the real one does."""

    real: Connection
    fault: Fault
    spoilt: Collection[str]  #: hashes of chats
    late: Exception | None = None  #: what the next step raises

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def rows(self, statement: Statement, values: Values | None = None) -> Sequence[Any]:
        self.settle()
        return await self.real.rows(statement, values)

    async def run(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> int:
        self.settle()
        self._take(statement, values)
        return await self.real.run(statement, values)

    async def write(self, statement: Statement, values: Values | Sequence[Values] | None = None) -> None:
        if self.late is not None:
            return
        try:
            self._take(statement, values)
        except Exception as refusal:
            self.late = refusal
        if self.real.dialect == "postgresql":
            self.settle()
        await self.real.write(statement, values)

    def settle(self) -> None:
        if self.late is not None:
            raise self.late

    def _take(self, statement: Statement, values: Values | Sequence[Values] | None) -> None:
        given = [values] if isinstance(values, Mapping) else values or []
        table = getattr(getattr(statement, "table", None), "name", "")
        self.fault.at(f"save {table}", self._spoils(given))
        self.fault.at(f"save {table} rejects", self._spoils(given))
        self.fault.at("nothing away", table != "processes")
        self.fault.at("nothing rejects", table != "processes")
        self.fault.at("keep rejects", self._spoils(given))
        self.fault.at("keep away", self._spoils(given))

    def _spoils(self, given: Sequence[Values]) -> bool:
        return any(key in self.spoilt for row in given for key in row.values() if isinstance(key, str))


@dataclass(kw_only=True)
class Base:
    """A database whose connections are such."""

    real: Database
    fault: Fault
    spoilt: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Wire]:
        self.fault.transactions += 1
        self.fault.at("all away", holds=True)
        async with self.real.transaction() as connection:
            wire = Wire(real=connection, fault=self.fault, spoilt=self.spoilt)
            yield wire
            wire.settle()


class Words(Wording):
    """Words of which some cannot be rendered."""

    fault: Fault

    def reply(self, reply: Reply, language: str, channel: str, *, whole: bool = False) -> Rendered:
        self.fault.at("render", reply.message == "chat/welcome")
        self.fault.at("render all", reply.message in ("chat/welcome", "chat/apology"))
        return super().reply(reply, language, channel, whole=whole)

    def message(self, key: str, language: str, values: Mapping[str, Any], channel: str, **more: Any) -> Rendered:
        self.fault.at("staff: render", key == "staff/help")
        self.fault.at("staff: render all", key in ("staff/help", "staff/failed"))
        return super().message(key, language, values, channel, **more)


@dataclass(kw_only=True)
class FailingDesk:
    """The desk, its database, what it sent, and the fault."""

    desk: Desk
    storage: Storage
    base: Base
    post: Post
    fault: Fault
    wording: Wording

    def spoil(self, *chats: str) -> None:
        """It is these chats whose rows the database does not take, while that is the step that fails."""
        self.base.spoilt = {self.storage.keyed_hash("chat", chat) for chat in chats}

    def sorry(self, key: str = "chat/apology") -> str:
        """How the apology reads."""
        return self.wording.message(key, "nl", {}, "telegram").html


@asynccontextmanager
async def failing_desk(url: str, key: str) -> AsyncIterator[FailingDesk]:
    """A desk at work on this database, that fails as its fault says."""
    fault = Fault()
    opened = await Storage.open(url, data_key=key, owner="one")
    keys = Keys(key)
    keys.fault = fault
    keys._hash_key = opened._keys._hash_key
    base = Base(real=opened._database, fault=fault)
    storage = Storage(base, keys, owner="one", key_file=None)
    wording = _words()
    wording.fault = fault
    post = Post()
    staff = StaffChat(wording, StaffAddress(f"telegram:{STAFF}"), "nl")
    desk = Desk(storage, _rules(wording, fault, staff), post, on_said=fault.said, patience=0)
    running = asyncio.create_task(desk.run())
    try:
        yield FailingDesk(desk=desk, storage=storage, base=base, post=post, fault=fault, wording=wording)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await storage.close()


@cache
def _words() -> Words:
    return Words.load(MESSAGES, FACTS)


def _rules(wording: Wording, fault: Fault, staff: StaffChat) -> Rules:
    found = matcher()
    sound = context_maker(wording, found)

    def match(text: str, language: str) -> Match:
        fault.at("read", MARK in text)
        return found.match(text, language)

    def new_token() -> str:
        fault.at("respond", holds=True)
        return sound().new_token()

    def notify(effect: Effect, conversation: Conversation, now: datetime, case: Case | None) -> Sequence[Outgoing]:
        fault.at("notify", MARK in repr(effect))
        return ()

    return Rules(
        wording=wording,
        context=lambda: replace(sound(), match=match, new_token=new_token),
        notify=notify,
        staff=staff,
    )
