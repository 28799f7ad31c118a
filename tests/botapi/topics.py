"""Topics of a group, with Telegram's rules for them; closed to whoever is no administrator, and stricter to bots."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.botapi.chats import Chat, Message
from tests.botapi.markup import units
from tests.botapi.methods import open_chat
from tests.botapi.refusals import bad_request

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

NAME_LIMIT = 128
Parameters = Mapping[str, Any]


def create_forum_topic(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """CreateForumTopic: the topic has the number of the service message that it begins with."""
    chat = _divided(server, given, "manage_topics", "create a topic")
    name = _named(given)
    begun = Message(
        id=chat.next_id(), chat=chat, by_bot=True, date=int(time.time()), sender=server.me(),
        content={"forum_topic_created": {"name": name, "icon_color": 7322096}},
    )  # fmt: skip
    begun.thread = begun.id
    chat.messages.append(begun)
    chat.topics[begun.id], chat.titles[begun.id] = True, name
    chat.wake()
    return {"message_thread_id": begun.id, "name": name, "icon_color": 7322096}


def edit_forum_topic(server: "BotApi", given: Parameters) -> bool:
    """EditForumTopic, of its name."""
    chat, thread = _topic(server, given, "manage_topics", "edit the topic")
    if chat.titles.get(thread) == given["name"]:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.titles[thread] = _named(given)
    chat.wake()
    return True


def close_forum_topic(server: "BotApi", given: Parameters) -> bool:
    """CloseForumTopic."""
    return _set_open(server, given, is_open=False)


def reopen_forum_topic(server: "BotApi", given: Parameters) -> bool:
    """ReopenForumTopic."""
    return _set_open(server, given, is_open=True)


def delete_forum_topic(server: "BotApi", given: Parameters) -> bool:
    """DeleteForumTopic, with all that was said in it."""
    chat, thread = _topic(server, given, "delete_messages", "delete the topic")
    chat.delete_topic(thread)
    return True


def _set_open(server: "BotApi", given: Parameters, *, is_open: bool) -> bool:
    chat, thread = _topic(server, given, "manage_topics", "edit the topic")
    if chat.topics[thread] is is_open:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.topics[thread] = is_open
    chat.wake()
    return True


def _divided(server: "BotApi", given: Parameters, right: str, what: str) -> Chat:
    """The chat, which has topics, and in which the bot may do this."""
    chat = open_chat(server, given)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if right not in chat.rights:
        raise bad_request(f"not enough rights to {what}")
    return chat


def _topic(server: "BotApi", given: Parameters, right: str, what: str) -> tuple[Chat, int]:
    chat, thread = _divided(server, given, right, what), given["message_thread_id"]
    if thread in chat.gone:
        raise bad_request("TOPIC_DELETED")
    if thread not in chat.topics:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, thread


def _named(given: Parameters) -> str:
    name: str = given["name"]
    if not name.strip():
        raise bad_request("topic name must be non-empty")
    if units(name) > NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name
