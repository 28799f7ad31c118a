"""Answers to questions, and everything said outside the sign-up."""

from dataclasses import replace

from bot.dialogue.answering.offers import A_PERSON, offer_of
from bot.dialogue.answering.prompts import menu_rows, prompt, rested, sign_up_button
from bot.dialogue.button_ids import Role
from bot.dialogue.buttons import BELOW_ANYWAY, button, rows
from bot.dialogue.context import Context, Match
from bot.dialogue.events import Typed, id_of
from bot.dialogue.intents import Intent
from bot.dialogue.reading.points import point_of
from bot.dialogue.reading.questions import LONGEST_QUESTION
from bot.dialogue.records import Button, Conversation, QuestionMissed, Reply, Rows, State, Turn

CHIPS = 3  #: what an answer offers to ask or do next
BEFORE_SIGN_UP = 3  #: answers before signing up stands out


def start(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Welcome the person; with an unfinished sign-up, offer to go on with it."""
    known = replace(conversation, source=intent.value or conversation.source, question=None, misses=0)
    if known.draft is not None:
        return offer_resume(known, intent, context)
    settled = rested(known)
    return Turn(
        conversation=settled,
        replies=(
            Reply(message="chat/welcome", buttons=_welcoming(settled, context), groups=context.course.menu_groups),
        ),
    )


def _welcoming(conversation: Conversation, context: Context) -> Rows:
    """The menu's buttons, of which the one that starts the sign-up stands out."""
    start = sign_up_button(conversation, Role.PRIMARY)
    return tuple(tuple(start if one.id == start.id else one for one in row) for row in menu_rows(conversation, context))


def offer_resume(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Show the unfinished sign-up, and ask whether to go on with it."""
    draft = conversation.draft and replace(conversation.draft, paused=True)
    waiting = replace(conversation, state=State.RESUME, draft=draft)
    return Turn(conversation=waiting, replies=prompt(waiting, context))


def menu(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Show the menu; a sign-up under way waits."""
    draft = conversation.draft and replace(conversation.draft, paused=True)
    settled = rested(replace(conversation, draft=draft, question=None, misses=0))
    values = {"waiting": draft is not None}
    shown = menu_rows(settled, context)
    reply = Reply(message="chat/menu", values=values, buttons=shown, groups=context.course.menu_groups)
    return Turn(conversation=settled, replies=(reply,))


def topic(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Answer a topic, then come back to what was being asked."""
    typed = (conversation.question or "") if conversation.misses else ""  # a tap on what was taken for the question
    turn = answer_topics(conversation, (intent.value,), None, context, typed)
    if conversation.offer == f"topic:{intent.value}":  # a yes, or a tap, to what was taken for the question
        return _with_question(turn, conversation.question, context)
    return _with_question(turn, intent.event.text if isinstance(intent.event, Typed) else None, context)


def question(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Answer a typed question; where unsure offer the nearest topics, and the second time a person."""
    if intent.match.topics and intent.match.unpublished:
        return _answer_in_part(conversation, intent, context)
    if intent.match.topics:
        turn = answer_topics(conversation, intent.match.topics, intent.match.language, context, intent.value)
        return _with_question(turn, intent.value, context)
    settled = rested(replace(conversation, question=intent.value, misses=conversation.misses + 1))
    spoken = replace(_not_answered(conversation, intent.match), language=_spoken(intent.match.language, context))
    return Turn(
        conversation=settled,
        replies=(spoken, *prompt(settled, context)),
        effects=(_missed(settled, intent, context),),
    )


def _with_question(turn: Turn, question: str | None, context: Context) -> Turn:
    """The turn; where it offers to pass a question on, that is the one that was typed."""
    small = all(context.course.topics[one.topic].group is None for one in turn.replies if one.topic)
    asked = question if offer_of(turn, context) and not small else None
    return replace(turn, conversation=replace(turn.conversation, question=asked))


def _answer_in_part(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Answer what is known, and offer to pass the question on for the rest."""
    topics, language = intent.match.topics, intent.match.language
    turn = answer_topics(conversation, topics, language, context, intent.value)
    rest = replace(_unpublished(), language=_spoken(language, context))
    replies = (*turn.replies[: len(topics)], rest, *turn.replies[len(topics) :])
    settled = replace(turn.conversation, question=intent.value)
    return Turn(conversation=settled, replies=replies, effects=(_missed(settled, intent, context),))


def _missed(conversation: Conversation, intent: Intent, context: Context) -> QuestionMissed:
    """What is kept of it, in the language it was asked in when that is clear."""
    language = _spoken(intent.match.language, context) or conversation.language
    return QuestionMissed(question=intent.value, language=language, suggestions=intent.match.suggestions)


def _unpublished() -> Reply:
    return Reply(message="chat/unpublished", buttons=((button("contact:ask"),), (button("menu"),)))


def answer_topics(
    conversation: Conversation, topics: tuple[str, ...], language: str | None, context: Context, text: str = ""
) -> Turn:
    """
    Answer these topics in ``language`` (None: the conversation's), then come back to what was being asked.

    ``text``: what was asked in; the point of a topic that it names is said first.
    """
    answered = conversation.answered + 1
    settled = rested(replace(conversation, question=None, misses=0, answered=answered))
    answers = tuple(
        replace(
            answer(asked, text, _spoken(language, context) or conversation.language, context),
            language=_spoken(language, context),
            buttons=_below(settled, asked, context) if asked == topics[-1] else (),
        )
        for asked in topics
    )
    return Turn(conversation=settled, replies=(*answers, *prompt(settled, context)))


def answer(topic_id: str, text: str, language: str, context: Context) -> Reply:
    """The answer to a topic; what ``text`` asks of it is said first."""
    point = point_of(topic_id, text, language, context)
    return Reply(message=f"topic/{topic_id}", topic=topic_id, values={"point": point} if point else {})


def _spoken(language: str | None, context: Context) -> str | None:
    return language if language in context.course.languages else None


def _below(conversation: Conversation, topic_id: str, context: Context) -> tuple[tuple[Button, ...], ...]:
    """Under a topic's answer: what it offers and what people ask next, three in all; then sign-up and the menu."""
    asked = context.course.topics[topic_id]
    offers = [offer for offer in asked.offer if offer not in BELOW_ANYWAY]
    if conversation.state is not State.IDLE:  # no more than what the answer itself offers
        return rows(button(offer) for offer in offers if offer == A_PERSON)
    follow = [f"topic:{next_id}" for next_id in asked.next][: max(0, CHIPS - len(offers))]
    stands_out = asked.yes == "signup:start" or conversation.answered >= BEFORE_SIGN_UP
    return (
        *rows(map(button, offers[:CHIPS])),
        *rows(map(button, follow), width=2),
        (sign_up_button(conversation, Role.PRIMARY if stands_out else None), button("menu")),
    )


def _not_answered(conversation: Conversation, match: Match) -> Reply:
    nearest = rows(button(f"topic:{near}") for near in match.suggestions[:3])
    person, to_menu = (button("contact:ask"),), (button("menu"),)
    if match.unpublished:
        return _unpublished()
    if conversation.misses:
        return Reply(message="chat/offer_contact", buttons=(person, *nearest, to_menu))
    if nearest:
        one = {"one": len(nearest) == 1}
        return Reply(message="chat/did_you_mean", values=one, buttons=(*nearest, (button("question:rephrase"),)))
    return Reply(message="chat/oos", buttons=(person, to_menu))


def rephrase(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask for the question in other words."""
    settled = rested(conversation)
    state = State.REPHRASE if settled.state is State.IDLE else settled.state
    asked = replace(settled, state=state, misses=max(1, conversation.misses))
    reply = Reply(message="chat/rephrase", buttons=((button("contact:ask"), button("menu")),))
    return Turn(conversation=asked, replies=(reply, *prompt(asked, context)))


def choose_language(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Offer the languages; what is being asked stays open."""
    languages = tuple(button(f"language:{code}") for code in context.course.languages)
    return Turn(conversation=conversation, replies=(Reply(message="chat/language", buttons=(languages,)),))


def set_language(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Go on in another language, with everything that was given."""
    switched = replace(conversation, language=intent.value)
    now = prompt(switched, context)
    reply = Reply(message="chat/language_set", buttons=() if now else menu_rows(switched, context))
    return Turn(conversation=switched, replies=(reply, *now))


def chat_id(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say which chat this is, for an operator's settings."""
    number = id_of(conversation.chat)
    return Turn(conversation=conversation, replies=(Reply(message="chat/chatid", values={"chat_id": number}),))


def attachment(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say that only text is read."""
    return _aside(conversation, "chat/attachment", context)


def edited(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say how an earlier answer is changed."""
    return _aside(conversation, "chat/edited", context)


def too_long(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say how long a text may be, and ask again what was open."""
    turn = _aside(conversation, "chat/too_long", context, limit=LONGEST_QUESTION)
    return replace(turn, replies=(replace(turn.replies[0], refused=True), *turn.replies[1:]))


def unknown_command(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say which commands there are."""
    return _aside(conversation, "chat/unknown_command", context)


def stale(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say that the button belongs to an earlier moment, and where things stand."""
    return _aside(conversation, "chat/stale", context)


def expired(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Say that the button works no longer, and where things stand."""
    return _aside(rested(conversation), "chat/expired", context)


def again(conversation: Conversation, intent: Intent, context: Context) -> Turn:
    """Ask the open question once more."""
    return Turn(conversation=conversation, replies=prompt(conversation, context))


def _aside(conversation: Conversation, message: str, context: Context, **values: object) -> Turn:
    """Say something and come back to what is being asked; where nothing is, offer the menu."""
    now = prompt(conversation, context)
    buttons = () if now else ((button("menu"),),)
    return Turn(conversation=conversation, replies=(Reply(message=message, values=values, buttons=buttons), *now))
