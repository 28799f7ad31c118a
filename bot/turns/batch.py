"""What one transaction is going to save, gathered turn by turn, and saved set-wise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeGuard

from bot.bounds import TRANSCRIPT_LINES
from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.fields import Form, Role
from bot.dialogue.records import Conversation, Effect, LeadSaved, QuestionForwarded, QuestionMissed
from bot.turns.bounding import Bounding
from bot.turns.flood import Thinned
from bot.turns.masking import without_details
from bot.turns.opening import opened
from bot.wording import Rendered
from storage.contents import Content, Edit, Letter
from storage.follow import of_removed
from storage.records import Forgotten, Handled, MissedQuestion, Outgoing, Said
from storage.repositories import Repositories
from storage.repositories.conversations import Loaded, Unread

Messages = tuple[Mapping[str, Any], ...]
Key = tuple[str, str]
"""What names an event: its chat and its id."""


class Way(IntEnum):
    """How an event is answered; each is tried where the one before it failed."""

    TURN = 0
    APOLOGY = 1  #: an apology in the conversation's language
    BARE = 2  #: an apology; nothing of the conversation is read, and nothing kept of what the person said
    NOTED = 3  #: nothing can be said: all that is kept is that it was handled


Ways = Mapping[Key, Way]
"""How events are answered that failed before."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one event, once it is stored durably."""

    event: Event
    replies: tuple[Rendered, ...] = ()
    messages: Messages = ()  #: the replies as the web API gives them
    duplicate: bool = False  #: the event was handled before; nothing changed
    failed: bool = False  #: our own code failed at it; the person got an apology
    removed: bool = False  #: all that was kept of the person was removed with it
    toast: str | None = None  #: what who tapped is shown for a moment, where the channel can


@dataclass(kw_only=True)
class Batch:
    """What one transaction is going to save."""

    ways: Ways = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    unreadable: dict[str, Unread] = field(default_factory=dict)  #: chats of which what is stored cannot be read
    changed: set[str] = field(default_factory=set)
    effects: list[tuple[Effect, Conversation]] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    said: list[tuple[Event, list[Said]]] = field(default_factory=list)
    #: said before its person was forgotten, in this very batch: answered, but not kept
    unsaid: list[tuple[Event, list[Said]]] = field(default_factory=list)
    said_in: set[str] = field(default_factory=set)  #: web chats in which staff said something
    replaced: set[int] = field(default_factory=set)  #: ids of stored edits of which a newer one says all
    handled: dict[Key, Handled] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    forgotten: list[Forgotten] = field(default_factory=list)
    thinned: Thinned = field(default_factory=Thinned)
    bounding: Bounding = field(default_factory=Bounding)

    def way(self, event: Event) -> Way:
        """How this event is to be answered."""
        return self.ways.get(key_of(event), Way.TURN)

    def loaded(self, found: Loaded) -> None:
        """Take what is stored of the chats."""
        self.conversations.update(found)
        self.unreadable.update(found.unreadable)

    def keep(self, conversation: Conversation) -> None:
        """Save this conversation as it is now."""
        self.conversations[conversation.chat] = conversation
        self.changed.add(conversation.chat)

    def is_handled(self, event: Event) -> bool:
        """Whether this event, or one that it is the same as, was handled before, in this batch or an earlier one."""
        return not self.handled.keys().isdisjoint(keys_of(event))

    def answered(self, answer: Answer) -> None:
        """Note that one of the events that are the same got its answer; after an apology the next may try again."""
        if not answer.failed and not answer.duplicate:
            event = answer.event
            for chat, name in keys_of(event):
                self.handled.setdefault((chat, name), Handled(chat=chat, event_id=name, at=event.at))

    def again(self, event: Event) -> Answer | None:
        """The answer that this event got before, in this batch or an earlier one; None where it cannot be read."""
        for answer in self.answers:
            if key_of(answer.event) == key_of(event):
                return replace(answer, duplicate=True)
        handled = next(self.handled[key] for key in keys_of(event) if key in self.handled)
        if handled.garbled:
            return None
        body = handled.body or {}
        return Answer(event=event, messages=tuple(body.get("messages", ())), duplicate=True)

    def drop_earlier(self, chat: str, now: datetime) -> None:
        """Keep nothing of what this chat did and was told so far, nor of a list it may stand in: it is forgotten."""
        dropped = [message for message in self.outgoing if message.chat == chat]
        self.effects = [(effect, conversation) for effect, conversation in self.effects if conversation.chat != chat]
        self.outgoing = [one for one in self.outgoing if one.chat != chat and not one.listed]
        self.outgoing += of_removed(dropped, now)
        self.unsaid += [(event, lines) for event, lines in self.said if event.chat == chat]
        self.said = [(event, lines) for event, lines in self.said if event.chat != chat]

    async def save(self, tx: Repositories, context: Context) -> list[Outgoing]:
        """Save everything, and put their messages into the answers; give the outgoing messages with their ids."""
        await self._save_effects(tx, context.now, context.form)
        await self.bounding.save(tx, context.now)
        await tx.conversations.save([self.conversations[chat] for chat in sorted(self.changed)])
        bodies = await self._save_said(tx)
        self.answers = [_with_messages(answer, bodies) for answer in self.answers]
        done = [answer for answer in self.answers if not answer.duplicate]
        fresh = {key for one in done for key in (keys_of(one.event) if not one.failed else (key_of(one.event),))}
        unsaid = {key_of(event) for event, _ in self.unsaid}
        await tx.handled.add(
            [_handled(self.handled[key], None if key in unsaid else bodies.get(key)) for key in sorted(fresh)]
        )
        if self.superseded:
            await tx.outbox.supersede(self.superseded)
        newest = _newest_edits(self.outgoing)
        return await tx.outbox.add(newest) if newest else []

    @property
    def superseded(self) -> set[int]:
        """The ids of stored messages that are not to leave: a later one says all that matters."""
        return self.thinned.superseded | self.replaced

    async def _save_effects(self, tx: Repositories, now: datetime, form: Form) -> None:
        leads = [effect.lead for effect, _ in self.effects if isinstance(effect, LeadSaved)]
        missed = [
            item
            for effect, conversation in self.effects
            if isinstance(effect, QuestionMissed) and (item := _missed(effect, conversation, now, form))
        ]
        if leads:
            await tx.leads.save(leads)
        await tx.cases.open([case for effect, after in self.effects if (case := opened(effect, after, now))])
        if missed:
            await tx.questions.add(missed)
        for effect, _ in self.effects:
            if isinstance(effect, QuestionForwarded) and effect.reply_to:
                await tx.leads.keep_address(effect.reference, effect.reply_to)

    async def _save_said(self, tx: Repositories) -> dict[Key, Messages]:
        """Keep the transcripts; give each event's messages as the web API gives them."""
        lines = [_without_file(said) for _, lines in self.said for said in lines]
        kept = iter(await tx.transcript.add(lines, most=TRANSCRIPT_LINES.most) if lines else [])
        bodies: dict[Key, Messages] = {}
        for event, said in self.said:
            stored = [(next(kept), line.content) for line in said]
            bodies[key_of(event)] = tuple({"id": str(one.id), **content} for one, content in stored if one.by == "bot")
        return bodies | {key_of(event): unkept(event, lines) for event, lines in self.unsaid}


def _newest_edits(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """These messages; of several that say what one message or mail is from now on, the last."""
    last = {_which(one): one for one in messages if isinstance(one.content, Letter) or _rewrites(one.content)}
    places = {id(one): place for place, one in enumerate(messages)}
    return [one for one in messages if places[id(last.get(_which(one), one))] <= places[id(one)]]


def _which(message: Outgoing) -> tuple[str, int | str | None]:
    """Which message or mail this is about; a new one, and what is called, is about itself alone."""
    content = message.content
    return message.lane, content.message_id if isinstance(content, Edit | Letter) else None


def _rewrites(content: Content) -> TypeGuard[Edit]:
    return isinstance(content, Edit) and content.html is not None


def key_of(event: Event) -> Key:
    """What names this event in the whole program: its chat, and its id there."""
    return event.chat, event.id


def keys_of(event: Event) -> tuple[Key, ...]:
    """What names this event, and those that are the same as it."""
    return (key_of(event),) if event.once is None else (key_of(event), (event.chat, event.once))


def unkept(event: Event, lines: Sequence[Said]) -> Messages:
    """An answer of which nothing is kept, as the web API gives it."""
    bodies = [said.content for said in lines if said.by == "bot"]
    return tuple({"id": f"{event.id}.{number}", **content} for number, content in enumerate(bodies))


def _with_messages(answer: Answer, bodies: Mapping[Key, Messages]) -> Answer:
    messages = bodies.get(key_of(answer.event))
    return answer if messages is None else replace(answer, messages=messages)


def _handled(handled: Handled, messages: Messages | None) -> Handled:
    if messages is None:
        return handled
    return replace(handled, body={"messages": [_unfilled(message) for message in messages]})


def _without_file(said: Said) -> Said:
    """The line as it is kept: a file is made anew when it is asked for, so that it is not kept line by line."""
    return replace(said, content=_unfilled(said.content)) if "file" in said.content else said


def _unfilled(content: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**content, "file": {"name": content["file"]["name"]}} if content.get("file") else content


def _missed(effect: QuestionMissed, conversation: Conversation, now: datetime, form: Form) -> MissedQuestion | None:
    """The question as it is kept: without whose it is in its words; None where nothing else would be left."""
    question = without_details(effect.question, _names(conversation, form))
    if question is None:
        return None
    return MissedQuestion(
        question=question, language=effect.language, suggestions=effect.suggestions, at=now, chat=conversation.chat
    )


def _names(conversation: Conversation, form: Form) -> list[str]:
    roles = (Role.NAME, Role.ORGANISATION, Role.EMAIL)
    given = [lead.given(role) for lead in conversation.leads for role in roles]
    if conversation.draft:
        given += [form.given(conversation.draft.answers, role) for role in roles]
    return [name for name in given if name]
