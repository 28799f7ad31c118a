"""What a question asks within a topic is said first: the words for it, and what every answer then is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.channels import MESSAGE_LIMIT
from bot.dialogue.context import Context, EmailCheck, Match
from bot.dialogue.reading.points import point_of
from bot.wording import Wording
from bot.wording.markup import faults, parsed_length
from tests.wording.conftest import Broken

PLAIN = ("audience/who", "group_composition/how")  #: what asks for the topic itself, whatever else is named
POINTS = [
    ("form_location", "Kan ik ook online meedoen? | Can I join online?", "online"),
    ("form_location", "In welke stad is het? | Which city is it in?", "place"),
    ("form_location", "Is het fysiek? | Is it in person?", ""),
    ("materials", "Welke publicaties dan? | Which publications?", "which"),
    ("materials", "Krijg ik de slides? | Do I get the slides?", "other"),
    ("duration", "Hoeveel uur is het? | How many hours is it?", "hours"),
    ("duration", "Is het een hele dag? | Is it a full day?", "day"),
    ("duration", "Wat is een dagdeel? | What is half a day?", "half_day"),
    ("group_composition", "Moeten we partners meenemen? | Do we have to bring partners?", "must"),
    ("group_composition", "Wie zitten er in de groep? | Who is in the group?", "how"),
    ("audience", "Ik werk bij een netbeheerder | I work for a grid operator", "yes"),
    ("audience", "Ik ben student bij een gemeente | I'm a student at a municipality", "other"),
    ("audience", "Is het alleen voor gemeenten? | Is it only for municipalities?", "only"),
    ("audience", "Wie van de gemeente sturen we? | Who from the municipality do we send?", "who"),
    ("group_size", "We zijn met z'n vieren | There are four of us", "fewer"),
    ("group_size", "Mogen we met 17 komen? | Can 17 of us come?", "more"),
    ("group_size", "Is zes genoeg? | Is six enough?", "fits"),
    ("group_size", "Hoe groot is een groep? | How big is a group?", ""),
    ("contact", "Wat is het telefoonnummer? | What is the phone number?", "phone"),
    ("privacy", "Hoe lang bewaren jullie dat? | How long do you keep that?", "how_long"),
    ("lessons_learned", "Wat ging er mis? | What went wrong?", ""),
]


@pytest.fixture(scope="module")
def context(wording: Wording) -> Context:
    """What the dialogue knows of the real course."""
    return Context(
        now=datetime(2026, 3, 2, tzinfo=UTC),
        course=wording.course,
        match=lambda text, language: Match(),
        check_email=lambda text: EmailCheck(address=None),
        check_phone=lambda text: None,
        new_token=lambda: "abc123",
        new_reference=lambda: "K7RM-42XD",
    )


@pytest.mark.parametrize("language", [0, 1], ids=["nl", "en"])
@pytest.mark.parametrize(("topic", "asked", "point"), POINTS)
def test_what_is_asked_of_a_topic_is_seen(context: Context, topic: str, asked: str, point: str, language: int) -> None:
    """A person who asks whether it is online gets that said first."""
    assert point_of(topic, asked.split(" | ")[language], ("nl", "en")[language], context) == point


def test_a_long_text_asks_for_the_whole_topic(context: Context) -> None:
    """Where many things are named, none of them is taken for the one that is asked."""
    assert point_of("form_location", "online " * 60, "nl", context) == ""


def test_a_course_without_such_words_answers_the_topic(context: Context) -> None:
    """Another course needs no points."""
    bare = replace(context, course=replace(context.course, spellings={"nl": {}, "en": {}}))
    assert point_of("form_location", "is het online?", "nl", bare) == ""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_point_has_its_answer(wording: Wording, language: str) -> None:
    """Each point that has words has a text of its own, which Telegram takes; both languages have the same points."""
    points = wording.course.spellings[language]["points"]
    assert set(points) == set(wording.course.spellings["nl"]["points"])
    for one in points:
        topic, _, point = one.partition("/")
        shown = wording.message(f"topic/{topic}", language, {"point": point}, "telegram")
        whole = wording.message(f"topic/{topic}", language, {"point": ""}, "telegram")
        assert faults(shown.html) == []
        assert 0 < parsed_length(shown.html) <= MESSAGE_LIMIT
        assert (shown.text != whole.text) is (one not in PLAIN), one


def test_a_point_of_no_topic_is_named(broken: Broken) -> None:
    """An editor who misspells the topic of a point is told so."""
    broken.replace("nl/spellings.toml", '"dates/why"', '"datums/why"')
    assert any("points has no value datums/why" in line for line in broken.found())
