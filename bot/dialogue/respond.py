"""The answer to one event."""

from dataclasses import replace

from bot.dialogue.answering.offers import offer_of
from bot.dialogue.context import Context
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.commands import PAYLOAD
from bot.dialogue.reading.read import read
from bot.dialogue.records import Chosen, Conversation, Event, Keyboard, Turn
from bot.dialogue.transitions import rule_for

NOT_CHOSEN = frozenset({Name.STALE, Name.EXPIRED, Name.ALREADY_SENT})


def respond(conversation: Conversation, event: Event, context: Context) -> Turn:
    """What follows on ``event``: the conversation after it, the replies (one at least) and the effects. Pure."""
    known = _with_source(conversation, event)
    intent = read(known, event, context)
    turn = rule_for(known.state, intent.name).handler(known, intent, context)
    turn = _without_keyboard(known, turn)
    told = replace(turn.conversation, offer=offer_of(turn, context))
    return replace(turn, conversation=told, chosen=_was_chosen(event, intent))


def _with_source(conversation: Conversation, event: Event) -> Conversation:
    """The conversation, with where the person came from, where that is a legal source."""
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
