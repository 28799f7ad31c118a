"""course.toml: the languages, the topics and the menu."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.dialogue.context import Topic
from bot.dialogue.intents import Name
from bot.dialogue.reading.commands import COMMANDS
from bot.wording.facts import CODE
from bot.wording.files import endless
from bot.wording.records import WordingError
from bot.wording.tables import Table

#: topics that a command answers with, in every course
COMMAND_TOPICS = frozenset(value for name, value in COMMANDS.values() if name is Name.TOPIC)
UNPUBLISHED = "questions/unpublished"  #: of a language: the phrases of what is not published, a file a subject
_REGION = re.compile("[A-Z]{2}")
T = TypeVar("T")
Group = tuple[str, tuple[str, ...], tuple[str, ...]]  #: its id, its topics, its other buttons


def read_languages(folder: Path) -> tuple[str, ...]:
    """The languages of the course in a messages folder, the default first; raises WordingError where it names none."""
    if unread := endless(folder):
        raise WordingError(unread)
    return _alone(folder, languages_of)


def read_zone(folder: Path) -> ZoneInfo:
    """The time zone of the course in a messages folder; raises WordingError where it names none that is known."""
    return _alone(folder, zone_of)


def _alone(folder: Path, read: Callable[[Table], T]) -> T:
    table = Table(folder, "course.toml")
    found = read(table)
    if table.problems:
        raise WordingError(tuple(table.problems))
    return found


def read_small_talk(folder: Path) -> frozenset[str]:
    """The topics of the course in a messages folder that people come to by typing alone; none where none are named."""
    return frozenset(Table(folder, "course.toml").names("small_talk"))


def languages_of(table: Table) -> tuple[str, ...]:
    """The course's languages, the default first."""
    languages = table.names("languages")
    if not languages:
        table.problem('languages is missing; write, for example, languages = ["nl"]', "languages")
    for code in languages:
        if not CODE.fullmatch(code):
            table.problem(f"{code!r} is no code of a language, such as nl", "languages")
    return tuple(code for code in languages if CODE.fullmatch(code))


def zone_of(table: Table) -> ZoneInfo:
    """The time zone that times are shown in; UTC, with a problem noted, where there is no such zone."""
    name = table.values.get("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        table.problem(f"{name!r} is no time zone this machine knows", "timezone")
        return ZoneInfo("UTC")


def phone_regions_of(table: Table, languages: Sequence[str]) -> tuple[str, ...]:
    """
    Where a telephone number without a country code is of, as "NL", and the neighbours whose numbers look the same.

    A folder that names none has that of its first language, which is none for some: "en" is of no country.
    """
    regions = table.names("phone_regions")
    for region in regions:
        if not _REGION.fullmatch(region):
            table.problem(f"{region!r} is no code of a country, such as NL", "phone_regions")
    return regions or (languages[0].upper(),)


def groups_of(table: Table) -> tuple[Group, ...]:
    """The groups of the menu, in order."""
    menu = table.values.get("menu", ())
    return tuple((group["id"], tuple(group.get("topics", ())), tuple(group.get("buttons", ()))) for group in menu)


def waiting_topics(
    folder: Path, codes: Sequence[str], topics: Iterable[str], facts: Mapping[str, Any]
) -> frozenset[str]:
    """
    The topics that are not published yet: whose phrases stand in questions/unpublished/ in some language, or that have
    no answer and no phrases in any.

    ``facts`` are those of some language: a topic whose fact of the same name is known is published.
    """
    found = {path.stem for code in codes for path in (folder / code / UNPUBLISHED).glob("*.txt")}
    found |= {topic for topic in topics if not any(_has_words(folder / code, topic) for code in codes)}
    return frozenset(name for name in found if facts.get(name) is None)


def _has_words(folder: Path, topic: str) -> bool:
    return (folder / "topic" / f"{topic}.html").exists() or (folder / "questions" / f"{topic}.txt").exists()


def without(groups: tuple[Group, ...], waiting: frozenset[str]) -> tuple[Group, ...]:
    """The menu without the topics that are not published yet."""
    return tuple((group, tuple(one for one in topics if one not in waiting), rest) for group, topics, rest in groups)


def topics_of(table: Table, groups: tuple[Group, ...], waiting: frozenset[str] = frozenset()) -> dict[str, Topic]:
    """The topics by id, each with its menu group, but for those that are not published yet."""
    group_of = {topic: group for group, topics, _ in groups for topic in topics}
    return {
        topic: Topic(
            id=topic,
            group=group_of.get(topic),
            next=tuple(other for other in table.names("topics", topic, "next") if other not in waiting),
            offer=table.names("topics", topic, "offer"),
            yes=next(iter(table.names("topics", topic, "yes")), None),
            about=tuple(other for other in table.names("topics", topic, "about") if other not in waiting),
        )
        for topic in table.section("topics")
        if topic not in waiting
    }


def menu_groups(groups: tuple[Group, ...]) -> tuple[tuple[str, int], ...]:
    """The groups of the menu, each with the number of its rows."""
    return tuple((group[0], len(menu_rows((group,)))) for group in groups)


def menu_rows(groups: tuple[Group, ...]) -> tuple[tuple[str, ...], ...]:
    """The menu as rows of button ids: topics two a row, other buttons each on its own; a group starts a row."""
    rows: list[tuple[str, ...]] = []
    for _, topics, buttons in groups:
        ids = [f"topic:{topic}" for topic in topics]
        rows += [tuple(ids[start : start + 2]) for start in range(0, len(ids), 2)]
        rows += [(button,) for button in buttons]
    return tuple(rows)


def participants_of(table: Table, facts: Mapping[str, Any]) -> tuple[int, int]:
    """The smallest and the largest group: the facts that course.toml names; 1 and 999 where it names none."""
    smallest, largest = _size(table, facts, "smallest", 1), _size(table, facts, "largest", 999)
    if smallest > largest:
        table.problem(f"the smallest group, {smallest}, is larger than the largest, {largest}", "participants")
    return smallest, largest


def _size(table: Table, facts: Mapping[str, Any], name: str, otherwise: int) -> int:
    fact = table.section("participants").get(name)
    value = facts.get(fact) if fact else otherwise
    if type(value) is int:  # true and false are int too
        return value
    text = f"{name} must name a fact that is a whole number: in facts.toml, {fact} is none"
    table.problem(text, "participants", name)
    return otherwise


def check_course(table: Table, groups: tuple[Group, ...], topics: Mapping[str, Topic], messages: set[str]) -> None:
    """Note in ``table`` topics that cannot be reached, that do not exist, or that stand in two groups."""
    seen = _check_menu(table, groups, topics)
    for name, topic in topics.items():
        for other in (*topic.next, *topic.about):
            if other not in topics:
                table.problem(f"{name} goes on to the unknown topic {other}", "topics", name, "next")
    for name in sorted(COMMAND_TOPICS - set(topics)):
        table.problem(f"[topics.{name}] is missing: the command /{name} answers with it", "topics")
    reachable = _reachable(seen, topics)
    for name in sorted(set(topics) - reachable - set(table.names("small_talk"))):
        table.problem(f"topic {name} cannot be reached from the menu, and is no small talk", "topics", name)
    for name in sorted(messages - set(topics)):
        table.problem(f"topic/{name} has a message, but course.toml has no [topics.{name}]", "topics")


def _check_menu(table: Table, groups: tuple[Group, ...], topics: Mapping[str, Topic]) -> set[str]:
    """The topics of the menu; note in ``table`` those that stand there twice, or that do not exist."""
    seen: set[str] = set()
    for group, members, _ in groups:
        for member in members:
            if member in seen:
                table.problem(f"topic {member} stands in the menu twice", "menu")
            if member not in topics:
                table.problem(f"menu group {group} names the unknown topic {member}", "menu")
            seen.add(member)
    return seen


def _reachable(start: set[str], topics: Mapping[str, Topic]) -> set[str]:
    """The topics one comes to from ``start`` by "what people ask next"."""
    known, waiting = set(start), list(start)
    while waiting:
        topic = topics.get(waiting.pop())
        fresh = [other for other in (topic.next if topic else ()) if other not in known]
        known.update(fresh)
        waiting += fresh
    return known
