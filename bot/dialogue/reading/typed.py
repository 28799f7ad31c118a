"""What a typed text means, which depends on what is being asked: typed text is as good as a button."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.bounds import TEXT
from bot.dialogue.answering.offers import taken_or_left
from bot.dialogue.channels import can_share_phone
from bot.dialogue.context import Context, EmailCheck, Match
from bot.dialogue.fields import BY_NAME
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import Accepted, Problem, clean, read_answer, spellings_of
from bot.dialogue.reading.instead import read_instead
from bot.dialogue.reading.labelled import read_label
from bot.dialogue.reading.spelling import exactly, options_meant, plain
from bot.dialogue.reading.tapped import forget_is_open
from bot.dialogue.records import Conversation, Draft, Event, State, Typed

LONGEST_TEXT = LONGEST_QUESTION = TEXT.most  #: characters
PRIVACY = "privacy"  #: the topic that says what details are used for
LONGEST_ADDRESS = 254  #: characters (RFC 5321)
LONGEST_WISH = 200  #: characters in which somebody says what is to be changed
_SHORT = 40  #: characters around an address or a field's name; in more than that it is no answer by itself
#: states in which a field has its own limit, and says so
ANSWERED = (State.ASK, State.EMAIL)
#: fields in which a question is an answer too
TAKES_ANYTHING = ("remark",)
#: fields whose answers look so unlike a question that an answer is tried first
RECOGNISED = ("email", "phone", "participants")

_ASKING = {
    "back": Name.BACK,
    "cancel": Name.CANCEL,
    "skip": Name.SKIP,
    "menu": Name.MENU,
    "contact": Name.CONTACT,
    "share": Name.SHARE_PHONE,
    "why": Name.TOPIC,  # why a detail is asked, rather than why the course is given
}
_IDLE = {
    "signup": Name.SIGN_UP,
    "menu": Name.MENU,
    "cancel": Name.CANCEL,
    "contact": Name.CONTACT,
    "resume": Name.RESUME,
    "rephrase": Name.REPHRASE,
    "forget": Name.FORGET,
    "data": Name.SHOW_DATA,
    "yes": Name.MENU,
    "no": Name.REPHRASE,
}
#: state -> word of the "navigation" spellings -> what it means there
WORDS: Mapping[State, Mapping[str, Name]] = {
    State.IDLE: _IDLE,
    State.REPHRASE: _IDLE,
    State.ASK: _ASKING,
    State.EMAIL: _ASKING
    | {"keep": Name.KEEP_EMAIL, "no": Name.KEEP_EMAIL, "fix": Name.FIX_EMAIL, "yes": Name.FIX_EMAIL},
    State.REVIEW: _ASKING | {"submit": Name.SUBMIT, "yes": Name.SUBMIT, "no": Name.WRONG_ANSWER, "more": Name.MORE},
    State.CANCEL: {
        "yes": Name.CONFIRM_CANCEL,
        "cancel": Name.CONFIRM_CANCEL,
        "no": Name.NO,
        "back": Name.NO,
        "resume": Name.NO,
    },
    State.RESUME: {
        "yes": Name.RESUME,
        "resume": Name.RESUME,
        "restart": Name.RESTART,
        "signup": Name.RESUME,
        "cancel": Name.CANCEL,
        "menu": Name.MENU,
    },
    State.ANOTHER: {
        "another": Name.ANOTHER,
        "show": Name.SHOW_LEAD,
        "edit": Name.EDIT_LEAD,
        "menu": Name.MENU,
        "cancel": Name.MENU,
        "back": Name.MENU,
    },
    State.CONTACT: {"no": Name.NO_CONTACT, "cancel": Name.NO_CONTACT, "back": Name.NO_CONTACT, "menu": Name.MENU},
    State.FORWARD: {
        "yes": Name.FORWARD,
        "submit": Name.FORWARD,
        "no": Name.NO_CONTACT,
        "cancel": Name.NO_CONTACT,
        "back": Name.NO_CONTACT,
        "menu": Name.MENU,
    },
    State.FORGET: {"yes": Name.CONFIRM_FORGET, "no": Name.NO, "cancel": Name.NO, "back": Name.NO, "menu": Name.MENU},
}


def read_typed(conversation: Conversation, event: Typed, context: Context) -> Intent:
    """What the text ``event.text`` means in this state of the conversation."""
    text = clean(event.text)
    labelled = read_label(conversation, event, text, context)
    if labelled:
        return labelled
    word = exactly(text, spellings_of("navigation", conversation.language, context))
    offered = taken_or_left(conversation, event, word)
    if offered:
        return offered
    name = WORDS[conversation.state].get(word) if word else None
    if word and name and _makes_sense(word, name, conversation, context):
        value = PRIVACY if name is Name.TOPIC else ""
        return Intent(name=name, event=event, about=_step(conversation), value=value)
    if len(text) > LONGEST_QUESTION and conversation.state not in ANSWERED:
        return Intent(name=Name.TOO_LONG, event=event)
    return READERS.get(conversation.state, _question_or_again)(conversation, event, text, context)


def _step(conversation: Conversation) -> str:
    return (conversation.draft.step or "") if conversation.draft else ""


def _makes_sense(word: str, name: Name, conversation: Conversation, context: Context) -> bool:
    """Whether a word that means ``name`` in this state can mean it now."""
    step = _step(conversation)
    match name:
        case Name.SKIP:
            return step in BY_NAME and not BY_NAME[step].required
        case Name.SHARE_PHONE:
            return step == "phone" and can_share_phone(conversation.chat)
        case Name.CONFIRM_FORGET:
            return forget_is_open(conversation, context.now)
        case Name.TOPIC:
            return PRIVACY in context.course.topics
        case Name.RESUME:
            return conversation.draft is not None
        case _:
            return True


def _question(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    chosen = exactly(text, spellings_of("language", conversation.language, context))
    if chosen in context.course.languages:
        return Intent(name=Name.LANGUAGE, event=event, value=chosen)
    return _asked(event, text, context.match(text, conversation.language))


def _asked(event: Event, text: str, match: Match) -> Intent:
    if len(text) > LONGEST_QUESTION:  # it could not be passed on either
        return Intent(name=Name.TOO_LONG, event=event)
    return Intent(name=Name.QUESTION, event=event, value=text, match=match)


def _forget(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """A question, or else the same is asked again: with a new term, when the old one is over."""
    intent = _question_or_again(conversation, event, text, context)
    late = intent.name is Name.WRONG_ANSWER and not forget_is_open(conversation, context.now)
    return Intent(name=Name.FORGET, event=event) if late else intent


def _question_or_again(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """A question, where the text reads as one; else the open question is asked again."""
    return _asked_or_again(event, text, context.match(text, conversation.language))


def _asked_or_again(event: Event, text: str, match: Match) -> Intent:
    if match.question or match.topics:
        return _asked(event, text, match)
    return Intent(name=Name.WRONG_ANSWER, event=event)


def _answer(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """An answer to the field that is asked, or a question in the middle of the sign-up."""
    step = _step(conversation)
    instead = read_instead(conversation, event, text, context)
    if instead:
        return instead
    read = read_answer(step, text, conversation.language, context)
    answer = _as_intent(step, read, event)
    recognised = isinstance(read, Accepted) and _tries(step, text)
    if step in TAKES_ANYTHING or recognised or not text:
        return answer
    if BY_NAME[step].options and exactly(text, spellings_of(step, conversation.language, context)):
        return answer
    lost = isinstance(read, Problem) and read.reason in ("choice", "email", "phone", "participants")
    if not lost and not context.may_ask(text):
        return answer
    match = context.match(text[:LONGEST_QUESTION], conversation.language)
    other = lost and match.topics and not _tries(step, text)
    return _asked(event, text, match) if match.question or other else answer


def _tries(step: str, text: str) -> bool:
    """Whether a text that is no answer to this field was meant as one all the same."""
    return step in RECOGNISED and any(c == "@" or c.isdigit() for c in text)


def _as_intent(step: str, read: Accepted | Problem, event: Event) -> Intent:
    if isinstance(read, Accepted):
        return Intent(name=Name.ANSWER, event=event, about=step, value=read.value, suggestion=read.suggestion)
    return Intent(name=Name.WRONG_ANSWER, event=event, about=step, problem=read)


def _mistyped(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """Another e-mail address where it was asked whether the first one was right."""
    return _answer(conversation, event, text, context)


def _review(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """A field's new value, the field a person wants to change, or a question."""
    corrected = _corrected(conversation, event, text, context)
    if corrected:
        return corrected
    draft = conversation.draft or Draft(token="", started_at=context.now)
    match = context.match(text, conversation.language)
    fields = spellings_of("fields", conversation.language, context)
    short = len(text) <= LONGEST_WISH
    meant = [name for name in options_meant(text, fields) if name in BY_NAME] if short else []
    if len(meant) == 1 and not match.question and (meant[0] in draft.answers or len(text) < _SHORT):
        return Intent(name=Name.EDIT, event=event, about=meant[0])
    return _asked_or_again(event, text, match)


def _corrected(conversation: Conversation, event: Event, text: str, context: Context) -> Intent | None:
    """Another answer to a field, by its name before a colon or by what it looks like: an address, a number."""
    head, colon, rest = text.partition(":")
    named = exactly(head, spellings_of("fields", conversation.language, context)) if colon else None
    if named in BY_NAME and rest.strip():
        return _earlier(named, read_answer(named, rest.strip(), conversation.language, context), event)
    for field in ("email", "phone"):
        read = read_answer(field, text, conversation.language, context)
        if isinstance(read, Accepted) and _tries(field, text) and len(text) < len(read.value) + _SHORT:
            return _earlier(field, read, event)
    return None


def _earlier(field: str, read: Accepted | Problem, event: Event) -> Intent:
    answer = _as_intent(field, read, event)
    return replace(answer, name=Name.EARLIER_ANSWER) if answer.name is Name.ANSWER else answer


def _lead_meant(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """An earlier lead, by the reference that stands in the text, or a question."""
    typed = _unspaced(text)
    for lead in conversation.leads:
        if _unspaced(lead.reference) in typed:
            return Intent(name=Name.SHOW_LEAD, event=event, value=lead.reference)
    return _question_or_again(conversation, event, text, context)


def _unspaced(text: str) -> str:
    """The letters and digits alone: a reference may be typed without its dash."""
    return plain(text).replace(" ", "")


def _to_pass_on(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    name = Name.CONTACT_QUESTION if text else Name.WRONG_ANSWER
    return Intent(name=name, event=event, value=text)


def _address_or_addition(conversation: Conversation, event: Event, text: str, context: Context) -> Intent:
    """Where the answer is wanted, or more about the question: what stands there is never lost."""
    check = context.check_email(text) if len(text) < LONGEST_ADDRESS + _SHORT else EmailCheck(address=None)
    if check.address and len(text) < len(check.address) + _SHORT:
        return Intent(name=Name.REPLY_ADDRESS, event=event, value=check.address)
    if "@" in text and len(text) < _SHORT:
        return Intent(name=Name.WRONG_ANSWER, event=event, about="email", problem=Problem(reason="email"))
    whole = f"{conversation.question}\n{text}" if conversation.question and text else text
    if len(whole) > LONGEST_QUESTION:
        return Intent(name=Name.TOO_LONG, event=event)
    return _to_pass_on(conversation, event, whole, context)


READERS: Mapping[State, Callable[[Conversation, Event, str, Context], Intent]] = {
    State.IDLE: _question,
    State.REPHRASE: _question,
    State.ASK: _answer,
    State.EMAIL: _mistyped,
    State.REVIEW: _review,
    State.ANOTHER: _lead_meant,
    State.CONTACT: _to_pass_on,
    State.FORWARD: _address_or_addition,
    State.FORGET: _forget,
}
