"""What is wrong with page.toml: the strings of the web page."""

from bot.wording import keys
from bot.wording.check.raw import check_raw_labels
from bot.wording.check.texts import check_prose, check_renders, check_there
from bot.wording.language import Language
from bot.wording.prose import Prose


def check_page(language: Language, prose: Prose, choices: tuple[str, ...]) -> None:
    """Note in page.toml what is wrong with it; ``choices``: those of the topics."""
    table = language.tables["page"]
    check_there(table, (), keys.PAGE)
    check_prose(table, (), table.texts(), prose)
    check_raw_labels(table, iter([((), table.texts())]), language.commands())
    check_renders(language, table, (), table.texts())
    first = table.values.get("first_choices", "")
    for choice in first.split() if isinstance(first, str) else ():
        if choice not in choices:
            table.problem(f"{choice} is no topic; these are: {', '.join(choices)}", "first_choices")
