"""Chats of people who ask in their own way: what they ask is said first, and what they do not ask is not answered."""

import pytest

from tests.journey.someone import Someone

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: here the reading meets what it was made for."""


async def test_what_is_set_aside_is_not_answered(noor: Someone) -> None:
    """A question after what it is not about, or after a polite beginning, is the one that is answered."""
    await noor.says("Niet de kosten, maar hoe lang het duurt | Not the costs but how long it takes")
    await noor.sees("topic/duration")
    await noor.says(
        "Goedemiddag, wij overwegen als gemeente mee te doen en willen graag weten wat het kost. Ik hoor het graag!"
        " | Good afternoon, we're a council thinking of taking part and would like to know what it costs. Thanks!"
    )
    await noor.sees("topic/costs")


async def test_what_is_asked_of_a_topic_comes_first(noor: Someone) -> None:
    """Who asks about a part of a topic reads that part first, and not what is said to who asks for all of it."""
    for asked, topic in (
        ("Kan ik ook online meedoen? | Can I take part online?", "form_location"),
        ("Welke publicaties krijg ik? | Which publications do I get?", "materials"),
        ("Moeten we partners meenemen? | Do we have to bring partners?", "group_composition"),
        ("Ik ben student, mag ik meedoen? | I'm a student, can I join?", "audience"),
    ):
        await noor.says(f"/start {topic}")
        whole = await noor.sees(f"topic/{topic}")
        await noor.says(asked)
        assert await noor.sees(f"topic/{topic}") != whole


async def test_a_follow_up_is_about_what_was_just_said(noor: Someone) -> None:
    """A short question right after an answer gets that part of it, or hears that no more is known."""
    await noor.says("/privacy")
    whole = await noor.sees("topic/privacy")
    await noor.says("en hoe lang? | and how long?")
    assert len(await noor.sees("topic/privacy")) < len(whole)
    await noor.says("/start lessons_learned")
    await noor.sees("topic/lessons_learned")
    await noor.says("waarom? | why?")
    await noor.sees("chat/follow_up")
    await noor.sees("topic/lessons_learned")


async def test_what_lies_outside_gets_no_far_fetched_topics(noor: Someone) -> None:
    """Who asks something else is told kindly that it is not known, without topics that have nothing to do with it."""
    for asked in (
        "Hoe laat begint de raadsvergadering? | What time does the council meeting start?",
        "Hoe vraag ik een paspoort aan? | How do I apply for a passport?",
    ):
        await noor.says(asked)
        await noor.sees("chat/oos|chat/offer_contact")
        await noor.says("/menu")
        await noor.sees("chat/menu")
