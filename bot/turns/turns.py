"""One batch of turns in one transaction: load, respond, save, commit; only then is anything sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.dialogue.answering.mydata import with_kept
from bot.dialogue.channels import traits_of
from bot.dialogue.events import Chosen, Event
from bot.dialogue.records import (
    Conversation,
    DataShown,
    Effect,
    LeadSaved,
    LeadWithdrawn,
    Reply,
    TalkEnded,
    TalkLine,
    Turn,
)
from bot.dialogue.respond import respond
from bot.turns.batch import Answer, Batch, Messages, Way, Ways, key_of, keys_of, unkept
from bot.turns.flood import Flood
from bot.turns.personal_data import as_record
from bot.turns.protocols import Deliverer, StaffTurn
from bot.turns.replies import Replies, in_topic
from bot.turns.rules import Afterwards, NotBegun, Rules, TurnsFailed, guarded, tell_failed
from bot.wording import Rendered
from storage.case_records import Case
from storage.errors import Rejected, Unavailable
from storage.follow import of_removed, record_outcomes
from storage.records import Delivery, Handled, Outgoing
from storage.repositories import Repositories
from storage.store import Storage

log = structlog.get_logger()

#: turns of a batch after which others go on: what leaves one after another, staff's messages, waits for each answer
AT_A_TIME = 4
APOLOGY = (Reply(message="chat/apology"),)


class Turns:
    """Answers a batch of events in one durable transaction, or not at all."""

    def __init__(self, storage: Storage, rules: Rules, outbox: Deliverer, flood: Flood, afterwards: Afterwards) -> None:
        self._storage = storage
        self._rules = rules
        self._replies = Replies(rules.wording)
        self._outbox = outbox
        self._flood = flood
        self._afterwards = afterwards

    async def handle(self, events: Sequence[Event], ways: Ways | None = None) -> list[Answer]:
        """
        Answer ``events`` in one durable transaction. Whatever this raises, nothing was changed then.

        ``ways`` says how those are answered that failed before; None at the first try, which alone takes along what
        was delivered meanwhile: so that is never what makes a batch fail again. Raises TurnsFailed with the events at
        which our own code failed, NotBegun, and what the database raises.
        """
        batch = Batch(ways=ways or {})
        with self._outbox.deliveries() if ways is None else nullcontext([]) as delivered:
            async with self._begun() as tx:
                await self._load(tx, batch, events)
                await self._record(tx, batch, delivered)
                await self._take_all(tx, batch, events)
                added = await batch.save(tx, self._rules.context())
        self._committed(batch, added, len(events))
        return batch.answers

    def given_up(self, event: Event) -> Answer:
        """The answer to an event of which nothing at all can be kept. Who waits for an answer reads the apology."""
        return Answer(event=event, failed=True, messages=self._only_said(event))

    async def can_write(self) -> bool:
        """Whether the database keeps what turns keep: tried with something that belongs to nobody."""
        try:
            async with self._storage.transaction() as tx:
                await tx.rehearsal.run()
        except Exception as problem:
            log.warning("nothing_is_kept", error=type(problem).__name__)
            return False
        return True

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[Repositories]:
        """A transaction. Raises NotBegun where there is none to be had."""
        begun = False
        try:
            async with self._storage.transaction() as tx:
                begun = True
                yield tx
        except Unavailable as problem:
            raise problem if begun else NotBegun(str(problem)) from problem

    def _committed(self, batch: Batch, added: Sequence[Outgoing], events: int) -> None:
        """Only now: send, wake the open pages, and let go of what was removed."""
        gone = {message.id for forgotten in batch.forgotten for message in forgotten.outgoing if message.id is not None}
        if dropped := gone | batch.superseded:
            self._outbox.drop(dropped)
        self._flood.committed(batch.thinned)
        self._outbox.put(added)
        for forgotten in batch.forgotten:
            guarded("forgotten", partial(self._afterwards.forgotten, forgotten))
        for chat in {event.chat for event, _ in batch.said} | batch.said_in:
            guarded("said", partial(self._afterwards.said, chat))
        guarded("batch", partial(self._afterwards.batch, events, batch.effects))

    async def _load(self, tx: Repositories, batch: Batch, events: Sequence[Event]) -> None:
        """
        The conversations, locked, and then what was handled before: in this order two processes agree.

        Before anything else: whoever locks a chat and messages does so in this order, and so nobody waits in a circle.
        """
        wanted = {event.chat for event in events if batch.way(event) <= Way.APOLOGY}
        wanted |= await self._staffs_people(tx, batch, events)
        batch.loaded(await tx.conversations.load(sorted(wanted)))
        batch.handled.update(await tx.handled.find([key for event in events for key in keys_of(event)]))

    async def _staffs_people(self, tx: Repositories, batch: Batch, events: Sequence[Event]) -> set[str]:
        """The chats that staff do something about: held with the others, so that nobody waits in a circle."""
        staff, found, failed = self._rules.staff, set(), set()
        for event in events:
            if staff is None or batch.way(event) is not Way.TURN or not staff.serves(event):
                continue
            try:
                found.add(await staff.about(tx, event))
            except (Unavailable, Rejected):
                raise  # the transaction is broken with it
            except Exception as problem:
                tell_failed(event, problem)
                failed.add(key_of(event))
        if failed:
            raise TurnsFailed(frozenset(failed))
        return {chat for chat in found if chat is not None}

    async def _record(self, tx: Repositories, batch: Batch, delivered: Sequence[Delivery]) -> None:
        """Keep what was delivered meanwhile, and redact what arrived after its person was forgotten."""
        now = self._rules.context().now
        batch.outgoing.extend(await record_outcomes(tx, delivered, self._rules.following, now))

    async def _take_all(self, tx: Repositories, batch: Batch, events: Sequence[Event]) -> None:
        """Answer all events into ``batch``. Raises TurnsFailed with those at which our own code failed."""
        failed = set()
        for number, event in enumerate(events, start=1):
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
            try:
                await self._take(tx, batch, event)
            except (Unavailable, Rejected):
                raise  # the transaction is broken with it
            except Exception as problem:
                tell_failed(event, problem)
                failed.add(key_of(event))
        if failed:
            raise TurnsFailed(frozenset(failed))

    async def _take(self, tx: Repositories, batch: Batch, event: Event) -> None:
        """Answer one event into ``batch``; an event that was handled before changes nothing."""
        key, way = key_of(event), batch.way(event)
        if batch.is_handled(event):
            batch.answers.append(self._again(batch, event))
            return
        batch.handled[key] = Handled(chat=event.chat, event_id=event.id, at=event.at)
        staff = self._rules.staff
        if way is Way.NOTED:
            log.error("event_given_up", channel=event.channel, kind=event.kind)
            batch.answers.append(self.given_up(event))
        elif staff is not None and staff.serves(event):
            done = await staff.handle(tx, event, batch.conversations) if way is Way.TURN else staff.sorry(event)
            self._staffs(batch, event, done, failed=way is not Way.TURN)
        elif way is not Way.TURN:
            self._apologise(batch, event, way)
        elif event.chat in batch.unreadable:
            log.error("record_unreadable", channel=event.channel, error=str(batch.unreadable[event.chat].problem))
            self._apologise(batch, event, Way.APOLOGY)
        else:
            await self._answer(tx, batch, event)
        batch.answered(batch.answers[-1])

    def _staffs(self, batch: Batch, event: Event, done: StaffTurn, *, failed: bool) -> None:
        batch.outgoing.extend(in_topic(event, done.outgoing))
        self._staff_did(batch, done)
        batch.answers.append(Answer(event=event, failed=failed, toast=done.toast))

    def _staff_did(self, batch: Batch, done: StaffTurn) -> None:
        batch.said_in.update({done.said_in} if done.said_in else ())
        batch.replaced |= done.superseded
        for conversation in done.conversations:
            if conversation.chat not in batch.unreadable:
                batch.keep(conversation)

    async def _answer(self, tx: Repositories, batch: Batch, event: Event) -> None:
        context = self._rules.context()
        before = batch.conversations.get(event.chat) or self._new(event)
        turn = respond(before, event, context)
        turn = await batch.bounding.within(tx, event, before, turn, context.now)
        kinds = {type(effect) for effect in turn.effects}
        if DataShown in kinds:
            turn = with_kept(turn, as_record(await tx.people.kept(event.chat)))
        after = replace(turn.conversation, updated_at=context.now)
        replies = self._replies.rendered(turn, event.channel)
        if LeadWithdrawn in kinds:
            batch.drop_earlier(event.chat, context.now)
            await self._forget(tx, batch, after, context.now)  # at once: what comes later in this batch is kept
        batch.keep(after)
        self._say(batch, event, before, turn, replies)
        for effect in turn.effects:
            batch.effects.append((effect, after))
            case = await self._changed(tx, batch, effect, context.now)
            batch.outgoing.extend(self._rules.notify(effect, after, context.now, case))
            if self._rules.staff is not None and isinstance(effect, TalkLine | TalkEnded):
                done = await self._rules.staff.talked(tx, effect, after, context.now)
                batch.outgoing.extend(in_topic(event, done.outgoing))
                self._staff_did(batch, done)
        batch.answers.append(Answer(event=event, replies=replies, removed=LeadWithdrawn in kinds))

    async def _changed(self, tx: Repositories, batch: Batch, effect: Effect, now: datetime) -> Case | None:
        """The case as the change of a lead leaves it, with what that does to its cards."""
        staff = self._rules.staff
        if staff is None or not isinstance(effect, LeadSaved) or effect.before is None:
            return None
        change = await staff.changed(tx, effect, now)
        if change is None:
            return None
        batch.outgoing.extend(change.outgoing)
        batch.replaced |= change.superseded
        return change.case

    def _say(self, batch: Batch, event: Event, before: Conversation, turn: Turn, replies: Sequence[Rendered]) -> None:
        """Bring the replies to the person, as lines of a transcript or as messages that leave."""
        if traits_of(event.channel).keeps_transcript:
            batch.said.append((event, self._replies.transcript(before, event, replies)))
            return
        self._flood.add(
            batch.outgoing,
            self._replies.messages(before, turn, event, replies),
            batch.thinned,
            lambda: self._replies.slow_down(event, turn.conversation.language),
        )

    def _apologise(self, batch: Batch, event: Event, way: Way) -> None:
        """Say that it failed. The conversation stays as it was, and so do the buttons of a tapped message."""
        before = batch.conversations.get(event.chat) if way is Way.APOLOGY else None
        unread = batch.unreadable.get(event.chat)
        before = before or self._new(event, unread.language if unread else None)
        turn = Turn(conversation=before, replies=APOLOGY)
        replies = self._replies.rendered(turn, event.channel)
        if way is Way.BARE and traits_of(event.channel).keeps_transcript:
            batch.said.append((event, self._replies.lines(event, replies)))
        else:
            still = replace(event, tapped=None) if isinstance(event, Chosen) else event
            self._say(batch, still, before, turn, replies)
        batch.answers.append(Answer(event=event, replies=replies, failed=True))

    def _again(self, batch: Batch, event: Event) -> Answer:
        """The answer that this event got before; an apology where that cannot be read any more."""
        answer = batch.again(event)
        return answer if answer is not None else replace(self.given_up(event), duplicate=True)

    def _only_said(self, event: Event) -> Messages:
        """The apology as the web API gives it, kept nowhere; nothing where not even that can be said."""
        try:
            turn = Turn(conversation=self._new(event), replies=APOLOGY)
            replies = self._replies.rendered(turn, event.channel)
            return (
                unkept(event, self._replies.lines(event, replies)) if traits_of(event.channel).keeps_transcript else ()
            )
        except Exception as problem:
            tell_failed(event, problem)
            return ()

    def _new(self, event: Event, language: str | None = None) -> Conversation:
        """The conversation of a chat that is not known yet, in the client's language where we have it."""
        languages = self._rules.wording.languages
        hint = language or (event.language or "").partition("-")[0]
        return Conversation(chat=event.chat, language=hint if hint in languages else languages[0])

    async def _forget(self, tx: Repositories, batch: Batch, conversation: Conversation, now: datetime) -> None:
        """Remove everything of a chat; what this batch was going to send about it was dropped before."""
        forgotten = await tx.people.forget([conversation.chat])
        batch.forgotten.append(forgotten)
        redacted = self._rules.following.redact(forgotten.notices, now)
        batch.outgoing.extend((*redacted, *of_removed(forgotten.outgoing, now)))
