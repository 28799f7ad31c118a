"""Wording: loads, checks and renders messages/."""

from bot.wording.records import Mail, Problem, Rendered, TelegramTexts, WordingError
from bot.wording.render import Wording

__all__ = ["Mail", "Problem", "Rendered", "TelegramTexts", "Wording", "WordingError"]
