"""From what somebody does by saying something to what they want, by the table in acting.py."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.dialogue.context import Act, Context, Match
from bot.dialogue.events import Typed
from bot.dialogue.fields import BY_NAME
from bot.dialogue.intents import Intent, Name
from bot.dialogue.reading.acting import ACTING, ASKED_ABOUT, EXACT, TOPICS, WEAK
from bot.dialogue.reading.agreeing import agrees
from bot.dialogue.reading.answers import Accepted, NotAccepted, read_answer, spellings_of
from bot.dialogue.reading.details import Details
from bot.dialogue.reading.spelling import exactly, options_meant, plain, plain_way
from bot.dialogue.records import Conversation, State

CLAUSE = re.compile(r"[,.;!\n](?:\s|$)")
_MOST_CLAUSES = 4
LONGEST_ACT = 200  #: characters in which something is done by saying it
A_PERSON = "human"  #: the topic that says how a person is reached, where a course has it
TAKES_ANYTHING = ("remark",)  #: fields in which anything may be said, but what is said exactly so
FREE = ("organisation", "name", "role", "place", "period")  #: fields whose answers look like any text
#: acts that a few words mean in a field that takes anything
IN_A_REMARK = frozenset(("submit", "no", "stop", "thanks", "skip", "back", "why"))
_FEW, _SURE = 5, 0.9
#: acts that are about a sign-up that was sent, where there is one
OF_LEAD = frozenset(["change", "show", "status", "withdraw", "stop"])
#: acts that say more than their details
WITH_DETAILS = frozenset(["wish", "change", "withdraw", "person", "language_nl", "language_en"])


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text in its place: what every reader of it needs."""

    conversation: Conversation
    event: Typed
    text: str
    details: Details
    context: Context

    @property
    def step(self) -> str:
        """The field that is open; empty where none is."""
        asking = self.conversation.state in (State.ASK, State.EMAIL)
        return (self.conversation.draft.step or "") if asking and self.conversation.draft else ""

    def match(self) -> Match:
        """What the text asks about; where the whole tells nothing, its last clause."""
        whole = self.context.match(self.text, self.conversation.language)
        last = "" if whole.topics or whole.unpublished else last_clause(self.text)
        part = self.context.match(last, self.conversation.language) if last else whole
        return part if part.topics and part.question else whole

    def intent(self, name: Name, **values: object) -> Intent:
        """An intent of this text, with what was told beside it."""
        told = dict(self.details.told) if self.step not in TAKES_ANYTHING else {}
        return replace(Intent(name=name, event=self.event, also=told), **values)  # type: ignore[arg-type]


def last_clause(text: str) -> str:
    """The last clause of a text of a few: "sorry dat ik stoor, wat kost het?"; empty where there is but one."""
    if len(text) > LONGEST_ACT:
        return ""
    clauses = [part.strip() for part in CLAUSE.split(text) if any(map(str.isalnum, part))]
    return clauses[-1] if 1 < len(clauses) <= _MOST_CLAUSES and len(clauses[-1].split()) > 2 else ""


def placed(text: str, language: str, context: Context) -> str | None:
    """Which of what is offered is meant by its place ("de tweede graag"), as a number; None where none is."""
    if len(text) > LONGEST_ACT:
        return None
    ordinals = spellings_of("ordinals", language, context)
    fillers = set(map(plain_way, spellings_of("assent", language, context).get("filler", ())))
    bare = " ".join(word for word in plain(text[:LONGEST_ACT]).split() if word not in fillers)
    return exactly(text, ordinals) or exactly(bare, ordinals)


def read_act(said: Said, *, exact: bool) -> Intent | None:
    """What the text does: exactly so, or (``exact`` False) as it is meant; None where it does nothing."""
    if not said.text or len(said.text) > LONGEST_ACT:
        return None
    for act in _acts(said):
        name = ACTING[said.conversation.state].get(act.name)
        if name is None or act.exact is not exact or not (exact or _is_meant(act, said)):
            continue
        if intent := _intended(act, name, said):
            return intent
    return None


def _acts(said: Said) -> tuple[Act, ...]:
    """The acts of the text; where each of its clauses is one exactly, the strongest of those, exactly."""
    spoken, language = _without_references(said), said.conversation.language
    acts = said.context.acts(spoken, language)
    clauses = [part.strip() for part in CLAUSE.split(spoken) if any(map(str.isalnum, part))]
    if any(act.exact for act in acts) or not 1 < len(clauses) <= _MOST_CLAUSES:
        return acts
    each = [next((act for act in said.context.acts(part, language) if act.exact), None) for part in clauses]
    exact = [act for act in each if act is not None]
    if len(exact) < len(each):
        return acts
    return tuple(sorted(exact, key=lambda act: act.name in WEAK))


def _without_references(said: Said) -> str:
    """The text without the references in it: "verwijder K7RM-42XD" is said of a sign-up."""
    text = said.text
    for lead in said.conversation.leads:
        text = text.replace(lead.reference, " ")
    return " ".join(text.split()) or said.text


def _is_meant(act: Act, said: Said) -> bool:
    """Whether an act that is not said exactly so is meant here."""
    if said.step in TAKES_ANYTHING:
        return act.name in IN_A_REMARK and act.score >= _SURE and len(said.text.split()) <= _FEW
    if said.step in FREE and _as_a_name(said.text):
        return False
    if said.details.told and (act.name not in WITH_DETAILS or said.step in said.details.told):
        return False
    if act.name == "withdraw" and not (said.conversation.leads or said.conversation.draft):
        return False
    if said.conversation.leads and act.name in OF_LEAD:
        return True
    if act.name in WEAK:
        match = said.match()
        return not match.topics and (not match.question or act.name == "why")
    return act.name not in ASKED_ABOUT or not (said.match().topics and said.match().question)


def _as_a_name(text: str) -> bool:
    """Whether a text is written as a name: every word of some length with a capital, more than one of them."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 1 and all(word[0].isupper() for word in words) and not text.isupper()


def _intended(act: Act, name: Name, said: Said) -> Intent | None:
    if name in EXACT and not (act.exact or agrees(said.text, said.conversation.language, said.context)):
        return None
    return MEANT.get(name, _plainly)(act, name, said)


def _plainly(act: Act, name: Name, said: Said) -> Intent | None:
    return said.intent(name, about=said.step)


def _language(act: Act, name: Name, said: Said) -> Intent | None:
    code = act.name.partition("_")[2]
    return said.intent(name, value=code) if code in said.context.course.languages else None


def _person(act: Act, name: Name, said: Said) -> Intent | None:
    if A_PERSON in said.context.course.topics:
        return said.intent(Name.TOPIC, value=A_PERSON)
    return said.intent(name)


def _small_talk(act: Act, name: Name, said: Said) -> Intent | None:
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
    if said.conversation.draft is not None:
        return said.intent(name)
    if said.conversation.leads and act.name == "submit":
        return said.intent(Name.STATUS)
    return said.intent(Name.SMALL_TALK, value="welcome_back" if act.name == "resume" else "fine")


def _skip(act: Act, name: Name, said: Said) -> Intent | None:
    field = BY_NAME.get(said.step)
    if field is None or field.required:
        refusal = NotAccepted(reason="needed", values={"field": said.step}) if field else None
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
    if any(one in (draft.answers if draft else ()) for one in said.details.told):
        return said.intent(Name.DETAILS)
    if field and draft and field in draft.answers:
        return said.intent(Name.EDIT, about=field)
    return said.intent(name)


def _follow_up(act: Act, name: Name, said: Said) -> Intent | None:
    topic = said.conversation.topic
    return said.intent(name, value=topic) if topic in said.context.course.topics else None


def _wrong(act: Act, name: Name, said: Said) -> Intent | None:
    """At the review: the field that is named, else what can be done there."""
    field = field_named(said) if act.name == "change" else None
    if said.details.told and act.name == "change":
        return None
    if field and said.conversation.state is State.REVIEW:
        return said.intent(Name.EDIT, about=field)
    return said.intent(name)


def field_named(said: Said) -> str | None:
    """The one field of the sign-up that the text names; None where it names none, or several."""
    if len(said.text) > LONGEST_ACT:
        return None
    fields = spellings_of("fields", said.conversation.language, said.context)
    meant = [name for name in options_meant(said.text, fields) if name in BY_NAME]
    return meant[0] if len(meant) == 1 else None


def reference_in(conversation: Conversation, text: str) -> str | None:
    """The reference of a sign-up of this chat that stands in the text, with or without its dash."""
    typed = plain(text).replace(" ", "")
    return next((one.reference for one in conversation.leads if plain(one.reference).replace(" ", "") in typed), None)


MEANT: Mapping[Name, Callable[[Act, Name, Said], Intent | None]] = {
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
