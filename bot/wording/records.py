"""What wording gives to the rest of the program: frozen, keyword-only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.button_ids import role_of
from bot.dialogue.records import File, Keyboard
from storage.contents import Buttons, Send, as_json


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong in the messages folder, by file and line."""

    file: str  #: path inside the messages folder
    line: int  #: from 1; 0 where it is about the file as a whole
    text: str

    def __str__(self) -> str:
        """Give ``file:line: what is wrong``, on one line."""
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class WordingError(Exception):
    """The messages folder cannot be used; the text names what is wrong by file and line, one problem a line."""

    def __init__(self, problems: "Problem | tuple[Problem, ...]") -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else problems
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One message as a channel shows it."""

    html: str  #: only the tags that Telegram knows; a newline is a line break
    text: str  #: the same without tags; a link is "label (address)"
    topic: str | None = None  #: the topic it answers
    buttons: Buttons = ()  #: rows of (id, label)
    keyboard: Keyboard = Keyboard.UNCHANGED
    share_label: str | None = None  #: what the button that shares one's own number says
    file: File | None = None
    language: str | None = None  #: the one it is in, where that is not the conversation's
    ask: Mapping[str, str | int] | None = None  #: the question that is open with it: field, label, step, of
    summary: tuple[Mapping[str, str], ...] = ()  #: answers, each with field, label, value and edit, a button's id
    around: tuple[str, str] | None = None  #: HTML: what stands above and below the answers that it shows, without them
    roles: Mapping[str, str] = field(default_factory=dict)  #: of the buttons whose role is not what their id says
    groups: tuple[tuple[str, int], ...] = ()  #: of the rows of buttons: a group's name, and how many rows it has
    refused: bool = False  #: what was typed was not taken as it is

    def body(self) -> dict[str, Any]:
        """Give the message as the web API has it, without the id that only a stored message has."""
        body: dict[str, Any] = {
            "html": self.html,
            "text": self.text,
            "topic": self.topic,
            "buttons": [[self._with_role(button) for button in row] for row in as_json(self.buttons)],
        }
        if self.file is not None:
            body["file"] = {"name": self.file.name, "content": self.file.content}
            if self.file.page is not None:
                body["file"]["page"] = self.file.page
        if self.language is not None:
            body["language"] = self.language
        if self.ask is not None:
            body["ask"] = dict(self.ask)
        if self.summary:
            body["summary"] = [dict(row) for row in self.summary]
        if self.around is not None:
            body["above"], body["below"] = self.around
        if self.groups:
            body["groups"] = [{"label": label, "rows": rows} for label, rows in self.groups]
        if self.refused:
            body["refused"] = True
        return body

    def _with_role(self, button: dict[str, str]) -> dict[str, str]:
        """The button with what it is among those beside it, where it is something."""
        role = self.roles.get(button["id"]) or role_of(button["id"])
        return button if role is None else {**button, "role": str(role)}

    def sent(self, *, supersedable: bool = False) -> Send:
        """
        Give the message for a chat that is sent to. ``supersedable``: whether a later one makes it superfluous where
        too many wait; one that changes the person's keyboard never is.
        """
        return Send(
            html=self.html,
            buttons=self.buttons,
            keyboard=self.keyboard,
            share_label=self.share_label,
            file=self.file,
            supersedable=supersedable and self.keyboard is Keyboard.UNCHANGED,
        )


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail in its three parts."""

    subject: str  #: one line
    text: str
    html: str  #: a whole document


@dataclass(frozen=True, kw_only=True)
class TelegramTexts:
    """What Telegram shows of the bot in one language."""

    description: str
    short_description: str
    commands: Mapping[str, str] = field(default_factory=dict)  #: command without slash -> description, in order
    staff_commands: Mapping[str, str] = field(default_factory=dict)  #: those of the staff chat
