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


def test_what_was_given_comes_with_each_question() -> None:
    """A question, a problem and the review bring the answers so far, each with the button that changes it."""
    noor = Person()
    noor.taps_or_says("signup:start", "/aanmelden")
    for text in ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries"):
        noor.says(text)
    first = noor.replies[-1].summary[0]
    assert first.field == "interest"
    fields = [given.field for given in noor.replies[-1].summary]
    assert fields == ["interest", "organisation_type", "organisation", "name"]
    noor.says("noor example")
    assert (noor.replies[-1].refused, noor.replies[-1].summary[0]) == (True, first)
    noor.says("noor example")
    assert (noor.replies[-1].refused, noor.replies[-1].ask) == (True, Ask(field="email", step=5, of=5))
    noor.says("noor@example.org")
    assert noor.replies[-1].summary[0] == first
    assert not noor.replies[-1].refused
    noor.taps((first.edit or "").partition("@")[0])
    assert asked(noor) == Ask(field="interest")


def test_a_text_that_is_too_long_can_be_mended() -> None:
    """Who wrote too much gets it back to make it shorter."""
    noor = Person()
    noor.says("x" * 2001)
    assert noor.replies[0].refused
