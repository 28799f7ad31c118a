"""What is wrong in a messages folder, by file and line."""

from bot.wording.catalogue import Catalogue
from bot.wording.records import Problem


def examine(catalogue: Catalogue) -> list[Problem]:
    """All problems of a folder that could be read."""
    return sorted({problem for table in catalogue.all_tables() for problem in table.problems})
