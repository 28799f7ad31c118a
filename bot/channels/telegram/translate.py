"""From Telegram's updates, as the plain data they are, to the dialogue's events. Pure, and never raises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.telegram.actors import actor_of
from bot.channels.telegram.content import Card, Content, Unread, Words, content, other_words, typed
from bot.channels.telegram.entities import as_html
from bot.channels.telegram.fields import Json, items, number, part, words
from bot.dialogue.events import (
    Chosen,
    Edited,
    Event,
    Said,
    SentAttachment,
    SharedPhone,
    Tapped,
    Typed,
    chat_address,
    id_of,
)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
KEPT = timedelta(hours=24)  #: how long Telegram keeps an update for us (https://core.telegram.org/bots/api#getupdates)

_ADDRESSED = re.compile(r"(?P<command>/\w+)@(?P<name>\w+)")
#: what is put into a group without somebody typing it there: no command of staff's
_NOT_TYPED_HERE = frozenset(
    ("forward_origin", "forward_date", "via_bot", "sender_business_bot", "guest_bot_caller_user")
)


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
    return chat_address("telegram", chat_id)


def chat_id(address: str | None) -> int | None:
    """What Telegram calls the chat with this address."""
    return int(id_of(address)) if address else None


def translate(update: Json, here: Here, at: datetime) -> Event | Migrated | None:
    """What happened, reaching us ``at``; None for what is not for us, or tells not even in which chat it was."""
    query = part(update, "callback_query")
    if query:
        return _choice(update, query, here, at)
    message = part(update, "message")
    if message:
        return _migration(message) or _message(update, message, here, at)
    return _edited(update, part(update, "edited_message"), here, at)


def unread(update: Json, here: Here, at: datetime) -> Event | None:
    """A person's message of which nothing is read but that there is one, so that it is answered all the same."""
    message = part(update, "message")
    chat = _chat(message)
    if chat is None or chat < 0 or not _from_person(message, chat):
        return None
    return SentAttachment(**_circumstances(update, message, at, here))


def album(update: Json) -> tuple[int, str] | None:
    """The chat and name of the album that the update's photo is one of."""
    message = part(update, "message")
    chat, group = _chat(message), words(message, "media_group_id")
    return (chat, group) if chat is not None and group else None


def has_words(update: Json) -> bool:
    """Whether its message has words to read."""
    message = part(update, "message")
    return bool(typed(message) or other_words(message))


def _chat(message: Json) -> int | None:
    return number(part(message, "chat"), "id")


def _migration(message: Json) -> Migrated | None:
    chat = _chat(message)
    new, old = number(message, "migrate_to_chat_id"), number(message, "migrate_from_chat_id")
    if chat and new:
        return Migrated(old=chat, new=new)
    return Migrated(old=old, new=chat) if chat and old else None


def _choice(update: Json, query: Json, here: Here, at: datetime) -> Event | None:
    """
    A tap. Pressed again under the same message it is the same: that message has no buttons once it was answered. Not
    in the staff chat: there several people tap, and the same button comes back.
    """
    message, data = part(query, "message"), words(query, "data")
    chat = _chat(message)
    if chat is None or not data or not _served(chat, here):
        return None
    tapped = number(message, "message_id")
    staff = chat == here.staff_chat
    again = None if tapped is None or staff else f"tap:{tapped}:{data}"
    return Chosen(
        id=_id(update, query, at), once=again,
        chat=address(chat), at=at, button=data, actor=actor_of(query), language=_language(query),
        thread=_thread(message), tapped=None if tapped is None else _tapped(tapped, message, staff=staff),
    )  # fmt: skip


def _tapped(tapped: int, message: Json, *, staff: bool) -> Tapped:
    """The message under which a button was tapped; of staff's with what it answers, as Telegram still has it."""
    answered = _answered(message) if staff else {}
    which, text, sent = number(answered, "message_id"), typed(answered), number(answered, "date")
    if not which or not text or not sent:
        return Tapped(message_id=tapped, html=_html(message))
    said = Said(message_id=which, text=text, at=datetime.fromtimestamp(sent, UTC), by=actor_of(answered))
    return Tapped(message_id=tapped, html=_html(message), answers=said)


def _html(message: Json) -> str:
    text = words(message, "text")
    if text:
        return as_html(text, items(message, "entities"))
    return as_html(words(message, "caption"), items(message, "caption_entities"))


def _message(update: Json, message: Json, here: Here, at: datetime) -> Event | None:
    chat = _chat(message)
    if chat is None or not _from_person(message, chat):
        return None
    said = _in_group(message, here) if chat < 0 or chat == here.staff_chat else _in_private(message, here)
    if said is None or not (_served(chat, here) or _asks_chat_id(said)):
        return None
    return _event(said, message, _circumstances(update, message, at, here))


def _asks_chat_id(said: Content) -> bool:
    return isinstance(said, Words) and said.text.split(maxsplit=1)[:1] == ["/chatid"]


def _in_private(message: Json, here: Here) -> Content | None:
    said = content(message)
    return Words(_own_command(said.text, here.username) or said.text) if isinstance(said, Words) else said


def _in_group(message: Json, here: Here) -> Content | None:
    """
    What staff say: text that somebody typed here. Anything else is not passed on to people, and staff are told so.

    The channel that a group is linked to speaks to nobody in particular; what is forwarded is no command.
    """
    said = content(message)
    if said is None or message.get("is_automatic_forward"):
        return None
    if not typed(message) or not _typed_here(message):
        return Unread()
    text = _own_command(typed(message), here.username)
    return Words(text) if text else None


def _typed_here(message: Json) -> bool:
    sender = part(message, "sender_chat")
    return _NOT_TYPED_HERE.isdisjoint(message) and (not sender or number(sender, "id") == _chat(message))


def _edited(update: Json, message: Json, here: Here, at: datetime) -> Event | None:
    """
    A message that its sender changed. Telegram tells of a reaction or a link preview in the same way.

    It does so without ``edit_date``, or with the one of a change long ago: each change is told once.
    """
    chat, edited = _chat(message), number(message, "edit_date")
    text = typed(message) or other_words(message)  # a live location is edited all the time, and says nothing
    if chat is None or not edited or not text or not _served(chat, here) or not _from_person(message, chat):
        return None
    if edited < (at - KEPT).timestamp() or not _typed_here(message):
        return None
    once = f"edit:{number(message, 'message_id')}:{edited}"  # one change told twice is answered once
    return Edited(text=text, once=once, **_circumstances(update, message, at, here))


def _event(said: Content, message: Json, rest: Mapping[str, Any]) -> Event:
    """What was sent; of the photos of an album that say nothing, one answer is enough."""
    match said:
        case Words(text):
            return Typed(text=text, **rest)
        case Card(phone, own):
            return SharedPhone(number=phone, own=own, **rest)
        case Unread():
            together = words(message, "media_group_id") or None
            return SentAttachment(album=together, once=f"album:{together}" if together else None, **rest)


def _circumstances(update: Json, message: Json, at: datetime, here: Here) -> dict[str, Any]:
    answered = _answered(message)
    return {
        "id": _id(update, message, at), "chat": address(_chat(message) or 0), "at": at, "actor": actor_of(message),
        "language": _language(message), "thread": _thread(message), "message_id": number(message, "message_id"),
        "replied_to": _answered_here(answered, message), "replied_text": _own_text(answered, here),
    }  # fmt: skip


def _answered(message: Json) -> Json:
    """
    The message that this one answers; of one in another topic of the chat Telegram gives no more than its number.

    What answers nothing in a topic seems to answer the message by which the topic was made.
    """
    elsewhere = part(message, "external_reply")
    if part(part(message, "reply_to_message"), "forum_topic_created"):
        return {}
    return part(message, "reply_to_message") or (elsewhere if _chat(elsewhere) == _chat(message) else {})


def _answered_here(answered: Json, message: Json) -> int | None:
    """Its number; 0 for one of another chat, whose number means nothing here: the group had before it moved, say."""
    which, chat = number(answered, "message_id"), _chat(answered)
    return 0 if which is not None and chat is not None and chat != _chat(message) else which


def _id(update: Json, inner: Json, at: datetime) -> str:
    known, message = number(update, "update_id"), number(inner, "message_id")
    if known is not None:
        return str(known)
    return f"message:{message}" if message is not None else f"at:{at.isoformat()}"


def _language(of: Json) -> str | None:
    return words(part(of, "from"), "language_code") or None


def _thread(message: Json) -> int | None:
    """The topic a message stands in; in groups without topics the same field only says what was answered."""
    return number(message, "message_thread_id") if message.get("is_topic_message") is True else None


def _own_text(message: Json, here: Here) -> str:
    sender = part(message, "from")
    if sender.get("is_bot") is not True:
        return ""
    ours = here.username is None or words(sender, "username").lower() == here.username.lower()
    return (words(message, "text") or words(message, "caption")) if ours else ""


def _own_command(text: str, username: str | None) -> str:
    """``/help@our_bot`` as ``/help``; empty when it is another bot's command."""
    addressed = _ADDRESSED.match(text)
    if not addressed:
        return text
    if username and addressed["name"].lower() != username.lower():
        return ""
    return addressed["command"] + text[addressed.end() :]


def _from_person(message: Json, chat: int) -> bool:
    """Bots are not served; staff who write as the group, or as a channel of theirs, are."""
    sender: Any = part(message, "from")
    if chat > 0:
        return sender.get("is_bot") is not True
    return bool(part(message, "sender_chat")) or (bool(sender) and sender.get("is_bot") is not True)


def _served(chat: int, here: Here) -> bool:
    """Private chats (their ids are above 0) and the staff chat; of other groups only ``/chatid`` is answered."""
    return chat > 0 or chat == here.staff_chat
