"""
All transitions of the conversation: which intent leads from which state to which, and by what rule.

``respond`` looks up (state, intent) here and nowhere else; the table and the diagram in docs are made from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.dialogue.answering import contact, mydata, sending, signup, small, talk
from bot.dialogue.context import Context
from bot.dialogue.intents import Intent, Name
from bot.dialogue.records import Conversation, State, Turn

Handler = Callable[[Conversation, Intent, Context], Turn]

IDLE, ASK, EMAIL, REVIEW, CANCEL = State.IDLE, State.ASK, State.EMAIL, State.REVIEW, State.CANCEL
RESUME, ANOTHER, REPHRASE = State.RESUME, State.ANOTHER, State.REPHRASE
CONTACT, FORWARD, FORGET = State.CONTACT, State.FORWARD, State.FORGET
#: where a conversation comes to rest: what its draft asks for, or nothing
RESTING = frozenset({IDLE, ASK, EMAIL, REVIEW})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What answers an intent, and the states it may lead to."""

    handler: Handler
    to: frozenset[State]
    stays: bool = False  #: may also stay in the state it came from


def _to(handler: Handler, *states: State | Iterable[State]) -> Rule:
    flat = [s for state in states for s in ((state,) if isinstance(state, State) else state)]
    return Rule(handler=handler, to=frozenset(flat))


def _stay(handler: Handler, *states: State | Iterable[State]) -> Rule:
    return Rule(handler=handler, to=_to(handler, *states).to, stays=True)


#: What can be wanted in every state. A state's own rule in IN_STATE comes first.
ANYWHERE: dict[Name, Rule] = {
    Name.START: _to(talk.start, IDLE, RESUME),
    Name.MENU: _to(talk.menu, IDLE),
    Name.TOPIC: _to(talk.topic, RESTING),
    Name.QUESTION: _to(talk.question, RESTING),
    Name.REPHRASE: _to(talk.rephrase, RESTING, REPHRASE),
    Name.CHOOSE_LANGUAGE: _stay(talk.choose_language),
    Name.LANGUAGE: _stay(talk.set_language),
    Name.CHAT_ID: _stay(talk.chat_id),
    Name.ATTACHMENT: _stay(talk.attachment),
    Name.EDITED: _stay(talk.edited),
    Name.TOO_LONG: _stay(talk.too_long),
    Name.UNKNOWN_COMMAND: _stay(talk.unknown_command),
    Name.STALE: _stay(talk.stale),
    Name.EXPIRED: _to(talk.expired, RESTING),
    Name.ALREADY_SENT: _stay(sending.already_sent),
    Name.SIGN_UP: _to(signup.sign_up, RESTING, RESUME, ANOTHER),
    Name.RESUME: _to(signup.resume, RESTING),
    Name.ANSWER: _to(signup.answer, ASK, EMAIL, REVIEW),
    Name.WRONG_ANSWER: _stay(signup.wrong_answer),
    Name.EARLIER_ANSWER: _to(signup.earlier_answer, ASK, EMAIL, REVIEW),
    Name.KEEP_EMAIL: _to(signup.keep_email, ASK, REVIEW),
    Name.FIX_EMAIL: _to(signup.fix_email, ASK, REVIEW),
    Name.SKIP: _to(signup.skip, ASK, EMAIL, REVIEW),
    Name.REMOVE: _to(signup.remove, ASK, REVIEW),
    Name.BACK: _to(signup.back, ASK, REVIEW),
    Name.EDIT: _to(signup.edit, ASK),
    Name.MORE: _to(signup.more, ASK, REVIEW),
    Name.SHARE_PHONE: _stay(signup.share_phone),
    Name.SUBMIT: _to(sending.submit, IDLE, ASK),
    Name.CANCEL: _to(signup.cancel, IDLE, CANCEL, FORGET),
    Name.CONFIRM_CANCEL: _to(signup.confirm_cancel, IDLE),
    Name.DETAILS: _stay(small.details, RESTING),
    Name.SMALL_TALK: _stay(small.small_talk),
    Name.ABOUT_FIELD: _stay(small.about_field),
    Name.ABOUT_ANSWER: _stay(small.about_answer),
    Name.FOLLOW_UP: _to(small.follow_up, RESTING),
    Name.REST_OF_TEXT: _stay(small.rest_of_text),
    Name.FINISH: _to(signup.finish, RESTING),
    Name.STATUS: _stay(sending.status),
    Name.CHANGE_LEAD: _to(sending.change_lead, RESTING, RESUME),
    Name.CONTACT_QUESTION: _to(contact.contact_question, FORWARD),
    Name.RESTART: _to(signup.restart, RESTING),
    Name.ANOTHER: _to(signup.another, RESTING, RESUME),
    Name.SHOW_LEAD: _to(sending.show_lead, RESTING),
    Name.EDIT_LEAD: _to(sending.edit_lead, RESTING, RESUME),
    Name.CONTACT: _to(contact.contact, CONTACT, FORWARD),
    Name.FORWARD: _to(contact.forward, RESTING, CONTACT, FORWARD),
    Name.NO_CONTACT: _to(contact.no_contact, RESTING),
    Name.SHOW_DATA: _to(mydata.show_data, RESTING),
    Name.FORGET: _to(mydata.forget, FORGET),
    Name.CONFIRM_FORGET: _to(mydata.confirm_forget, IDLE),
}

#: What only one state knows, or knows otherwise.
IN_STATE: dict[State, dict[Name, Rule]] = {
    REVIEW: {Name.WRONG_ANSWER: _stay(signup.not_understood)},
    CANCEL: {Name.NO: _to(signup.resume, RESTING)},
    CONTACT: {Name.REPLY_ADDRESS: _stay(contact.reply_address)},
    FORWARD: {
        Name.QUESTION: _stay(small.beside),
        Name.TOPIC: _stay(small.beside),
        Name.REPLY_ADDRESS: _stay(contact.reply_address),
        Name.WRONG_ANSWER: _stay(contact.wrong_address),
    },
    FORGET: {
        Name.NO: _to(mydata.keep, RESTING),
        Name.MENU: _to(mydata.keep, RESTING),
    },
}


def rule_for(state: State, name: Name) -> Rule:
    """The rule that answers ``name`` in ``state``; where none does, the open question is asked again."""
    return IN_STATE.get(state, {}).get(name) or ANYWHERE.get(name) or AGAIN


AGAIN = _stay(talk.again)
