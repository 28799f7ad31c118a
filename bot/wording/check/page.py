"""What is wrong with page.toml: the strings of the web page."""

from bot.wording import keys
from bot.wording.check.texts import check_prose, check_renders, check_there
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.tables import Table


def check_page(language: Language, prose: Prose) -> None:
    """Note in page.toml what is wrong with it."""
    table = language.tables["page"]
    check_there(table, (), keys.PAGE)
    check_prose(table, (), table.texts(), prose)
    check_renders(language, table, (), table.texts())
    _check_first_choices(language, table)


def _check_first_choices(language: Language, table: Table) -> None:
    """Note what of the buttons that are offered first is no topic."""
    for choice in table.text("first_choices").split():
        kind, _, topic = choice.partition(":")
        if kind != "topic" or topic not in language.labels.sections["topics"]:
            table.problem(f"{choice} is no topic: write topic:… as under [topics] in labels.toml", "first_choices")
