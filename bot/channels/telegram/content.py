"""What a message of Telegram's says: words that are read, something that is not, or nothing that a person said."""

from typing import NamedTuple

from bot.channels.telegram.entities import with_links
from bot.channels.telegram.fields import Json, items, number, part, words
from bot.channels.telegram.rich import checklist_text, rich_text

#: Fields of a message that tell what happened in the chat, and are no word of a person's: nothing is said to those.
#: Closed on purpose. A kind that a later Bot API adds is answered, as nothing may be met with silence; a test goes
#: through all that the newest one has (https://core.telegram.org/bots/api#message).
SERVICE = frozenset(
    (
        "boost_added", "channel_chat_created", "chat_background_set", "chat_owner_changed", "chat_owner_left",
        "chat_shared", "checklist_tasks_added", "checklist_tasks_done", "community_chat_added",
        "community_chat_joined", "community_chat_removed", "connected_website", "delete_chat_photo",
        "direct_message_price_changed", "forum_topic_closed", "forum_topic_created", "forum_topic_edited",
        "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift",
        "gift_upgrade_sent", "giveaway_completed", "giveaway_created", "group_chat_created", "left_chat_member",
        "managed_bot_created", "message_auto_delete_timer_changed", "migrate_from_chat_id", "migrate_to_chat_id",
        "new_chat_members", "new_chat_photo", "new_chat_title", "paid_message_price_changed", "pinned_message",
        "poll_option_added", "poll_option_deleted", "proximity_alert_triggered", "refunded_payment",
        "successful_payment", "suggested_post_approval_failed", "suggested_post_approved", "suggested_post_declined",
        "suggested_post_paid", "suggested_post_refunded", "supergroup_chat_created", "unique_gift", "user_shared",
        "users_shared", "video_chat_ended", "video_chat_participants_invited", "video_chat_scheduled",
        "video_chat_started", "web_app_data", "write_access_allowed",
    )
)  # fmt: skip
LONGEST = 20_000  #: characters that are read: Telegram's longest text with its links, and far more than is answered


class Words(NamedTuple):
    """Something that can be read."""

    text: str


class Card(NamedTuple):
    """A contact card; ``own``: whether it is the sender's own."""

    number: str
    own: bool


class Unread(NamedTuple):
    """Something of which nothing is read."""


Content = Words | Card | Unread
"""What a message holds."""


def content(message: Json) -> Content | None:
    """What a message says to us, the words under a photo or in a list included; None for a service message."""
    plain = typed(message)
    if plain:
        return Words(plain)
    if not SERVICE.isdisjoint(message):
        return None
    contact = part(message, "contact")
    if contact:
        return _contact(contact, number(part(message, "from"), "id"))
    other = other_words(message)
    return Words(other) if other else Unread()


def typed(message: Json) -> str:
    """The text of a text message, with the addresses of its links."""
    return with_links(words(message, "text"), items(message, "entities"))[:LONGEST]


def other_words(message: Json) -> str:
    """The words of what is more than a text message: under a photo, in pasted lists and tables, in a checklist."""
    found = (
        with_links(words(message, "caption"), items(message, "caption_entities"))
        or rich_text(part(message, "rich_message"))
        or checklist_text(part(message, "checklist"))
    )
    return found[:LONGEST]


def _contact(contact: Json, sender: int | None) -> Content:
    """The number on a card. Telegram gives a person's own in full, but at times without its plus."""
    phone = words(contact, "phone_number")
    own = sender is not None and number(contact, "user_id") == sender
    if not phone:
        return Unread()
    return Card(f"+{phone}" if own and not phone.startswith("+") else phone, own)
