"""What is kept of a person besides conversation and leads, as their file of data shows it."""

import json
from collections.abc import Mapping
from typing import Any

from bot.dialogue.answering.mydata import as_json
from bot.dialogue.moments import written
from bot.dialogue.records import Conversation
from bot.wording.markup import to_text
from storage.records import Kept, Outgoing, Said


def as_record(kept: Kept) -> dict[str, object]:
    """
    What is kept, fit for JSON: the web conversation, the messages to and about the person, where staff read them, and
    the questions that were not understood.
    """
    return {
        "conversation": [_line(said) for said in kept.said],
        "messages": [_message(message) for message in kept.outgoing],
        "staff_messages": [{"about": notice.lead or notice.question} for notice in kept.notices],
        "questions_not_understood": [{"at": written(one.at), "text": one.question} for one in kept.missed],
    }


def own_file(chat: str, conversation: Conversation | None, kept: Kept) -> str:
    """Everything that is kept of a person, as the JSON file they can have."""
    known = as_json(conversation or Conversation(chat=chat, language=""))
    return json.dumps(json.loads(known) | as_record(kept), ensure_ascii=False, indent=2)


def _line(said: Said) -> dict[str, object]:
    """One line of a web conversation. A file in it is left out: it would hold all of this once more."""
    return {"at": written(said.at), "from": said.by, "text": _text(said.content)}


def _message(message: Outgoing) -> dict[str, object]:
    """One message that left, or waits to leave."""
    return {
        "at": written(message.created_at),
        "to": _receiver(message),
        "about": message.lead or message.question,
        "status": message.status,
        "text": _text(message.payload),
    }


def _receiver(message: Outgoing) -> str:
    """Whom a message is for: the person, or staff, a mailbox, the organisation's own system."""
    if message.kind == "mail":
        return str(message.payload["to"])
    if message.lane == message.chat:
        return "you"
    return "staff" if message.kind == "telegram" else message.kind


def _text(content: Mapping[str, Any]) -> str | None:
    """What a message says, without markup; None where it only takes buttons away."""
    if "body" in content:
        return str(content["body"])
    if "text" in content:
        return str(content["text"])
    html = content.get("html")
    return to_text(html) if html else None
