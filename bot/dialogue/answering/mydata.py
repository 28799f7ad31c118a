"""A person's rights: seeing everything that is kept, and having it removed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answering.prompts import lead_row, prompt, rested
from bot.dialogue.asks import Given
from bot.dialogue.buttons import button, expiry_token
from bot.dialogue.context import Context
from bot.dialogue.fields import Form
from bot.dialogue.intents import Intent
from bot.dialogue.jsontext import json_text
from bot.dialogue.leads import IN_FILE, lead_as_json, shown_lead
from bot.dialogue.moments import written
from bot.dialogue.records import Conversation, DataShown, File, Lead, LeadWithdrawn, Reply, State, Turn

FILE_NAME = "mijngegevens.json"
DATA_PAGE = "data/file"  #: the message that shows the same to people
NOTE = "note by staff"  #: what the file calls what staff noted


def show_data(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Show everything that is kept of this person, readable and as a JSON file."""
    settled = rested(conversation)
    form = context.form
    answers = form.ordered(conversation.draft.answers if conversation.draft else conversation.noted or {})
    known = bool(answers or conversation.leads)
    leads = [shown_lead(lead, form) for lead in conversation.leads]
    reply = Reply(
        message="data/mine" if known else "data/none",
        values={"leads": leads, "draft": answers} if known else {},
        buttons=(*(lead_row(lead) for lead in conversation.leads[-3:]), (button("data:forget"), button("menu"))),
        summary=_rows(conversation.leads[0], form) if len(conversation.leads) == 1 and not answers else (),
        file=File(name=FILE_NAME, content=as_json(conversation)),
    )
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)), effects=(DataShown(),))


def _rows(lead: Lead, form: Form) -> tuple[Given, ...]:
    """The answers of a lead, each with the button that changes it."""
    return tuple(
        Given(field=name, value=value, edit=f"lead:edit:{lead.reference}:{name}")
        for name, value in form.ordered(lead.answers)
    )


def with_kept(turn: Turn, kept: Mapping[str, object]) -> Turn:
    """The turn, with this added to the file it shows."""
    return replace(turn, replies=tuple(_with(reply, kept) for reply in turn.replies))


def _with(reply: Reply, kept: Mapping[str, object]) -> Reply:
    if reply.file is None:
        return reply
    content = json.loads(reply.file.content) | dict(kept)
    return replace(reply, file=File(name=reply.file.name, content=_json(content)))


def _json(content: Mapping[str, object]) -> str:
    return json_text(content, indent=2)


def as_json(conversation: Conversation) -> str:
    """What a conversation knows of its person, as JSON text."""
    draft = conversation.draft
    kept = {
        "chat": conversation.chat,
        "channel": conversation.channel,
        "language": conversation.language,
        "source": conversation.source,
        "last_active_at": conversation.updated_at and written(conversation.updated_at),
        "question": conversation.question,
        "reply_to": conversation.reply_to,
        "noted": conversation.noted and dict(conversation.noted),
        "draft": {"started_at": written(draft.started_at), **draft.answers} if draft else None,
        "leads": [lead_as_json(lead, IN_FILE) for lead in conversation.leads],
    }
    return _json(kept)


def page_values(kept: Mapping[str, Any], form: Form) -> dict[str, object]:
    """The same, of the JSON text's content, as the message "data/file" shows it to people."""
    cases, draft = kept.get("cases") or (), kept.get("draft") or {}
    return {
        "leads": [{**lead, "answers": form.ordered(lead["answers"])} for lead in kept.get("leads") or ()],
        "draft": form.ordered({name: value for name, value in draft.items() if name != "started_at"}),
        "noted": form.ordered(kept.get("noted") or {}),
        "cases": [_case(case) for case in cases],
        "events": [_event(event) for case in cases for event in case["history"]],
        "said": [{**line, "by": line["from"]} for line in kept.get("conversation") or ()],
        "messages": [message for message in kept.get("messages") or () if message["text"]],
        "missed": kept.get("questions_not_understood") or (),
        "chat_id": kept.get("chat"),
        "via": kept.get("channel"),
        "at": kept.get("last_active_at"),
        **{name: kept.get(name) for name in ("language", "source", "question", "reply_to")},
    }


def _event(event: Mapping[str, Any]) -> dict[str, object]:
    did = "noted" if event["what"] == NOTE else event["what"]
    return {"did": did, "at": event["at"], "name": event["by"], "text": event["text"]}


def _case(case: Mapping[str, Any]) -> dict[str, object]:
    named = {"reference": case["about"], "owner": case["by"], "text": case["question"], "at": case["since"]}
    return {**named, "kind": case["kind"], "status": case["status"]}


def forget(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask once whether to remove everything."""
    waiting = replace(conversation, state=State.FORGET, asked_at=context.now)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def confirm_forget(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Remove everything of this chat."""
    fresh = Conversation(
        chat=conversation.chat,
        language=conversation.language,
        forgotten=expiry_token(context.now),
        passed_on=conversation.passed_on + 1,  # a press about a question from before passes no other on
    )
    return Turn(
        conversation=fresh,
        replies=(Reply(message="data/forgotten", buttons=((button("menu"),),)),),
        effects=(LeadWithdrawn(leads=conversation.leads),),
    )


def keep(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Remove nothing: say so, and ask again what was open."""
    settled = rested(conversation)
    reply = Reply(message="data/kept", buttons=() if prompt(settled, context) else ((button("menu"),),))
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)))
