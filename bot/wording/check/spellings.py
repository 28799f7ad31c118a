"""What is wrong with spellings.toml: how people write options, fields and ways through the conversation."""

from bot.dialogue.reading.commands import COMMANDS, GROUP
from bot.dialogue.reading.numbers import LARGEST
from bot.dialogue.reading.spelling import folded
from bot.wording import keys
from bot.wording.catalogue import Catalogue
from bot.wording.check.texts import check_there
from bot.wording.language import Language
from bot.wording.tables import Table

NUMBERS = tuple(map(str, range(1, 21)))  #: those that must have their words; more may


def check_spellings(catalogue: Catalogue, language: Language) -> None:
    """Note where a spelling points to two values, and groups and values that do not exist."""
    table = language.tables["spellings"]
    known: dict[str, tuple[str, ...]] = {field.name: field.options for field in catalogue.form.fields if field.options}
    given = language.of_facts()  # how those are written follows from the fact
    known |= {"fields": tuple(catalogue.declared), "language": catalogue.codes, "navigation": keys.NAVIGATION}
    known |= keys.ANSWERING | keys.NOT_NEEDED | {"numbers": NUMBERS, "asides": tuple(catalogue.topics)}
    known[GROUP] = tuple(COMMANDS)
    known["points"] = tuple(one for one in table.section("points") if one.partition("/")[0] in catalogue.topics)
    for group in table.values:
        if group not in known:
            table.problem(f"{group} is no group; these are: {', '.join(known)}", group)
            continue
        also = keys.MORE.get(group, ())
        meant: dict[str, str] = {}
        for value in table.section(group):
            if group not in ("language", "numbers") and value not in (*known[group], *also):
                table.problem(f"{group} has no value {value}; these are: {', '.join(known[group])}", group, value)
            if group == "numbers" and not (value.isdecimal() and 1 <= int(value) <= LARGEST):
                table.problem(f"{value} is no whole number from 1 to {LARGEST}", group, value)
            _check_ways(table, group, value, meant)
    for group, values in known.items():
        if group not in ("language", "asides", "points", GROUP, *keys.NOT_NEEDED, *given):
            check_there(table, (group,), values)


def _check_ways(table: Table, group: str, value: str, meant: dict[str, str]) -> None:
    for way in table.names(group, value):
        other = meant.setdefault(folded(way), value)
        if other != value and group not in keys.BY_PLACE:
            table.problem(f"{way!r} points to {other} and to {value}", group, value)
        if not folded(way):
            table.problem(f"{way!r} has no letter or digit to know it by", group, value)
