"""What is met with a sentence: a thank-you, a slip, a joke, despair; and what the question that is open means."""

from dataclasses import replace

from bot.dialogue.answering.prompts import menu_rows, prompt, rested
from bot.dialogue.answering.talk import answer, answer_topics
from bot.dialogue.button_ids import Role
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.events import Typed
from bot.dialogue.intents import Intent
from bot.dialogue.records import Conversation, Reply, Rows, State, Turn

#: what is said to each; to what is not among them, that all is well
SAID = {
    "no_wish": "no_wish",
    "sorry": "sorry",
    "wait": "wait",
    "joke_or_insult": "cross",
    "despair": "despair",
    "no_lead": "no_lead",
    "welcome_back": "welcome_back",
    "greeting": "welcome_back",
}
WITH_A_PERSON = frozenset(("cross", "despair"))
WITH_SIGN_UP = frozenset(("no_lead", "yes"))  #: beside what they meet, where nothing was sent yet
SIGN_UP = replace(button("signup:start"), role=Role.PRIMARY)


def small_talk(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """A human sentence, then what is being asked; where nothing is, the way on."""
    said = SAID.get(intent.value, "fine")
    now = prompt(conversation, context)
    asked = replace(conversation, question=None) if said in WITH_A_PERSON else conversation
    begin = not conversation.leads and not WITH_SIGN_UP.isdisjoint((said, intent.value))
    reply = Reply(message=f"chat/{said}", buttons=_below(said, now, begin))
    return Turn(conversation=asked, replies=(reply, *now))


def _below(said: str, now: tuple[Reply, ...], begin: bool) -> Rows:
    if said in WITH_A_PERSON:
        return ((button("contact:ask"),), *(() if now else ((button("menu"),),)))
    if now:
        return ()
    return ((SIGN_UP, button("menu")),) if begin else ((button("menu"),),)


def details(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """What was told is noted; then the open question, or whether to begin the sign-up."""
    settled = rested(conversation)
    now = prompt(settled, context)
    if now or not settled.noted:
        return Turn(conversation=settled, replies=now or _menu(settled, context))
    begin = Reply(message="signup/noted_begin", buttons=((SIGN_UP, button("menu")),))
    return Turn(conversation=settled, replies=(begin,))


def _menu(conversation: Conversation, context: Context) -> tuple[Reply, ...]:
    rows, groups = menu_rows(conversation, context), context.course.menu_groups
    return (Reply(message="chat/menu", values={"waiting": False}, buttons=rows, groups=groups),)


def about_field(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """One or two lines about the question that is open, then the question again."""
    draft, first = conversation.draft, context.form.required[0]
    step = "review" if conversation.state is State.REVIEW else (draft.step if draft and draft.step else first)
    reply = Reply(message=f"signup/why/{step}")
    return Turn(conversation=conversation, replies=(reply, *prompt(conversation, context)))


def about_answer(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """How a question that is passed on is answered; it still waits for the yes."""
    return Turn(conversation=conversation, replies=(Reply(message="contact/when"), *prompt(conversation, context)))


def follow_up(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """What is asked of the last answer; else that no more is known, and that answer. A person can always be asked."""
    text = intent.event.text if isinstance(intent.event, Typed) else ""
    turn = answer_topics(conversation, (intent.value,), None, context, text)
    again, *rest = turn.replies
    below = ((button("contact:ask"),), (button("menu"),))
    no_more = () if again.values.get("point") else (Reply(message="chat/follow_up"),)
    asked = replace(turn.conversation, question=text or None)
    return Turn(conversation=asked, replies=(*no_more, replace(again, buttons=below), *rest))


def rest_of_text(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """The second half of a text that was too long needs no answer of its own."""
    return Turn(conversation=conversation, replies=())


def beside(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Answer topics while something waits for a yes; it waits on."""
    topics = intent.match.topics or (intent.value,)
    text = intent.event.text if isinstance(intent.event, Typed) else ""
    replies = tuple(answer(topic, text, conversation.language, context) for topic in topics)
    return Turn(conversation=conversation, replies=(*replies, *prompt(conversation, context)))
