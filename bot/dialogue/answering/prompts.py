"""Where a conversation stands: the state it rests in, and what is shown to bring a person back to it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.dialogue.asks import Ask, Given
from bot.dialogue.button_ids import Role, with_token
from bot.dialogue.buttons import button, expiry_token, forget_is_open, question_token, rows
from bot.dialogue.channels import can_share_phone
from bot.dialogue.context import Context
from bot.dialogue.fields import Form, Kind
from bot.dialogue.fields import Role as Meaning
from bot.dialogue.leads import shown_lead
from bot.dialogue.records import Button, Conversation, Draft, Lead, Reply, Rows, State

LEADS_SHOWN = 3
_LAST = 100  #: characters of a question in which a number to be called at is looked for


def resting(draft: Draft | None) -> State:
    """The state in which a conversation with this draft waits for the person."""
    if draft is None or draft.paused:
        return State.IDLE
    if draft.suggestion is not None:
        return State.EMAIL
    return State.REVIEW if draft.step is None else State.ASK


def rested(conversation: Conversation) -> Conversation:
    """The conversation, back in the state its draft asks for."""
    return replace(conversation, state=resting(conversation.draft), asked_at=None)


def prompt(conversation: Conversation, context: Context) -> tuple[Reply, ...]:
    """What is shown to bring the person back to what is being asked; nothing where nothing is."""
    show = SHOWN.get(conversation.state)
    return (show(conversation, context),) if show else ()


def sign_up_button(conversation: Conversation, role: Role | None = None) -> Button:
    """The button that begins the sign-up, or goes on with it; with this role only for who did not sign up before."""
    if conversation.draft is not None:
        return button("signup:resume", conversation.draft.token)
    return replace(button("signup:start"), role=None if conversation.leads else role)


def menu_rows(conversation: Conversation, context: Context) -> Rows:
    """The menu's buttons; with an unfinished sign-up, the one that starts it goes on with it."""
    if conversation.draft is None:
        return tuple(tuple(button(name) for name in row) for row in context.course.menu)
    going_on = {"signup:start": button("signup:resume", conversation.draft.token)}
    return tuple(tuple(going_on.get(name, button(name)) for name in row) for row in context.course.menu)


def ask(conversation: Conversation, context: Context) -> Reply:
    """The question that is open."""
    draft = _draft(conversation, context)
    form = context.form
    step, asked = draft.step or form.required[0], asked_by(draft, form)
    required = step in form.required
    return Reply(
        message=f"signup/ask/{step}",
        ask=asked,
        summary=given_in(draft, form),
        values={
            "number": asked.step,
            "total": len(form.required),
            "notice": step == form.required[0] and not draft.answers,
            "answer": draft.answers.get(step),
            "removable": draft.revising and not required,
        },
        buttons=ask_rows(conversation, draft, form),
    )


def asked_by(draft: Draft, form: Form) -> Ask:
    """What the draft's open question asks for; an optional one, and a change of an answer, has no place of its own."""
    step = draft.step or form.required[0]
    if draft.revising or step not in form.required:
        return Ask(field=step)
    return Ask(field=step, step=form.required.index(step) + 1, of=len(form.required))


def given_in(draft: Draft, form: Form) -> tuple[Given, ...]:
    """The answers of the draft, each with the button that changes it."""
    return tuple(
        Given(field=name, value=value, edit=with_token(f"signup:edit:{name}", draft.token))
        for name, value in form.ordered(draft.answers)
    )


def ask_rows(conversation: Conversation, draft: Draft, form: Form) -> Rows:
    """The buttons under the question that is open: its options, then skip, back and cancel."""
    field, token = form.by_name[draft.step or form.required[0]], draft.token
    step = field.name
    options = rows(button(f"signup:{step}:{value}", token) for value in field.options)
    sharing = field.kind is Kind.PHONE and can_share_phone(conversation.chat)
    share = rows([button("signup:phone:share", token)]) if sharing else ()
    ways = []
    if not field.required:
        ways.append(button(f"signup:skip:{step}", token, field=step))
    if step != form.required[0] or draft.revising:
        ways.append(button("signup:back", token))
    ways.append(button("signup:cancel", token))
    return (*options, *share, tuple(ways))


def review(conversation: Conversation, context: Context) -> Reply:
    """Everything that was given, with what can be done with it."""
    draft, form = _draft(conversation, context), context.form
    token, given = draft.token, form.ordered(draft.answers)
    edits = rows((button(f"signup:edit:{name}", token, field=name) for name, _ in given), width=2)
    more: list[Button] = []
    if not draft.answers.keys() >= form.by_name.keys():
        more = [button("signup:more", token)]
    return Reply(
        message="signup/review",
        values={"answers": given, "reference": draft.reference},
        summary=given_in(draft, form),
        buttons=(
            (button("signup:submit", token),),
            *rows(more),
            *edits,
            (button("signup:cancel", token),),
        ),
    )


def email_typo(conversation: Conversation, context: Context) -> Reply:
    """Whether another address was meant."""
    draft = _draft(conversation, context)
    form = context.form
    given = {"address": form.given(draft.answers, Meaning.EMAIL) or "", "suggestion": draft.suggestion or ""}
    return Reply(
        message="signup/email_typo",
        values=given,
        ask=asked_by(draft, form),
        summary=given_in(draft, form),
        buttons=(
            (button("signup:email:fix", draft.token, **given),),
            (button("signup:email:keep", draft.token, **given),),
            (button("signup:back", draft.token), button("signup:cancel", draft.token)),
        ),
    )


def lead_under_change(conversation: Conversation) -> Lead | None:
    """The sent lead that the sign-up under way changes; None where it is a new one."""
    reference = conversation.draft.reference if conversation.draft else None
    return next((lead for lead in conversation.leads if lead.reference == reference), None)


def cancel(conversation: Conversation, context: Context) -> Reply:
    """Whether to stop the sign-up, or the change of a sent one."""
    token, lead = _draft(conversation, context).token, lead_under_change(conversation)
    return Reply(
        message="signup/cancel",
        values={"reference": lead.reference if lead else None},
        buttons=((button("signup:cancel:confirm", token),), (button("signup:resume", token),)),
    )


def resume(conversation: Conversation, context: Context) -> Reply:
    """The unfinished sign-up, and whether to go on with it."""
    draft, lead = _draft(conversation, context), lead_under_change(conversation)
    return Reply(
        message="signup/resume",
        values={"answers": context.form.ordered(draft.answers), "reference": lead.reference if lead else None},
        buttons=(
            (button("signup:resume", draft.token),),
            (button("signup:start", draft.token),),
            (button("signup:cancel", draft.token), button("menu")),
        ),
    )


def another(conversation: Conversation, context: Context) -> Reply:
    """The earlier leads: see or change one, or make another."""
    leads = conversation.leads[-LEADS_SHOWN:][::-1]
    return Reply(
        message="signup/another",
        values={"leads": [shown_lead(lead, context.form) for lead in leads]},
        buttons=(
            *(lead_row(lead) for lead in leads),
            (button("signup:another"),),
            (button("menu"),),
        ),
    )


def lead_row(lead: Lead) -> tuple[Button, ...]:
    """The buttons that show and change a lead."""
    named = {"reference": lead.reference}
    return (
        button(f"lead:show:{lead.reference}", **named),
        button(f"lead:edit:{lead.reference}", **named),
    )


def contact(conversation: Conversation, context: Context) -> Reply:
    """Which question to pass on."""
    return Reply(message="contact/ask", buttons=((button("contact:no"),),))


def forward(conversation: Conversation, context: Context) -> Reply:
    """Whether to pass this question on, and where the answer will come."""
    question = conversation.question or ""
    reached = {"reply_to": answered_at(conversation, context.form), "phone": number_in(question, context)}
    return Reply(
        message="contact/confirm",
        values={"question": question, **reached},
        buttons=((button("contact:forward", question_token(conversation.passed_on)),), (button("contact:no"),)),
    )


def number_in(question: str, context: Context) -> str | None:
    """The number at which somebody who asks can be called, where the question has one near its end."""
    return next((one.value for one in context.find(question[-_LAST:]) if one.kind is Kind.PHONE), None)


def answered_at(conversation: Conversation, form: Form) -> str | None:
    """The e-mail address at which a person's answer is to come: the one that was given last."""
    return conversation.reply_to or known(conversation, Meaning.EMAIL, form)


def known(conversation: Conversation, role: Meaning, form: Form) -> str | None:
    """What this person gave before with this role, in the draft or the lead that was changed last."""
    begun = form.given(conversation.draft.answers, role) if conversation.draft else None
    newest = max(conversation.leads, key=lambda lead: lead.updated_at, default=None)
    return begun or (newest.given(role) if newest else None)


def forget(conversation: Conversation, context: Context) -> Reply:
    """Whether to remove everything; the button works for fifteen minutes, and is a new one once those are over."""
    asked_at = conversation.asked_at if forget_is_open(conversation, context.now) else None
    until = expiry_token(asked_at or context.now)
    return Reply(
        message="data/forget",
        values={"leads": [shown_lead(lead, context.form) for lead in conversation.leads]},
        buttons=((button("data:forget:no"),), (button("data:forget:confirm", until),)),
    )


def _draft(conversation: Conversation, context: Context) -> Draft:
    return conversation.draft or Draft(token="", started_at=context.now)


SHOWN: Mapping[State, Callable[[Conversation, Context], Reply]] = {
    State.ASK: ask,
    State.EMAIL: email_typo,
    State.REVIEW: review,
    State.CANCEL: cancel,
    State.RESUME: resume,
    State.ANOTHER: another,
    State.CONTACT: contact,
    State.FORWARD: forward,
    State.FORGET: forget,
}
