"""A number without its country, which a Dutch and a Belgian reader read otherwise: 0475 12 34 56."""

from bot.dialogue.context import Context
from bot.dialogue.fields import Role
from bot.dialogue.reading.answers import Accepted, NotAccepted
from bot.dialogue.records import Conversation

_SAID = ("+", "00")


def which_country(text: str, read: Accepted, conversation: Conversation, context: Context) -> NotAccepted | None:
    """Why a number must be asked for again: it may be of a neighbour too, and the e-mail address is of that one."""
    answers = conversation.draft.answers if conversation.draft else {}
    email = context.form.given(answers, Role.EMAIL) or ""
    if text.lstrip(" (").startswith(_SAID):
        return None
    for region in context.course.phone_regions[1:]:
        other = context.check_phone_in(text, region) if email.endswith(f".{region.lower()}") else None
        if other and other != read.value:
            return NotAccepted(reason="country", values={"phone": read.value, "other_phone": other})
    return None
