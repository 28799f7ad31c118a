"""What Telegram's errors mean for a message that was to be delivered."""

import re

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.request import TooManyRequests
from bot.channels.telegram.translate import address
from bot.outbox import Gone, Later, Moved, NotDelivered, Refused

_QUOTED = re.compile(r'"[^"]*"')
_NOT_MODIFIED = "message is not modified"
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")
_NOBODY = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message already is as wanted."""
    return isinstance(error, BadRequest) and _NOT_MODIFIED in error.message.lower()


def outcome(error: Exception, *, person: bool) -> NotDelivered:
    """The outbox's word for an error; ``person``: whether the chat is somebody's own, not staff's and not a group."""
    if isinstance(error, TooManyRequests):
        return Later(error.seconds, "429")
    if isinstance(error, ChatMigrated):
        return Moved(address(error.new_chat_id), "the group became a supergroup")
    if isinstance(error, Forbidden):
        return (Gone if person else Refused)(_reason(error))
    if isinstance(error, BadRequest):
        return _bad_request(error, person=person)
    if isinstance(error, InvalidToken):
        return Later(None, "the bot's token is refused")
    if isinstance(error, NetworkError | Conflict | TelegramError):
        return Later(None, _reason(error))
    return Later(None, f"nonsense answer ({type(error).__name__})")


def _bad_request(error: BadRequest, *, person: bool) -> NotDelivered:
    text = error.message.lower()
    if any(part in text for part in _NOT_EDITABLE) or (person and any(part in text for part in _NOBODY)):
        return Gone(_reason(error))
    return Refused(_reason(error))


def _reason(error: TelegramError) -> str:
    """The error in words that hold nothing a person wrote: Telegram quotes what it could not read."""
    return _QUOTED.sub('"…"', f"{type(error).__name__}: {error.message}")[:200]
