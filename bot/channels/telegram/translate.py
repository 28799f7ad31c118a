"""From Telegram's updates to the dialogue's events. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.dialogue.records import Event, Kind, Tapped

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

_ADDRESSED = re.compile(r"(?P<command>/\w+)@(?P<name>\w+)")


@dataclass(frozen=True, kw_only=True)
class Here:
    """What an update is judged by: who we are and where staff are."""

    staff_chat: int | None = None
    username: str | None = None  #: the bot's; None until it is known


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """A group became a supergroup, which has another id."""

    old: int
    new: int


def address(chat_id: int) -> str:
    """The chat's name in the rest of the program."""
    return f"telegram:{chat_id}"


def translate(update: Update, here: Here, at: datetime) -> Event | Migrated | None:
    """What happened, reaching us ``at``; None for what is not for us."""
    if update.callback_query:
        return _choice(update.update_id, update.callback_query, here, at)
    if update.message:
        return _migration(update.message) or _message(update.update_id, update.message, here, at)
    if update.edited_message:
        return _edited(update.update_id, update.edited_message, here, at)
    return None


def _migration(message: Message) -> Migrated | None:
    if message.migrate_to_chat_id:
        return Migrated(old=message.chat.id, new=message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Migrated(old=message.migrate_from_chat_id, new=message.chat.id)
    return None


def _choice(number: int, query: CallbackQuery, here: Here, at: datetime) -> Event | None:
    message = query.message
    if message is None or not query.data or not _served(message.chat.id, message.chat.type, here):
        return None
    seen = message if isinstance(message, Message) else None
    return Event(
        id=str(number), chat=address(message.chat.id), at=at, kind=Kind.CHOICE, text=query.data,
        language=query.from_user.language_code, tapped=Tapped(message_id=message.message_id, html=_html(seen)),
    )  # fmt: skip


def _html(message: Message | None) -> str:
    """The text of a message as HTML; empty where Telegram does not give it."""
    if message is None:
        return ""
    return (message.text_html if message.text else message.caption_html) or ""


def _message(number: int, message: Message, here: Here, at: datetime) -> Event | None:
    kind, text, own = _content(message, here)
    if kind is None or not _from_person(message):
        return None
    if not _served(message.chat.id, message.chat.type, here) and text.split(maxsplit=1)[:1] != ["/chatid"]:
        return None
    event = _event(number, message, at, kind, text, own)
    return replace(event, replied_text=_own_text(message.reply_to_message, here))


def _own_text(message: Message | None, here: Here) -> str:
    """The text of a message of ours; empty for anyone else's."""
    if message is None or message.from_user is None or not message.from_user.is_bot:
        return ""
    ours = here.username is None or (message.from_user.username or "").lower() == here.username.lower()
    return (message.text or message.caption or "") if ours else ""


def _edited(number: int, message: Message, here: Here, at: datetime) -> Event | None:
    text = message.text or message.caption  # a live location is edited all the time, and says nothing
    if not text or not _from_person(message) or not _served(message.chat.id, message.chat.type, here):
        return None
    return _event(number, message, at, Kind.EDITED, text, own=True)


def _event(number: int, message: Message, at: datetime, kind: Kind, text: str, own: bool) -> Event:
    answered = message.reply_to_message
    return Event(
        id=str(number), chat=address(message.chat.id), at=at, kind=kind, text=text, own=own,
        language=message.from_user.language_code if message.from_user else None,
        replied_to=answered.message_id if answered else None,
    )  # fmt: skip


def _content(message: Message, here: Here) -> tuple[Kind | None, str, bool]:
    """The kind of message, its text, and whether a contact is the person's own."""
    if message.text:
        text = _own_command(message.text, here.username)
        return (Kind.TEXT if text else None), text, True
    if message.contact:
        own = message.from_user is not None and message.contact.user_id == message.from_user.id
        return Kind.PHONE, _number(message.contact.phone_number, own), own
    if message.effective_attachment and not message.successful_payment:
        return Kind.ATTACHMENT, message.caption or "", True
    return None, "", True


def _number(number: str, own: bool) -> str:
    """Telegram gives a person's own number in full, but without its plus."""
    return f"+{number}" if own and not number.startswith("+") else number


def _own_command(text: str, username: str | None) -> str:
    """``/help@our_bot`` as ``/help``; empty when it is another bot's command."""
    addressed = _ADDRESSED.match(text)
    if not addressed:
        return text
    if username and addressed["name"].lower() != username.lower():
        return ""
    return addressed["command"] + text[addressed.end() :]


def _from_person(message: Message) -> bool:
    """Bots are not served; staff who write as the group itself are."""
    as_group = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    return as_group or (message.from_user is not None and not message.from_user.is_bot)


def _served(chat_id: int, chat_type: str, here: Here) -> bool:
    """Private chats and the staff chat; of other groups only ``/chatid`` is answered."""
    return chat_type == ChatType.PRIVATE or chat_id == here.staff_chat
