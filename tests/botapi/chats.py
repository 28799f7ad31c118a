"""What the server knows of chats: their members, their messages, what keyboard a person sees."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusals import Refusal, bad_request, forbidden, migrated


@dataclass(frozen=True, kw_only=True)
class InlineButton:
    """A button under a message."""

    id: str  #: its callback_data
    label: str


@dataclass(kw_only=True, eq=False)
class Message:
    """One message in a chat, as it is now."""

    id: int
    chat: "Chat"
    by_bot: bool
    date: int
    sender: dict[str, Any]
    text: str = ""  #: what is shown: without tags; a caption, where there is a document
    entities: list[dict[str, Any]] = field(default_factory=list)
    html: str = ""  #: as the bot sent it
    markup: dict[str, Any] | None = None  #: the inline keyboard, as the bot sent it
    keyboard: dict[str, Any] | None = None  #: a reply keyboard or its removal, as the bot sent it
    document: tuple[str, bytes] | None = None  #: file name and content
    reply_to: "Message | None" = None
    edited: int | None = None
    content: dict[str, Any] = field(default_factory=dict)  #: a contact, a photo or the like, as the API has it
    deleted: bool = False
    reaction: str | None = None  #: the bot's own
    thread: int | None = None  #: the topic it stands in
    envelope: dict[str, Any] = field(default_factory=dict)  #: what is told beside the content: forwarded, by which bot

    @property
    def buttons(self) -> list[list[InlineButton]]:
        """The buttons under it now, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[InlineButton(id=one.get("callback_data", ""), label=one["text"]) for one in row] for row in rows]

    @property
    def button_ids(self) -> list[str]:
        """The ids of its buttons now, without their ``@token``."""
        return [one.id.partition("@")[0] for row in self.buttons for one in row]

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons now."""
        return [one.label for row in self.buttons for one in row]

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object of the API."""
        body: dict[str, Any] = {
            "message_id": self.id, "date": self.date, "chat": self.chat.as_json(), "from": self.sender,
        }  # fmt: skip
        caption = bool(self.document or self.content)
        if self.text:
            body["caption" if caption else "text"] = self.text
        if self.entities:
            body["caption_entities" if caption else "entities"] = self.entities
        if self.document:
            body["document"] = {
                "file_id": f"file-{self.id}",
                "file_unique_id": f"f{self.id}",
                "file_name": self.document[0],
            }
        if self.markup and self.markup["inline_keyboard"]:
            body["reply_markup"] = self.markup
        if self.edited:
            body["edit_date"] = self.edited
        if self.reply_to and with_reply:
            body["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.thread:
            body |= {"message_thread_id": self.thread, "is_topic_message": True}
        return body | self.content | self.envelope

    def __str__(self) -> str:
        """A line of the chat, as a failing test shows it."""
        rows = "".join("\n    " + " ".join(f"[{one.label} · {one.id}]" for one in row) for row in self.buttons)
        edited = " (edited)" if self.edited else ""
        return f"{'bot' if self.by_bot else self.sender['first_name']}{edited}: {self.text or self.content}{rows}"


@dataclass(kw_only=True, eq=False)
class Chat:
    """One chat and everything said in it."""

    id: int
    type: str  #: "private", "group" or "supergroup"
    title: str
    state: str = "member"  #: or "new" (never wrote), "blocked", "kicked", "left", "deactivated"
    moved_to: int | None = None
    reactions: bool = True  #: whether messages may get a sign under them
    privacy: bool = True  #: in groups: the bot sees commands and answers to it, nothing else
    messages: list[Message] = field(default_factory=list)
    log: list[Message] = field(default_factory=list)  #: what the bot sent and edited, in order
    keyboard: Message | None = None  #: the message whose reply keyboard is shown now
    slow_until: float = 0.0  #: the bot gets 429 until then (the loop's clock)
    slow_tells: int | None = None  #: for how long it asks to wait; None: until then
    topics: dict[int, bool] = field(default_factory=dict)  #: the topics it is divided in, and whether each is open
    titles: dict[int, str] = field(default_factory=dict)  #: what they are called
    gone: set[int] = field(default_factory=set)  #: topics that were deleted
    forum: bool = False  #: whether it is a group that is divided in topics
    rights: set[str] = field(default_factory=lambda: {"manage_topics", "delete_messages"})  #: the bot's in it
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    next_id: Callable[[], int]

    def as_json(self) -> dict[str, Any]:
        """The Chat object of the API."""
        name = "first_name" if self.type == "private" else "title"
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.type, name: self.title} | forum

    def message(self, message_id: int) -> Message | None:
        """The message with that id, if it is still there."""
        return next((one for one in reversed(self.messages) if one.id == message_id and not one.deleted), None)

    def check_open(self) -> None:
        """Raises Refusal when the bot may not write here."""
        if self.moved_to:
            raise migrated(self.moved_to)
        if refusal := _CLOSED.get((self.state, self.type)) or _CLOSED.get((self.state, "")):
            raise refusal()

    def check_topic(self, thread: int | None) -> None:
        """Raises Refusal when there is no such topic, or it is closed."""
        if thread in self.gone and self.forum:
            raise bad_request("TOPIC_DELETED")
        if thread is not None and thread not in self.topics:
            raise bad_request("message thread not found")
        if thread is not None and not self.topics[thread]:
            raise bad_request("TOPIC_CLOSED")

    def delete_topic(self, thread: int) -> None:
        """A topic is gone, with all that was said in it."""
        del self.topics[thread], self.titles[thread]
        self.gone.add(thread)
        for message in [one for one in self.messages if one.thread == thread]:
            message.deleted = True
            self.messages.remove(message)
        self.wake()

    def shows(self, message: Message) -> None:
        """The bot said or changed this: people see it now."""
        self.log.append(message)
        self.wake()

    def wake(self) -> None:
        """Something is to be seen."""
        self.changed.set()
        self.changed = asyncio.Event()

    def __str__(self) -> str:
        """The chat, as a failing test shows it."""
        return "\n".join(f"  {one}" for one in self.messages) or "  (nothing was said)"


_CLOSED: dict[tuple[str, str], Callable[[], Refusal]] = {
    ("new", ""): lambda: forbidden("bot can't initiate conversation with a user"),
    ("blocked", ""): lambda: forbidden("bot was blocked by the user"),
    ("deactivated", ""): lambda: forbidden("user is deactivated"),
    ("kicked", "group"): lambda: forbidden("bot was kicked from the group chat"),
    ("kicked", "supergroup"): lambda: forbidden("bot was kicked from the supergroup chat"),
    ("left", ""): lambda: bad_request("chat not found"),
}
