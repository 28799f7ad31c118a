"""What a text means where all that was given is shown: a yes, another answer, the field to change, a question."""

from bot.dialogue.context import Match
from bot.dialogue.fields import Kind, Role
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer, spellings_of
from bot.dialogue.reading.choosing import chosen_again
from bot.dialogue.reading.correcting import changed
from bot.dialogue.reading.meant import read_act
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.questions import asked_or_again
from bot.dialogue.reading.said import Said, as_a_name, field_named
from bot.dialogue.reading.spelling import exactly

SURE = (Kind.EMAIL, Kind.PHONE)
LONGEST_WISH = 200  #: characters in which somebody says what is to be changed
_SHORT = 40  #: characters around an address or a field's name; in more than that it is no answer by itself
_LONGEST_ROLE = 5  #: words
_LEAST = 3  #: letters of a part of an answer that is to be replaced
_END = " \n.!?"


def read_review(said: Said) -> Intent:
    """What is wanted at the review."""
    match = said.match()
    for reader in (_labelled, _replaced, _told, _chosen, _in_full, _act, _working_as, _named):
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
        for field in said.form.of(Kind.TEXT):
            old = next((w for w in answers.get(field, "").split() if len(w) >= _LEAST and w.casefold() in before), None)
            if old and new:
                value = new if len(new.split()) > 1 else answers[field].replace(old, new)
                return _earlier(said, field, read_answer(field, value, said.conversation.language, said.context))
    return None


def _told(said: Said, match: Match) -> Intent | None:
    """What is told of oneself; an address or a number by what it looks like."""
    told = said.details.told
    asks = match.question or said.text.endswith("?")
    if told and not (asks and not (set(said.form.of(*SURE)) & set(told) and _changes(said))):
        return said.intent(Name.DETAILS, suggestion=said.details.suggestion)
    for field in said.form.of(*SURE):
        read = read_answer(field, said.text, said.conversation.language, said.context)
        tried = any(sign == "@" or sign.isdigit() for sign in said.text)
        if isinstance(read, Accepted) and tried and len(said.text) < len(read.value) + _SHORT:
            return _earlier(said, field, read)
    return None


def _changes(said: Said) -> bool:
    """Whether a question is how somebody asks for a change: "kan de mail naar ...?"."""
    acts = said.context.acts(said.text, said.conversation.language) if len(said.text) <= LONGEST_WISH else ()
    return any(act.name == "change" and act.score >= act.enough for act in acts)


def _in_full(said: Said, match: Match) -> Intent | None:
    """``Truus Hendriks hoor``, where the name is "Truus"."""
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    name = said.form.given(answers, Role.NAME)
    fillers = frozenset(spellings_of("assent", said.conversation.language, said.context).get("filler", ()))
    words = [word for word in said.text.rstrip(_END).split() if word.casefold() not in fillers]
    if not name or not 1 < len(words) <= _LONGEST_ROLE or not as_a_name(" ".join(words)):
        return None
    if words[0].casefold() not in name.casefold().split():
        return None
    field = said.form.having(Role.NAME)
    return _earlier(said, field, Accepted(value=" ".join(words)))


def _chosen(said: Said, match: Match) -> Intent | None:
    """Another option, by what it is called: "toch allebei", "wij zijn een corporatie"."""
    chosen = None if match.question or _role_told(said) else chosen_again(said)
    return _earlier(said, chosen[0], Accepted(value=chosen[1])) if chosen else None


def _working_as(said: Said, match: Match) -> Intent | None:
    """``ik ben beleidsadviseur``."""
    role = "" if match.question or said.text.endswith("?") else _role_told(said)
    if not role:
        return None
    job = said.form.having(Role.JOB)
    return _earlier(said, job, read_answer(job, role, said.conversation.language, said.context))


def _role_told(said: Said) -> str:
    """What somebody says to be; empty where that is a kind of organisation, or where they say where they work."""
    if not said.form.having(Role.JOB):
        return ""
    ways = spellings_of("lead_in", said.conversation.language, said.context).get("role", ())
    lead = beginning(ways).match(said.text) if ways else None
    role = said.text[lead.end() :].strip(" .!") if lead else ""
    kinds = spellings_of(said.form.having(Role.SECTOR), said.conversation.language, said.context)
    belongs = spellings_of("details", said.conversation.language, said.context).get("belongs", ())
    placed = beginning(belongs).match(role) if belongs else None
    return "" if placed or exactly(role, kinds) or len(role.split()) > _LONGEST_ROLE else role


def _act(said: Said, match: Match) -> Intent | None:
    return read_act(said, exact=False)


def _named(said: Said, match: Match) -> Intent | None:
    """The field that somebody wants to change."""
    field = field_named(said) if len(said.text) <= LONGEST_WISH else None
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    if field in said.form.optional and field not in answers and match.question and not match.topics:
        return Intent(name=Name.EDIT, event=said.event, about=field)  # "kan ik nog een opmerking toevoegen?"
    if field and not match.question and (field in answers or len(said.text) < _SHORT):
        return Intent(name=Name.EDIT, event=said.event, about=field)
    return None
