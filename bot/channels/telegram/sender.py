"""Delivers the outbox's messages of kind "telegram"."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.fields import number
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.outcomes import is_unchanged, no_reaction, no_topic, outcome
from bot.channels.telegram.request import Upload
from bot.channels.telegram.topics import ForumTopics
from bot.dialogue.button_ids import Role, role_of
from bot.dialogue.channels import MESSAGE_LIMIT
from bot.dialogue.events import id_of
from bot.dialogue.records import File, Keyboard
from bot.outbox import StaffAddress
from bot.wording.markup import cut, parsed_length, split, units
from storage.contents import Buttons, Delete, Edit, React, Send, Topic
from storage.records import Outgoing

CAPTION_LIMIT = 1024  #: characters under a file, after parsing
UPLOAD_SECONDS = 60.0
BEGUN = 1_000  #: messages in parts that wait for the rest of them at the same time
_STYLES = (Role.PRIMARY, Role.DANGER)  #: what Telegram has a colour of its own for
_NO_PREVIEW = {"is_disabled": True}
#: A message has one keyboard. Where its buttons and the person's own keyboard both change, the latter goes before it
#: on a message of one sign, which says in any language that the number came in, or where to look.
_SIGNS = {Keyboard.REMOVE: "✓", Keyboard.SHARE_PHONE: "↓"}

Markup = Mapping[str, Any]  #: a keyboard as the Bot API takes it


@dataclass(frozen=True, kw_only=True)
class Part:
    """One message of Telegram's; an Outgoing may take several."""

    html: str
    markup: Markup | None = None
    file: tuple[str, bytes] | None = None  #: name and content


class TelegramSender:
    """The outbox's sender for Telegram (see bot.outbox.Sender)."""

    def __init__(self, api: Api, limits: Limits, staff: StaffAddress) -> None:
        """A refusal in the chat of ``staff`` is never taken for one person's leaving."""
        self._api = api
        self._topics = ForumTopics(api)
        self._limits = limits
        self._staff = staff
        #: of messages in parts: what was delivered, so as not to repeat it; those given up are let go of in time
        self._begun: OrderedDict[int, list[int]] = OrderedDict()

    async def send(self, message: Outgoing) -> Mapping[str, Any]:
        """
        Deliver; give ``message_id`` of what can be edited later, and ``message_ids`` where it took several.

        A message that we cannot make raises what it is: a fault of ours, and none of Telegram's.
        """
        chat = int(id_of(message.lane))
        leave = self._leaving(chat, message)
        try:
            return await leave()
        except Exception as error:
            raise outcome(error, person=chat > 0 and not self._staff.is_at(message.lane)) from None

    def _leaving(self, chat: int, message: Outgoing) -> Callable[[], Awaitable[Mapping[str, Any]]]:
        match message.content:
            case Edit() as edit:
                return partial(self._edit, chat, edit)
            case React() as react:
                return partial(self._react, chat, react)
            case Topic() as topic:
                return partial(self._change, chat, topic)
            case Delete(message_id=which):
                return partial(self._delete, {"chat_id": chat, "message_id": which})
        send = message.content_as(Send)
        return partial(self._send, message.id or 0, _where(chat, send), parts(send), send.topic)

    async def _change(self, chat: int, topic: Topic) -> Mapping[str, Any]:
        await self._limits.wait_to_edit(chat)
        return await self._topics.change(chat, topic)

    async def _delete(self, which: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._api.call("deleteMessage", which)
        return {}

    async def _send(
        self, key: int, where: Mapping[str, Any], made: Sequence[Part], there_alone: bool = False
    ) -> Mapping[str, Any]:
        delivered = self._begun.get(key, [])
        for part in made[len(delivered) :]:
            await self._limits.wait(where["chat_id"])
            delivered = [*delivered, await self._deliver(where, part, there_alone)]
            self._keep(key, delivered)
        self._begun.pop(key, None)
        return _receipt(delivered)

    def _keep(self, key: int, delivered: list[int]) -> None:
        if key:
            self._begun[key] = delivered
        if len(self._begun) > BEGUN:
            self._begun.popitem(last=False)

    async def _deliver(self, where: Mapping[str, Any], part: Part, there_alone: bool) -> int:
        """Send one part; give its id. Where its topic is gone or closed, it stands in the chat, if it may."""
        try:
            return await self._deliver_to(where, part)
        except BadRequest as error:
            if there_alone or "message_thread_id" not in where or not no_topic(error):
                raise
            rest = {name: value for name, value in where.items() if name != "message_thread_id"}
            return await self._deliver_to(rest, part)

    async def _deliver_to(self, where: Mapping[str, Any], part: Part) -> int:
        markup = {"reply_markup": part.markup} if part.markup else {}
        if part.file is None:
            text = {"text": part.html, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
            sent = await self._api.call("sendMessage", {**where, **text, **markup})
        else:
            name, content = part.file
            caption = {"caption": part.html, "parse_mode": "HTML"} if part.html else {}
            file = Upload(parameter="document", name=name, content=content)
            sent = await self._api.upload("sendDocument", {**where, **caption, **markup}, file, UPLOAD_SECONDS)
        if not isinstance(sent, dict):
            raise TypeError  # no word of Telegram's: it may not have arrived
        return number(sent, "message_id") or 0

    async def _react(self, chat: int, react: React) -> Mapping[str, Any]:
        """Put a sign under a message; where the chat has none, or the message is gone, say the line."""
        await self._limits.wait_to_edit(chat)
        sign = {"reaction": [{"type": "emoji", "emoji": react.emoji}]}
        try:
            await self._api.call("setMessageReaction", {"chat_id": chat, "message_id": react.message_id, **sign})
        except BadRequest as error:
            if not no_reaction(error):
                raise
            line = Send(html=react.otherwise, thread=react.thread, reply_to=react.message_id)
            return await self._send(0, _where(chat, line), parts(line))
        return {}

    async def _edit(self, chat: int, edit: Edit) -> Mapping[str, Any]:
        """Change a message, or take its buttons away; that it is so already is as good."""
        await self._limits.wait_to_edit(chat)
        which = {"chat_id": chat, "message_id": edit.message_id}
        try:
            if edit.html is None:
                await self._api.call("editMessageReplyMarkup", {**which, **_markup(edit)})
            else:
                await self._edit_text(which, edit)
        except TelegramError as error:
            if not is_unchanged(error):
                raise
        return {"message_id": edit.message_id}

    async def _edit_text(self, which: Mapping[str, int], edit: Edit) -> None:
        html, markup = edit.html or "", _markup(edit)
        text = {"text": cut(html, MESSAGE_LIMIT), "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
        try:
            await self._api.call("editMessageText", {**which, **text, **markup})
        except BadRequest as error:
            if "no text in the message" not in error.message:
                raise
            caption = {"caption": cut(html, CAPTION_LIMIT), "parse_mode": "HTML"}
            await self._api.call("editMessageCaption", {**which, **caption, **markup})


def _where(chat: int, send: Send) -> Mapping[str, Any]:
    where: dict[str, Any] = {"chat_id": chat}
    if send.thread:
        where["message_thread_id"] = send.thread
    if send.reply_to:
        where["reply_parameters"] = {"message_id": send.reply_to, "allow_sending_without_reply": True}
    return where


def parts(send: Send) -> list[Part]:
    """The messages that it takes, in order. Its buttons stand under the last."""
    inline, keyboard = _inline(send.buttons), _keyboard(send)
    found = _content(send.html, send.file)
    found[-1] = replace(found[-1], markup=inline or keyboard)
    if inline and keyboard:
        found.insert(0, Part(html=_SIGNS[send.keyboard], markup=keyboard))
    return found


def _content(html: str, file: File | None) -> list[Part]:
    if file is None:
        return [Part(html=piece) for piece in _pieces(html)]
    attached = (file.name, file.content if isinstance(file.content, bytes) else file.content.encode())
    first = [] if file.page is None else [Part(html="", file=(file.page_name, file.page.encode()))]
    if parsed_length(html) <= CAPTION_LIMIT:
        return [*first, Part(html=html, file=attached)]
    return [*first, *(Part(html=piece) for piece in _pieces(html)), Part(html="", file=attached)]


def _pieces(html: str) -> list[str]:
    """The text as it is, where it surely fits: taking it apart is what costs time."""
    return [html] if units(html) <= MESSAGE_LIMIT else split(html)


def _inline(rows: Buttons) -> Markup | None:
    if not rows:
        return None
    return {"inline_keyboard": [[_button(name, label) for name, label in row] for row in rows]}


def _button(name: str, label: str) -> dict[str, str]:
    """The button; one that has a role which Telegram shows looks so (an older app shows it as the others)."""
    role = role_of(name)
    style = {"style": str(role)} if role in _STYLES else {}
    return {"text": label, "callback_data": name, **style}


def _markup(edit: Edit) -> dict[str, Markup]:
    inline = _inline(edit.buttons)
    return {"reply_markup": inline} if inline else {}


def _keyboard(send: Send) -> Markup | None:
    match send.keyboard:
        case Keyboard.REMOVE:
            return {"remove_keyboard": True}
        case Keyboard.SHARE_PHONE:
            button = {"text": send.share_label, "request_contact": True}
            return {"keyboard": [[button]], "one_time_keyboard": True, "resize_keyboard": True}
        case Keyboard.UNCHANGED:
            return None


def _receipt(delivered: list[int]) -> Mapping[str, Any]:
    several = {"message_ids": delivered} if len(delivered) > 1 else {}
    return {"message_id": delivered[-1], **several}
