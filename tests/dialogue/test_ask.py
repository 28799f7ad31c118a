"""What a message asks for, as a value that a channel can make its field fit with."""

from bot.dialogue.asks import Ask
from tests.dialogue.person import Person


def asked(person: Person) -> Ask | None:
    """What the last message to this person asks for."""
    return person.replies[-1].ask


def test_a_question_says_what_it_asks() -> None:
    """A channel knows which field is asked, and which of how many it is; after a problem too, and not in between."""
    noor = Person()
    noor.says("/aanmelden")
    assert asked(noor) == Ask(field="interest", step=1, of=5)
    noor.says("qwerty")
    assert asked(noor) == Ask(field="interest", step=1, of=5)
    noor.says("beide")
    noor.says("/annuleren")
    assert asked(noor) is None


def test_what_everyone_is_not_asked_has_no_place() -> None:
    """The review asks for no field; a change of an answer, and a question that can be skipped, is not one of five."""
    noor = Person()
    noor.signs_up(upto="review")
    assert asked(noor) is None
    noor.taps("signup:edit:email")
    assert asked(noor) == Ask(field="email")
    noor.says("noor@example.org")
    noor.taps("signup:more")
    assert asked(noor) == Ask(field="role")
