"""What a typed text means, which depends on what is being asked: typed text is as good as a button."""

from collections.abc import Callable, Mapping

from bot.dialogue.answering.offers import taken_or_left
from bot.dialogue.buttons import forget_is_open
from bot.dialogue.channels import can_share_phone
from bot.dialogue.context import Context
from bot.dialogue.events import Typed
from bot.dialogue.fields import Kind
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.acting import EXACT
from bot.dialogue.reading.agreeing import agrees
from bot.dialogue.reading.answers import clean, spellings_of
from bot.dialogue.reading.details import Details, read_details
from bot.dialogue.reading.instead import read_instead
from bot.dialogue.reading.labelled import read_label
from bot.dialogue.reading.meant import read_act
from bot.dialogue.reading.open_question import read_open, read_option
from bot.dialogue.reading.passing_on import read_address_or_addition, read_question_to_pass_on
from bot.dialogue.reading.questions import LONGEST_QUESTION, asked_or_again
from bot.dialogue.reading.resting import read_resting
from bot.dialogue.reading.reviewing import read_review
from bot.dialogue.reading.said import PARTICLES, Said, placed, reference_in
from bot.dialogue.reading.spelling import exactly
from bot.dialogue.reading.tapped import read_choice
from bot.dialogue.records import Conversation, State

PRIVACY = "privacy"  #: the topic that says what details are used for
#: states in which a field has its own limit, and says so
ANSWERED = (State.ASK, State.EMAIL)

_ASKING = {
    "back": Name.BACK,
    "cancel": Name.CANCEL,
    "skip": Name.SKIP,
    "menu": Name.MENU,
    "contact": Name.CONTACT,
    "share": Name.SHARE_PHONE,
    "why": Name.ABOUT_FIELD,
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

#: what words that agree, and nothing else, bring about
AGREED = {State.REVIEW: Name.SUBMIT, State.FORWARD: Name.FORWARD, State.EMAIL: Name.FIX_EMAIL}


def read_typed(conversation: Conversation, event: Typed, context: Context) -> Intent:
    """What the text ``event.text`` means in this state of the conversation; the order is that of acting.py."""
    text = clean(event.text)
    labelled = read_label(conversation, event, text, context)
    if labelled:
        return labelled
    word = exactly(text, spellings_of("navigation", conversation.language, context))
    offered = _offered(conversation, event, text, word, context)
    if offered:
        return offered
    name = WORDS[conversation.state].get(word) if word else None
    doubted = (name in EXACT and "?" in text) or _named(conversation, text, context)
    if word and name and not doubted and _makes_sense(word, name, conversation, context):
        return Intent(name=name, event=event, about=_step(conversation))
    agreed = AGREED.get(conversation.state)
    if agreed and agrees(text, conversation.language, context):
        return Intent(name=agreed, event=event)
    said = _said(conversation, event, text, context)
    named = read_instead(conversation, event, text, context) if conversation.state in ANSWERED else None
    plain = read_option(said) or named or (None if _named(conversation, text, context) else read_act(said, exact=True))
    if plain:
        return plain
    if len(text) > LONGEST_QUESTION and conversation.state not in ANSWERED:
        return Intent(name=Name.TOO_LONG, event=event)
    return READERS.get(conversation.state, _question_or_again)(said)


def _named(conversation: Conversation, text: str, context: Context) -> bool:
    """Whether a text of several words is written as a name where one may be the answer: "Stap Terug"."""
    in_place = conversation.state in ANSWERED and _step(conversation) in context.form.of(Kind.TEXT)
    return in_place and " " in text and not text.isupper() and all(map(_capital, text.split()))


def _capital(word: str) -> bool:
    return not word[0].isalpha() or word[0].isupper() or word in PARTICLES


def _said(conversation: Conversation, event: Typed, text: str, context: Context) -> Said:
    step = _step(conversation) if conversation.state in ANSWERED else None
    details = read_details(text, step, conversation.language, context) if text else Details()
    return Said(conversation=conversation, event=event, text=text, details=details, context=context)


def _offered(conversation: Conversation, event: Typed, text: str, word: str | None, context: Context) -> Intent | None:
    """What a yes or no to the last offer means, or the place of one of the buttons that were offered."""
    yes = word not in ("yes", "no") and conversation.offer and agrees(text, conversation.language, context)
    taken = taken_or_left(conversation, event, "yes" if yes else word)
    if taken or not conversation.offered or conversation.state not in (State.IDLE, State.REPHRASE):
        return taken
    buttons = conversation.offered.split()
    place = placed(text, len(buttons), conversation.language, context)
    return read_choice(conversation, event, buttons[place - 1], context) if place else None


def _step(conversation: Conversation) -> str:
    return (conversation.draft.step or "") if conversation.draft else ""


def _makes_sense(word: str, name: Name, conversation: Conversation, context: Context) -> bool:
    """Whether a word that means ``name`` in this state can mean it now."""
    step = _step(conversation)
    match name:
        case Name.SKIP:
            return step in context.form.optional
        case Name.SHARE_PHONE:
            return step in context.form.of(Kind.PHONE) and can_share_phone(conversation.chat)
        case Name.CONFIRM_FORGET:
            return forget_is_open(conversation, context.now)
        case Name.RESUME:
            return conversation.draft is not None
        case _:
            return True


def _forget(said: Said) -> Intent:
    """A question, or else the same is asked again: with a new term, when the old one is over."""
    words = said.text.split()
    first = {"": spellings_of("navigation", said.conversation.language, said.context).get("yes", ())}
    if words and exactly(words[0], first) is not None:  # "ja alles weg" keeps nothing, and removes nothing unasked
        return Intent(name=Name.FORGET, event=said.event)
    intent = _question_or_again(said)
    late = intent.name is Name.WRONG_ANSWER and not forget_is_open(said.conversation, said.context.now)
    return Intent(name=Name.FORGET, event=said.event) if late else intent


def _question_or_again(said: Said) -> Intent:
    return read_act(said, exact=False) or asked_or_again(said.event, said.text, said.match())


def _lead_meant(said: Said) -> Intent:
    reference = reference_in(said.conversation, said.text)
    if reference:
        return Intent(name=Name.SHOW_LEAD, event=said.event, value=reference)
    return _question_or_again(said)


READERS: Mapping[State, Callable[[Said], Intent]] = {
    State.IDLE: read_resting,
    State.REPHRASE: read_resting,
    State.ASK: read_open,
    State.EMAIL: read_open,
    State.REVIEW: read_review,
    State.ANOTHER: _lead_meant,
    State.CONTACT: read_question_to_pass_on,
    State.FORWARD: read_address_or_addition,
    State.FORGET: _forget,
}
