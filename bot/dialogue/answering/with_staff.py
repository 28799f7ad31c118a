"""
What somebody says while they talk with staff: free text goes to staff, unless the assistent is asking something.

A talk stands beside the conversation's state and changes none of it: so it is decided before the state is asked.
"""

from dataclasses import replace

from bot.dialogue.answering.prompts import prompt
from bot.dialogue.buttons import button
from bot.dialogue.channels import traits_of
from bot.dialogue.context import Context
from bot.dialogue.events import Chosen, Event, SentAttachment, Typed
from bot.dialogue.reading.spelling import plain
from bot.dialogue.records import Conversation, Reply, State, TalkEnded, TalkLine, Turn
from bot.dialogue.talks import LONGEST, Talk

END, ANSWER = "talk:end", "talk:answer"  #: the buttons under what staff wrote
OVER = Reply(message="talk/over", buttons=((button("menu"),),))


def with_staff(conversation: Conversation, event: Event, context: Context) -> Turn | None:
    """What follows in a talk with staff; None where it is the assistent's to answer."""
    talk = conversation.talk if conversation.talk and conversation.talk.is_open(context.now) else None
    if isinstance(event, Chosen):
        return _tapped(conversation, talk, event, context)
    if talk is None or not (conversation.state is State.IDLE or talk.answering):
        return None
    if isinstance(event, SentAttachment):
        return Turn(conversation=conversation, replies=(Reply(message="talk/only_text"),))
    if not isinstance(event, Typed) or event.text.lstrip().startswith("/"):
        return None
    if END in context.course.labels.get(plain(event.text), ()):
        return ended(conversation, context)
    return _said(conversation, talk, event, context)


def ended(conversation: Conversation, context: Context) -> Turn:
    """The assistent answers again; what it asked before is asked once more."""
    effects = (TalkEnded(reference=conversation.talk.reference),) if conversation.talk else ()
    settled = replace(conversation, talk=None)
    asked = prompt(settled, context)
    over = replace(OVER, buttons=()) if asked else OVER
    return Turn(conversation=settled, replies=(over, *asked), effects=effects, chosen=True)


def _tapped(conversation: Conversation, talk: Talk | None, event: Chosen, context: Context) -> Turn | None:
    if event.button == END:
        return ended(conversation, context)
    if event.button != ANSWER or talk is None:
        return None
    reply = Reply(message="talk/answer", values={"name": talk.name})
    return Turn(conversation=replace(conversation, talk=replace(talk, answering=True)), replies=(reply,), chosen=True)


def _said(conversation: Conversation, talk: Talk, event: Typed, context: Context) -> Turn:
    """Pass the text on as it was typed. Where a channel can show that on the message itself, it needs no words."""
    if len(event.text) > LONGEST:
        reply = Reply(message="chat/too_long", values={"limit": LONGEST})
        return Turn(conversation=conversation, replies=(reply,))
    heard = replace(conversation, talk=replace(talk, at=context.now, answering=False))
    shown = traits_of(event.channel).reacts and event.message_id is not None
    told = () if shown else (Reply(message="talk/passed_on", values={"name": talk.name}),)
    line = TalkLine(reference=talk.reference, text=event.text, name=talk.name, message_id=event.message_id)
    return Turn(conversation=heard, replies=(*told, *prompt(heard, context)), effects=(line,))
