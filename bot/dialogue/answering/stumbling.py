"""The same failure twice: never the same sentence again, but numbered choices, or a person."""

from dataclasses import replace

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.records import Conversation, Reply, State, Turn

FAILURES = frozenset(("signup/or_change", "chat/oos", "chat/did_you_mean", "chat/offer_contact", "chat/unpublished"))
PROBLEM = "signup/problem/"
OFFERED_IN = frozenset(("chat/did_you_mean", "chat/offer_contact", "chat/stuck"))
SHOWN = 3  #: topics that are numbered


def unlike_before(before: Conversation, turn: Turn, context: Context) -> Turn:
    """The turn; where it would say what was said to the last failure, something else that helps."""
    first = turn.replies[0] if turn.replies else None
    if first is None or not (first.message in FAILURES or first.message.startswith(PROBLEM)):
        kept = replace(turn.conversation, stumbles=0, stumbled=None, offered=_offered(turn))
        return replace(turn, conversation=kept) if first else turn
    times = before.stumbles + 1 if first.message == before.stumbled else 1
    after = replace(turn.conversation, stumbles=times, stumbled=first.message)
    if times > 1:
        first = _person(first) if times % 2 else _numbered(turn.conversation, first, context)
    told = replace(turn, replies=(first, *turn.replies[1:]))
    return replace(told, conversation=replace(after, offered=_offered(told)))


def _person(first: Reply) -> Reply:
    person = button("contact:ask")
    there = any(person.id == one.id for row in first.buttons for one in row)
    rows = first.buttons if there else ((person,), *first.buttons)
    return replace(first, message="chat/stuck_person", values={}, buttons=rows, language=None)


def _numbered(conversation: Conversation, first: Reply, context: Context) -> Reply:
    """The choices there are, with numbers to type."""
    if conversation.state in (State.IDLE, State.REPHRASE):
        topics = _topics(first, context)
        rows = tuple((button(f"topic:{topic}"),) for topic in topics)
        below = (*rows, (button("contact:ask"),), (button("menu"),))
        return Reply(message="chat/stuck", values={"choices": topics, "options": None, "field": None}, buttons=below)
    draft = conversation.draft
    step = (draft.step or "") if draft and conversation.state is State.ASK else ""
    options = list(context.form.by_name[step].options) if step else []
    values = {"field": step or None, "options": options or None, "choices": None}
    return replace(first, message="chat/stuck", values=values, language=None)


def _topics(first: Reply, context: Context) -> list[str]:
    ids = [one.id for row in first.buttons for one in row if ButtonId.read(one.id).kind == "topic"]
    ids += [name for row in context.course.menu for name in row if ButtonId.read(name).kind == "topic"]
    return [ButtonId.read(name).rest for name in dict.fromkeys(ids)][:SHOWN]


def _offered(turn: Turn) -> str | None:
    """The ids of what was offered with its place in a row, or None."""
    if lists := [one for one in turn.replies if one.message in OFFERED_IN]:
        ids = [b.id for row in lists[-1].buttons for b in row if ButtonId.read(b.id).kind == "topic"]
        return " ".join(ids) or None
    return None
