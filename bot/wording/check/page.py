"""What is wrong with page.toml: the strings of the web page."""

from bot.wording import keys
from bot.wording.check.texts import check_prose, check_renders, check_there
from bot.wording.language import Language
from bot.wording.prose import Prose


def check_page(language: Language, prose: Prose) -> None:
    """Note in page.toml what is wrong with it."""
    table = language.tables["page"]
    check_there(table, (), keys.PAGE)
    check_prose(table, (), table.texts(), prose)
    check_renders(language, table, (), table.texts())
