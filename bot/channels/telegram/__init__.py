"""Telegram: updates become events, the outbox sends. Nowhere else are python-telegram-bot's types known."""

from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.channels.telegram.setup import TokenRefused
from bot.channels.telegram.webhook import WebhookAddress

__all__ = ["TelegramChannel", "TelegramSettings", "TokenRefused", "WebhookAddress"]
