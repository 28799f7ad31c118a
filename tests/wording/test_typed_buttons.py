"""Typed text is as good as a button: over the whole conversation, with the real words of every language."""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.context import Context, EmailCheck, Match
from bot.dialogue.events import Chosen, Typed
from bot.dialogue.records import Button, Conversation, State, Turn
from bot.dialogue.respond import respond
from bot.wording import Wording
from tests.events import Kind, happens

pytestmark = pytest.mark.usefixtures("unmeasured")

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SYMBOLS = re.compile(r"^[^\w]+")
#: what people do besides tapping: commands, a question that is unclear, one that is not known
SIDE_STEPS = ("/start", "/taal", "/mijngegevens", "/verwijderen", "/privacy", "/contact", "unclear", "unknown")
#: an answer to each question that has no options; the address looks mistyped
TYPED = {"email": "noor@gmial.com", "phone": "0612345678", "participants": "40"}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A conversation, and the buttons under the newest messages."""

    conversation: Conversation
    buttons: tuple[Button, ...] = ()

    def looks(self) -> tuple[object, ...]:
        """What tells this moment from others."""
        talk, draft = self.conversation, self.conversation.draft
        about = (draft.step, draft.revising, draft.more, draft.paused, draft.suggestion) if draft else ()
        return (talk.state, about, len(talk.leads), bool(talk.question), frozenset(b.id for b in self.buttons))


class Walk:
    """Goes wherever buttons, answers and side steps lead, with one course."""

    def __init__(self, wording: Wording, language: str) -> None:
        self.wording = wording
        self.start = Moment(conversation=Conversation(chat="telegram:7", language=language))
        topics = itertools.cycle(wording.course.topics)
        self.nearest = tuple(next(topics) for _ in range(3))
        self.context = Context(
            now=NOW,
            course=wording.course,
            match=self.match,
            check_email=check_email,
            check_phone=lambda text: f"+31{text[1:]}" if text.isdigit() else None,
            new_token=lambda: "tok123",
            new_reference=lambda: "K7RM-42XD",
        )

    def match(self, text: str, language: str) -> Match:
        """Nothing is understood, so that what a label means never hangs on the phrases."""
        return Match(suggestions=self.nearest if text == "unclear" else (), question=text in ("unclear", "unknown"))

    def does(self, moment: Moment, kind: Kind, text: str) -> Turn:
        """What follows on a text or a tap."""
        event = happens(kind, text, id="1", chat=moment.conversation.chat, at=NOW)
        return respond(moment.conversation, event, self.context)

    def ways(self, moment: Moment) -> Iterator[Turn]:
        """Everything a person can do here."""
        draft = moment.conversation.draft
        yield from (self.does(moment, Chosen, button.id) for button in moment.buttons)
        step = draft.step if draft else None
        yield from (self.does(moment, Typed, text) for text in (*SIDE_STEPS, TYPED.get(step or "", "Voorbeeld")))

    def moments(self, limit: int) -> Iterator[Moment]:
        """Moments that look different, nearest first."""
        waiting, seen = deque([self.start]), {self.start.looks()}
        while waiting and len(seen) < limit:
            moment = waiting.popleft()
            yield moment
            for turn in self.ways(moment):
                shown = tuple(button for reply in turn.replies for row in reply.buttons for button in row)
                after = Moment(conversation=turn.conversation, buttons=shown)
                if after.looks() not in seen:
                    seen.add(after.looks())
                    waiting.append(after)


def check_email(text: str) -> EmailCheck:
    """One well-known slip."""
    if "@" not in text:
        return EmailCheck(address=None)
    return EmailCheck(address=text, suggestion=text.replace("gmial", "gmail") if "gmial" in text else None)


def _typed_as_tapped(walk: Walk, limit: int) -> tuple[set[State], set[str]]:
    """Hold what each label does when typed against what its button does; the states and buttons that were seen."""
    states, buttons = set(), set()
    for moment in walk.moments(limit):
        states.add(moment.conversation.state)
        for button in moment.buttons:
            spoken = moment.conversation.language
            label = SYMBOLS.sub("", walk.wording.label(button.id, spoken, button.values))
            tapped, typed = walk.does(moment, Chosen, button.id), walk.does(moment, Typed, label)
            assert _same(typed) == _same(tapped), (moment.conversation.state, button.id, label)
            buttons.add(button.id.partition("@")[0])
    return states, buttons


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_typed_label_does_what_its_button_does(wording: Wording, language: str) -> None:
    """Whoever types what a button says gets what whoever taps it gets, in every state where it is offered."""
    states, buttons = _typed_as_tapped(Walk(wording, language), 900)
    assert states == set(State)
    assert buttons >= {"signup:edit:name", "lead:show:K7RM-42XD", "lead:edit:K7RM-42XD", "data:forget", "language:en"}
    assert buttons >= {f"topic:{topic}" for topic in wording.course.topics if wording.course.topics[topic].group}


def test_another_course_is_typed_as_well() -> None:
    """The labels of a course with other topics and one language can be typed in the same way."""
    course = Wording.load(Path(__file__).parents[1] / "another_course" / "messages", {})
    states, buttons = _typed_as_tapped(Walk(course, "nl"), 500)
    assert states >= {State.IDLE, State.ASK, State.EMAIL, State.REVIEW}
    assert buttons >= {"topic:hive", "topic:fee", "signup:submit", "contact:ask"}


def _same(turn: Turn) -> tuple[object, ...]:
    """What both must give; what was typed may besides be passed on, where the answer offers that."""
    topic = any(reply.topic for reply in turn.replies)
    conversation = replace(turn.conversation, question=None) if topic else turn.conversation
    return conversation, turn.replies, turn.effects
