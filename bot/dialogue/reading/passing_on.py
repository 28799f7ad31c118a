"""What a text means where a question is about to be passed on to a person."""

from dataclasses import replace

from bot.dialogue.fields import Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import NotAccepted
from bot.dialogue.reading.meant import read_act
from bot.dialogue.reading.questions import LONGEST_QUESTION, asked
from bot.dialogue.reading.said import Said

_SHORT = 40  #: characters beside an address; in more than that there is a question too
_FEW = 2  #: words that are no question


def read_question_to_pass_on(said: Said) -> Intent:
    """The question; an address in it is where the answer goes, an address alone waits for the question."""
    asks = "?" in said.text and len(said.text.split()) > _FEW
    if not asks and (intent := read_act(said, exact=False)):
        return intent
    if not said.text:
        return Intent(name=Name.WRONG_ANSWER, event=said.event)
    email = said.details.told.get(said.form.having(Role.EMAIL))
    if email and not _says_more(said, email):
        return said.intent(Name.REPLY_ADDRESS, value=email)
    return said.intent(Name.CONTACT_QUESTION, value=said.text)


def _says_more(said: Said, email: str) -> bool:
    rest = " ".join((*said.details.guessed.values(), said.details.rest))
    asks = "?" in said.text or said.context.may_ask(rest) or len(rest) >= _SHORT
    return len(rest.split()) > _FEW and asks


def read_address_or_addition(said: Said) -> Intent:
    """A yes, where the answer is wanted, another question, or more about this one: nothing of it is lost."""
    if intent := read_act(said, exact=False):
        return intent
    email = said.details.told.get(said.form.having(Role.EMAIL))
    if email and not _says_more(said, email):
        return said.intent(Name.REPLY_ADDRESS, value=email)
    if "@" in said.text and len(said.text) < _SHORT and not email:
        refusal = NotAccepted(reason="email")
        return Intent(name=Name.WRONG_ANSWER, event=said.event, about=said.form.having(Role.EMAIL), refusal=refusal)
    match = said.match()
    if match.topics and match.question and len(said.text) <= LONGEST_QUESTION:
        return replace(asked(said.event, said.text, match), name=Name.QUESTION)
    return _added(said)


def _added(said: Said) -> Intent:
    question = said.conversation.question
    more = question and said.text not in ("", question)  # what is typed a second time is asked once
    whole = f"{question}\n{said.text}" if more else said.text
    if len(whole) > LONGEST_QUESTION:
        return Intent(name=Name.TOO_LONG, event=said.event)
    return said.intent(Name.CONTACT_QUESTION if said.text else Name.WRONG_ANSWER, value=whole)
