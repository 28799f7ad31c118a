"""What a message offered just now, so that a bare yes right after it takes the offer and a bare no leaves it."""

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.context import Context
from bot.dialogue.events import Event
from bot.dialogue.intents import Intent, Name
from bot.dialogue.records import Conversation, Reply, State, Turn

A_PERSON = "contact:ask"
#: messages that end by offering to pass the question on; answers to topics do so where the course says so
OFFERING = frozenset(
    {"chat/unpublished", "chat/offer_contact", "chat/follow_up", "chat/stuck_person", "chat/despair", "chat/cross"}
)
SIGN_UP_OFFERED = frozenset({"signup/noted_begin", "chat/no_lead"})
#: where nothing else is asked that yes and no answer, or where what they do can wait: they give consent in the review
STANDS_IN = (State.IDLE, State.REPHRASE, State.ASK, State.REVIEW)


def offer_of(turn: Turn, context: Context) -> str | None:
    """The id of the button that a bare yes means after these replies; None when they offer nothing."""
    made = (made_by(reply, context) for reply in reversed(turn.replies))
    return next((offer for offer in made if offer), None)


def made_by(reply: Reply, context: Context) -> str | None:
    """The id of the button that a bare yes means after this reply; None when it offers nothing."""
    if reply.message in SIGN_UP_OFFERED:
        return "signup:start"
    if reply.topic and (taken := context.course.topics[reply.topic].yes):
        return taken
    if reply.message in OFFERING or (reply.topic and A_PERSON in context.course.topics[reply.topic].offer):
        return A_PERSON
    if reply.message == "chat/did_you_mean":
        near = [button.id for row in reply.buttons for button in row if ButtonId.read(button.id).kind == "topic"]
        return near[0] if len(near) == 1 else None
    return None


def taken_or_left(conversation: Conversation, event: Event, word: str | None) -> Intent | None:
    """What a yes or no to the last offer means; None when the word is neither, or nothing was offered."""
    offer = conversation.offer
    if offer is None or word not in ("yes", "no") or conversation.state not in STANDS_IN:
        return None
    if offer == A_PERSON:
        return Intent(name=Name.CONTACT if word == "yes" else Name.NO_CONTACT, event=event)
    if offer == "signup:start":
        return Intent(name=Name.SIGN_UP if word == "yes" else Name.SMALL_TALK, event=event, value="fine")
    topic = ButtonId.read(offer).rest
    return (
        Intent(name=Name.TOPIC, event=event, value=topic) if word == "yes" else Intent(name=Name.REPHRASE, event=event)
    )
