"""What is kept of a person besides conversation and leads, as their file of data shows it."""

import json
from collections.abc import Iterable

from bot.dialogue.answering.mydata import NOTE, as_json
from bot.dialogue.moments import written
from bot.dialogue.records import Conversation
from bot.wording.cleaning import first_word
from bot.wording.markup import to_text
from storage.case_records import Case, CaseEvent, Did
from storage.contents import Content, Delete, Edit, Hook, Letter, React, Send, Topic
from storage.records import Kept, Outgoing, Said


def as_record(kept: Kept) -> dict[str, object]:
    """
    What is kept, fit for JSON: the web conversation, the messages to and about the person, where staff read them, and
    the questions that were not understood, and what staff did with leads and questions.
    """
    return {
        "conversation": [_line(said) for said in kept.said],
        "messages": [_message(message) for message in kept.outgoing],
        "staff_messages": [{"about": notice.lead or notice.question} for notice in kept.notices],
        "questions_not_understood": [{"at": written(one.at), "text": one.question} for one in kept.missed],
        "cases": [_case(case, kept.history.get(case.reference, ())) for case in kept.cases],
    }


def _case(case: Case, history: Iterable[CaseEvent]) -> dict[str, object]:
    """A lead or question as staff have it; of their names the first word alone."""
    return {
        "about": case.reference,
        "kind": str(case.kind),
        "status": str(case.status),
        "since": written(case.status_at or case.created_at),
        "by": case.owner and first_word(case.owner.name),
        "question": case.asked and case.asked.question,
        "history": [_event(event) for event in history],
    }


def _event(event: CaseEvent) -> dict[str, object]:
    return {
        "at": written(event.at),
        "what": NOTE if event.did is Did.NOTED else str(event.did),
        "by": event.by and first_word(event.by.name),
        "text": event.text,
    }


def own_file(chat: str, conversation: Conversation | None, kept: Kept) -> str:
    """Everything that is kept of a person, as the JSON file they can have."""
    known = as_json(conversation or Conversation(chat=chat, language=""))
    return json.dumps(json.loads(known) | as_record(kept), ensure_ascii=False, indent=2)


def _line(said: Said) -> dict[str, object]:
    """One line of a web conversation. A file in it is left out: it would hold all of this once more."""
    return {"at": written(said.at), "from": said.by, "text": said.content.get("text")}


def _message(message: Outgoing) -> dict[str, object]:
    return {
        "at": written(message.created_at),
        "to": _receiver(message),
        "about": message.lead or message.question,
        "status": message.status,
        "text": _words(message.content),
    }


def _receiver(message: Outgoing) -> str:
    """Whom a message is for: the person, or staff, a mailbox, the organisation's own system."""
    match message.content:
        case Letter(to=to):
            return to
        case Hook():
            return message.kind
        case _:
            return "you" if message.lane == message.chat else "staff"


def _words(content: Content) -> str | None:
    """What a message says, without markup; None where it only takes buttons away."""
    match content:
        case Letter(text=text):
            return text
        case Hook(body=body):
            return str(body)
        case React(otherwise=html) | Send(html=html) | Edit(html=html):
            return to_text(html) if html else None
        case Topic() | Delete():
            return None
