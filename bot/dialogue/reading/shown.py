"""How a text is read in a state of the conversation, for an editor who wants to see why."""

from bot.dialogue.context import Context
from bot.dialogue.events import Typed
from bot.dialogue.fields import Role
from bot.dialogue.reading.answers import clean
from bot.dialogue.reading.details import read_details
from bot.dialogue.reading.read import read
from bot.dialogue.records import Conversation, Draft, State

#: a state that a text can be read in: "ask:<field>" for each field besides
STATES = (State.IDLE, State.EMAIL, State.REVIEW, State.CANCEL, State.CONTACT, State.FORWARD, State.FORGET)
CHAT = "terminal:ask"


def shown(text: str, state: str, language: str, context: Context) -> dict[str, object]:
    """
    What ``text`` means in ``state``: its acts, details and topics, and which of them won.

    Raises ValueError where there is no such state.
    """
    conversation = _stopped_in(state, language, context)
    typed = clean(text)
    step = conversation.draft.step if conversation.draft else None
    details = read_details(typed, step, language, context)
    intent = read(conversation, Typed(id="", chat=CHAT, at=context.now, text=text), context)
    match = context.match(typed, language)
    return {
        "text": text,
        "state": state,
        "acts": [[act.name, round(act.score, 4), act.exact] for act in context.acts(typed, language)],
        "details": dict(details.told) | dict(details.guessed),
        "topics": list(match.topics),
        "question": match.question,
        "means": intent.name.value,
        "about": intent.about,
        "value": intent.value,
        "also": dict(intent.also),
    }


def _stopped_in(state: str, language: str, context: Context) -> Conversation:
    """A conversation that waits in this state, with a question to pass on and a sign-up where they belong."""
    name, _, field = state.partition(":")
    form = context.form
    if (name == State.ASK) != (field in form.by_name) or name not in (State.ASK, *STATES):
        raise ValueError(state)
    asked = field or (form.having(Role.EMAIL) if name == State.EMAIL else None)
    draft = Draft(token="", started_at=context.now, step=asked, more=asked not in (*form.required, None))
    signing_up = name in (State.ASK, State.EMAIL, State.REVIEW, State.CANCEL)
    question = "?" if name == State.FORWARD else None
    return Conversation(
        chat=CHAT,
        language=language,
        state=State(name),
        draft=draft if signing_up else None,
        question=question,
        asked_at=context.now,
    )
