"""From what somebody does by saying something to what they want, by the table in acting.py."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.dialogue.acts import LANGUAGE, kind_of
from bot.dialogue.answering.offers import A_PERSON as A_PERSON_ASKED
from bot.dialogue.answering.offers import taken_or_left
from bot.dialogue.context import Act
from bot.dialogue.intents import NONE, Intent, Name
from bot.dialogue.reading.acting import ACTING, EXACT, TOPICS, WEAK
from bot.dialogue.reading.agreeing import agrees
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer
from bot.dialogue.reading.bare import without_who
from bot.dialogue.reading.choosing import chosen_again
from bot.dialogue.reading.said import CLAUSE, LONGEST_ACT, MOST_CLAUSES, Said, field_named
from bot.dialogue.reading.weighing import is_meant, is_of_theirs
from bot.dialogue.records import State

A_PERSON = "human"  #: the topic that says how a person is reached, where a course has it
#: acts that one clause does, said word for word, whatever the others say: "never mind, I'll call"
BY_A_CLAUSE = frozenset(["stop", "withdraw", "wish", "finish", LANGUAGE])
BESIDE_DETAILS = frozenset(["wish"])  #: acts that are looked for in what is left beside details
#: acts that come to the same where a sign-up was sent
OF_ONE_LEAD = (
    frozenset(("stop", "withdraw", "no_wish")),
    frozenset(("show", "status")),
    frozenset(("change", "why")),
)
#: what can be meant only where there is something of theirs
OF_OWN_DATA = frozenset(("withdraw",))
#: what is said with something else, which goes before it
BY_THE_WAY = frozenset(("thanks", "sorry", "greeting"))
#: what comes to the same where anything may be said
NOTHING_TO_ADD = frozenset(("submit", "finish", "no", "skip", "thanks"))
_OFTEN = 0.85  #: of the likelihood that is enough, where there is a sign-up that it may be about
_ONE_OF_THEM = 0.75  #: from this likelihood of all acts together one of them is done
_LIKELIEST = 0.35  #: it is the likeliest, where that is as likely as this
_IN_A_CLAUSE = 0.65  #: from this likelihood a clause does something, whatever stands beside it
_SURELY = 0.65  #: from this likelihood an act is done, whatever else is said beside it
#: acts that take, or leave, what was offered just now
TAKING = frozenset(("yes", "submit"))
LEAVING = frozenset(("no", "no_wish", "stop", "skip", "finish"))


def read_act(said: Said, *, exact: bool) -> Intent | None:
    """What the text does: exactly so, or (``exact`` False) as it is meant; None where it does nothing."""
    if not said.text or len(said.text) > LONGEST_ACT:
        return None
    meanings = ACTING[said.conversation.state]
    acts = sorted((act for act in _plausible(said) if kind_of(act.name) in meanings), key=_weakly)
    for act in acts:
        if act.exact is not exact or not (exact or is_meant(act, said, _likely(act, acts, said))):
            continue
        if intent := _intended(act, meanings[kind_of(act.name)], said):
            return intent
    return None


def _plausible(said: Said) -> Iterator[Act]:
    """The acts, without those that nobody means here; the others are so much likelier."""
    acts = _acts(said)
    nothing_sent = not (said.conversation.leads or said.conversation.draft or said.conversation.noted)
    left_out = sum(act.score for act in acts if nothing_sent and act.name in OF_OWN_DATA and not act.exact)
    for act in acts:
        if not (nothing_sent and act.name in OF_OWN_DATA):
            yield act if act.exact or left_out >= 1 else replace(act, score=min(1.0, act.score / (1 - left_out)))


def _weakly(act: Act) -> tuple[bool, bool]:
    """What is surely done goes before what is only said with it: "bedankt, schrijf me maar uit", "nee dank u"."""
    return act.name in WEAK or act.score < _SURELY, act.name in BY_THE_WAY


def _likely(act: Act, acts: Sequence[Act], said: Said) -> float:
    """How likely an act is, with those that come to the same; enough for the likeliest, where one of them surely is."""
    alike = sum(one.score for one in acts if _comes_to(one, said) == _comes_to(act, said))
    surely = " " in said.text and sum(one.score for one in acts) >= max(_ONE_OF_THEM, act.enough)
    if is_of_theirs(act, said):
        alike /= _OFTEN
    likeliest = act.score >= _LIKELIEST and act.score == max(one.score for one in acts)
    return max(alike, act.enough) if surely and likeliest else alike


def _comes_to(act: Act, said: Said) -> object:
    """What is the same for acts that come to the same here: of several that are near, it need not be clear which."""
    name = ACTING[said.conversation.state][kind_of(act.name)]
    if said.conversation.leads and said.conversation.state is State.IDLE:
        return next((group for group in OF_ONE_LEAD if act.name in group), name)
    if said.conversation.offer and act.name in TAKING | LEAVING:  # what they do is to take it, or to leave it
        return "taken" if act.name in TAKING else "left"
    if said.takes_anything and act.name in NOTHING_TO_ADD:  # a last question that is skipped ends the questions
        return Name.SKIP
    return name


def _acts(said: Said) -> tuple[Act, ...]:
    """The acts of the text; where each of its clauses is one exactly, the strongest of those, exactly."""
    spoken, language = _without_references(said), said.conversation.language
    acts = (*said.context.acts(spoken, language), *_beside_details(said))
    clauses = [part.strip() for part in CLAUSE.split(spoken) if any(map(str.isalnum, part))]
    if any(act.exact for act in acts) or not 1 < len(clauses) <= MOST_CLAUSES:
        return acts
    each = [next(iter(said.context.acts(part, language)), None) for part in clauses]
    exact = [act for act in each if act is not None and act.exact]
    if len(exact) < len(each):
        sure = (act for act in each if act is not None and (act.exact or act.score >= _IN_A_CLAUSE))
        return (*acts, *(replace(act, exact=False) for act in sure if kind_of(act.name) in BY_A_CLAUSE))
    return tuple(sorted(exact, key=lambda act: act.name in WEAK))


def _beside_details(said: Said) -> Iterator[Act]:
    """A wish in what is left of a text that tells details: "zet me op de lijst, ik ben Noor, noor@utrecht.nl"."""
    rest = said.details.rest if said.details.told and said.details.rest != said.text else ""
    for part in (*filter(None, map(str.strip, CLAUSE.split(rest)[:MOST_CLAUSES])), *without_who(said)):
        for act in said.context.acts(part, said.conversation.language):
            if act.name in BESIDE_DETAILS and act.score >= act.enough:
                yield replace(act, exact=False)


def _without_references(said: Said) -> str:
    """The text without the references in it: "verwijder K7RM-42XD" is said of a sign-up."""
    text = said.text
    for lead in said.conversation.leads:
        text = text.replace(lead.reference, " ")
    return " ".join(text.split()) or said.text


def _intended(act: Act, name: Name, said: Said) -> Intent | None:
    sure = act.exact or agrees(said.text, said.conversation.language, said.context)
    if name in EXACT and ("?" in said.text or not sure):
        return said.intent(Name.WRONG_ANSWER) if said.conversation.state is State.REVIEW else None
    return MEANT.get(name, _plainly)(act, name, said)


def _plainly(act: Act, name: Name, said: Said) -> Intent | None:
    return said.intent(name, about=said.step)


def _sign_up(act: Act, name: Name, said: Said) -> Intent | None:
    """The wish takes what was told beside it, and what its place alone tells."""
    return said.intent(name, also={**said.details.guessed, **said.details.told})


def _language(act: Act, name: Name, said: Said) -> Intent | None:
    code = act.name.partition("_")[2]
    return said.intent(name, value=code) if code in said.context.course.languages else None


def _person(act: Act, name: Name, said: Said) -> Intent | None:
    if said.conversation.offer == A_PERSON_ASKED and (taken := taken_or_left(said.conversation, said.event, "yes")):
        return taken
    if A_PERSON in said.context.course.topics:
        return said.intent(Name.TOPIC, value=A_PERSON)
    return said.intent(name)


def _taken_or_left(act: Act, said: Said) -> Intent | None:
    """What a yes or a no in any words means right after an offer."""
    word = "yes" if act.name in TAKING else "no" if act.name in LEAVING else None
    return taken_or_left(said.conversation, said.event, word)


def _small_talk(act: Act, name: Name, said: Said) -> Intent | None:
    if taken := _taken_or_left(act, said):
        return taken
    if act.name == "stop" and said.conversation.leads:
        return said.intent(Name.STATUS if act.exact else Name.FORGET)
    if act.name == "stop" and said.conversation.draft is not None:
        return said.intent(Name.CANCEL)
    if act.name in TOPICS and act.name in said.context.course.topics and said.conversation.state is not State.FORWARD:
        return said.intent(Name.TOPIC, value=act.name)
    return said.intent(name, value=act.name)


def _about_lead(act: Act, name: Name, said: Said) -> Intent | None:
    """Status, change: about what was sent, else about what is under way."""
    field = field_named(said)
    if said.conversation.leads:
        return said.intent(name, about=field or "")
    if said.conversation.draft is not None:
        return said.intent(Name.RESUME)
    return said.intent(Name.SMALL_TALK, value="no_lead")


def _show(act: Act, name: Name, said: Said) -> Intent | None:
    return said.intent(Name.SHOW_LEAD if said.conversation.leads else name)


def _resume(act: Act, name: Name, said: Said) -> Intent | None:
    if taken := _taken_or_left(act, said):
        return taken
    if said.conversation.draft is not None:
        return said.intent(name)
    if said.conversation.leads and act.name == "submit":
        return said.intent(Name.STATUS)
    if act.name == "submit":  # of what was told, or of nothing yet
        return said.intent(Name.SIGN_UP) if said.conversation.noted else said.intent(Name.SMALL_TALK, value="no_lead")
    return said.intent(Name.SMALL_TALK, value="welcome_back" if act.name == "resume" else "fine")


def _skip(act: Act, name: Name, said: Said) -> Intent | None:
    field = said.field
    if field is None or field.required:
        if field and field.options:  # "geen idee": what there is to choose from is explained
            return said.intent(Name.ABOUT_FIELD, also=NONE)
        refusal = NotAccepted(reason="needed") if field else None
        return said.intent(Name.WRONG_ANSWER, about=said.step, refusal=refusal)
    read = read_answer(said.step, said.text, said.conversation.language, said.context) if field.options else None
    if isinstance(read, Accepted):  # not knowing yet may be one of the options
        return said.intent(Name.ANSWER, about=said.step, value=read.value)
    return said.intent(name, about=said.step)


def _back(act: Act, name: Name, said: Said) -> Intent | None:
    """The question before, or the one that is named; a text that says the new answer needs neither."""
    if act.name != "change":
        return said.intent(name)
    draft, field = said.conversation.draft, field_named(said)
    told = said.details.told
    if act.exact and said.step in told:
        return said.intent(Name.ANSWER, about=said.step, value=told[said.step])
    if told and (act.exact or any(one in (draft.answers if draft else ()) for one in told)):
        return said.intent(Name.DETAILS, also=told)
    if told:  # an answer with more beside it
        return None
    chosen = chosen_again(said)
    if chosen and draft and chosen[0] in draft.answers:
        return said.intent(Name.EARLIER_ANSWER, about=chosen[0], value=chosen[1])
    if field and draft and field in draft.answers:
        return said.intent(Name.EDIT, about=field)
    return said.intent(name)


def _follow_up(act: Act, name: Name, said: Said) -> Intent | None:
    topic = said.conversation.topic
    if topic in said.context.course.topics:
        return said.intent(name, value=topic)
    return said.intent(Name.STATUS) if said.conversation.leads and said.conversation.draft is None else None


def _wrong(act: Act, name: Name, said: Said) -> Intent | None:
    """At the review: the field that is named, else what can be done there."""
    field = field_named(said) if act.name == "change" else None
    if act.name == "change" and (said.details.told or chosen_again(said)):
        return None
    if field and said.conversation.state is State.REVIEW:
        return said.intent(Name.EDIT, about=field)
    return said.intent(name)


MEANT: Mapping[Name, Callable[[Act, Name, Said], Intent | None]] = {
    Name.SIGN_UP: _sign_up,
    Name.LANGUAGE: _language,
    Name.CONTACT: _person,
    Name.SMALL_TALK: _small_talk,
    Name.STATUS: _about_lead,
    Name.CHANGE_LEAD: _about_lead,
    Name.SHOW_DATA: _show,
    Name.RESUME: _resume,
    Name.SKIP: _skip,
    Name.BACK: _back,
    Name.FOLLOW_UP: _follow_up,
    Name.WRONG_ANSWER: _wrong,
}
