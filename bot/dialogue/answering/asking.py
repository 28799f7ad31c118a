"""What the answers of a turn ask: whether to pass a question on is asked once, in the last, and has its own yes."""

from dataclasses import replace

from bot.dialogue.answering.offers import A_PERSON, made_by
from bot.dialogue.context import Context
from bot.dialogue.records import Button, Rows, Turn

CONFIRMS = "contact/confirm"  #: the message that asks it itself, of a question that waits
YES = "contact:yes"  #: what the button that asks a person says where that is the yes to what was just asked


def asked_once(turn: Turn, context: Context) -> Turn:
    """The turn, in which the last reply alone asks whether to pass the question on, and has the yes to that."""
    asking = [reply for reply in turn.replies if made_by(reply, context) == A_PERSON]
    if not asking:
        return turn
    confirmed = any(reply.message == CONFIRMS for reply in turn.replies)
    earlier = asking if confirmed else asking[:-1]
    told = {id(reply): replace(reply, values={**reply.values, "asks": False}) for reply in earlier if reply.topic}
    if not confirmed:
        told[id(asking[-1])] = replace(asking[-1], buttons=_with_yes(asking[-1].buttons))
    return replace(turn, replies=tuple(told.get(id(reply), reply) for reply in turn.replies))


def _with_yes(rows: Rows) -> Rows:
    return tuple(tuple(_yes(button) for button in row) for row in rows)


def _yes(button: Button) -> Button:
    return replace(button, says=YES) if button.id == A_PERSON else button
