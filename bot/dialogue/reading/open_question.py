"""What a text means where a question of the sign-up is open."""

from collections.abc import Mapping

from bot.dialogue.context import Match
from bot.dialogue.fields import Kind, Role
from bot.dialogue.intents import NONE, NOTHING, Intent, Name
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer, spellings_of
from bot.dialogue.reading.countries import which_country
from bot.dialogue.reading.details import kinds_meant
from bot.dialogue.reading.instead import read_instead
from bot.dialogue.reading.meant import read_act
from bot.dialogue.reading.questions import LONGEST_QUESTION, asked
from bot.dialogue.reading.resting import read_passed_on
from bot.dialogue.reading.said import LONGEST_ACT, Said, field_named, last_clause, placed
from bot.dialogue.reading.spelling import exactly, folded, plain, plain_way
from bot.dialogue.records import State

#: kinds whose answers look so unlike a question that an answer is tried first, and are told beside another even where
#: they were given before: they say themselves what they are
RECOGNISED = (Kind.EMAIL, Kind.PHONE, Kind.NUMBER, Kind.DATE)
#: why something is no answer that was perhaps not meant as one
LOST = frozenset(("choice", "email", "phone", "participants", "number", "date"))
#: what a text that names an option does not mean besides
GIVES_WAY = frozenset(
    (Name.SKIP, Name.WRONG_ANSWER, Name.RESUME, Name.SMALL_TALK, Name.ABOUT_FIELD, Name.FINISH, Name.BACK)
) | {Name.EARLIER_ANSWER, Name.EDIT}
NAMED = (Role.ORGANISATION, Role.NAME)
BRIEF = (*NAMED, Role.JOB)
_SENTENCE = 5  #: words
_FEW, _PHRASE = 4, 3  #: words
_SURELY = 0.95  #: from this likelihood a topic is named by what would pass for an answer
_I = ("I", "I'm", "I’m", "I've", "I’ve", "I'd", "I’d", "I'll", "I’ll")
_LONGEST_NONE = 7  #: words in which somebody says to have none
_DENIAL = 3  #: words in which an option is denied; who leaves the sign-up says more
_LONGEST_YES = 6  #: words of a yes or no to an address that looks mistyped


def read_open(said: Said) -> Intent:
    """An answer to the field that is asked, something done or told, or a question in the middle of the sign-up."""
    for reader in (_yes_or_no, _instead, read_passed_on_there, _act, _told, _introduced):
        if intent := reader(said):
            return intent
    intent = _answer_or_question(said)
    return (_no_name(said, intent.value) or intent) if intent.name is Name.ANSWER else intent


def read_passed_on_there(said: Said) -> Intent | None:
    """A question for a person; in a remark it is part of the remark."""
    return None if said.takes_anything else read_passed_on(said)


def _yes_or_no(said: Said) -> Intent | None:
    """Whether the address that looks mistyped is right, in a short sentence that begins with yes or no."""
    words = folded(said.text).split()
    if said.conversation.state is not State.EMAIL or not 1 < len(words) <= _LONGEST_YES or "@" in said.text:
        return None
    ways = spellings_of("navigation", said.conversation.language, said.context)
    first = exactly(words[0], {name: ways.get(name, ()) for name in ("yes", "no")})
    if first is None:
        return None
    return said.intent(Name.FIX_EMAIL if first == "yes" else Name.KEEP_EMAIL)


def _instead(said: Said) -> Intent | None:
    return read_instead(said.conversation, said.event, said.text, said.context) or _has_none(said)


def _has_none(said: Said) -> Intent | None:
    """``ik heb geen e-mail``, ``liever geen telefoonnummer``: the field that is asked, denied."""
    short = len(said.text) <= LONGEST_ACT and len(said.text.split()) <= _LONGEST_NONE
    if said.details.told or said.text.endswith("?") or not short:
        return None
    if field_named(said) != said.step or not _says_not(said):
        return None
    if said.step in said.form.optional:
        return said.intent(Name.SKIP, about=said.step)
    refusal = NotAccepted(reason="needed")
    return said.intent(Name.WRONG_ANSWER, about=said.step, refusal=refusal)


def read_option(said: Said) -> Intent | None:
    """An option as it is spelled, or by its place: "b", "de eerste"."""
    field = said.field
    if field is None or not field.options:
        return None
    spelled = spellings_of(said.step, said.conversation.language, said.context)
    chosen = exactly(said.text, spelled)
    place = placed(said.text, len(field.options), said.conversation.language, said.context)
    if chosen not in field.options and place:
        chosen = field.options[place - 1]
    if chosen not in field.options:
        return None
    return said.intent(Name.ANSWER, about=said.step, value=chosen, also=NONE)


def _act(said: Said) -> Intent | None:
    """Something that is done; a doubt beside an option ("allebei, denk ik"), or an option denied, is none."""
    intent = read_act(said, exact=False)
    if intent is None or said.field is None or intent.name not in GIVES_WAY | {Name.CANCEL}:
        return intent
    counts = said.field.kind is Kind.NUMBER
    if not said.field.options and (not counts or said.text.endswith("?")):
        return intent
    read = read_answer(said.step, said.text, said.conversation.language, said.context)
    if intent.name is Name.CANCEL and said.field.kind is not Kind.NUMBER:
        denied = isinstance(read, NotAccepted) and read.reason == "ambiguous" and len(said.text.split()) <= _DENIAL
        return None if denied or (isinstance(read, Accepted) and _denies_nothing(said)) else intent
    return None if isinstance(read, Accepted) else intent


def _denies_nothing(said: Said) -> bool:
    """Whether what reads as no wish says no to nothing: "just the course" is the course."""
    acts = said.context.acts(said.text, said.conversation.language)
    return bool(acts) and acts[0].name == "no_wish" and not _says_not(said)


def _says_not(said: Said) -> bool:
    nots = spellings_of("negation", said.conversation.language, said.context).get("not", ())
    return not set(plain(said.text).split()).isdisjoint(map(plain_way, nots))


def _told(said: Said) -> Intent | None:
    """An answer with more beside it, or something told instead of an answer."""
    if said.takes_anything:
        return None
    also = _news(said)
    if not also:
        return None
    match = said.context.match(said.text[:LONGEST_QUESTION], said.conversation.language)
    if said.text.endswith("?") and (match.question or match.topics):
        return asked(said.event, said.text, match, also)
    answer = _own_answer(said)
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    corrected = said.step not in also and any(name in answers for name in set(also) - _sure(said))
    if isinstance(answer, Accepted) and not corrected:
        rest = {name: value for name, value in also.items() if name != said.step}
        suggestion = answer.suggestion
        return said.intent(Name.ANSWER, about=said.step, value=answer.value, suggestion=suggestion, also=rest)
    if match.topics and said.details.rest:
        return asked(said.event, said.text, match, also)
    return said.intent(Name.DETAILS, also=also, suggestion=said.details.suggestion)


def _news(said: Said) -> Mapping[str, str]:
    """What is told that is more than the answer to the open question; nothing where all of it may be that answer."""
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    told = {**said.details.guessed, **said.details.told}
    sure = _sure(said)
    named = field_named(said) if set(told) - sure - {said.step, said.form.having(Role.SECTOR)} else None
    news = {
        name: value
        for name, value in told.items()
        if name in sure or name == named or name == said.step or name not in answers
    }
    return news if set(news) - {said.step} else NONE


def _sure(said: Said) -> set[str]:
    return set(said.form.of(*RECOGNISED))


def _own_answer(said: Said) -> Accepted | NotAccepted:
    told = {**said.details.guessed, **said.details.told}
    is_email = said.step == said.form.having(Role.EMAIL)
    if said.step in told and not is_email:
        return Accepted(value=told[said.step])
    text = told.get(said.step, "") if is_email else said.details.rest
    return read_answer(said.step, text, said.conversation.language, said.context)


def _introduced(said: Said) -> Intent | None:
    """A name with no more around it than a greeting: "hallo, ik ben Noor"."""
    closing = spellings_of("details", said.conversation.language, said.context).get("closing", ())
    told = said.details.told
    name = said.form.having(Role.NAME)
    if not name or said.step != name or set(told) != {name} or exactly(said.details.rest, {"": closing}) is None:
        return None
    return said.intent(Name.ANSWER, about=name, value=told[name], also=NONE)


def _no_name(said: Said, value: str) -> Intent | None:
    """The organisation once more is no name of a person, and nor is a whole sentence."""
    answers = said.conversation.draft.answers if said.conversation.draft else {}
    organisation = said.form.given(answers, Role.ORGANISATION)
    again = bool(organisation) and _of_role(said, (Role.NAME,)) and plain(value) == plain(organisation or "")
    if again and kinds_meant(value, said.conversation.language, said.context):  # some work under their own name
        return said.intent(Name.ABOUT_FIELD, also=NONE)
    return _sentence(said, value)


def _sentence(said: Said, value: str) -> Intent | None:
    """A whole sentence about oneself, without capitals, is no name: what is asked is explained."""
    words = said.text.split()
    speaks = spellings_of("details", said.conversation.language, said.context).get("speaks", ())
    lower = not any(word[0].isupper() for word in words[1:] if word not in _I)
    told = value != said.text or not set(plain(said.text).split()).isdisjoint(speaks)
    if value != said.text:  # "I am" was taken off
        words = value.split()
        lower = not any(word[0].isupper() for word in words)
    if not _of_role(said, NAMED) or len(words) < _SENTENCE or not (lower and told):
        return None
    return said.intent(Name.ABOUT_FIELD, also=NONE)


def _answer_or_question(said: Said) -> Intent:
    step, text, kind = said.step, said.text, said.form.by_name[said.step].kind
    read: Accepted | NotAccepted = read_answer(step, text, said.conversation.language, said.context)
    if kind is Kind.PHONE and isinstance(read, Accepted):
        read = which_country(text, read, said.conversation, said.context) or read
    answer = _as_intent(said, read)
    counted = kind in (Kind.NUMBER, Kind.DATE) and not text.endswith("?")
    named = step in said.details.told and kind is Kind.CHOICE and not text.endswith("?")
    recognised = isinstance(read, Accepted) and (counted or named or _tries(kind, text))
    if said.takes_anything or recognised or not text:
        return answer
    lost = isinstance(read, NotAccepted) and read.reason in LOST
    last = last_clause(text)
    may_ask = said.context.may_ask(text) or _as_a_sentence(said, _PHRASE)
    if not lost and not may_ask and not (last and said.context.may_ask(last)):
        return answer
    match = said.context.match(text[:LONGEST_QUESTION], said.conversation.language)
    if last and not match.question:
        match = said.context.match(last, said.conversation.language)
        match = match if match.topics and match.question else NOTHING
    if _about_choosing(said, read, match):
        return said.intent(Name.ABOUT_FIELD, also=NONE)
    other = (lost and match.topics and not _tries(kind, text)) or _names_a_topic(said, match)
    if not (match.question or other):
        return answer
    if _about_the_form(said, match):
        return said.intent(Name.ABOUT_FIELD, also=NONE)
    return asked(said.event, text, match)


def _of_role(said: Said, roles: tuple[Role, ...]) -> bool:
    return said.field is not None and said.field.role in roles


def _as_a_sentence(said: Said, least: int = _FEW) -> bool:
    """Whether a text is written as one, and not as a name: a few words without a capital."""
    words = said.text.split()
    return _of_role(said, BRIEF) and len(words) >= least and not any(map(str.isupper, said.text[1:]))


def _names_a_topic(said: Said, match: Match) -> bool:
    """Whether a text that would pass for an answer surely names what has an answer: "nog even over de kosten"."""
    return bool(match.topics) and match.score >= _SURELY and _of_role(said, NAMED) and _as_a_sentence(said)


def _about_choosing(said: Said, read: Accepted | NotAccepted, match: Match) -> bool:
    """Whether somebody does not know which option is theirs, or briefly asks something else about the field."""
    if match.topics or match.question or match.unpublished:
        return False
    words = plain(said.text).split()
    if isinstance(read, Accepted):
        return said.text.endswith("?") and _as_a_sentence(said, _PHRASE)
    unsure = read.reason == "choice" and len(words) >= _FEW and _says_not(said)
    return unsure or (
        said.text.endswith("?") and len(words) <= _SENTENCE and not _tries(said.form.by_name[said.step].kind, said.text)
    )


def _about_the_form(said: Said, match: Match) -> bool:
    """Whether a question is about what is asked here: it names a field, or what one does with a form."""
    if len(said.text) > LONGEST_ACT:
        return False
    words = spellings_of("details", said.conversation.language, said.context).get("of_form", ())
    spoken = f" {plain(said.text)} "
    formal = any(f" {plain_way(way)} " in spoken for way in words)
    field = field_named(said)
    if not match.topics:
        return formal or field is not None
    topic = said.context.course.topics[match.topics[0]]
    return (formal and field == said.step) or (topic.yes is not None and len(match.topics) == 1)


def _tries(kind: Kind, text: str) -> bool:
    """Whether a text that is no answer of this kind was meant as one all the same."""
    return kind in RECOGNISED and any(c == "@" or c.isdigit() for c in text)


def _as_intent(said: Said, read: Accepted | NotAccepted) -> Intent:
    step = said.step
    if isinstance(read, Accepted):
        return said.intent(Name.ANSWER, about=step, value=read.value, suggestion=read.suggestion, also=NONE)
    return Intent(name=Name.WRONG_ANSWER, event=said.event, about=step, refusal=read)
