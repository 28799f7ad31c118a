"""A number without its country, which a Dutch and a Belgian reader read otherwise: 0475 12 34 56."""

from bot.dialogue.context import Context
from bot.dialogue.reading.answers import Accepted, NotAccepted
from bot.dialogue.records import Conversation

_HERE, _NEXT = "+31", "+32"
_NEXT_ADDRESS = ".be"
_SAID = ("+", "00")


def which_country(text: str, read: Accepted, conversation: Conversation, context: Context) -> NotAccepted | None:
    """Why a number must be asked for again: it may be of either country, and the e-mail address is of the other one."""
    email = conversation.draft.answers.get("email", "") if conversation.draft else ""
    if not email.endswith(_NEXT_ADDRESS) or text.lstrip(" (").startswith(_SAID) or not read.value.startswith(_HERE):
        return None
    other = context.check_phone(_NEXT + read.value.removeprefix(_HERE))
    return NotAccepted(reason="country", values={"phone": read.value, "other_phone": other}) if other else None
