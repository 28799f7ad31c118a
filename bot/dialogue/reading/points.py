"""What of a topic a question is about, so that what it asks is said first: "is it online?", "which publications?"."""

from collections.abc import Mapping

from bot.dialogue.context import Context
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.numbers import people_meant
from bot.dialogue.reading.spelling import options_meant

_LONGEST = 300  #: characters; in a longer text many things are named


def point_of(topic: str, text: str, language: str, context: Context) -> str:
    """
    The point of ``topic`` that ``text`` names, as spellings.toml has it under "topic/point"; empty for none. Of
    several it is the one that stands first there.

    Of a topic with the points "fewer", "fits" and "more" a number of people is a point too: by the size of a group.
    """
    points = {
        name.partition("/")[2]: ways
        for name, ways in spellings_of("points", language, context).items()
        if name.startswith(f"{topic}/")
    }
    if not points or len(text) > _LONGEST:
        return ""
    meant = options_meant(text, points, slips=False)
    return _by_size(points, text, language, context) or next((point for point in points if point in meant), "")


def _by_size(points: Mapping[str, tuple[str, ...]], text: str, language: str, context: Context) -> str:
    if "fits" not in points:
        return ""
    ranges = spellings_of("range", language, context)
    people = people_meant(text, spellings_of("numbers", language, context), ranges.get("between", ()))
    if people is None:
        return ""
    smallest, largest = context.course.participants
    return "fewer" if people < smallest else "more" if people > largest else "fits"
