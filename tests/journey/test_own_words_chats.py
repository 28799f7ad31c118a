"""Chats of people who say things in their own words, in Telegram and on the page, in Dutch and English."""

import pytest

from tests.journey.someone import Someone

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: here the reading meets what it was made for."""


async def test_who_introduces_themselves_is_not_asked_again(noor: Someone) -> None:
    """What was told before the sign-up is said back, and shown with the rest at the review."""
    await noor.says(
        "Ik ben Joost Visser van woningcorporatie Mitros, joost@mitros.nl"
        " | I am Joost Visser from housing corporation Mitros, joost@mitros.nl"
    )
    await noor.sees("signup/noted", "Joost Visser", "Mitros", "joost@mitros.nl")
    await noor.sees("signup/noted_begin")
    await noor.says("ja graag | yes please")
    await noor.sees("signup/ask/interest")
    await noor.says("allebei | both")
    await noor.sees("signup/review", "Joost Visser", "Mitros", "joost@mitros.nl")
    await noor.says("ja hoor, klopt, verstuur maar | yes, that's all correct, send it")
    await noor.sees("signup/done", "joost@mitros.nl")


async def test_two_answers_in_one_are_both_taken(noor: Someone) -> None:
    """An address beside a name, a group beside an address: nothing is asked again, nothing dropped unseen."""
    await noor.says("/aanmelden | /signup")
    for typed in ("beide | both", "gemeente | municipality", "Gemeente Breda"):
        await noor.says(typed)
    await noor.says(
        "mijn naam is Aisha Yilmaz en mijn mail is aisha@breda.nl"
        " | my name is Aisha Yilmaz and my email is aisha@breda.nl"
    )
    await noor.sees("signup/noted", "aisha@breda.nl")
    await noor.sees("signup/review", "Aisha Yilmaz", "aisha@breda.nl")


async def test_a_sentence_changes_what_it_names(noor: Someone) -> None:
    """At the review the field that is named is changed, and nothing is sent."""
    await noor.signs_up(upto="review")
    for said, shown in (
        ("naam moet zijn Jan de Boer | name should be Jan de Boer", "Jan de Boer"),
        ("we komen met 12 mensen | we are 12 people", "12"),
        ("mijn functie is projectleider | my role is project leader", "project"),
        ("toch alleen de cursus | actually just the course", "Jan de Boer"),
    ):
        await noor.says(said)
        await noor.sees("signup/review", shown)
    await noor.says("ja maar wacht nog | yes but wait")
    await noor.sees("chat/wait")
    await noor.sees("signup/review", "Jan de Boer")


async def test_the_address_for_an_answer_is_no_question(noor: Someone) -> None:
    """An address given right after the offer is where the answer goes; the question stays as it was asked."""
    await noor.says("Is er lunch bij de cursus? | Is lunch included?")
    await noor.sees("chat/unpublished")
    await noor.says("ja, mijn mail is piet@gouda.nl | yes, my email is piet@gouda.nl")
    await noor.sees("contact/confirm", "lunch", "piet@gouda.nl")
    await noor.says("ja, stuur maar door | yes, send it on")
    await noor.sees("contact/sent")


async def test_what_did_not_help_is_not_said_again(noor: Someone) -> None:
    """The second time there are numbers to type, the third time a person."""
    await noor.says("/aanmelden | /signup")
    await noor.sees("signup/ask/interest")
    for key in ("signup/problem/choice", "chat/stuck", "chat/stuck_person"):
        await noor.says("blorf")
        await noor.sees(key)
    await noor.says("de eerste | the first one")
    await noor.sees("signup/ask/organisation_type")


async def test_a_short_question_is_about_the_last_answer(noor: Someone) -> None:
    """How long longer support lasts is not how long the course does."""
    await noor.says("/start longer_support")
    await noor.sees("topic/longer_support")
    await noor.says("hoe lang? | how long?")
    await noor.sees("topic/longer_support")
