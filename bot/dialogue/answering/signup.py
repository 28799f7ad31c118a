"""The questions of a sign-up: beginning, answering, going back, skipping, stopping."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.bounds import LEADS
from bot.dialogue.answering.mydata import forget
from bot.dialogue.answering.noting import size
from bot.dialogue.answering.prompts import (
    ask_rows,
    asked_by,
    given_in,
    lead_row,
    lead_under_change,
    menu_rows,
    prompt,
    rested,
)
from bot.dialogue.answering.talk import offer_resume
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.fields import Form, Role
from bot.dialogue.intents import Intent
from bot.dialogue.records import Conversation, Draft, Keyboard, Lead, Reply, State, Turn


def sign_up(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Begin a sign-up, or come back to the unfinished or the earlier one."""
    if conversation.draft is not None:
        return offer_resume(conversation, intent, context)
    if conversation.leads:
        waiting = replace(conversation, state=State.ANOTHER)
        return Turn(conversation=waiting, replies=prompt(waiting, context))
    return begin(conversation, intent, context)


def begin(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask the first question of a new sign-up, unless this chat has made many today."""
    if _many_today(conversation, context):
        settled = rested(conversation)
        return Turn(
            conversation=settled,
            replies=(Reply(message="signup/limit", buttons=((button("contact:ask"), button("menu")),)),),
        )
    answers = dict(conversation.noted or {})
    form = context.form
    email = form.having(Role.EMAIL)
    suggestion = context.check_email(answers[email]).suggestion if email in answers else None
    draft = Draft(
        token=context.new_token(),
        started_at=context.now,
        answers=answers,
        step=email if suggestion else form.next_required(answers),
        suggestion=suggestion,
    )
    return _show(replace(conversation, draft=draft, noted=None, question=None, misses=0), context)


def _many_today(conversation: Conversation, context: Context) -> bool:
    since = context.now - timedelta(seconds=LEADS.seconds or 0)
    return sum(lead.created_at > since for lead in conversation.leads) >= LEADS.most


def restart(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Begin again; nothing of the unfinished sign-up is kept."""
    return begin(replace(conversation, draft=None), intent, context)


def resume(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Go on with the unfinished sign-up."""
    draft = conversation.draft and replace(conversation.draft, paused=False)
    return _show(replace(conversation, draft=draft), context)


def another(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Begin one more sign-up; an unfinished one comes first."""
    if conversation.draft is not None:
        return offer_resume(conversation, intent, context)
    return begin(conversation, intent, context)


def answer(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Keep the answer to the open question and ask the next."""
    draft = draft_of(conversation, context)
    kept, email = _keep(draft, intent.about, intent.value), context.form.having(Role.EMAIL)
    if intent.about == email:  # newer than one that was given for a question
        conversation = replace(conversation, reply_to=None)
    suggestion = intent.suggestion if intent.about == email else draft.suggestion if email in intent.also else None
    if suggestion is not None:
        return _show(replace(conversation, draft=replace(kept, step=email, suggestion=suggestion)), context)
    notes = size(intent.about, {intent.about: intent.value}, context)
    return _go_on(conversation, kept, intent.about, context, notes)


def earlier_answer(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Change an earlier answer of the same sign-up, then ask the current question again."""
    draft = draft_of(conversation, context)
    kept = replace(draft, answers={**draft.answers, intent.about: intent.value})
    reply_to = None if intent.about == context.form.having(Role.EMAIL) else conversation.reply_to
    changed = replace(conversation, draft=kept, reply_to=reply_to)
    if draft.paused:
        return resume(changed, intent, context)
    return _show(changed, context)


def _keep(draft: Draft, field: str, value: str) -> Draft:
    return replace(draft, answers={**draft.answers, field: value}, suggestion=None)


def draft_of(conversation: Conversation, context: Context) -> Draft:
    """The sign-up under way; an empty one where there is none."""
    return conversation.draft or Draft(token=context.new_token(), started_at=context.now, step=context.form.required[0])


def wrong_answer(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say why the answer cannot be right, with an example; the question stays open."""
    if intent.refusal is None or conversation.draft is None:
        return Turn(conversation=conversation, replies=prompt(conversation, context))
    asks, form = conversation.state is State.ASK, context.form
    rows = ask_rows(conversation, conversation.draft, form) if asks else ()
    reply = Reply(
        message=f"signup/problem/{intent.refusal.reason}",
        values={"field": intent.about, **intent.refusal.values},
        buttons=rows,
        ask=asked_by(conversation.draft, form) if asks else None,
        summary=given_in(conversation.draft, form) if asks else (),
        refused=True,
    )
    after = () if rows else prompt(conversation, context)
    return Turn(conversation=conversation, replies=(reply, *after))


def not_understood(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say, at the review, how an answer is changed and how it is sent; or why a changed answer cannot be right."""
    if intent.refusal is not None:
        return wrong_answer(conversation, intent, context)
    return Turn(conversation=conversation, replies=(Reply(message="signup/or_change"), *prompt(conversation, context)))


def keep_email(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """The address was right as it was typed."""
    draft = draft_of(conversation, context)
    return _go_on(conversation, replace(draft, suggestion=None), context.form.having(Role.EMAIL), context)


def fix_email(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """The address that was suggested is the right one."""
    draft = draft_of(conversation, context)
    email = context.form.having(Role.EMAIL)
    return _go_on(conversation, _keep(draft, email, draft.suggestion or ""), email, context)


def skip(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """
    Leave an optional question unanswered.

    An answer given before goes when it is being changed from the review; it stays for who only walks past it.
    """
    draft = draft_of(conversation, context)
    if draft.revising:
        return remove(conversation, intent, context)
    return _go_on(conversation, draft, intent.about, context)


def remove(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Take the answer to an optional question out, and go on."""
    draft = draft_of(conversation, context)
    required = context.form.required
    answers = {name: value for name, value in draft.answers.items() if name != intent.about or name in required}
    return _go_on(conversation, replace(draft, answers=answers), intent.about, context)


def back(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask the question before this one; an address that looked mistyped again; from a changed answer, the review."""
    draft = draft_of(conversation, context)
    if draft.suggestion is not None:
        return _show(replace(conversation, draft=replace(draft, suggestion=None, paused=False)), context)
    if draft.revising:
        return _show(replace(conversation, draft=_reviewing(draft)), context)
    return _show(replace(conversation, draft=_one_back(draft, context.form)), context)


def _one_back(draft: Draft, form: Form) -> Draft:
    if draft.step is None:
        return replace(draft, step=form.required[-1], paused=False)
    order = form.required if draft.step in form.required else form.optional
    place = order.index(draft.step)
    if place:
        return replace(draft, step=order[place - 1], paused=False)
    return replace(draft, paused=False) if draft.step in form.required else _reviewing(draft)


def _reviewing(draft: Draft) -> Draft:
    return replace(draft, step=None, revising=False, more=False, suggestion=None, paused=False)


def edit(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask one question again, from the review."""
    draft = draft_of(conversation, context)
    complete = context.form.next_required(draft.answers) is None
    asked = replace(draft, step=intent.about, revising=complete, suggestion=None, paused=False)
    return _show(replace(conversation, draft=asked), context)


def finish(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Leave the optional questions that are left; where a required answer is missing, say so and ask it."""
    draft = draft_of(conversation, context)
    if context.form.next_required(draft.answers) is None:
        return _show(replace(conversation, draft=_reviewing(draft)), context)
    return _show(conversation, context, (Reply(message="signup/not_yet"),))


def more(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask the optional questions that have no answer yet."""
    draft = draft_of(conversation, context)
    first = _next_optional(draft.answers, context.form.optional)
    asked = replace(draft, more=True, revising=False, paused=False, step=first)
    return _show(replace(conversation, draft=asked), context)


def share_phone(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Bring the keyboard that shares one's own contact."""
    reply = Reply(message="signup/share_phone", keyboard=Keyboard.SHARE_PHONE)
    return Turn(conversation=replace(conversation, sharing=True), replies=(reply,))


def cancel(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask once whether to stop the sign-up; a change in which nothing was changed yet stops at once."""
    lead = lead_under_change(conversation)
    if conversation.draft is not None and lead is not None and lead.answers == conversation.draft.answers:
        return _keep_lead(conversation, lead, "signup/unchanged")
    if conversation.draft is None and conversation.leads:  # what can be cancelled is what was sent
        return forget(conversation, intent, context)
    if conversation.draft is None:
        settled = rested(conversation)
        return Turn(
            conversation=settled,
            replies=(Reply(message="chat/nothing_to_cancel", buttons=menu_rows(settled, context)),),
        )
    waiting = replace(conversation, state=State.CANCEL)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def confirm_cancel(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Stop the sign-up; nothing of it is kept, but a lead that was sent before stays as it was sent."""
    lead = lead_under_change(conversation)
    if lead is not None:
        return _keep_lead(conversation, lead, "signup/cancelled")
    settled = rested(replace(conversation, draft=None))
    reply = Reply(message="signup/cancelled", values={"reference": None}, buttons=menu_rows(settled, context))
    return Turn(conversation=settled, replies=(reply,))


def _keep_lead(conversation: Conversation, lead: Lead, message: str) -> Turn:
    settled = rested(replace(conversation, draft=None))
    buttons = (lead_row(lead), (button("menu"),))
    reply = Reply(message=message, values={"reference": lead.reference}, buttons=buttons)
    return Turn(conversation=settled, replies=(reply,))


def _go_on(
    conversation: Conversation, draft: Draft, field: str, context: Context, notes: tuple[Reply, ...] = ()
) -> Turn:
    step = _next_step(draft, field, context.form)
    ahead = _reviewing(draft) if step is None else replace(draft, step=step, suggestion=None, paused=False)
    return _show(replace(conversation, draft=ahead), context, notes)


def _next_step(draft: Draft, field: str, form: Form) -> str | None:
    missing = form.next_required(draft.answers)
    if missing is not None:
        return missing
    if draft.revising or not draft.more or field not in form.optional:
        return None
    return _next_optional(draft.answers, form.optional[form.optional.index(field) + 1 :])


def _next_optional(answers: Mapping[str, str], left: Sequence[str]) -> str | None:
    return next((name for name in left if name not in answers), None)


def _show(conversation: Conversation, context: Context, notes: tuple[Reply, ...] = ()) -> Turn:
    settled = rested(conversation)
    return Turn(conversation=settled, replies=(*notes, *prompt(settled, context)))
