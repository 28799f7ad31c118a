"""
Whether something that is not said word for word is meant all the same, where a topic or an answer is as near.

Both models say how sure they are (Act.score, Match.score). A question with an answer is only outweighed by an act that
is surer. What is no question weighs less: where it would pass for an answer, the act is what was meant.
"""

from bot.dialogue.acts import LANGUAGE, kind_of
from bot.dialogue.context import Act, Match
from bot.dialogue.reading.acting import ASKED_ABOUT, WEAK
from bot.dialogue.reading.said import Said, as_a_name, last_clause
from bot.dialogue.records import State

#: acts that a few words mean in a field that takes anything
IN_A_REMARK = frozenset(("submit", "finish", "no", "stop", "thanks", "skip", "back", "why"))
_FEW, _SURE = 5, 0.9
_NEAR, _AS_NEAR = 0.5, 0.8  #: how likely a topic is that a question is near; and how likely beside the act
#: acts that are about a sign-up that was sent, or that is under way, where there is one
OF_LEAD = frozenset(["change", "show", "status", "withdraw", "stop"])
OF_DRAFT = frozenset(["resume", "restart", "submit"])
#: acts that say more than their details
WITH_DETAILS = frozenset(["wish", "change", "withdraw", "person", LANGUAGE])
#: acts that may have the form of a question
OVER_A_QUESTION = frozenset(["why", "despair", "resume", "joke_or_insult"])
#: acts that a question hardly is, where it is not surely one: "not even roughly?"
ANSWERS = frozenset(("yes", "no", "finish", "stop", "skip", "greeting", "goodbye"))
SIGNING_UP = (State.ASK, State.EMAIL, State.REVIEW)


def is_meant(act: Act, said: Said, alike: float) -> bool:
    """Whether an act that is not said exactly so is meant; ``alike``: the score of all that come to the same here."""
    if alike < act.enough:
        return False
    if said.takes_anything:
        return act.name in IN_A_REMARK and alike >= _SURE and len(said.text.split()) <= _FEW
    if said.is_free and as_a_name(said.text):
        return False
    told = {**said.details.guessed, **said.details.told}
    if said.details.told and (kind_of(act.name) not in WITH_DETAILS or said.step in told):
        return False
    if act.name in ANSWERS and said.text.endswith("?") and act.score < _SURE:
        return False
    if not (said.conversation.leads or said.conversation.draft) and _has_nothing(act, said):
        return False
    if is_of_theirs(act, said):
        return True
    match = said.match()
    if act.name in ASKED_ABOUT:
        asks = (match.topics and match.question) or said.asks_at_last()
        return _asks_for(act, said) if asks else not _nearly_asks(act, match, said)
    return act.name not in WEAK or _outweighs(act, match, said)


def _has_nothing(act: Act, said: Said) -> bool:
    """Whether an act would be about a sign-up that is not there, while the text says something else as well."""
    if act.name == "change":
        return bool(said.details.told) or (act.score < _NEAR and bool(said.match().topics))
    return act.name == "withdraw"


def _asks_for(act: Act, said: Said) -> bool:
    """Whether what is asked is the act itself, by its last clause, or by a question how one does it once more."""
    last = last_clause(said.text)
    if last and _on_signing_up(said.context.match(last, said.conversation.language).topics, said):
        acts = said.context.acts(last, said.conversation.language)
        return any(one.name == act.name and one.score >= one.enough for one in acts)
    return act.name == "wish" and bool(said.conversation.leads) and _on_signing_up(said.match().topics, said)


def _nearly_asks(act: Act, match: Match, said: Said) -> bool:
    """Whether a question is as near to a topic as to the act: "mag ik meedoen als ik alleen ben?"."""
    near = match.suggestions[:1] if match.question and not match.unpublished else ()
    return bool(near) and match.score >= max(act.score * _AS_NEAR, _NEAR) and not _on_signing_up(near, said)


def _on_signing_up(topics: tuple[str, ...], said: Said) -> bool:
    """Whether these are the topics of which a yes starts the sign-up."""
    known = said.context.course.topics
    return all(known[topic].yes == "signup:start" for topic in topics)


def is_of_theirs(act: Act, said: Said) -> bool:
    """Whether it is about the sign-up that this person sent or left."""
    begun = said.conversation.draft is not None or bool(said.conversation.noted)
    waiting = begun and said.conversation.state is State.IDLE
    return (bool(said.conversation.leads) and act.name in OF_LEAD) or (waiting and act.name in OF_DRAFT)


def _outweighs(act: Act, match: Match, said: Said) -> bool:
    """Whether an act is meant rather than what the text may ask about."""
    topics = [said.context.course.topics[topic] for topic in match.topics]
    small = all(topic.group is None for topic in topics)  # nothing that the course tells
    if match.question or said.asks_at_last():
        return act.name in OVER_A_QUESTION and (
            not topics or (act.score > match.score and (small or act.score >= _SURE))
        )
    return small or said.conversation.state in SIGNING_UP or act.score > match.score
