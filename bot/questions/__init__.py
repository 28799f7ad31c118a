"""From a free-text question to a topic."""

from bot.questions.matcher import Matcher
from bot.questions.phrases import UnreadablePhrases
from bot.questions.weights import DamagedWeights

__all__ = ["DamagedWeights", "Matcher", "UnreadablePhrases"]
