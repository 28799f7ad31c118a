"""What is checked of every short text of a TOML file: that it is there, fits, renders, and holds no fact."""

from collections.abc import Iterable, Mapping

from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.records import WordingError
from bot.wording.tables import Table


def check_there(table: Table, path: tuple[str, ...], names: Iterable[str]) -> None:
    """Note which of these names the table at ``path`` does not have."""
    there = table.section(*path)
    for name in names:
        if name not in there:
            table.problem(f"[{'.'.join(path)}] has no {name}" if path else f"{name} is missing", *path)


def check_length(table: Table, text: str, limit: int, *path: str) -> None:
    """Note a text that is longer than where it is shown has room for."""
    if len(text) > limit:
        table.problem(f"{text!r} has {len(text)} characters; at most {limit} fit", *path)


def check_prose(table: Table, section: tuple[str, ...], texts: Mapping[str, str], prose: Prose) -> None:
    """Note facts, numbers and addresses that stand in these texts."""
    for key, text in texts.items():
        for _, problem in prose.in_template(text):
            table.problem(problem, *section, key)


def check_renders(language: Language, table: Table, section: tuple[str, ...], texts: Mapping[str, str]) -> None:
    """Note which of these texts cannot be shown."""
    for key, text in texts.items():
        try:
            language.short(text)
        except WordingError as error:
            table.problem("; ".join(one.text for one in error.problems), *section, key)
