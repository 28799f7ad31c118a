"""The web channel: the chat page, its API, and what operators' tools ask."""

from bot.channels.desk import Desk
from bot.channels.web.app import web_app
from bot.channels.web.events import Listeners, Transcript
from bot.channels.web.sessions import Session, Sessions
from bot.web.limits import Limits, Rate

__all__ = ["Desk", "Limits", "Listeners", "Rate", "Session", "Sessions", "Transcript", "web_app"]
