"""From an event to what the person wants."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.channels import MESSAGE_LIMIT
from bot.dialogue.context import Context
from bot.dialogue.events import Chosen, Edited, Event, SentAttachment, SharedPhone, Typed
from bot.dialogue.fields import Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import NotAccepted
from bot.dialogue.reading.commands import read_command
from bot.dialogue.reading.instead import says_nothing
from bot.dialogue.reading.questions import LONGEST_TEXT
from bot.dialogue.reading.tapped import read_choice
from bot.dialogue.reading.typed import ANSWERED, WORDS, read_typed
from bot.dialogue.records import Conversation

CUT = MESSAGE_LIMIT - 196  #: UTF-16 units; an app cuts a long text at a space before its limit
APART = timedelta(seconds=5)  #: within which the rest of it comes


def read(conversation: Conversation, event: Event, context: Context) -> Intent:
    """What the person wants with ``event`` at this point of the conversation."""
    if isinstance(event, Typed) and _is_rest(conversation, event, context):
        return Intent(name=Name.REST_OF_TEXT, event=event)
    match event:
        case Typed() if len(event.text) > LONGEST_TEXT and len(event.text.strip()) > LONGEST_TEXT:
            return _too_long(conversation, event, context)
        case Typed() if event.text.lstrip().startswith("/") and not _passes(conversation, event):
            return _commanded(conversation, event, context)
        case Typed():
            return read_typed(conversation, event, context)
        case Chosen():
            return read_choice(conversation, event, event.button, context)
        case SharedPhone():
            return _shared_phone(conversation, event, context)
        case SentAttachment():
            return Intent(name=Name.ATTACHMENT, event=event)
        case Edited():
            return Intent(name=Name.EDITED, event=event)


def _is_rest(conversation: Conversation, event: Typed, context: Context) -> bool:
    """Whether this is the rest of a text that the app cut in two, because it was too long for one message."""
    soon = conversation.cut_at is not None and context.now - conversation.cut_at < APART
    return soon and len(event.text) <= LONGEST_TEXT and not event.text.startswith("/")


def _passes(conversation: Conversation, event: Typed) -> bool:
    """Whether a stroke alone stands where something is asked: then it is no command, and says as much as a dash."""
    return conversation.state in ANSWERED and says_nothing(event.text)


def is_cut(event: Typed) -> bool:
    """Whether a text is as long as an app lets a message be, so that the rest of it comes apart."""
    return len(event.text.encode("utf-16-le")) // 2 >= CUT


def _too_long(conversation: Conversation, event: Event, context: Context) -> Intent:
    """Nothing of it is read: not what is asked, where that has a limit of its own, nor a question."""
    field = context.form.by_name.get((conversation.draft.step or "") if conversation.draft else "")
    if field is None or conversation.state not in ANSWERED:
        return Intent(name=Name.TOO_LONG, event=event)
    refusal = NotAccepted(reason="too_long", values={"limit": field.limit})
    return Intent(name=Name.WRONG_ANSWER, event=event, about=field.name, refusal=refusal)


def _commanded(conversation: Conversation, event: Typed, context: Context) -> Intent:
    """What the command asks for; the one that cancels is as good as the word, whatever is being asked."""
    intent = read_command(event, context)
    if intent.name is Name.CANCEL:
        return replace(intent, name=WORDS[conversation.state]["cancel"])
    return intent


def _shared_phone(conversation: Conversation, event: SharedPhone, context: Context) -> Intent:
    """The person's own number as an answer; someone else's contact never is one."""
    phone = context.form.having(Role.PHONE)
    if conversation.draft is None or not phone:
        return Intent(name=Name.ATTACHMENT, event=event)
    if not event.own:
        return Intent(name=Name.WRONG_ANSWER, event=event, about=phone, refusal=NotAccepted(reason="not_own_phone"))
    number = context.check_phone(event.number if event.number.startswith("+") else f"+{event.number}")
    if number is None:
        return Intent(name=Name.WRONG_ANSWER, event=event, about=phone, refusal=NotAccepted(reason="phone"))
    name = Name.ANSWER if conversation.draft.step == phone else Name.EARLIER_ANSWER
    return Intent(name=name, event=event, about=phone, value=number)
