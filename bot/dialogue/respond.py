"""The answer to one event."""

from dataclasses import replace
from datetime import datetime

from bot.dialogue.answering.asking import asked_once
from bot.dialogue.answering.noting import noted
from bot.dialogue.answering.offers import offer_of
from bot.dialogue.answering.prompts import rested
from bot.dialogue.answering.stumbling import unlike_before
from bot.dialogue.answering.with_staff import with_staff
from bot.dialogue.buttons import forget_is_open
from bot.dialogue.context import Context
from bot.dialogue.events import Chosen, Event, Typed
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.commands import PAYLOAD
from bot.dialogue.reading.read import is_cut, read
from bot.dialogue.records import Conversation, Keyboard, State, Turn
from bot.dialogue.transitions import rule_for

SIGNING_UP = (State.ASK, State.EMAIL)
NOT_CHOSEN = frozenset({Name.STALE, Name.EXPIRED, Name.ALREADY_SENT})


def respond(conversation: Conversation, event: Event, context: Context) -> Turn:
    """
    What follows on ``event``: the conversation after it, the replies and the effects. Pure.

    There is one reply at least, but to the rest of a text that was too long, and to what is passed on to staff.
    """
    known = _within_form(_with_source(conversation, event), context)
    talked = with_staff(known, event, context)
    if talked is not None:
        return talked
    intent = read(known, event, context)
    known, said = noted(known, intent, context)
    turn = rule_for(conversation.state, intent.name).handler(known, intent, context)
    turn = asked_once(unlike_before(conversation, turn, context), context)
    turn = _without_keyboard(known, replace(turn, replies=(*said, *turn.replies)))
    told = replace(
        turn.conversation,
        offer=offer_of(turn, context),
        topic=_topic(turn),
        cut_at=_cut_at(event, context),
        asked_at=_asked_at(turn, context),
    )
    return replace(turn, conversation=told, chosen=_was_chosen(event, intent))


def _within_form(conversation: Conversation, context: Context) -> Conversation:
    """The conversation, at the first open question where what was asked or chosen is in the form no longer."""
    draft, form = conversation.draft, context.form
    if draft is None:
        return conversation
    gone = [name for name in form.choices(draft.answers) if draft.answers[name] not in form.by_name[name].options]
    if draft.reference is None and gone:
        draft = replace(draft, answers={name: value for name, value in draft.answers.items() if name not in gone})
    if draft.step is not None and draft.step not in form.by_name:
        draft = replace(draft, step=form.next_required(draft.answers), suggestion=None, revising=False, more=False)
        return (
            rested(replace(conversation, draft=draft))
            if conversation.state in SIGNING_UP
            else replace(conversation, draft=draft)
        )
    return conversation if draft is conversation.draft else replace(conversation, draft=draft)


def _topic(turn: Turn) -> str | None:
    """The topic that was answered last; a sentence in between leaves it."""
    answered = [reply.topic for reply in turn.replies if reply.topic]
    if answered:
        return answered[-1]
    return turn.conversation.topic if turn.conversation.state is State.IDLE else None


def _cut_at(event: Event, context: Context) -> datetime | None:
    """Now, where the app sends the rest of this text apart."""
    return context.now if isinstance(event, Typed) and is_cut(event) else None


def _asked_at(turn: Turn, context: Context) -> datetime | None:
    """When it was asked whether to remove everything: shown again after its term, it is asked anew."""
    shown = any(reply.message == "data/forget" for reply in turn.replies)
    over = turn.conversation.asked_at and not forget_is_open(turn.conversation, context.now)
    return context.now if shown and over else turn.conversation.asked_at


def _with_source(conversation: Conversation, event: Event) -> Conversation:
    if event.source and PAYLOAD.fullmatch(event.source):
        return replace(conversation, source=event.source)
    return conversation


def _was_chosen(event: Event, intent: Intent) -> bool:
    return isinstance(event, Chosen) and intent.name not in NOT_CHOSEN


def _without_keyboard(before: Conversation, turn: Turn) -> Turn:
    """The turn, with the keyboard that shares a contact taken away again after the next message."""
    if not before.sharing or not turn.replies or any(r.keyboard is Keyboard.SHARE_PHONE for r in turn.replies):
        return turn
    first, *rest = turn.replies
    return replace(
        turn,
        conversation=replace(turn.conversation, sharing=False),
        replies=(replace(first, keyboard=Keyboard.REMOVE), *rest),
    )
