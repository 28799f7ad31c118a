"""What a tapped button asks for, held against the draft, the time or the question that it belongs to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.buttons import FORGET_WITHIN, expiry_token, forget_is_open, question_token
from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.fields import Form, Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.records import Conversation, State

PLAIN: dict[str, Name] = {
    "menu": Name.MENU,
    "question:rephrase": Name.REPHRASE,
    "contact:ask": Name.CONTACT,
    "contact:forward": Name.FORWARD,
    "contact:no": Name.NO_CONTACT,
    "signup:another": Name.ANOTHER,
    "data:show": Name.SHOW_DATA,
    "data:forget": Name.FORGET,
    "data:forget:no": Name.NO,
}
#: buttons that mean something only while their question is open
OPEN_IN = {
    "contact:forward": (State.FORWARD,),
    "contact:no": (State.CONTACT, State.FORWARD),
    "data:forget:no": (State.FORGET,),
}
OF_DRAFT: dict[str, Name] = {
    "signup:resume": Name.RESUME,
    "signup:back": Name.BACK,
    "signup:more": Name.MORE,
    "signup:submit": Name.SUBMIT,
    "signup:cancel": Name.CANCEL,
    "signup:cancel:confirm": Name.CONFIRM_CANCEL,
    "signup:email:keep": Name.KEEP_EMAIL,
    "signup:email:fix": Name.FIX_EMAIL,
    "signup:phone:share": Name.SHARE_PHONE,
}


def read_choice(conversation: Conversation, event: Event, button: str, context: Context) -> Intent:
    """What the button with this id asks for, held against the draft or the time that its token names."""
    tapped = ButtonId.read(button)
    if conversation.state not in OPEN_IN.get(tapped.name, (conversation.state,)):
        return Intent(name=Name.STALE, event=event)
    if tapped.name in PLAIN:
        of_another = tapped.name == "contact:forward" and (tapped.token or "") != question_token(conversation.passed_on)
        return Intent(name=Name.STALE if of_another else PLAIN[tapped.name], event=event)
    reader = READERS.get(tapped.kind, _stale)
    return reader(conversation, event, tapped, context)


def _stale(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    return Intent(name=Name.STALE, event=event)


def _topic(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    name = Name.TOPIC if button.rest in context.course.topics else Name.STALE
    return Intent(name=name, event=event, value=button.rest)


def _language(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    name = Name.LANGUAGE if button.rest in context.course.languages else Name.STALE
    return Intent(name=name, event=event, value=button.rest)


def _lead(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    match button.parts:
        case (_, "show", reference):
            return Intent(name=Name.SHOW_LEAD, event=event, value=reference)
        case (_, "edit", reference):
            return Intent(name=Name.EDIT_LEAD, event=event, value=reference)
        case (_, "edit", reference, field) if field in context.form.by_name:
            return Intent(name=Name.EDIT_LEAD, event=event, value=reference, about=field)
    return Intent(name=Name.STALE, event=event)


def _data(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    if button.name != "data:forget:confirm":
        return Intent(name=Name.STALE, event=event)
    if not button.token:
        works = forget_is_open(conversation, context.now)
    else:
        works = _until(button.token) > context.now and not _overtaken(conversation, button.token)
    return Intent(name=Name.CONFIRM_FORGET if works else Name.EXPIRED, event=event)


def _overtaken(conversation: Conversation, token: str) -> bool:
    """
    Whether something stands now that was begun after the button was made, or after everything was removed.

    The app sends a press again when it heard no answer. What it removed is gone; what was begun since is not meant.
    """
    if conversation.asked_at is not None and token == expiry_token(conversation.asked_at):
        return False  # it is asked this very moment
    draft = conversation.draft
    if draft is not None and draft.started_at + FORGET_WITHIN >= _until(token) + timedelta(seconds=1):
        return True
    kept = draft or conversation.leads or conversation.question or conversation.reply_to
    return bool(kept) and conversation.forgotten is not None and _until(token) <= _until(conversation.forgotten)


def _until(token: str) -> datetime:
    """The time a token names; the distant past when it names none."""
    try:
        return datetime.fromtimestamp(int(token, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _sign_up(conversation: Conversation, event: Event, button: ButtonId, context: Context) -> Intent:
    draft, token = conversation.draft, button.token or ""
    if button.name == "signup:start":
        again = draft is not None and token == draft.token
        return Intent(name=Name.RESTART if again else Name.SIGN_UP, event=event)
    if draft is None or token not in ("", draft.token):
        sent = button.name == "signup:submit" and token and token == conversation.last_draft
        return Intent(name=Name.ALREADY_SENT if sent else Name.STALE, event=event)
    if button.name in OF_DRAFT:
        return _of_draft(conversation, Intent(name=OF_DRAFT[button.name], event=event), context.form)
    return _about_field(conversation, event, button, context.form)


def _of_draft(conversation: Conversation, intent: Intent, form: Form) -> Intent:
    """``intent``, or a stale button where the draft has moved on from the question it stood under."""
    draft = conversation.draft
    if draft is None:
        return intent
    open_now: dict[Name, bool] = {
        Name.KEEP_EMAIL: draft.suggestion is not None,
        Name.FIX_EMAIL: draft.suggestion is not None,
        Name.SHARE_PHONE: draft.step == form.having(Role.PHONE),
        Name.SUBMIT: draft.step is None,
        Name.MORE: draft.step is None,
    }
    return intent if open_now.get(intent.name, True) else Intent(name=Name.STALE, event=intent.event)


def _about_field(conversation: Conversation, event: Event, button: ButtonId, form: Form) -> Intent:
    step = conversation.draft.step if conversation.draft else None
    _, verb, value = button.parts if len(button.parts) == 3 else ("", "", "")
    if verb == "edit" and value in form.by_name:
        return Intent(name=Name.EDIT, event=event, about=value)
    if verb == "skip" and value == step and value in form.optional:
        return Intent(name=Name.SKIP, event=event, about=value)
    if verb in form.by_name and value in form.by_name[verb].options:
        name = Name.ANSWER if verb == step else Name.EARLIER_ANSWER
        return Intent(name=name, event=event, about=verb, value=value)
    return Intent(name=Name.STALE, event=event)


Reader = Callable[[Conversation, Event, ButtonId, Context], Intent]
READERS: dict[str, Reader] = {
    "topic": _topic,
    "language": _language,
    "lead": _lead,
    "data": _data,
    "signup": _sign_up,
}
