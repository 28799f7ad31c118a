"""What a text means where all that was given is shown: a yes, another answer, the field to change, a question."""

from bot.dialogue.context import Match
from bot.dialogue.fields import BY_NAME, OPTIONAL
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer, spellings_of
from bot.dialogue.reading.details import changed, kinds_meant
from bot.dialogue.reading.meant import Said, field_named, read_act
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.questions import asked_or_again
from bot.dialogue.reading.spelling import options_meant

LONGEST_WISH = 200  #: characters in which somebody says what is to be changed
_SHORT = 40  #: characters around an address or a field's name; in more than that it is no answer by itself
_LONGEST_ROLE = 5  #: words
_LEAST = 3  #: letters of a part of an answer that is to be replaced
_END = " \n.!?"


def read_review(said: Said) -> Intent:
    """What is wanted at the review."""
    match = said.match()
    for reader in (_labelled, _replaced, _told, _chosen, _act, _working_as, _named):
        if intent := reader(said, match):
            return intent
    return asked_or_again(said.event, said.text, match)


def _labelled(said: Said, match: Match) -> Intent | None:
    """``naam: Jan de Vries``, ``naam moet zijn Jan de Vries``."""
    if len(said.text) > LONGEST_WISH and ":" not in said.text:
        return None
    told = changed(said.text, said.conversation.language, said.context)
    if told is None or (match.question and ":" not in said.text):
        return None
    return _earlier(said, told[0], read_answer(*told, said.conversation.language, said.context))


def _earlier(said: Said, field: str, read: Accepted | NotAccepted) -> Intent:
    if isinstance(read, NotAccepted):
        return Intent(name=Name.WRONG_ANSWER, event=said.event, about=field, refusal=read)
    also = {name: value for name, value in said.details.told.items() if name != field}
    suggestion = read.suggestion
    return said.intent(Name.EARLIER_ANSWER, about=field, value=read.value, suggestion=suggestion, also=also)


def _replaced(said: Said, match: Match) -> Intent | None:
    """``Fatima veranderen in Fatma``: a part of an answer, which is named by what it says."""
    becomes = spellings_of("details", said.conversation.language, said.context).get("becomes", ())
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    for way in beginning(becomes).finditer(said.text[:LONGEST_WISH]) if becomes else ():
        before, new = said.text[: way.start()].casefold().split(), said.text[way.end() :].rstrip(_END)
        for field in ("name", "organisation", "role", "place"):
            old = next((w for w in answers.get(field, "").split() if len(w) >= _LEAST and w.casefold() in before), None)
            if old and new:
                value = new if len(new.split()) > 1 else answers[field].replace(old, new)
                return _earlier(said, field, read_answer(field, value, said.conversation.language, said.context))
    return None


def _told(said: Said, match: Match) -> Intent | None:
    """What is told of oneself; an address or a number by what it looks like."""
    told = said.details.told
    if told and not match.question and not said.text.endswith("?"):
        return said.intent(Name.DETAILS, suggestion=said.details.suggestion)
    for field in ("email", "phone"):
        read = read_answer(field, said.text, said.conversation.language, said.context)
        tried = any(sign == "@" or sign.isdigit() for sign in said.text)
        if isinstance(read, Accepted) and tried and len(said.text) < len(read.value) + _SHORT:
            return _earlier(said, field, read)
    return None


def _chosen(said: Said, match: Match) -> Intent | None:
    """Another option, by what it is called: "toch allebei", "wij zijn een corporatie"."""
    if match.question or said.text.endswith("?") or len(said.text) > _SHORT * 2:
        return None
    kinds = kinds_meant(said.text, said.conversation.language, said.context)
    if len(kinds) == 1:
        return _earlier(said, "organisation_type", Accepted(value=kinds[0]))
    interests = spellings_of("interest", said.conversation.language, said.context)
    known = {value: ways for value, ways in interests.items() if value in BY_NAME["interest"].options}
    meant = options_meant(said.text, known)
    return _earlier(said, "interest", Accepted(value=meant[0])) if len(meant) == 1 else None


def _working_as(said: Said, match: Match) -> Intent | None:
    """``ik ben beleidsadviseur``."""
    ways = spellings_of("lead_in", said.conversation.language, said.context).get("role", ())
    lead = beginning(ways).match(said.text) if ways else None
    role = said.text[lead.end() :].strip(" .!") if lead else ""
    if not role or match.question or said.text.endswith("?") or len(role.split()) > _LONGEST_ROLE:
        return None
    return _earlier(said, "role", read_answer("role", role, said.conversation.language, said.context))


def _act(said: Said, match: Match) -> Intent | None:
    return read_act(said, exact=False)


def _named(said: Said, match: Match) -> Intent | None:
    """The field that somebody wants to change."""
    field = field_named(said) if len(said.text) <= LONGEST_WISH else None
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    if field in OPTIONAL and field not in answers and match.question and not match.topics:
        return Intent(name=Name.EDIT, event=said.event, about=field)  # "kan ik nog een opmerking toevoegen?"
    if field and not match.question and (field in answers or len(said.text) < _SHORT):
        return Intent(name=Name.EDIT, event=said.event, about=field)
    return None
