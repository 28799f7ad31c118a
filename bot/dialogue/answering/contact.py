"""Passing a question on to a person, with consent and a way to be answered."""

from dataclasses import replace

from bot.dialogue.answering.prompts import answered_at, known, number_in, prompt, rested
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.fields import Role
from bot.dialogue.intents import Intent
from bot.dialogue.records import Conversation, QuestionForwarded, Reply, State, Turn


def contact(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask which question to pass on; one that was just asked is shown at once."""
    email = intent.also.get(context.form.having(Role.EMAIL))
    if email:
        conversation = replace(conversation, reply_to=email)
    if conversation.question:
        return _confirm(conversation, conversation.question, context)
    waiting = replace(conversation, state=State.CONTACT)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def contact_question(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Show the question and ask whether to pass it on."""
    email = intent.also.get(context.form.having(Role.EMAIL))
    asked = replace(conversation, reply_to=email) if email else conversation
    return _confirm(asked, intent.value, context)


def wrong_address(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say that it is no e-mail address, and ask again."""
    refusal = Reply(message="signup/problem/email", values={"field": intent.about}, refused=True)
    told = (refusal,) if intent.refusal else ()
    return Turn(conversation=conversation, replies=(*told, *prompt(conversation, context)))


def _confirm(conversation: Conversation, question: str, context: Context) -> Turn:
    waiting = replace(conversation, state=State.FORWARD, question=question)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def reply_address(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Keep the e-mail address at which the answer is wanted."""
    waiting = replace(conversation, reply_to=intent.value)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def forward(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Pass the question on; where it was passed on before, ask for another."""
    if not conversation.question or conversation.state is not State.FORWARD:
        return contact(conversation, intent, context)
    asked = QuestionForwarded(
        reference=context.new_reference(),
        question=conversation.question,
        reply_to=answered_at(conversation, context.form),
        name=known(conversation, Role.NAME, context.form),
    )
    passed_on = conversation.passed_on + 1
    settled = rested(replace(conversation, question=None, misses=0, passed_on=passed_on))
    values = {"reference": asked.reference, "reply_to": asked.reply_to, "phone": number_in(asked.question, context)}
    reply = Reply(message="contact/sent", values=values, buttons=((button("menu"),),))
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)), effects=(asked,))


def no_contact(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Pass nothing on: say so, and ask again what was open."""
    settled = rested(replace(conversation, question=None, misses=0))
    reply = Reply(message="contact/cancelled", buttons=((button("menu"),),))
    return Turn(conversation=settled, replies=(reply, *prompt(settled, context)))
