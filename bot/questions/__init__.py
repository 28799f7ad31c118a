"""From a free-text question to a topic."""

from bot.questions.matcher import Matcher

__all__ = ["Matcher"]
