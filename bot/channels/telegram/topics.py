"""The topics of a group: made, closed, opened again and removed (https://core.telegram.org/bots/api#createforumtopic)."""

import asyncio
from collections.abc import Mapping
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import number
from bot.channels.telegram.outcomes import is_unchanged, no_topic
from bot.outbox import NoTopic
from bot.wording.markup import units
from storage.contents import Topic, TopicChange

NAME_LIMIT = 128  #: signs of a topic's name
PLAIN_SECONDS = 0.5  #: for so long a chat without topics is not asked again: many leads may come at once


class ForumTopics:
    """Changes them by the Bot API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._plain: dict[int, float] = {}  #: chats that had no topics, and when that was seen

    async def change(self, chat: int, topic: Topic) -> Mapping[str, Any]:
        """
        Do it; of a new one gives ``thread``. What is so already, or is about a topic that is gone, is as good.

        Raises NoTopic where we may not, or there are no topics, and what the Bot API raises.
        """
        if topic.change is TopicChange.MADE:
            return await self._made(chat, topic.name)
        try:
            await self._changed({"chat_id": chat, "message_thread_id": topic.thread}, topic)
        except TelegramError as error:
            if not is_unchanged(error):
                _unless_gone(error)
        return {}

    async def _made(self, chat: int, name: str) -> Mapping[str, Any]:
        now = asyncio.get_running_loop().time()
        if now - self._plain.get(chat, -PLAIN_SECONDS) < PLAIN_SECONDS or not await self._has_topics(chat):
            self._plain.setdefault(chat, now)
            raise NoTopic("the chat has no topics", "none")
        made = await self._api.call("createForumTopic", {"chat_id": chat, "name": _fitting(name)})
        thread = number(made, "message_thread_id") if isinstance(made, dict) else None
        if thread is None:
            raise TypeError  # no word of Telegram's: it may not have been made
        return {"thread": thread}

    async def _has_topics(self, chat: int) -> bool:
        self._plain.pop(chat, None)
        known = await self._api.call("getChat", {"chat_id": chat})
        return isinstance(known, dict) and known.get("is_forum") is True

    async def _changed(self, which: Mapping[str, Any], topic: Topic) -> None:
        match topic.change:
            case TopicChange.REOPENED:
                await self._api.call("reopenForumTopic", which)
            case TopicChange.REMOVED:
                await self._removed(which, topic.name)
            case _:
                await self._api.call("closeForumTopic", which)

    async def _removed(self, which: Mapping[str, Any], name: str) -> None:
        """Remove it with all that was said in it; where we may not, nobody is named in its name, and it is closed."""
        try:
            await self._api.call("deleteForumTopic", which)
        except BadRequest as error:
            found = no_topic(error)
            if found is None or found.why != "right":
                raise
            await self._renamed(which, name)
            await self._api.call("closeForumTopic", which)

    async def _renamed(self, which: Mapping[str, Any], name: str) -> None:
        try:
            await self._api.call("editForumTopic", {**which, "name": _fitting(name)})
        except BadRequest as error:  # an earlier attempt did so already, perhaps
            if not is_unchanged(error):
                raise


def _unless_gone(error: TelegramError) -> None:
    """Raise it, unless it says that the topic is gone: what was to become of it matters no more."""
    found = no_topic(error)
    if found is None or found.why != "gone":
        raise error


def _fitting(name: str) -> str:
    """As much of a name as fits: whole signs of it."""
    while units(name) > NAME_LIMIT:
        name = name[:-1]
    return name
