"""What a person told besides what was asked: kept at once, said back, and shown with the rest at the review."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.context import Context
from bot.dialogue.fields import Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.records import Conversation, Draft, Reply

#: intents whose handlers take what was told themselves: where an answer of a person goes, what is changed in a lead
OWN = frozenset({Name.CONTACT, Name.CONTACT_QUESTION, Name.REPLY_ADDRESS, Name.FORWARD, Name.CHANGE_LEAD, Name.FORGET})


def noted(conversation: Conversation, intent: Intent, context: Context) -> tuple[Conversation, tuple[Reply, ...]]:
    """The conversation with what was told besides, and what is said of it; both as they were where nothing was."""
    told = dict(intent.also)
    if not told or intent.name in OWN:
        return conversation, ()
    form = context.form
    email = form.having(Role.EMAIL)
    notes = (Reply(message="signup/noted", values={"answers": form.ordered(told)}), *size(form.people, told, context))
    if conversation.draft is None:
        return replace(conversation, noted={**(conversation.noted or {}), **told}), notes
    answers = {**conversation.draft.answers, **told}
    suggestion = context.check_email(told[email]).suggestion if email in told else None
    draft = _moved_on(replace(conversation.draft, answers=answers), told, context)
    if suggestion and not (draft.more or draft.revising):  # else it is seen at the review, which comes next
        draft = replace(draft, step=email, suggestion=suggestion)
    reply_to = None if email in told else conversation.reply_to
    return replace(conversation, draft=draft, reply_to=reply_to), notes


def _moved_on(draft: Draft, told: Mapping[str, str], context: Context) -> Draft:
    """The draft, at the first question that is still open, where the one that was open is answered now."""
    if draft.step not in told or draft.revising or draft.more:
        return draft
    return replace(draft, step=context.form.next_required(draft.answers))


def size(name: str, answers: Mapping[str, str], context: Context) -> tuple[Reply, ...]:
    """What a group smaller or larger than the course takes means, where the field ``name`` counts its people."""
    field = context.form.by_name.get(name)
    if field is None or field.group is None or name not in answers:
        return ()
    smallest, largest = field.group
    people = int(answers[name])
    values = {"participants": people}
    return () if smallest <= people <= largest else (Reply(message="signup/note/participants", values=values),)
