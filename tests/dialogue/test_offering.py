"""What stands under an answer: every question has its own yes, asked once, and nothing is pushed."""

from bot.dialogue.button_ids import Role
from bot.dialogue.records import Button, Reply
from tests.dialogue.person import Person


def offered(reply: Reply, button: str) -> Button:
    """The button with this id under the reply."""
    (found,) = [one for row in reply.buttons for one in row if one.id == button]
    return found


def test_a_question_has_its_own_yes() -> None:
    """Where it was just asked whether to pass the question on, the button says yes to that; elsewhere it does not."""
    ali = Person()
    ali.says("krijg ik een certificaat")
    assert offered(ali.replies[-1], "contact:ask").says == "contact:yes"
    ali.taps("menu")
    assert offered(ali.replies[-1], "contact:ask").says is None


def test_it_is_asked_once_a_turn() -> None:
    """Of two answers that would both ask, the last one does."""
    ali = Person()
    assert ali.says("wanneer is het en krijg ik een certificaat") == ["topic/dates", "chat/unpublished"]
    dates, unpublished = ali.replies
    assert dates.values["asks"] is False
    assert unpublished.values == {}
    assert offered(unpublished, "contact:ask").says == "contact:yes"


def test_it_is_not_asked_beside_a_question_that_waits() -> None:
    """Who asks something else while a question waits to be passed on is asked about that one alone."""
    ali = Person()
    ali.says("/contact")
    ali.says("Mag mijn hond mee?")
    assert ali.says("wanneer is het?") == ["topic/dates", "contact/confirm"]
    dates, _ = ali.replies
    assert dates.values["asks"] is False
    assert not dates.buttons


def test_an_answer_offers_three_things_and_signing_up() -> None:
    """Under an answer stand three things to ask or do at most, then signing up and the menu."""
    ali = Person()
    ali.says("wanneer is het")
    *chips, last = ali.replies[-1].buttons
    assert sum(map(len, chips)) <= 3
    assert [one.id for one in last] == ["signup:start", "menu"]


def test_signing_up_stands_out_where_it_is_wanted() -> None:
    """It stands out in the welcome and after three answers, and not any more once somebody signed up."""
    ali = Person()
    ali.says("/start")
    assert offered(ali.replies[-1], "signup:start").role is Role.PRIMARY
    roles = []
    for topic in ("costs", "dates", "costs"):
        ali.taps(f"topic:{topic}")
        roles.append(offered(ali.replies[-1], "signup:start").role)
    assert roles == [None, None, Role.PRIMARY]
    ali.signs_up()
    ali.says("menu")
    ali.taps("topic:costs")
    assert offered(ali.replies[-1], "signup:start").role is None


def test_after_sending_one_thing_is_offered() -> None:
    """Who signed up reads what happens next, and can change what was sent."""
    ali = Person()
    ali.signs_up()
    assert [one.id for row in ali.replies[-1].buttons for one in row] == [
        f"lead:edit:{ali.conversation.leads[0].reference}"
    ]
