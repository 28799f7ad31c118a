"""A button's label that was typed instead of tapped: typed text is as good as a button, wherever one is offered."""

from collections.abc import Iterator

from bot.dialogue.answering.prompts import prompt
from bot.dialogue.button_ids import ButtonId, label_name
from bot.dialogue.buttons import button
from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.fields import Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.spelling import plain
from bot.dialogue.reading.tapped import read_choice
from bot.dialogue.records import Button, Conversation, State

LONGEST_LABEL = 600  #: characters, with a reference and two addresses in it
#: buttons that stand under side steps, whatever is being asked
BESIDE = ("menu", "question:rephrase", "contact:ask", "data:show", "data:forget")
#: states that wait for a text of any kind, so that a topic's name is that text
ANY_TEXT = (State.CONTACT, State.FORWARD)


def read_label(conversation: Conversation, event: Event, text: str, context: Context) -> Intent | None:
    """What the button labelled ``text`` asks for, where such a button is offered now; None where none is."""
    if len(text) > LONGEST_LABEL:
        return None
    meant = context.course.labels.get(plain(_without_values(conversation, text, context)))
    if not meant:
        return None
    for offered in _offered(conversation, text, context):
        if _labelled_as(offered) in meant:
            intent = read_choice(conversation, event, offered.id, context)
            if intent.name is not Name.STALE:
                return intent
    return None


def _without_values(conversation: Conversation, text: str, context: Context) -> str:
    """``text`` without what differs per person in a label: a reference, an e-mail address."""
    draft, bare = conversation.draft, text.casefold()
    values = [lead.reference for lead in conversation.leads]
    if draft and draft.suggestion:
        values += [context.form.given(draft.answers, Role.EMAIL) or "", draft.suggestion]
    for value in filter(None, values):
        bare = bare.replace(value.casefold(), " ")
    return bare


def _labelled_as(offered: Button) -> str:
    """The id that the label of a button has: without its token (but "begin again" has one) or its reference."""
    of = ButtonId.read(offered.id)
    if of.kind == "lead":
        return of.beginnings()[1]
    return label_name(offered.id) if of.name == "signup:start" else of.name


def _offered(conversation: Conversation, text: str, context: Context) -> Iterator[Button]:
    """The buttons of what is being asked, then those that may stand beside it."""
    for reply in prompt(conversation, context):
        yield from (one for row in reply.buttons for one in row)
    if conversation.state in (State.IDLE, State.REPHRASE):
        token = conversation.draft.token if conversation.draft else None
        yield from (button("signup:start"), button("signup:resume", token))
    yield from (button(name) for name in BESIDE if name != "question:rephrase" or conversation.question is not None)
    yield from (button(f"language:{code}") for code in context.course.languages)
    yield from _leads(conversation, text)
    if _topics_fit(conversation, text):
        yield from (button(f"topic:{topic}") for topic in context.course.topics)


def _leads(conversation: Conversation, text: str) -> Iterator[Button]:
    for lead in conversation.leads:
        if lead.reference.casefold() in text.casefold():
            for verb in ("show", "edit"):
                yield button(f"lead:{verb}:{lead.reference}", reference=lead.reference)


def _topics_fit(conversation: Conversation, text: str) -> bool:
    """Whether a topic's name means that topic: "Contact person" may also be the answer to a question of ours."""
    if conversation.state in ANY_TEXT:
        return False
    return conversation.state is not State.ASK or conversation.question is not None or text.endswith("?")
