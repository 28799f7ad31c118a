"""All that a message of the newest Bot API may hold, and what is done with it."""

from typing import Any

USER = {"id": 8, "is_bot": False, "first_name": "Bob"}
CHAT = {"id": -77, "type": "channel", "title": "Kanaal"}
FILE = {"file_id": "f", "file_unique_id": "f"}
SIZED = FILE | {"width": 90, "height": 90}
STICKER = SIZED | {"type": "regular", "is_animated": False, "is_video": False}
PLACE = {"latitude": 52.1, "longitude": 5.1}
QUESTION = "Wat kost de cursus?"
RICH = {"blocks": [{"type": "paragraph", "text": QUESTION}]}

#: what people send that is read as the words in it
READ: dict[str, Any] = {
    "checklist": {"title": QUESTION, "tasks": [{"id": 1, "text": "Prijs"}]},
    "rich_message": RICH,
    "text": QUESTION,
}
#: what people send that is answered with the line for what is not read
NOT_READ: dict[str, Any] = {
    "animation": SIZED | {"duration": 1},
    "audio": FILE | {"duration": 1},
    "dice": {"emoji": "🎲", "value": 3},
    "document": FILE,
    "game": {"title": "Spel", "description": "Spel", "photo": [SIZED]},
    "giveaway": {"chats": [CHAT], "winners_selection_date": 1, "winner_count": 1},
    "giveaway_winners": {
        "chat": CHAT, "giveaway_message_id": 1, "winners_selection_date": 1, "winner_count": 1, "winners": [USER],
    },
    "invoice": {"title": "x", "description": "x", "start_parameter": "x", "currency": "EUR", "total_amount": 1},
    "live_photo": SIZED | {"photo": [SIZED]},
    "location": PLACE,
    "paid_media": {"star_count": 1, "paid_media": []},
    "passport_data": {"data": [], "credentials": {"data": "x", "hash": "x", "secret": "x"}},
    "photo": [SIZED],
    "poll": {"id": "1", "question": "Wat?", "options": [], "total_voter_count": 0, "is_closed": False},
    "sticker": STICKER,
    "story": {"chat": CHAT, "id": 1},
    "venue": {"location": PLACE, "title": "x", "address": "x"},
    "video": SIZED | {"duration": 1},
    "video_note": FILE | {"length": 9, "duration": 1},
    "voice": FILE | {"duration": 1},
}  # fmt: skip
#: what people send that is read in a way of its own: as a phone number
CARD: dict[str, Any] = {"contact": {"phone_number": "0612345678", "first_name": "Bob"}}
#: what stands beside the content
BESIDE = frozenset(
    (
        "author_signature", "business_connection_id", "caption", "caption_entities", "chat", "date",
        "direct_messages_topic", "edit_date", "effect_id", "entities", "ephemeral_message_id", "external_reply",
        "forward_date", "forward_from", "forward_from_chat", "forward_from_message_id", "forward_origin",
        "forward_sender_name", "forward_signature", "from", "guest_bot_caller_chat", "guest_bot_caller_user",
        "guest_query_id", "has_media_spoiler", "has_protected_content", "is_automatic_forward", "is_from_offline",
        "is_paid_post", "is_topic_message", "link_preview_options", "media_group_id", "message_id",
        "message_thread_id", "paid_star_count", "quote", "receiver_user", "reply_markup", "reply_to_checklist_task_id",
        "reply_to_message", "reply_to_poll_option_id", "reply_to_story", "sender_boost_count", "sender_business_bot",
        "sender_chat", "sender_tag", "show_caption_above_media", "suggested_post_info", "via_bot",
    )
)  # fmt: skip
