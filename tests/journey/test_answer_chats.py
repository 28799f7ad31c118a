"""Answers in people's own words, written as chats: each holds in Telegram and on the page, in Dutch and in English."""

import pytest

from tests.journey.someone import Someone
from tests.said import rendered

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_optional_answer_is_taken_out_again(noor: Someone) -> None:
    """Whoever regrets an optional answer takes it out, and the review no longer shows it."""
    await noor.signs_up(upto="review")
    await noor.taps("signup:more")
    await noor.says("Projectleider")
    await noor.says("geen telefoon | no phone")
    await noor.says("met onze partners | with our partners")
    await noor.says("tussen de tien en twaalf | between ten and twelve")
    await noor.says("weet ik nog niet | don't know yet")
    await noor.says("nee | no")
    await noor.says("-")
    review = await noor.sees("signup/review", "Projectleider", "12")
    assert noor.in_own("labels/fields/phone") not in review
    await noor.taps("signup:edit:role")
    given = {
        "answer": "Projectleider",
        "removable": True,
        "number": None,
        "notice": None,
    }
    await noor.sees(rendered("signup/ask/role", given, noor.language))
    await noor.says("wissen | remove")
    assert "Projectleider" not in await noor.sees("signup/review")


async def test_no_is_no_name_and_a_sentence_is_understood(noor: Someone) -> None:
    """Whoever does not know, or asks for privacy, reads why it is asked; of a sentence the name alone is noted."""
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.says("niet bij een gemeente | not at a municipality")
    await noor.sees("signup/problem/ambiguous", "labels/options/organisation_type/housing_corporation")
    await noor.says("1")
    await noor.says("weet ik nog niet | I don't know")
    await noor.sees("signup/problem/needed")
    await noor.says("ik werk bij gemeente Utrecht | I work for gemeente Utrecht")
    await noor.says("privacy")
    await noor.sees("signup/ask/name")
    await noor.says("mijn naam is Noor de Vries | my name is Noor de Vries")
    await noor.says("noor@example.org")
    review = await noor.sees("signup/review", "Noor de Vries", "gemeente Utrecht")
    assert noor.in_own("ik werk bij | I work for") not in review
    assert noor.in_own("mijn naam is | my name is") not in review
