"""Short words after an offer, corrections typed at the review: in Telegram and on the page, in Dutch and English."""

import pytest

from tests.journey.program import Running, body_of
from tests.journey.someone import REFERENCE, Someone

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONFIRM = "contact/confirm"


async def test_yes_takes_what_was_offered(shared: Running, noor: Someone) -> None:
    """An answer that offers to pass the question on, then yes: the question that was asked goes to a person."""
    await noor.says("wat kost het? | what does it cost?")
    await noor.sees("topic/costs")
    await noor.says("ja graag | yes please")
    await noor.sees(CONFIRM, "wat kost het? | what does it cost?")
    await noor.says("noor@example.org")
    await noor.sees(CONFIRM, "noor@example.org")
    await noor.says("doe maar | go ahead")
    found = REFERENCE.search(await noor.sees("contact/sent"))
    assert found
    mail = body_of(await shared.gets_mail("anne@course.example", found[0]))
    assert noor.in_own("wat kost het? | what does it cost?") in mail


async def test_no_leaves_what_was_offered(noor: Someone) -> None:
    """A no passes nothing on; a bare yes where nothing was offered shows what can be asked."""
    await noor.says("wanneer is het? | when is it?")
    await noor.sees("topic/dates")
    await noor.says("nee | no")
    await noor.sees("contact/cancelled")
    await noor.says("ok")
    await noor.sees("chat/menu")


async def test_yes_to_an_offer_never_sends_the_sign_up(noor: Someone) -> None:
    """At the review a question is answered with an offer: yes is about that offer, and gives no consent."""
    await noor.signs_up(upto="review")
    await noor.says("wat kost het? | what does it cost?")
    await noor.sees("topic/costs")
    await noor.sees("signup/review")
    await noor.says("ja | yes")
    await noor.sees(CONFIRM, "wat kost het? | what does it cost?")
    await noor.says("nee | no")
    await noor.sees("signup/review")
    await noor.says("alles klopt | all correct")
    await noor.sees("signup/done|signup/changed")


async def test_what_was_typed_before_passing_on_is_not_lost(shared: Running, noor: Someone) -> None:
    """What is added before the question goes is passed on with it; half an address is asked again."""
    await noor.says("/contact")
    await noor.sees("contact/ask")
    await noor.says("Kan het bij ons in Almere? | Can it be here in Almere?")
    await noor.sees(CONFIRM, "Almere")
    await noor.says("Het gaat om drie wijken. | It is about three neighbourhoods.")
    await noor.sees(CONFIRM, "Almere", "drie wijken | three neighbourhoods")
    await noor.says("noor@almere")
    await noor.sees("signup/problem/email")
    await noor.sees(CONFIRM, "Almere", "drie wijken | three neighbourhoods")
    await noor.says("stuur maar door | pass it on")
    await noor.sees("contact/sent")
    notice = await shared.staff.sees(noor.in_own("drie wijken | three neighbourhoods"))
    assert "Almere" in notice.text


async def test_a_correction_is_typed_at_the_review(noor: Someone) -> None:
    """A new address, or a field with its new value, changes the review at once; a wrong one says why."""
    await noor.signs_up(upto="review")
    await noor.says("mijn mail is noor@utrecht.example | my mail is noor@utrecht.example")
    await noor.sees("signup/review", "noor@utrecht.example")
    await noor.says("naam: Noor van Dam | name: Noor van Dam")
    await noor.sees("signup/review", "Noor van Dam", "noor@utrecht.example")
    await noor.says("e-mail: noor@utrecht")
    await noor.sees("signup/problem/email")
    await noor.sees("signup/review", "noor@utrecht.example")
    await noor.says("nee | no")
    await noor.sees("signup/or_change")
    await noor.sees("signup/review", "Noor van Dam")


async def test_why_a_detail_is_asked(noor: Someone) -> None:
    """Why, where a detail is asked: a line or two about this very one, and the same question again."""
    await noor.says("/aanmelden | /signup")
    await noor.sees("signup/ask/interest")
    await noor.says("beide | both")
    await noor.sees("signup/ask/organisation_type")
    await noor.says("waarom wil je dat weten? | why do you want to know?")
    await noor.sees("signup/why/organisation_type")
    await noor.sees("signup/ask/organisation_type")


async def test_the_menu_says_that_the_sign_up_waits(noor: Someone) -> None:
    """Who opens the menu in the middle of a sign-up reads that it is kept, and goes on with one word."""
    await noor.says("/aanmelden | /signup")
    await noor.sees("signup/ask/interest")
    await noor.says("menu")
    await noor.sees("chat/menu")
    await noor.says("verder | continue")
    await noor.sees("signup/ask/interest")


async def test_withdrawing_in_ones_own_words(noor: Someone) -> None:
    """Who wants to withdraw is asked whether to remove everything, and is not invited to sign up."""
    await noor.signs_up()
    await noor.says("mijn aanmelding | my sign-up")
    await noor.sees("data/mine", "Noor de Vries")
    await noor.says("ik wil me afmelden | withdraw my sign-up")
    await noor.sees("data/forget")
    await noor.says("ja | yes")
    await noor.sees("data/forgotten")
