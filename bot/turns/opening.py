"""The case that staff get of something new: a lead, or a question that is passed on."""

from datetime import datetime

from bot.dialogue.records import Conversation, Effect, LeadSaved, QuestionForwarded
from storage.case_records import Asked, Case, Kind


def opened(effect: Effect, conversation: Conversation, now: datetime) -> Case | None:
    """The case that an effect makes; None where it makes none."""
    match effect:
        case LeadSaved(lead=lead, before=None):
            return Case(
                reference=lead.reference, kind=Kind.LEAD, chat=conversation.chat, created_at=now, updated_at=now
            )
        case QuestionForwarded():
            asked = Asked(
                question=effect.question,
                reply_to=effect.reply_to,
                name=effect.name,
                language=conversation.language,
                via=conversation.channel,
            )
            return Case(
                reference=effect.reference,
                kind=Kind.QUESTION,
                chat=conversation.chat,
                created_at=now,
                updated_at=now,
                asked=asked,
            )
        case _:
            return None
