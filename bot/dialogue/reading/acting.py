"""
What somebody does by saying something, and what that means where the conversation is: one table.

A typed text is read once, before any field is tried, into three things: acts (Context.acts: stopping, thanking, asking
for a person), details (reading/details.py: an address, a name, a number of people) and a question (Context.match).
Which of them wins is said here, for every state:

    1. what is offered by name: a button's label, its exact word, a yes or no to what was offered just now
    2. an act that is said exactly so; it is never an answer, whatever is being asked
    3. an act that is meant, unless the text is written as a name, tells details, or asks what has an answer
    4. details: what is plain is kept, and said back; the rest of the text goes on as the answer that is asked for
    5. a question, where an answer would not look so
    6. an answer to the question that is open

Weak acts (a thank-you, a wait) give way to a question in the same breath, strong ones (stopping) do not. What must be
exact stays so: only words that agree and nothing else send a sign-up, pass a question on, remove or stop anything
(reading/agreeing.py). A remark takes anything but an exact act.
"""

from collections.abc import Mapping

from bot.dialogue.acts import LANGUAGE
from bot.dialogue.intents import Name
from bot.dialogue.records import State

#: act -> what it means there; an act that has no place there means nothing
Meanings = dict[str, Name]

_MANNERS = frozenset(("yes", "no", "thanks", "sorry", "greeting", "goodbye", "wait", "joke_or_insult", "despair"))
#: acts that give way to a question in the same text
WEAK = _MANNERS | {"skip", "back", "menu", "resume", "why", "submit", "finish"}
#: acts that a text does not mean where it asks a question that has an answer
ASKED_ABOUT = frozenset(["wish", "no_wish", "change", "show", "status", "person", "withdraw"])
#: acts that a topic of the course may answer, by the same name
TOPICS = ("thanks", "greeting", "goodbye")
_TALK: Meanings = {
    "sorry": Name.SMALL_TALK,
    "wait": Name.SMALL_TALK,
    "joke_or_insult": Name.SMALL_TALK,
    "despair": Name.SMALL_TALK,
    "thanks": Name.SMALL_TALK,
    "greeting": Name.SMALL_TALK,
    "goodbye": Name.SMALL_TALK,
    LANGUAGE: Name.LANGUAGE,
    "person": Name.CONTACT,
    "withdraw": Name.FORGET,
    "show": Name.SHOW_DATA,
}
_IDLE: Meanings = _TALK | {
    "wish": Name.SIGN_UP,
    "no_wish": Name.SMALL_TALK,
    "stop": Name.SMALL_TALK,
    "change": Name.CHANGE_LEAD,
    "status": Name.STATUS,
    "yes": Name.SMALL_TALK,
    "no": Name.SMALL_TALK,
    "skip": Name.SMALL_TALK,
    "submit": Name.RESUME,
    "finish": Name.SMALL_TALK,
    "why": Name.FOLLOW_UP,
    "menu": Name.MENU,
    "back": Name.MENU,
    "resume": Name.RESUME,
    "restart": Name.SIGN_UP,
}
_ASK: Meanings = _TALK | {
    "wish": Name.RESUME,
    "no_wish": Name.CANCEL,
    "stop": Name.CANCEL,
    "withdraw": Name.CANCEL,
    "change": Name.BACK,
    "status": Name.ABOUT_FIELD,
    "yes": Name.RESUME,
    "no": Name.SKIP,
    "skip": Name.SKIP,
    "submit": Name.FINISH,
    "finish": Name.FINISH,
    "why": Name.ABOUT_FIELD,
    "menu": Name.MENU,
    "back": Name.BACK,
    "resume": Name.RESUME,
    "restart": Name.START,
}
_EMAIL: Meanings = _ASK | {
    "submit": Name.RESUME,
    "finish": Name.RESUME,
    "no": Name.KEEP_EMAIL,
    "yes": Name.FIX_EMAIL,
    "change": Name.BACK,
}
_REVIEW: Meanings = _ASK | {
    "yes": Name.WRONG_ANSWER,
    "no": Name.WRONG_ANSWER,
    "change": Name.WRONG_ANSWER,
    "submit": Name.SUBMIT,
    "finish": Name.WRONG_ANSWER,
    "wait": Name.SMALL_TALK,
    "skip": Name.RESUME,
}
_CONTACT: Meanings = {
    "stop": Name.NO_CONTACT,
    "no": Name.NO_CONTACT,
    "no_wish": Name.NO_CONTACT,
    "yes": Name.WRONG_ANSWER,
    "person": Name.WRONG_ANSWER,
    "thanks": Name.SMALL_TALK,
    "sorry": Name.SMALL_TALK,
    "wait": Name.SMALL_TALK,
    "greeting": Name.SMALL_TALK,
    LANGUAGE: Name.LANGUAGE,
    "back": Name.NO_CONTACT,
    "skip": Name.NO_CONTACT,
    "finish": Name.NO_CONTACT,
    "menu": Name.MENU,
}
_FORWARD: Meanings = _CONTACT | {
    "yes": Name.FORWARD,
    "submit": Name.FORWARD,
    "person": Name.FORWARD,
    "status": Name.ABOUT_ANSWER,
    "why": Name.ABOUT_ANSWER,
    "change": Name.ABOUT_ANSWER,
    "finish": Name.WRONG_ANSWER,
}
_NO: Meanings = {"stop": Name.NO, "no": Name.NO, "no_wish": Name.NO, "back": Name.NO, "menu": Name.MENU}

#: Where the conversation is -> what each act means there.
ACTING: Mapping[State, Meanings] = {
    State.IDLE: _IDLE,
    State.REPHRASE: _IDLE,
    State.ASK: _ASK,
    State.EMAIL: _EMAIL,
    State.REVIEW: _REVIEW,
    State.CANCEL: _TALK | {"no": Name.NO, "wish": Name.NO, "resume": Name.NO, "back": Name.NO, "stop": Name.CANCEL},
    State.RESUME: _TALK
    | {"wish": Name.RESUME, "yes": Name.RESUME, "resume": Name.RESUME, "restart": Name.RESTART, "stop": Name.CANCEL}
    | {"menu": Name.MENU, "no": Name.MENU},
    State.ANOTHER: _TALK
    | {"wish": Name.ANOTHER, "yes": Name.ANOTHER, "change": Name.EDIT_LEAD, "show": Name.SHOW_LEAD}
    | {"menu": Name.MENU, "no": Name.MENU, "stop": Name.MENU, "status": Name.STATUS},
    State.CONTACT: _CONTACT,
    State.FORWARD: _FORWARD,
    State.FORGET: _TALK | _NO | {"withdraw": Name.FORGET},
}
#: what only words that agree and nothing else may bring about
EXACT = frozenset({Name.FORWARD, Name.SUBMIT, Name.CONFIRM_CANCEL, Name.CONFIRM_FORGET})
