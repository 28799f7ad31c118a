"""The settings: environment and ``.env`` into one typed, frozen object; nothing else reads the environment."""

from bot.settings.errors import SettingsError
from bot.settings.loading import load_settings
from bot.settings.model import Settings

__all__ = ["Settings", "SettingsError", "load_settings"]
