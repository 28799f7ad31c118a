"""Wording: loads, checks and renders messages/."""

from bot.wording.records import Mail, Problem, Rendered, TelegramTexts, WordingError
from bot.wording.render import Wording
from bot.wording.shelf import FILE as SHELF

__all__ = ["SHELF", "Mail", "Problem", "Rendered", "TelegramTexts", "Wording", "WordingError"]
