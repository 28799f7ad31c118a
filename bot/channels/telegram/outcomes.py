"""What Telegram's errors mean for a message that was to be delivered."""

import re
from collections.abc import Mapping

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.request import TooManyRequests
from bot.channels.telegram.translate import address
from bot.outbox import Gone, Later, Moved, NotDelivered, NoTopic, Refused
from bot.outbox.sending import Lost

_QUOTED = re.compile(r'"[^"]*"')
_NOT_MODIFIED = ("message is not modified", "message_not_modified", "topic_not_modified")
_NO_REACTION = ("reaction", "message to react not found", "message_id_invalid", "message not found")
_NOT_EDITABLE = (
    "message to edit not found", "message to delete not found", "message can't be edited", "message_id_invalid",
    "message identifier", "message_edit_time_expired", "message_author_required", "message_deleted",
)  # fmt: skip
_NO_TOPIC: Mapping[str, Lost] = {
    "message thread not found": "gone",
    "topic_deleted": "gone",
    "topic_id_invalid": "gone",
    "thread_id_invalid": "gone",
    "topic_closed": "closed",
    "not a forum": "none",
    "forum_missing": "none",
    "to create a topic": "right",
    "the topic": "right",  # to edit it, or to delete it
}
#: What a 400 says where nobody gets a message that goes to one person. The Bot API has words for most of these and says
#: 403 then; what it does not know comes through as Telegram's own error (https://core.telegram.org/method/messages.sendMessage).
_NOBODY = re.compile(
    r"chat[ _]not[ _]found|user[ _]not[ _]found|(peer|chat|user|bot|input_user|channel)(_id)?_invalid"
    r"|(user|account)( is |_| has been )(deactivated|deleted|blocked|restricted)|user_is_(blocked|bot|deleted)"
    r"|input_user_(deactivated|deleted)|you_blocked_user|you_were_blocked|blocked by the user|bot_was_blocked"
    r"|can't (initiate conversation|send messages to)|privacy_(restricted|premium_required)|premium_required"
    r"|chat[ _]is[ _]deactivated|user_privacy|allow_payment_required|chat_write_forbidden|chat_forbidden"
)
#: what a 400 says where a group takes nothing from us at all, whatever the message
_CLOSED = re.compile(
    r"not enough rights|(have )?no rights|need administrator|chat_admin_required|admin(istrator)?_?( is )?required"
    r"|chat_restricted|chat_guest_send_forbidden|chat_send_\w+_forbidden|channel_private|no write access|not a member"
    r"|was kicked|bot is not|group chat was|user_banned_in_channel|chat is not available|slowmode"
)


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message already is as wanted."""
    return isinstance(error, BadRequest) and any(part in error.message.lower() for part in _NOT_MODIFIED)


def no_reaction(error: TelegramError) -> bool:
    """Whether a sign under a message was refused: the chat takes none or not this one, or the message is gone."""
    return any(part in error.message.lower() for part in _NO_REACTION)


def no_topic(error: Exception) -> NoTopic | None:
    """What an error says of the topic that something was to stand in, or that was to be changed; None: nothing."""
    if not isinstance(error, BadRequest):
        return None
    text = error.message.lower()
    return next((NoTopic(_reason(error), why) for part, why in _NO_TOPIC.items() if part in text), None)


def outcome(error: Exception, *, person: bool) -> NotDelivered:
    """The outbox's word for an error; ``person``: whether the chat is somebody's own, not staff's and not a group."""
    if isinstance(error, NoTopic):
        return error
    if isinstance(error, TooManyRequests):
        return Later(error.seconds, "429")
    if isinstance(error, ChatMigrated):
        return Moved(address(error.new_chat_id), "the group became a supergroup")
    if isinstance(error, Forbidden):
        return Gone(_reason(error)) if person else Refused(_reason(error), closed=True)
    if isinstance(error, BadRequest):
        return _bad_request(error, person=person)
    if isinstance(error, InvalidToken):
        return Later(None, "the bot's token is refused")
    if isinstance(error, NetworkError | Conflict | TelegramError):
        return Later(None, _reason(error))
    return Later(None, f"nonsense answer ({type(error).__name__})")


def _bad_request(error: BadRequest, *, person: bool) -> NotDelivered:
    text = error.message.lower()
    if found := no_topic(error):
        return found
    if any(part in text for part in _NOT_EDITABLE) or (person and _NOBODY.search(text)):
        return Gone(_reason(error))
    return Refused(_reason(error), closed=bool(_CLOSED.search(text) or _NOBODY.search(text)))


def _reason(error: TelegramError) -> str:
    """The error in words that hold nothing a person wrote: Telegram quotes what it could not read."""
    return _QUOTED.sub('"…"', f"{type(error).__name__}: {error.message}")[:200]
