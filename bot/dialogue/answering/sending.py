"""The end of a sign-up: sending it, and seeing or changing what was sent."""

from dataclasses import replace
from typing import Any

from bot.dialogue.answering.prompts import prompt, rested
from bot.dialogue.answering.signup import draft_of
from bot.dialogue.answering.talk import offer_resume
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.fields import OF_A_LEAD, Form
from bot.dialogue.intents import Intent
from bot.dialogue.leads import shown_lead
from bot.dialogue.records import Button, Consent, Conversation, Draft, Lead, LeadSaved, Reply, Turn


def submit(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Give consent and send: a new lead, or the change of an earlier one."""
    draft = draft_of(conversation, context)
    missing = context.form.next_required(draft.answers)
    if missing is not None:
        asked = rested(replace(conversation, draft=replace(draft, step=missing, paused=False)))
        return Turn(conversation=asked, replies=prompt(asked, context))
    before = _lead(conversation, draft.reference)
    lead = _changed(before, conversation, draft, context) if before else _new(conversation, draft, context)
    return _sent(conversation, draft, lead, before)


def _new(conversation: Conversation, draft: Draft, context: Context) -> Lead:
    return Lead(
        reference=context.new_reference(),
        chat=conversation.chat,
        channel=conversation.channel,
        language=conversation.language,
        answers=dict(draft.answers),
        **_of_answers(draft, context.form),
        created_at=context.now,
        updated_at=context.now,
        consent_at=context.now,
        consent_version=context.course.consent_version,
        consent_language=conversation.language,
        source=conversation.source,
    )


def _changed(before: Lead, conversation: Conversation, draft: Draft, context: Context) -> Lead:
    if before.answers == draft.answers:
        return before
    agreed = Consent(at=before.consent_at, version=before.consent_version, language=before.consent_language)
    return replace(
        before,
        agreed_before=(*before.agreed_before, agreed),
        answers=dict(draft.answers),
        **_of_answers(draft, context.form),
        updated_at=context.now,
        consent_at=context.now,
        consent_version=context.course.consent_version,
        consent_language=conversation.language,
    )


def _of_answers(draft: Draft, form: Form) -> dict[str, Any]:
    """What is known of the answers as long as they are kept, whatever becomes of the form."""
    roles = {str(role): form.roles[role] for role in OF_A_LEAD if form.roles.get(role, role) != role}
    return {"roles": roles, "choices": form.choices(draft.answers)}


def _sent(conversation: Conversation, draft: Draft, lead: Lead, before: Lead | None) -> Turn:
    others = tuple(kept for kept in conversation.leads if kept.reference != lead.reference)
    leads = (*others, lead) if before is None else _in_place(conversation.leads, lead)
    settled = rested(replace(conversation, draft=None, last_draft=draft.token, leads=leads, question=None, misses=0))
    effects = () if lead == before else (LeadSaved(lead=lead, before=before),)
    return Turn(conversation=settled, replies=(_thanks(lead, before),), effects=effects)


def _in_place(leads: tuple[Lead, ...], changed: Lead) -> tuple[Lead, ...]:
    return tuple(changed if lead.reference == changed.reference else lead for lead in leads)


def _thanks(lead: Lead, before: Lead | None, *, receipt: bool = True) -> Reply:
    if before is None:
        values = {"reference": lead.reference, "email": lead.email, "receipt": receipt}
        return Reply(message="signup/done", values=values, buttons=_lead_buttons(lead))
    message = "signup/unchanged" if lead == before else "signup/changed"
    return Reply(message=message, values={"reference": lead.reference}, buttons=_lead_buttons(lead))


def _lead_buttons(lead: Lead) -> tuple[tuple[Button, ...], ...]:
    return ((_edit_button(lead),),)


def _edit_button(lead: Lead) -> Button:
    return button(f"lead:edit:{lead.reference}", reference=lead.reference)


def already_sent(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say once more that it was sent, with the reference; nothing happens twice, and no second mail is promised."""
    if not conversation.leads:
        return Turn(conversation=conversation, replies=(Reply(message="chat/stale", buttons=((button("menu"),),)),))
    newest = max(conversation.leads, key=lambda lead: lead.updated_at)
    told = _thanks(newest, None, receipt=False)
    return Turn(conversation=conversation, replies=(told, *prompt(conversation, context)))


def show_lead(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Show an earlier lead of this chat."""
    lead = _lead(conversation, intent.value) or _newest(conversation, intent)
    if lead is None:
        return _unknown(conversation, intent, context)
    buttons = ((_edit_button(lead),), (button("data:forget"), button("menu")))
    settled = rested(conversation)
    reply = Reply(message="signup/lead", values={"lead": shown_lead(lead, context.form)}, buttons=buttons)
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)))


def status(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say that the newest sign-up arrived, and what comes of it."""
    lead = _newest(conversation, intent)
    if lead is None:
        return _unknown(conversation, intent, context)
    values = {"lead": shown_lead(lead, context.form)}
    return Turn(
        conversation=conversation, replies=(Reply(message="signup/status", values=values, buttons=_lead_buttons(lead)),)
    )


def change_lead(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Open the newest sign-up with the answers that were told, at the field that was named, or at the review."""
    turn = edit_lead(conversation, replace(intent, value=""), context)
    draft = turn.conversation.draft
    if draft is None or draft.paused:
        return turn
    asked = intent.about if intent.about and intent.about not in intent.also else None
    told = replace(draft, answers={**draft.answers, **intent.also}, step=asked, revising=asked is not None)
    opened = rested(replace(turn.conversation, draft=told))
    return Turn(conversation=opened, replies=prompt(opened, context))


def edit_lead(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Open an earlier lead of this chat for changes, at the field that is named; an unfinished sign-up comes first."""
    lead = _lead(conversation, intent.value) or _newest(conversation, intent)
    if lead is None:
        return _unknown(conversation, intent, context)
    if conversation.draft is not None:
        return offer_resume(conversation, intent, context)
    draft = Draft(
        token=context.new_token(), started_at=context.now, answers=dict(lead.answers), reference=lead.reference,
        step=intent.about or None, revising=bool(intent.about),
    )  # fmt: skip
    opened = rested(replace(conversation, draft=draft))
    return Turn(conversation=opened, replies=prompt(opened, context))


def _lead(conversation: Conversation, reference: str | None) -> Lead | None:
    return next((lead for lead in conversation.leads if lead.reference == reference), None)


def _newest(conversation: Conversation, intent: Intent) -> Lead | None:
    """The lead that "show it" or "change it" means when no reference was given."""
    return conversation.leads[-1] if conversation.leads and not intent.value else None


def _unknown(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    settled = rested(conversation)
    reply = Reply(message="signup/unknown_lead", values={"reference": intent.value}, buttons=((button("menu"),),))
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)))
