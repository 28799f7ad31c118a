"""The settings: environment and ``.env`` into one typed, frozen object; nothing else reads the environment."""

from bot.settings.loading import load_settings
from bot.settings.model import Settings
from bot.settings.problems import SettingsError

__all__ = ["Settings", "SettingsError", "load_settings"]
