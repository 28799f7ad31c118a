"""People and groups in front of the bot, for tests that read like a chat."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.botapi.chats import Chat, InlineButton, Message
from tests.botapi.markup import units
from tests.said import holds

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

PATIENCE = 30.0  #: seconds that somebody waits for the bot before the test fails


@dataclass(kw_only=True, eq=False)
class Chatting:
    """What a person's chat and a group have in common."""

    server: "BotApi"
    state: Chat  #: the server's own record of this chat
    read: int = field(default=0, init=False)  #: how far in the chat's log ``sees`` has come
    reads: str = field(default="nl", init=False)  #: the language in which messages are looked for by their key

    @property
    def id(self) -> int:
        """The chat's id."""
        return self.state.id

    @property
    def chat(self) -> list[Message]:
        """All that was said, as it looks now."""
        return self.state.messages

    @property
    def said(self) -> list[str]:
        """The texts of the bot's messages, as they look now."""
        return [message.text for message in self.state.messages if message.by_bot]

    @property
    def last(self) -> Message:
        """The bot's latest message."""
        return next(message for message in reversed(self.state.messages) if message.by_bot)

    @property
    def unread(self) -> list[Message]:
        """Messages and edits of the bot that no ``sees`` has passed yet."""
        return self.state.log[self.read :]

    async def sees(self, text: str = "", *, within: float = PATIENCE) -> Message:
        """
        Wait for a new (or newly edited) message of the bot, passing over others; give it.

        ``text``: the key of a message in messages/, or words that it holds.
        """
        async with self._patience(within, f"a message with {text!r}"):
            while True:
                changed = self.state.changed
                for number in range(self.read, len(self.state.log)):
                    if holds(self.state.log[number].text, text, self.reads):
                        self.read = number + 1
                        return self.state.log[number]
                await changed.wait()

    async def finds(self, button_id: str, *, within: float = PATIENCE) -> tuple[Message, InlineButton]:
        """Wait for the newest message with that button now under it (an ``@token`` need not be given)."""
        async with self._patience(within, f"a button {button_id!r}"):
            while True:
                changed = self.state.changed
                for message in reversed(self.state.messages):
                    for button in (one for row in message.buttons for one in row):
                        if button_id in (button.id, button.id.partition("@")[0]):
                            return message, button
                await changed.wait()
        raise AssertionError  # never: the wait ends above or raises

    async def reacted(self, message: Message, *, within: float = PATIENCE) -> str:
        """Wait until the bot put a sign under a message; give it."""
        async with self._patience(within, f"a sign under {message.text!r}"):
            while message.reaction is None:
                await self.state.changed.wait()
        assert message.reaction
        return message.reaction

    def _patience(self, seconds: float, what: str) -> "_Patience":
        return _Patience(self.state, seconds, what)

    def _say(self, sender: dict[str, Any], **content: Any) -> Message:
        """Put a message in the chat; the update is for the caller to make."""
        message = Message(
            id=self.state.next_id(), chat=self.state, by_bot=False, date=int(time.time()), sender=sender, **content
        )
        self.state.messages.append(message)
        return message

    def _press(self, sender: dict[str, Any], message: Message, data: str) -> str:
        query = self.server.new_tap()
        body = {"id": query, "from": sender, "chat_instance": str(self.id), "data": data, "message": message.as_json()}
        self.server.tell("callback_query", body)
        return query


class _Patience:
    """A bounded wait whose failure shows the chat."""

    def __init__(self, chat: Chat, seconds: float, what: str) -> None:
        self._chat = chat
        self._what = what
        self._seconds = seconds
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise AssertionError(
                f"{self._chat.title} waited {self._seconds} s for {self._what}. The chat:\n{self._chat}"
            ) from None


def _entities(text: str) -> list[dict[str, Any]]:
    """A command at the start is marked as one, as Telegram does."""
    if not text.startswith("/") or len(text) == 1:
        return []
    return [{"type": "bot_command", "offset": 0, "length": units(text.split(maxsplit=1)[0])}]


@dataclass(kw_only=True, eq=False)
class Person(Chatting):
    """Somebody in a private chat with the bot."""

    number: int
    name: str
    language: str | None
    phone: str

    @property
    def user(self) -> dict[str, Any]:
        """The User object of the API."""
        body: dict[str, Any] = {"id": self.number, "is_bot": False, "first_name": self.name}
        return body | ({"language_code": self.language} if self.language else {})

    async def send(self, text: str, **more: Any) -> Message:
        """Type something; the first time the chat begins, which /start does in the app. ``more``: see Message."""
        return self._tells(self._opened(text=text, **{"entities": _entities(text), **more}))

    async def sends(self, content: dict[str, Any], caption: str = "", **envelope: Any) -> Message:
        """Send anything that is no text, as the API has it, with or without words under it."""
        return self._tells(self._opened(text=caption, content=content, envelope=envelope))

    async def send_photo(self, caption: str = "") -> Message:
        """Send a photo, with or without words."""
        photo = [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]
        return self._tells(self._opened(text=caption, content={"photo": photo}))

    async def send_sticker(self) -> Message:
        """Send a sticker."""
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._tells(self._opened(content={"sticker": {"file_id": "s", "file_unique_id": "s", **size}}))

    async def share_contact(self, *, own: bool = True, phone: str | None = None) -> Message:
        """Share the own contact with the keyboard that offers it, or somebody else's card from the address book."""
        keyboard = self.state.keyboard
        if own:
            assert self.offers_contact(), f"{self.name} sees no keyboard that shares a contact:\n{self.state}"
        contact: dict[str, Any] = {"phone_number": phone or self.phone, "first_name": self.name if own else "Bob"}
        if own:
            contact["user_id"] = self.number
            self._hide_keyboard()
        return self._tells(self._opened(content={"contact": contact}, reply_to=keyboard if own else None))

    async def edit(self, message: Message, text: str) -> Message:
        """Change an own earlier message."""
        message.text, message.entities, message.edited = text, _entities(text), int(time.time())
        self.server.tell("edited_message", message.as_json())
        return message

    async def reply(self, message: Message, text: str) -> Message:
        """Answer one message in particular."""
        return self._tells(self._opened(text=text, entities=_entities(text), reply_to=message))

    async def tap(self, button_id: str, *, within: float = PATIENCE) -> str:
        """Tap the newest button with that id (waiting for it to appear); gives the query's id (``server.taps``)."""
        message, button = await self.finds(button_id, within=within)
        return self._press(self.user, message, button.id)

    async def tap_label(self, label: str, *, within: float = PATIENCE) -> str:
        """Tap the newest button that says so."""
        async with self._patience(within, f"a button that says {label!r}"):
            while True:
                changed = self.state.changed
                for message in reversed(self.state.messages):
                    for button in (one for row in message.buttons for one in row if one.label == label):
                        return self._press(self.user, message, button.id)
                await changed.wait()
        raise AssertionError  # never: the wait ends above or raises

    async def tap_old(self, message: Message, button_id: str) -> str:
        """Tap a button that is no longer shown, or one made up: what a slow phone, or a forger, can do."""
        return self._press(self.user, message, button_id)

    def offers_contact(self) -> bool:
        """Whether a keyboard that shares the own contact is shown now."""
        rows = (self.state.keyboard.keyboard or {}).get("keyboard", []) if self.state.keyboard else []
        return any(isinstance(one, dict) and one.get("request_contact") for row in rows for one in row)

    async def blocks_bot(self) -> None:
        """Stop the bot."""
        self._member("member", "kicked", "blocked")

    async def unblocks_bot(self) -> None:
        """Allow it again."""
        self._member("kicked", "member", "member")

    def deletes_account(self) -> None:
        """The account is gone; the bot is not told."""
        self.state.state = "deactivated"

    def _opened(self, **content: Any) -> Message:
        if self.state.state in ("new", "blocked"):
            self.state.state = "member"
        return self._say(self.user, **content)

    def _tells(self, message: Message) -> Message:
        self.server.tell("message", message.as_json())
        return message

    def _hide_keyboard(self) -> None:
        if self.state.keyboard and (self.state.keyboard.keyboard or {}).get("one_time_keyboard"):
            self.state.keyboard = None

    def _member(self, old: str, new: str, state: str) -> None:
        self.state.state = state
        self.server.tell("my_chat_member", _membership(self.server, self.state, self.user, old, new))


def _membership(server: "BotApi", chat: Chat, by: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    def member(status: str) -> dict[str, Any]:
        return {"status": status, "user": server.me()} | ({"until_date": 0} if status == "kicked" else {})

    return {
        "chat": chat.as_json(), "from": by, "date": int(time.time()),
        "old_chat_member": member(old), "new_chat_member": member(new),
    }  # fmt: skip


@dataclass(kw_only=True, eq=False)
class StaffGroup(Chatting):
    """A group with the bot in it; whoever speaks is named by ``by``, else the first member does."""

    members: dict[str, int]

    def user(self, by: str | None = None) -> dict[str, Any]:
        """The User object of one of the members."""
        name = by or next(iter(self.members))
        return {"id": self.members[name], "is_bot": False, "first_name": name, "language_code": "nl"}

    async def send(self, text: str, *, by: str | None = None, **more: Any) -> Message:
        """
        Say something; with privacy mode on (as it is by default) the bot sees it only if it is a command.

        In a topic (``thread``) of a group what answers nothing seems to answer the message that the topic began with.
        """
        begun = {"reply_to": self.state.message(more["thread"])} if self.state.forum and "thread" in more else {}
        return self._tells(self._say(self.user(by), text=text, **{"entities": _entities(text), **begun, **more}))

    async def reply(self, message: Message, text: str, *, by: str | None = None, **more: Any) -> Message:
        """Answer a message; the bot sees it when that message is its own. ``more``: see Message."""
        there = {"thread": message.thread} if message.thread else {}
        return await self.send(text, by=by, reply_to=message, **{**there, **more})

    def topic(self, title: str) -> int:
        """The topic whose name holds this. Raises StopIteration where there is none."""
        return next(number for number, name in self.state.titles.items() if title in name)

    def says_in(self, thread: int | None) -> list[str]:
        """What the bot's messages in a topic say now; None: in the chat itself."""
        return [one.text for one in self.chat if one.by_bot and one.text and one.thread == thread]

    async def edit(self, message: Message, text: str) -> Message:
        """Change an earlier message of a member's."""
        message.text, message.entities, message.edited = text, _entities(text), int(time.time())
        return self._tells(message, "edited_message")

    async def tap(self, button_id: str, *, by: str | None = None, within: float = PATIENCE) -> str:
        """Tap the newest button with that id (waiting for it to appear); gives the query's id (``server.taps``)."""
        message, button = await self.finds(button_id, within=within)
        return self._press(self.user(by), message, button.id)

    async def tap_old(self, message: Message, button_id: str, *, by: str | None = None) -> str:
        """Tap a button that is no longer shown, or one made up."""
        return self._press(self.user(by), message, button_id)

    async def upgrade(self) -> None:
        """Become a supergroup: another id; writing to the old one is refused with the new one named."""
        old = self.state
        self.state = self.server.migrate(old)
        self.read = 0
        sender, date = self.user(), int(time.time())
        moved = {"message_id": old.next_id(), "date": date, "chat": old.as_json(), "from": sender}
        self.server.tell("message", moved | {"migrate_to_chat_id": self.state.id})
        came = {"message_id": self.state.next_id(), "date": date, "chat": self.state.as_json(), "from": sender}
        self.server.tell("message", came | {"migrate_from_chat_id": old.id})

    async def removes_bot(self) -> None:
        """Take the bot out of the group."""
        self.state.state = "kicked"
        self.server.tell("my_chat_member", _membership(self.server, self.state, self.user(), "member", "left"))

    async def adds_bot(self) -> None:
        """Take the bot in again."""
        self.state.state = "member"
        self.server.tell("my_chat_member", _membership(self.server, self.state, self.user(), "left", "member"))

    def _tells(self, message: Message, kind: str = "message") -> Message:
        to_bot = bool(message.entities) or bool(message.reply_to and message.reply_to.by_bot)
        if self.state.state == "member" and (to_bot or not self.state.privacy):
            self.server.tell(kind, message.as_json())
        return message
