"""What a text means where nothing is being asked."""

import re
from dataclasses import replace

from bot.dialogue.acts import LANGUAGE, kind_of
from bot.dialogue.answering.offers import taken_or_left
from bot.dialogue.context import Act, Context, Match
from bot.dialogue.fields import Kind, Role
from bot.dialogue.intents import NONE, Intent, Name
from bot.dialogue.reading.acting import WEAK
from bot.dialogue.reading.agreeing import agrees
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.choosing import chosen_again, rather_than_another
from bot.dialogue.reading.meant import BY_THE_WAY, read_act
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.questions import asked
from bot.dialogue.reading.said import CLAUSE, LONGEST_ACT, Said, reference_in
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way

REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
PERSONAL = (Role.NAME, Role.EMAIL, Role.PHONE)  #: what is noted beside a question too
#: acts that give way to a yes with which a text begins
BESIDE_A_YES = frozenset(("wait", "thanks", "greeting", "sorry"))
_ONLY = 0.3  #: from this likelihood another act is looked at before a yes
_TWO = 2
_SHORT, _JOINED = 6, 9  #: words of a question that is about what was said just before; where it begins with "en"
_NEARLY = 0.45  #: from this likelihood a topic is nearer than the last one
_REFERRING = 12  #: the same where a word in it refers to that: "is dat per persoon of voor ons allemaal?"


def read_resting(said: Said) -> Intent:
    """A choice of language, something done, something told, a question about the last answer, or any other question."""
    for reader in (
        _language,
        read_passed_on,
        _addressed,
        _rather,
        _agreed,
        _act,
        _taken,
        _reference,
        _told,
        _followed_up,
        _politely,
    ):
        if intent := reader(said):
            return intent
    match = said.match()
    also = said.details.told if set(said.form.with_roles(*PERSONAL)) & set(said.details.told) else NONE
    return asked(said.event, said.text, replace(match, topics=_meant(said, match.topics)), also)


def _meant(said: Said, topics: tuple[str, ...]) -> tuple[str, ...]:
    """The topics without one that is said of another beside it: "langere begeleiding, hoe lang is dat?"."""
    if len(topics) < _TWO or _names_the_course(said):
        return topics
    known = said.context.course.topics
    return tuple(one for one in topics if not any(one in known[other].about for other in topics))


def _names_the_course(said: Said) -> bool:
    interest = said.form.by_name.get(said.form.having(Role.INTEREST))
    ways = spellings_of(interest.name, said.conversation.language, said.context) if interest else {}
    return bool(interest and options_meant(said.text, {"": ways.get(interest.course or "", ())}))


def _language(said: Said) -> Intent | None:
    chosen = exactly(said.text, spellings_of("language", said.conversation.language, said.context))
    return said.intent(Name.LANGUAGE, value=chosen) if chosen in said.context.course.languages else None


def read_passed_on(said: Said) -> Intent | None:
    """A question that is to go to a person ("vraag aan ...: kan het in mei?"), as it was typed."""
    ways = spellings_of("lead_in", said.conversation.language, said.context).get("question", ())
    if any(kind_of(act.name) == LANGUAGE and act.score >= act.enough for act in _acts_of(said)):
        return None  # "can you ask me that in English?"
    lead = beginning(ways).search(said.text) if ways else None
    if lead is None or len(plain(said.text[: lead.start()]).split()) > 2:
        return None
    head, colon, question = said.text.partition(":")
    whole = question.strip() if colon and len(head.split()) <= 8 and question.strip() else said.text
    return said.intent(Name.CONTACT_QUESTION, value=whole) if len(plain(whole).split()) > 1 else None


def _acts_of(said: Said) -> tuple[Act, ...]:
    short = len(said.text) <= LONGEST_ACT
    return said.context.acts(said.text, said.conversation.language) if short else ()


def _agreed(said: Said) -> Intent | None:
    """An offer that is taken in the first clause, where no other act is surely done: "all right, begin with yours"."""
    first = CLAUSE.split(said.text)[0]
    words = len(said.text.split())
    if not said.conversation.offer or first == said.text or words > _JOINED or said.asks_at_last():
        return None
    surely = any(act.score >= _ONLY and act.name not in WEAK for act in _acts_of(said))
    if surely or said.match().question or not agrees(first, said.conversation.language, said.context):
        return None
    return taken_or_left(said.conversation, said.event, "yes")


def _taken(said: Said) -> Intent | None:
    """A short sentence that begins with yes, right after an offer: "ja vraag het maar na"."""
    words = plain(said.text).split()
    if not said.conversation.offer or not 1 < len(words) <= _JOINED or said.details.told or said.text.endswith("?"):
        return None
    navigation = spellings_of("navigation", said.conversation.language, said.context)
    negation = spellings_of("negation", said.conversation.language, said.context)
    denies = {"": negation.get("not", ()) + negation.get("but", ())}
    yes = exactly(words[0], {"yes": navigation.get("yes", ())})
    if not yes or exactly(words[1], denies) or said.match().question:
        return None
    more = spellings_of("range", said.conversation.language, said.context).get("added", ())
    if said.conversation.question and exactly(words[1], {"": more}) is not None:
        return said.intent(Name.CONTACT_QUESTION, value=f"{said.conversation.question}\n{said.text}")
    if len(words) > _SHORT:
        return None
    return taken_or_left(said.conversation, said.event, yes)


def _act(said: Said) -> Intent | None:
    intent = read_act(said, exact=False)
    by_the_way = intent is not None and intent.name is Name.SMALL_TALK and intent.value in BESIDE_A_YES
    return (_taken(said) or intent) if by_the_way else intent


def _reference(said: Said) -> Intent | None:
    """A sign-up by its reference; one that this chat does not have is said so."""
    known = reference_in(said.conversation, said.text)
    if known and _removing(said, known):
        return said.intent(Name.FORGET)
    unknown = REFERENCE.search(said.text)
    named = unknown is not None and any(map(str.isalpha, unknown[0]))  # four digits twice are no reference
    reference = known or (unknown[0] if unknown and named else None)
    return said.intent(Name.SHOW_LEAD, value=reference) if reference else None


def _removing(said: Said, reference: str) -> bool:
    """``verwijder K7RM-42XD``."""
    words = {**spellings_of("navigation", said.conversation.language, said.context)}
    ways = spellings_of("instead", said.conversation.language, said.context).get("remove", ()) + words.get("forget", ())
    return exactly(said.text.replace(reference, " "), {"": ways}) is not None


def _told(said: Said) -> Intent | None:
    """What somebody tells of themselves and no more: noted, or changed in what was sent."""
    told = set(said.details.told)
    rest = " ".join((*said.details.guessed.values(), said.details.rest)) if told else ""
    match = said.context.match(rest, said.conversation.language) if rest.strip() else Match()
    whole = said.match()
    asks = match.question or said.text.endswith("?") or (whole.question and bool(whole.topics))
    if not told or asks:
        return None
    name = Name.CHANGE_LEAD if said.conversation.leads and said.conversation.draft is None else Name.DETAILS
    intent = said.intent(name)
    if name is Name.CHANGE_LEAD:
        return intent if told - {said.form.having(Role.SECTOR)} or not match.topics else None
    return replace(intent, also={**said.details.guessed, **said.details.told})


def _rather(said: Said) -> Intent | None:
    """One option and not the other ("niet de cursus, wel begeleiding"), or another one in what was sent."""
    if said.text.endswith("?") or said.match().question:
        return None
    again = spellings_of("details", said.conversation.language, said.context).get("again", ())
    sent = bool(said.conversation.leads) and said.conversation.draft is None
    chosen = chosen_again(said)
    if chosen and (beginning(again).search(f"{said.text} .") if sent else rather_than_another(said)):
        also = {**said.details.told, chosen[0]: chosen[1]}
        return said.intent(Name.CHANGE_LEAD if sent else Name.DETAILS, also=also)
    return None


def _politely(said: Said) -> Intent | None:
    """A sorry or a thank-you before something that nobody understands: "sorry, fat fingers"."""
    match = said.match()
    first = CLAUSE.split(said.text)[0].strip()
    if match.topics or match.question or match.unpublished or len(said.text) > LONGEST_ACT or first == said.text:
        return None
    acts = said.context.acts(first, said.conversation.language)
    polite = next((act.name for act in acts if act.exact and act.name in BY_THE_WAY), None)
    return said.intent(Name.SMALL_TALK, value=polite) if polite else None


def _addressed(said: Said) -> Intent | None:
    """An address or a number for the question that was offered to be passed on."""
    question, told = said.conversation.question or "", set(said.details.told)
    if told and told <= set(said.form.of(Kind.LONG_TEXT)):  # a text that asks for it to be noted
        return _told(said)
    reached = set(said.form.with_roles(Role.EMAIL, Role.PHONE))
    if not question or not told or not told <= reached or said.text.endswith("?"):
        return None
    if said.form.having(Role.EMAIL) in told:
        return said.intent(Name.CONTACT_QUESTION, value=question)
    return said.intent(Name.CONTACT_QUESTION, value=f"{question}\n{said.text}")


def _followed_up(said: Said) -> Intent | None:
    """A short question that says nothing of its own is about what was answered last."""
    topic = said.context.course.topics.get(said.conversation.topic or "")
    if topic is None or len(said.text) > LONGEST_ACT:
        return None
    words = plain(said.text).split()
    joined = (
        bool(words)
        and exactly(words[0], {"": spellings_of("range", said.conversation.language, said.context).get("added", ())})
        is not None
    )
    match = said.match()
    refers = _refers(said, words) and not match.unpublished
    if len(words) > (_REFERRING if refers else _JOINED if joined else _SHORT):
        return None
    if match.topics and match.topics[0] not in (*topic.about, topic.id):
        return None
    elsewhere = not match.topics and topic.id not in match.suggestions and match.score >= _NEARLY
    if elsewhere and match.suggestions and match.suggestions[0] not in topic.about:
        return None
    if not match.topics and not (match.question or joined or said.text.endswith("?")):
        return None
    if match.topics and _names_another(said, said.context):
        return None
    return said.intent(Name.FOLLOW_UP, value=topic.id)


def _refers(said: Said, words: list[str]) -> bool:
    """Whether a word stands for what was said just before: "that", "dan"."""
    ways = spellings_of("details", said.conversation.language, said.context).get("refers", ())
    return not set(map(plain_way, ways)).isdisjoint(words)


def _names_another(said: Said, context: Context) -> bool:
    """Whether a question names what it is about, as in "how long is the course?"."""
    interests = spellings_of(said.form.having(Role.INTEREST), said.conversation.language, context)
    return bool(options_meant(said.text, interests))
