"""What is said in a talk with staff goes to staff, and nothing else does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.events import Chosen, Event, SentAttachment, Typed
from bot.dialogue.records import Conversation, State, TalkEnded, TalkLine
from bot.dialogue.respond import respond
from bot.dialogue.talks import LONGEST, QUIET, Talk
from tests.dialogue.person import COURSE, Person
from tests.events import happens

LABELS = {"terug naar de assistent": frozenset({"talk:end"})}
CONTEXT = replace(Person().context(), course=replace(COURSE, labels=LABELS))
NOW = CONTEXT.now
TALK = Talk(reference="K7PQ-X4MT", name="Anne", at=NOW)
TALKING = Conversation(chat="web:1", language="nl", talk=TALK)


def typed(text: str, chat: str = "web:1", **more: object) -> Event:
    """Somebody types this."""
    return happens(Typed, text, id="1", chat=chat, at=NOW, **more)


def test_free_text_goes_to_staff_as_typed() -> None:
    """Whatever it says, also a topic's own words: staff read it as it was typed, and the talk goes on."""
    later = replace(CONTEXT, now=NOW + timedelta(hours=1))
    turn = respond(TALKING, typed(" Wat kost het?\nEn wanneer? "), later)
    assert turn.effects == (
        TalkLine(reference=TALK.reference, text=" Wat kost het?\nEn wanneer? ", name="Anne", message_id=None),
    )
    assert [reply.message for reply in turn.replies] == ["talk/passed_on"]
    assert turn.conversation.talk == replace(TALK, at=later.now)


def test_a_sign_under_it_needs_no_words() -> None:
    """Where the channel can show it on the message itself, nothing is said besides."""
    talking = replace(TALKING, chat="telegram:1")
    turn = respond(talking, typed("Ja", "telegram:1", message_id=7), CONTEXT)
    assert (turn.replies, len(turn.effects)) == ((), 1)


@pytest.mark.parametrize("said", ["/help", "/aanmelden"])
def test_commands_are_the_assistents(said: str) -> None:
    """A command is done as always, and the talk stays open."""
    turn = respond(TALKING, typed(said), CONTEXT)
    assert turn.replies
    assert not [effect for effect in turn.effects if isinstance(effect, TalkLine)]
    assert turn.conversation.talk == TALK


def test_an_open_question_comes_first() -> None:
    """What is typed at a question of the sign-up is its answer; after talk:answer one text goes to staff instead."""
    asked = respond(TALKING, typed("/aanmelden"), CONTEXT).conversation
    assert asked.state is State.ASK
    answered = respond(asked, typed("allebei"), CONTEXT)
    assert answered.effects == ()
    ready = respond(answered.conversation, happens(Chosen, "talk:answer", id="2", chat="web:1", at=NOW), CONTEXT)
    assert [reply.message for reply in ready.replies] == ["talk/answer"]
    passed = respond(ready.conversation, typed("gemeente"), CONTEXT)
    assert [type(effect) for effect in passed.effects] == [TalkLine]
    assert passed.replies[-1].message == "signup/ask/organisation_type"
    again = respond(passed.conversation, typed("gemeente"), CONTEXT)
    assert (again.effects, again.conversation.draft and again.conversation.draft.step) == ((), "organisation")


@pytest.mark.parametrize("how", ["tapped", "typed"])
def test_the_person_ends_it(how: str) -> None:
    """With the button, or its words typed: the assistent answers again."""
    tapped = happens(Chosen, "talk:end", id="1", chat="web:1", at=NOW)
    turn = respond(TALKING, tapped if how == "tapped" else typed("terug naar de assistent"), CONTEXT)
    assert turn.effects == (TalkEnded(reference=TALK.reference),)
    assert turn.conversation.talk is None
    assert turn.replies[0].message == "talk/over"


def test_three_quiet_days_end_it() -> None:
    """After 72 hours without a word the assistent answers, whatever the button says."""
    late = replace(CONTEXT, now=NOW + QUIET)
    assert respond(TALKING, typed("wat kost het?"), late).effects == ()
    stale = respond(replace(TALKING, talk=None), happens(Chosen, "talk:answer", id="1", chat="web:1", at=NOW), CONTEXT)
    assert stale.replies[0].message == "chat/stale"


def test_what_does_not_fit_is_said() -> None:
    """A photo or a text that is too long is not passed on, and the person reads so."""
    photo = respond(TALKING, happens(SentAttachment, id="1", chat="web:1", at=NOW), CONTEXT)
    long = respond(TALKING, typed("x" * (LONGEST + 1)), CONTEXT)
    assert [reply.message for turn in (photo, long) for reply in turn.replies] == ["talk/only_text", "chat/too_long"]
    assert photo.effects == long.effects == ()
