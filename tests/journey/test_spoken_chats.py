"""Chats of people who stop, wait, ask about the form, switch language and change their minds, in words of their own."""

import pytest

from tests.journey.someone import Someone

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def not_measured(unmeasured: None) -> None:
    """The same roads are walked, measured, by the chats in own words."""


async def test_words_that_are_no_answer_do_what_they_say(noor: Someone) -> None:
    """Waiting, thanking, not understanding and slips are met as such; none of them becomes the organisation."""
    await noor.says("ik wil graag meedoen | I'd like to take part")
    await noor.says("allebei | both")
    await noor.says("gemeente | municipality")
    await noor.sees("signup/ask/organisation")
    for said, key in (
        ("momentje, er wordt gebeld | hold on, the phone", "chat/wait"),
        ("dit snap ik niet | I don't understand", "chat/despair"),
        ("moet ik hier mijn afdeling zetten? | do you mean my department?", "signup/why/organisation"),
    ):
        await noor.says(said)
        await noor.sees(key)
        await noor.sees("signup/ask/organisation")
    await noor.says("sorry, ik bedoelde corporatie | sorry, I meant housing corporation")
    await noor.sees("signup/ask/organisation")
    await noor.says("Stop Armoede Nu | Stop Poverty Now")
    await noor.says("hallo, ik ben Noor de Vries | hello, I'm Noor de Vries")
    await noor.says("noor@example.org")
    await noor.sees("signup/review", "labels/options/organisation_type/housing_corporation", "Noor de Vries")


async def test_enough_is_enough(noor: Someone) -> None:
    """Who has said all there is to say gets the review; who leaves it is asked once, and may go on."""
    await noor.signs_up(upto="review")
    await noor.says("meer | more")
    await noor.says("sla de rest maar over | skip the rest")
    await noor.sees("signup/review")
    await noor.says("weet je wat, laat maar zitten | you know what, forget it")
    await noor.sees("signup/cancel")
    await noor.says("nee | no")
    await noor.sees("signup/review")
    await noor.says("ja? | yes?")
    await noor.sees("signup/review")


async def test_a_sign_up_that_was_sent_is_spoken_about(noor: Someone) -> None:
    """Whether it came, what it says, another number of people, a colleague, and out again."""
    await noor.signs_up()
    await noor.says("is alles goed doorgekomen? | did everything go through?")
    await noor.sees("signup/status")
    await noor.says("we komen niet met 6 maar met 9 | we'll be nine people instead")
    await noor.sees("signup/review", "9")
    await noor.says("ja | yes")
    await noor.sees("signup/changed")
    await noor.says("mijn collega wil ook | my colleague wants to join too")
    await noor.sees("signup/another")
    await noor.says("menu")
    await noor.says("we trekken ons terug | we are pulling out")
    await noor.sees("data/forget")


async def test_the_other_language_is_asked_for_in_passing(noor: Someone) -> None:
    """A wish for the other language is met where it is said, and nothing that was given is lost."""
    await noor.signs_up(upto="review")
    await noor.says("kan het in het engels? | kan het in het nederlands?")
    noor.language = "nl" if noor.language == "en" else "en"
    await noor.sees("chat/language_set")
    await noor.sees("signup/review", "Noor de Vries", "noor@example.org")
