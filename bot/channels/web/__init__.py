"""The web channel: the chat page, its API, and what operators' tools ask."""

from bot.channels.web.app import WebSettings, web_app
from bot.channels.web.events import Listeners
from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.stored import StoredChats
from bot.web.limits import Limits, Rate

__all__ = ["Limits", "Listeners", "Rate", "Session", "Sessions", "StoredChats", "WebSettings", "web_app"]
