"""A batch of turns: load, respond, save, commit; only then is anything confirmed or sent."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.dialogue.answering.mydata import with_kept
from bot.dialogue.context import Context
from bot.dialogue.records import (
    Conversation,
    DataShown,
    Effect,
    Event,
    LeadWithdrawn,
    Reply,
    Turn,
)
from bot.dialogue.respond import respond
from bot.turns.batch import Answer, Batch
from bot.turns.flood import Flood
from bot.turns.personal_data import as_record
from bot.turns.protocols import Deliverer, StaffDesk
from bot.turns.replies import Replies
from bot.wording import Wording
from storage.errors import StorageError, Unavailable
from storage.records import Forgotten, Handled, Notice, Outgoing
from storage.repositories import Repositories
from storage.store import Storage

log = structlog.get_logger()

LARGEST_BATCH = 100  #: events
KEEPS_TRANSCRIPT = ("web", "terminal")  #: channels that show their answers themselves; to all others they are sent
APOLOGY = (Reply(message="chat/apology"),)


class NotSaved(Exception):
    """The database could not keep what was said; nothing of it may be confirmed."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a turn is decided with."""

    wording: Wording
    context: Callable[[], Context]  #: everything respond needs, as of now
    notify: Callable[[Effect, Conversation, datetime], Sequence[Outgoing]]
    #: the edits after which our messages in the staff chat say nothing of a forgotten person any more
    blot_out: Callable[[Sequence[Notice], datetime], Sequence[Outgoing]] = lambda notices, now: ()
    staff: StaffDesk | None = None


@dataclass(kw_only=True)
class _Waiting:
    event: Event
    answer: "asyncio.Future[Answer]"
    since: float  #: when it arrived, on the loop's clock


class Desk:
    """Takes events from all channels, and answers them in batches of those that wait together."""

    def __init__(
        self,
        storage: Storage,
        rules: Rules,
        outbox: Deliverer,
        *,
        on_said: Callable[[str], None] = lambda chat: None,
        on_turn: Callable[[Answer, float], None] = lambda answer, seconds: None,
        on_batch: Callable[[int, Sequence[tuple[Effect, Conversation]]], None] = lambda turns, effects: None,
        on_forgotten: Callable[[Forgotten], None] = lambda forgotten: None,
        flood: Flood | None = None,
    ) -> None:
        """
        ``on_said`` is told which web chat has new messages, ``on_turn`` which answer was given in how many seconds,
        ``on_batch`` how many turns were stored together with which effects, ``on_forgotten`` what was removed of a
        person; all after the commit.
        """
        self._storage = storage
        self._rules = rules
        self._replies = Replies(rules.wording)
        self._outbox = outbox
        self._on_said = on_said
        self._on_turn = on_turn
        self._on_batch = on_batch
        self._on_forgotten = on_forgotten
        self._flood = flood or Flood(lambda lane: (), most=sys.maxsize)
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()

    async def submit(self, events: Sequence[Event]) -> list[Answer]:
        """The answers to ``events``, once they are stored. Raises NotSaved when the database failed for one of them."""
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(event=event, answer=loop.create_future(), since=loop.time()) for event in events]
        self._waiting.extend(waiting)
        self._arrived.set()
        done = await asyncio.gather(*(one.answer for one in waiting), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return [one for one in done if isinstance(one, Answer)]

    async def run(self) -> None:
        """Answer what arrives, for ever."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._settle(batch)

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Answer one batch; where it fails, each event by itself."""
        try:
            answers: Sequence[Answer | NotSaved] = await self.handle([one.event for one in batch])
        except Unavailable as problem:
            log.warning("not_saved", events=len(batch), error=str(problem))
            answers = [NotSaved() for _ in batch]
        except Exception as problem:
            log.warning("batch_failed", events=len(batch), error=type(problem).__name__, exc_info=_is_ours(problem))
            answers = [await self._singly(one.event) for one in batch]
        now = asyncio.get_running_loop().time()
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Answer):
                self._on_turn(answer, now - one.since)
            if one.answer.done():
                continue
            if isinstance(answer, NotSaved):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)

    async def _singly(self, event: Event) -> Answer | NotSaved:
        """The answer to one event of a batch that failed; an apology where it fails by itself."""
        for apologise in (False, True):
            try:
                return (await self.handle([event], apologise=apologise))[0]
            except Exception as problem:
                error = type(problem).__name__
                log.warning("turn_failed", channel=event.channel, error=error, exc_info=_is_ours(problem))
        return NotSaved()

    async def handle(self, events: Sequence[Event], *, apologise: bool = False) -> list[Answer]:
        """Answer ``events`` in one durable transaction. Whatever the database raises, nothing was changed then."""
        with self._outbox.deliveries() as delivered:
            async with self._storage.transaction() as tx:
                batch = await self._load(tx, events)
                late = await tx.outbox.record(delivered)
                batch.outgoing.extend(self._rules.blot_out(late, self._rules.context().now) if late else ())
                for event in events:
                    await self._take(tx, batch, event, apologise)
                added = await self._save(tx, batch)
        self._committed(batch, added)
        self._on_batch(len(events), batch.effects)
        return batch.answers

    def _committed(self, batch: Batch, added: Sequence[Outgoing]) -> None:
        """Only now: send, wake the open pages, and let go of what was removed."""
        for forgotten in batch.forgotten:
            self._outbox.drop({message.id for message in forgotten.outgoing if message.id is not None})
            self._on_forgotten(forgotten)
        if batch.thinned.superseded:
            self._outbox.drop(batch.thinned.superseded)
        self._flood.committed(batch.thinned)
        self._outbox.put(added)
        for chat in {event.chat for event, _ in batch.said} | batch.told:
            self._on_said(chat)

    async def _load(self, tx: Repositories, events: Sequence[Event]) -> Batch:
        """
        The conversations, locked, and then what was handled before: in this order two processes agree.

        Before anything else: whoever locks a chat and messages does so in this order, and so nobody waits in a circle.
        """
        known = await tx.conversations.load(sorted({event.chat for event in events}))
        done = await tx.handled.find([(event.chat, event.id) for event in events])
        return Batch(conversations=dict(known), handled=dict(done))

    async def _take(self, tx: Repositories, batch: Batch, event: Event, apologise: bool) -> None:
        """Answer one event into ``batch``; an event that was handled before changes nothing."""
        key = (event.chat, event.id)
        if key in batch.handled:
            batch.answers.append(batch.again(event))
            return
        batch.handled[key] = Handled(chat=event.chat, event_id=event.id, at=event.at)
        staff = self._rules.staff
        if staff is not None and staff.serves(event):
            done = await staff.handle(tx, event)
            batch.outgoing.extend(done.outgoing)
            batch.told.update({done.told} if done.told else ())
            batch.answers.append(Answer(event=event))
            return
        await self._answer(tx, batch, event, apologise)

    async def _answer(self, tx: Repositories, batch: Batch, event: Event, apologise: bool) -> None:
        context = self._rules.context()
        before = batch.conversations.get(event.chat) or self._new(event)
        turn = self._apology(before) if apologise else self._turn(before, event, context)
        kinds = {type(effect) for effect in turn.effects}
        if DataShown in kinds:
            turn = with_kept(turn, as_record(await tx.people.kept(event.chat)))
        after = replace(turn.conversation, updated_at=context.now)
        if LeadWithdrawn in kinds:
            batch.drop_earlier(event.chat)
            await self._forget(tx, batch, after, context.now)  # at once: what comes later in this batch is kept
        batch.conversations[event.chat] = after
        batch.changed.add(event.chat)
        batch.effects.extend((effect, after) for effect in turn.effects)
        replies = self._replies.rendered(turn, event.channel)
        if event.channel in KEEPS_TRANSCRIPT:
            batch.said.append((event, self._replies.transcript(before, event, replies)))
        else:
            self._flood.add(
                batch.outgoing,
                self._replies.messages(before, turn, event, replies),
                batch.thinned,
                lambda: self._replies.slow_down(event, after.language),
            )
        batch.answers.append(Answer(event=event, replies=replies, failed=turn.replies == APOLOGY))

    def _turn(self, before: Conversation, event: Event, context: Context) -> Turn:
        """The turn; an apology, and the conversation as it was, when our own code fails."""
        try:
            return respond(before, event, context)
        except Exception:
            log.exception("turn_failed", channel=event.channel, kind=event.kind, state=before.state)
            return self._apology(before)

    def _apology(self, before: Conversation) -> Turn:
        return Turn(conversation=before, replies=APOLOGY)

    def _new(self, event: Event) -> Conversation:
        """The conversation of a chat that is not known yet, in the client's language where we have it."""
        hint = (event.language or "").partition("-")[0]
        languages = self._rules.wording.languages
        return Conversation(chat=event.chat, language=hint if hint in languages else languages[0])

    async def _save(self, tx: Repositories, batch: Batch) -> list[Outgoing]:
        """Save the batch, with what staff are told of it; give the outgoing messages with their ids."""
        now = self._rules.context().now
        for effect, conversation in batch.effects:
            batch.outgoing.extend(self._rules.notify(effect, conversation, now))
        return await batch.save(tx, now)

    async def _forget(self, tx: Repositories, batch: Batch, conversation: Conversation, now: datetime) -> None:
        """Remove everything of a chat; what this batch was going to send about it was dropped before."""
        forgotten = await tx.people.forget([conversation.chat])
        batch.forgotten.append(forgotten)
        batch.outgoing.extend(self._rules.blot_out(forgotten.notices, now))


def _is_ours(problem: Exception) -> bool:
    """Whether our own code failed, so that the log must say where; not the database, nor what it refuses."""
    return not isinstance(problem, StorageError)
