"""From a free text to the topic it asks about, and to what it does."""

from bot.questions.acts import Acts
from bot.questions.matcher import Matcher
from bot.questions.phrases import UnreadablePhrases
from bot.questions.weights import DamagedWeights

__all__ = ["Acts", "DamagedWeights", "Matcher", "UnreadablePhrases"]
