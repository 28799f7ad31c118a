"""A button that is pressed again, because the app heard no answer or somebody scrolled back, takes nothing away."""

from dataclasses import replace

import pytest

from bot.dialogue.events import Chosen
from bot.dialogue.records import Effect, LeadSaved, LeadWithdrawn, QuestionForwarded, State
from tests.dialogue.person import Person

LASTING = LeadSaved | LeadWithdrawn | QuestionForwarded


@pytest.fixture
def noor() -> Person:
    """Somebody who just came in."""
    return Person()


def begins(noor: Person) -> None:
    """She begins a sign-up, and answers the first question."""
    noor.says("/aanmelden")
    if noor.state is State.ANOTHER:
        noor.taps("signup:another")
    noor.says("beide")
    assert noor.answers == {"interest": "both"}


@pytest.mark.parametrize("seconds", [0, 0.4, 1, 60, 15 * 60 - 1])
def test_a_removal_pressed_again(noor: Person, seconds: float) -> None:
    """The new sign-up stays, however soon it was begun; another removal is asked for anew."""
    noor.signs_up()
    noor.says("/verwijderen")
    confirm = noor.button("data:forget:confirm")
    assert noor.taps("data:forget:confirm") == ["data/forgotten"]
    assert noor.does(Chosen, confirm) == ["data/forgotten"], "there is nothing to take away"
    noor.later(seconds=seconds)
    begins(noor)
    effects = len(noor.effects)
    assert noor.does(Chosen, confirm) == ["chat/expired", "signup/ask/organisation_type"]
    assert (noor.answers, len(noor.effects)) == ({"interest": "both"}, effects)
    noor.says("/verwijderen")
    assert noor.taps("data:forget:confirm") == ["data/forgotten"]
    assert noor.answers == {}


def test_a_removal_asked_twice(noor: Person) -> None:
    """Of two buttons that remove everything, the one that was not pressed belongs to what is gone."""
    noor.signs_up()
    noor.says("/verwijderen")
    first = noor.button("data:forget:confirm")
    noor.later(minutes=2)
    noor.says("/verwijderen")
    second = noor.button("data:forget:confirm")
    noor.later(minutes=2)
    noor.does(Chosen, first)
    noor.later(minutes=2)
    begins(noor)
    assert noor.does(Chosen, second)[0] == "chat/expired"
    assert noor.answers == {"interest": "both"}


def test_a_removal_asked_before_a_new_sign_up(noor: Person) -> None:
    """Who asked, and then began to sign up, is asked again before that goes too."""
    noor.says("/verwijderen")
    noor.later(minutes=1)
    begins(noor)
    assert noor.taps("data:forget:confirm")[0] == "chat/expired"
    noor.says("/verwijderen")
    assert noor.says("ja") == ["data/forgotten"]


def test_a_removal_after_a_lead(noor: Person) -> None:
    """A removal that was asked for counts for what was under way, though it was sent meanwhile."""
    noor.signs_up(upto="review")
    noor.says("/verwijderen")
    noor.later(minutes=1)
    noor.taps("signup:submit")
    assert noor.taps("data:forget:confirm") == ["data/forgotten"]


def test_a_removal_pressed_again_after_a_question(noor: Person) -> None:
    """A question that is about to be passed on stays too."""
    noor.says("/verwijderen")
    confirm = noor.button("data:forget:confirm")
    noor.taps("data:forget:confirm")
    noor.says("/contact")
    noor.says("Kan het in Almere?")
    assert noor.does(Chosen, confirm)[0] == "chat/expired"
    assert noor.conversation.question == "Kan het in Almere?"


def test_passing_on_pressed_again(noor: Person) -> None:
    """A press about one question does not pass the next one on, for which nobody said yes."""
    noor.says("/contact")
    noor.says("Kan het in Almere?")
    press = noor.button("contact:forward")
    noor.taps("contact:forward")
    noor.says("/contact")
    noor.says("Hoe lang duurt het?")
    assert noor.does(Chosen, press) == ["chat/stale", "contact/confirm"]
    assert forwarded(noor.effects) == ["Kan het in Almere?"]
    noor.taps("contact:forward")
    assert forwarded(noor.effects) == ["Kan het in Almere?", "Hoe lang duurt het?"]


def test_everything_pressed_again(noor: Person) -> None:
    """No button of an earlier sign-up, change, question or removal changes the sign-up that is under way now."""
    noor.signs_up()
    noor.taps(_edit(noor))
    noor.says("naam: Noor Jansen")
    noor.taps("signup:submit")
    noor.says("/aanmelden")
    noor.taps("signup:another")
    noor.says("/annuleren")
    noor.taps("signup:cancel:confirm")
    noor.says("/contact")
    noor.says("Kan het in Almere?")
    noor.taps("contact:forward")
    noor.says("/verwijderen")
    noor.taps("data:forget:confirm")
    noor.signs_up()
    pressed = {button.id for reply in noor.heard for row in reply.buttons for button in row}
    begins(noor)
    for press in pressed:
        other = replace(noor, effects=[], leads=[], heard=[])
        other.does(Chosen, press)
        assert other.answers == {"interest": "both"}, press
        assert not [one for one in other.effects if isinstance(one, LeadSaved | LeadWithdrawn | QuestionForwarded)], (
            press
        )


def _edit(noor: Person) -> str:
    """The button that changes the lead that was just sent."""
    return next(name for name in noor.buttons() if name.startswith("lead:edit:"))


def forwarded(effects: list[Effect]) -> list[str]:
    """The questions that were passed on."""
    return [effect.question for effect in effects if isinstance(effect, QuestionForwarded)]


def test_the_question_about_removal_is_new_when_it_is_shown_after_its_term() -> None:
    """Who sends something else long after /verwijderen sees the question again, with a button that works."""
    person = Person()
    person.signs_up()
    person.says("/verwijderen")
    person.later(minutes=20)
    assert "data/forget" in person.says("x" * 3_000)
    assert person.taps("data:forget:confirm") == ["data/forgotten"]
