"""From any state any event gives an answer; nothing given is lost; what is sent is what was typed."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.dialogue.answering.prompts import resting
from bot.dialogue.events import Chosen, Edited, SentAttachment, SharedPhone, Typed
from bot.dialogue.reading.answers import clean
from bot.dialogue.reading.questions import LONGEST_QUESTION
from bot.dialogue.reading.spelling import plain
from bot.dialogue.records import LeadSaved, QuestionForwarded, State
from bot.dialogue.transitions import ANYWHERE, IN_STATE
from tests.dialogue.person import COURSE, Person
from tests.events import Kind
from tests.form import BY_NAME, FIELDS, REQUIRED

pytestmark = pytest.mark.usefixtures("unmeasured")

COMMANDS = ["/start", "/menu", "/help", "/aanmelden", "/annuleren", "/mijngegevens", "/taal", "/contact", "/privacy"]
ALIASES = ["/signup", "/cancel", "/mydata", "/language", "/start aanmelden", "/start costs"]
WORDS = ["ja", "nee", "terug", "stop", "overslaan", "menu", "verstuur", "opnieuw", "meer", "contact", "ga verder"]
TEXTS = ["beide", "gemeente", "12", "noor@utrecht.nl", "a@gmial.com", "06 12 34 56 78", "wat kost het?", "misschien"]
BUTTONS = ["menu", "topic:costs", "question:rephrase", "contact:ask", "contact:forward", "contact:no", "language:en"]
FREE = ("organisation", "name", "role", "place", "period", "remark")
TOO_LATE = ("chat/stale", "chat/expired", "signup/unknown_lead")  #: what a button says that is no longer of use
ENDS_DRAFT = ("signup/cancelled", "signup/done", "signup/changed", "signup/unchanged", "data/forgotten")


class Conversations(RuleBasedStateMachine):
    """A person who does anything at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.person = Person()
        self.source: str | None = None
        self.typed: set[str] = set()

    def _act(self, kind: Kind, text: str = "", own: bool = True) -> None:
        self.typed |= {clean(text)} if kind is Typed else set()
        before = dict(self.person.answers)
        asked = self.person.conversation.draft
        keys = self.person.does(kind, text, own=own)
        assert keys, "every event gets an answer"
        step = asked.step if asked else None
        self._nothing_lost(before, asked is not None, keys, {step} if self._takes_out(kind, text) else set())
        self._typed_is_kept(kind, text, step, before.get(step or ""))
        for effect in self.person.turn.effects if self.person.turn else ():
            if isinstance(effect, LeadSaved):
                assert dict(effect.lead.answers) == before, "what is sent is what was given"
                assert set(REQUIRED) <= set(before)
                assert effect.before or effect.lead.source == self.source, "staff see where a person came from"
            if isinstance(effect, QuestionForwarded):
                lines = {line for text in self.typed for line in text.splitlines()}
                assert set(effect.question.splitlines()) <= lines, "what is passed on is what was typed"

    def _nothing_lost(self, before: dict[str, str], had_draft: bool, keys: list[str], out: set[str | None]) -> None:
        restarted = had_draft and self.person.conversation.draft is not None and not self.person.answers
        ended = any(key in ENDS_DRAFT for key in keys) or (restarted and keys == ["signup/ask/interest"])
        if had_draft and not ended:
            assert set(before) - (out - set(REQUIRED)) <= set(self.person.answers), "nothing given is lost"

    @staticmethod
    def _takes_out(kind: Kind, text: str) -> bool:
        """Whether this may take the answer to an optional question out: skipping it, or saying that there is none."""
        if kind is Chosen:
            return text.startswith("signup:skip:")
        return kind is Typed and (plain(text) in ("overslaan", "skip", "nee", "no") or not clean(text).strip("-–—"))

    def _typed_is_kept(self, kind: Kind, text: str, step: str | None, before: str | None) -> None:
        now = self.person.answers.get(step or "")
        if kind is Typed and step in FREE and now not in (None, before):
            assert now == clean(text), "what is kept is what was typed"

    @rule(text=st.sampled_from([*COMMANDS, *ALIASES, *WORDS, *TEXTS]))
    def says(self, text: str) -> None:
        """Type something that means something."""
        self._act(Typed, text)

    @rule(text=st.text(max_size=40))
    def says_anything(self, text: str) -> None:
        """Type anything at all."""
        self._act(Typed, text)

    @rule(asks=st.booleans())
    def says_too_much(self, asks: bool) -> None:
        """Paste far more than a question may have."""
        self._act(Typed, f"wat {'heel lang ' * 210}kost het?" if asks else "heel lang " * 210)

    @rule(data=st.data())
    def taps_something_seen(self, data: st.DataObject) -> None:
        """Tap any button ever seen in this chat, old ones too; only removing everything is left out."""
        seen = [b.id for reply in self.person.heard for row in reply.buttons for b in row]
        self._act(Chosen, data.draw(st.sampled_from([*dict.fromkeys(seen), *BUTTONS])))

    @rule(data=st.data())
    def taps_what_is_offered(self, data: st.DataObject) -> None:
        """Tap a button under the newest messages."""
        offered = [b.id for reply in self.person.replies for row in reply.buttons for b in row]
        self._act(Chosen, data.draw(st.sampled_from([*offered, "menu"])))

    @rule()
    def answers_well(self) -> None:
        """Answer the open question as it should be."""
        draft = self.person.conversation.draft
        if draft is None or draft.step is None or self.person.state is not State.ASK:
            return
        good = {"email": "noor@utrecht.nl", "phone": "0612345678", "participants": "9"}
        options = BY_NAME[draft.step].options
        text = options[0] if options else good.get(draft.step, "Noor")
        self._act(Typed, text)
        assert draft.step in self.person.answers

    @rule(kind=st.sampled_from([SentAttachment, Edited, SharedPhone]), own=st.booleans())
    def sends_something_else(self, kind: Kind, own: bool) -> None:
        """Send a photo, an edit, a contact."""
        self._act(kind, "31612345678" if kind is SharedPhone else "", own)

    @rule(source=st.sampled_from(["nieuwsbrief", "linkedin-2026", "gemeente_x"]))
    def comes_by_a_link(self, source: str) -> None:
        """Open the bot by a link that says where it stood."""
        self.source = source
        self._act(Typed, f"/start {source}")

    @rule(days=st.integers(1, 40), greeting=st.sampled_from(["/start", "/aanmelden", "hallo", "/language"]))
    def comes_back_days_later(self, days: int, greeting: str) -> None:
        """Come back after days; a draft is shown, or asked about, and nothing of it is gone."""
        self.person.later(days=days)
        self._act(Typed, greeting)

    @rule()
    def has_everything_removed(self) -> None:
        """Withdraw: asked once, then nothing is left, and the next event gets an answer all the same."""
        self._act(Typed, "/verwijderen")
        if "data:forget:confirm" not in self.person.buttons():
            return
        self.person.taps("data:forget:confirm")
        assert self.person.answers == {}
        assert self.person.conversation.draft is None
        assert not self.person.conversation.leads
        self.source = self.person.conversation.source

    @rule(minutes=st.integers(1, 30))
    def waits(self, minutes: int) -> None:
        """Let time pass."""
        self.person.later(minutes=minutes)

    @invariant()
    def stands_where_the_draft_says(self) -> None:
        """The state and the draft never contradict each other."""
        conversation = self.person.conversation
        draft = conversation.draft
        if conversation.state in (State.ASK, State.EMAIL, State.REVIEW):
            assert draft is not None
            assert not draft.paused
            assert conversation.state is resting(draft)
        if draft is not None:
            assert set(draft.answers) <= set(BY_NAME)
            assert draft.suggestion is None or draft.step == "email"

    @invariant()
    def cancelling_is_one_thing(self) -> None:
        """The command that cancels does what the word does, whatever is being asked."""
        by_word, by_command = (self.person.would(text) for text in ("annuleren", "/annuleren"))
        assert by_word == by_command

    @invariant()
    def a_question_can_be_passed_on(self) -> None:
        """What is kept as a question is no longer than what may be passed on."""
        assert len(self.person.conversation.question or "") <= LONGEST_QUESTION

    @invariant()
    def buttons_are_legal(self) -> None:
        """Every button has an id of at most 64 bytes, and is understood when it is tapped at once."""
        rows = [row for reply in self.person.replies for row in reply.buttons]
        assert all(rows), "no empty rows"
        ids = [button.id for row in rows for button in row]
        assert [name for name in ids if not 1 <= len(name.encode()) <= 64] == []
        if self.person.now == self.person.answered_at:
            answers = {name: self.person.would(name, Chosen).replies for name in ids}
            assert [name for name, replies in answers.items() if not replies or replies[0].message in TOO_LATE] == []


Conversations.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestConversations = Conversations.TestCase


def test_every_field_is_asked_in_the_designs_order() -> None:
    """The twelve fields stand in the order that people outside rely on."""
    required = ["interest", "organisation_type", "organisation", "name", "email"]
    optional = ["role", "phone", "group_composition", "participants", "place", "period", "remark"]
    assert [field.name for field in FIELDS] == [*required, *optional]


def test_every_intent_has_a_rule_somewhere() -> None:
    """The table knows every intent, so that nothing a person wants is without an answer."""
    from bot.dialogue.intents import Name

    assert set(ANYWHERE).union(*IN_STATE.values()) == set(Name)


def test_the_course_of_these_tests_is_a_course() -> None:
    """The menu names topics that exist."""
    named = [name.removeprefix("topic:") for row in COURSE.menu for name in row if name.startswith("topic:")]
    assert set(named) <= set(COURSE.topics)
