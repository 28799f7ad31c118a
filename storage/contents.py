"""
What a message that leaves says, by where it goes; and the one codec between that and what is stored.

What is stored keeps its form, so that the release before this one can send what waits, and this one what that left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.dialogue.records import File, Keyboard

Buttons = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of (id, label)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """A new message in a chat."""

    html: str  #: only the tags that Telegram knows; a newline is a line break
    buttons: Buttons = ()  #: those under it
    keyboard: Keyboard = Keyboard.UNCHANGED  #: what becomes of the one that replaces the person's own
    share_label: str | None = None  #: what the button of that keyboard says that shares one's own number
    file: File | None = None  #: what goes with it
    thread: int | None = None  #: the channel's id of the topic within the chat; None: in the chat itself
    supersedable: bool = False  #: whether a later answer makes it superfluous, where too many wait
    reply_to: int | None = None  #: the channel's id of the message it answers; gone, it stands alone
    listing: str | None = None  #: the list that it becomes when it leaves, as staff asked for it
    topic: bool = False  #: whether it belongs into the topic of the case it is about, where there is one


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A change of a message that was sent to a chat before; the buttons under it go."""

    message_id: int  #: the channel's id of that message
    html: str | None  #: what it says from now on; None: what it said
    buttons: Buttons = ()  #: those under it from now on


@dataclass(frozen=True, kw_only=True, slots=True)
class React:
    """A sign under a message that somebody else wrote; where that is refused, a line instead."""

    message_id: int  #: the channel's id of that message
    emoji: str
    otherwise: str  #: the line, as HTML
    thread: int | None = None  #: the topic that the line stands in


class TopicChange(StrEnum):
    """What becomes of a topic within a chat."""

    MADE = "made"
    CLOSED = "closed"
    REOPENED = "reopened"
    FOLLOWS = "follows"  #: closed or open, as its case is when this leaves
    REMOVED = "removed"  #: with all that was said in it; where we may not do that, it is renamed and closed


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A change of a topic within a chat."""

    change: TopicChange
    thread: int | None = None  #: the channel's id of it; None where it is made, or that of the case it is about
    name: str = ""  #: what it is called from now on


@dataclass(frozen=True, kw_only=True, slots=True)
class Delete:
    """A message of ours is taken away; said as what follows on a message, it is that one."""

    after: int  #: seconds after which
    message_id: int | None = None  #: the channel's id of it; None until the message it follows has arrived


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail."""

    to: str  #: the address it goes to
    reply_to: str | None  #: the address that answers go to; None: the sender's
    subject: str  #: one line
    text: str  #: what it says, without markup
    html: str  #: the same as a whole document
    message_id: str  #: its Message-ID, the same for the same mail: "<…@…>"
    in_reply_to: str | None = None  #: the Message-ID of the mail it answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A call of the lead webhook."""

    event: str  #: what happened: "lead.created"
    idempotency_key: str  #: by which a call that is repeated is recognised
    body: Mapping[str, Any]  #: what is posted, as JSON


_ADDED = frozenset({"in_reply_to", "thread"})  #: what stands in what is stored only where it is something

Content = Send | Edit | React | Topic | Delete | Letter | Hook


def to_stored(content: Content) -> dict[str, Any]:
    """Give the content as JSON has it."""
    match content:
        case Send():
            return _stored_send(content)
        case Edit():
            return _stored_edit(content)
        case React():
            return {"do": "react", **_fields(content)}
        case Topic():
            return {"do": "topic", **_fields(content)}
        case Delete():
            return {"do": "delete", **_fields(content)}
        case Letter() | Hook():
            return _fields(content)


def from_stored(stored: Mapping[str, Any]) -> Content:
    """Give the content from what was stored: its keys say what it is. Raises KeyError where one is missing."""
    match stored:
        case {"do": "send"}:
            return _send(stored)
        case {"do": "edit"}:
            buttons = _buttons(stored.get("buttons", ()))
            return Edit(message_id=stored["message_id"], html=stored["html"], buttons=buttons)
        case {"do": "react"}:
            return React(
                message_id=stored["message_id"],
                emoji=stored["emoji"],
                otherwise=stored["otherwise"],
                thread=stored.get("thread"),
            )
        case {"do": "topic"}:
            return Topic(change=TopicChange(stored["change"]), thread=stored.get("thread"), name=stored["name"])
        case {"do": "delete"}:
            return Delete(after=stored["after"], message_id=stored["message_id"])
        case {"idempotency_key": key}:
            return Hook(event=stored["event"], idempotency_key=key, body=stored["body"])
        case _:
            return _letter(stored)


def _fields(content: React | Topic | Delete | Letter | Hook) -> dict[str, Any]:
    stored = {one.name: getattr(content, one.name) for one in fields(content)}
    return {name: value for name, value in stored.items() if value is not None or name not in _ADDED}


def as_json(buttons: Iterable[Iterable[tuple[str, str]]]) -> list[list[dict[str, str]]]:
    """Give buttons as JSON has them: rows of ``{"id", "label"}``."""
    return [[{"id": button_id, "label": label} for button_id, label in row] for row in buttons]


def _letter(stored: Mapping[str, Any]) -> Letter:
    return Letter(
        to=stored["to"],
        reply_to=stored.get("reply_to"),
        subject=stored["subject"],
        text=stored["text"],
        html=stored["html"],
        message_id=stored["message_id"],
        in_reply_to=stored.get("in_reply_to"),
    )


def _buttons(stored: Iterable[Iterable[Mapping[str, str]]]) -> Buttons:
    return tuple(tuple((one["id"], one["label"]) for one in row) for row in stored)


def _stored_edit(edit: Edit) -> dict[str, Any]:
    stored = {"do": "edit", "message_id": edit.message_id, "html": edit.html}
    return stored | ({"buttons": as_json(edit.buttons)} if edit.buttons else {})


def _send(stored: Mapping[str, Any]) -> Send:
    file = stored.get("file")
    return Send(
        html=stored["html"],
        buttons=_buttons(stored.get("buttons", ())),
        keyboard=Keyboard(stored.get("keyboard", Keyboard.UNCHANGED)),
        share_label=stored.get("share_label"),
        file=File(name=file["name"], content=file["content"], page=file.get("page")) if file else None,
        thread=stored.get("thread"),
        reply_to=stored.get("reply_to"),
        supersedable=stored.get("passing", False),
        topic=stored.get("topic", False),
        listing=stored.get("list", "export" if "export" in stored else None),  # as an earlier release said it
    )


def _stored_file(file: File) -> dict[str, Any]:
    stored = {"name": file.name, "content": file.content}
    return stored if file.page is None else {**stored, "page": file.page}


def _stored_send(send: Send) -> dict[str, Any]:
    """Give a new message as JSON has it: what few messages have stands there only where it is."""
    stored: dict[str, Any] = {
        "do": "send",
        "html": send.html,
        "buttons": as_json(send.buttons),
        "keyboard": str(send.keyboard),
        "share_label": send.share_label,
        "file": None if send.file is None else _stored_file(send.file),
    }
    if send.thread is not None:
        stored["thread"] = send.thread
    if send.reply_to is not None:
        stored["reply_to"] = send.reply_to
    if send.supersedable:
        stored["passing"] = True
    if send.listing is not None:
        stored["list"] = send.listing
    if send.topic:
        stored["topic"] = True
    return stored
