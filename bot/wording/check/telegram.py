"""What is wrong with telegram.toml: what Telegram shows of the bot."""

import re
from collections.abc import Collection

from bot.wording.check.raw import check_raw_labels
from bot.wording.check.texts import check_length, check_prose, check_renders
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.records import TelegramTexts
from bot.wording.tables import Table

LIMITS = {"description": 512, "short_description": 120}  #: characters
COMMAND_LIMIT = 256  #: characters of a command's description
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def check_telegram(language: Language, prose: Prose) -> None:
    """Note in telegram.toml what is wrong with it."""
    table = language.tables["telegram"]
    for section in ((), ("commands",), ("staff_commands",)):
        texts = table.texts(*section)
        check_prose(table, section, texts, prose)
        check_renders(language, table, section, texts)
        check_raw_labels(table, iter([(section, texts)]), language.commands())
    if table.problems:
        return
    shown = language.telegram()
    for name, limit in LIMITS.items():
        check_length(table, getattr(shown, name), limit, name)
    _check_commands(table, shown, language.commands())


def _check_commands(table: Table, shown: TelegramTexts, known: Collection[str]) -> None:
    for section, commands in (("commands", shown.commands), ("staff_commands", shown.staff_commands)):
        for command, description in commands.items():
            if not _COMMAND.fullmatch(command):
                table.problem(f"{command!r}: a command has small letters, digits and _ only", section, command)
            elif section == "commands" and command not in known:
                these = ", ".join(sorted(known))
                table.problem(f"the bot knows no command {command}; these are: {these}", section, command)
            check_length(table, description, COMMAND_LIMIT, section, command)
