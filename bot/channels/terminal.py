"""The same conversation in a terminal, for editors: buttons are numbered, a number picks one."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, TextIO

from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.dialogue.events import Actor, Chosen, Event, Typed, chat_address
from bot.turns.desk import Desk, NotSaved
from bot.wording import Wording

Read = Callable[[], Awaitable[str | None]]
"""Gives the next line that was typed, None at the end."""
Write = Callable[[RenderableType], None]
"""Shows something: the ``print`` of a rich Console."""

_STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strike", "del": "strike", "code": "cyan", "pre": "cyan", "blockquote": "dim italic", "a": "blue underline",
}  # fmt: skip


async def run_terminal(
    desk: Desk, wording: Wording, language: str, read: Read, write: Write, *, name: str | None = None
) -> None:
    """
    Talk until ``read`` gives None. A number picks that button; "=12" sends the text 12 where a button has its number.

    ``name``: goes on with the conversation of that name; without one it is a new conversation.
    """
    chat = _Chat(desk, chat_address("terminal", name or secrets.token_hex(8)), language, wording.page(language), write)
    await chat.say("/start")
    while (line := await read()) is not None:
        if line.strip():
            await chat.say(line.strip())


class _Chat:
    def __init__(self, desk: Desk, chat: str, language: str, words: Mapping[str, str], write: Write) -> None:
        self._desk = desk
        self._chat = chat
        self._language = language
        self._words = words
        self._write = write
        self._buttons: list[Mapping[str, str]] = []

    async def say(self, line: str) -> None:
        """Send what was typed, and show the answer."""
        try:
            (answer,) = await self._desk.submit([self._read(line)])
        except NotSaved:
            self._write(Text(self._words["error_not_saved"], style="red"))
            return
        self._buttons = []
        for message in answer.messages:
            self._show(message)

    def _read(self, line: str) -> Event:
        rest: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "chat": self._chat,
            "at": datetime.now(UTC),
            "actor": Actor(id=self._chat),
            "language": self._language,
        }
        if line.isdecimal() and line.isascii() and 0 < int(line[:6]) <= len(self._buttons):
            return Chosen(button=self._buttons[int(line[:6]) - 1]["id"], **rest)
        return Typed(text=line.removeprefix("="), **rest)

    def _show(self, message: Mapping[str, Any]) -> None:
        self._write(Panel(as_text(message["html"]), border_style="green", expand=False))
        for row in message["buttons"]:
            self._write(Text("  ").join(self._numbered(row)))
        if message.get("file"):
            self._write(Panel(Text(message["file"]["content"]), title=Text(message["file"]["name"]), expand=False))

    def _numbered(self, row: Sequence[Mapping[str, str]]) -> Iterator[Text]:
        for button in row:
            self._buttons.append(button)
            yield Text.assemble((f"{len(self._buttons)}", "bold yellow"), " ", (button["label"], "yellow"))


def as_text(html: str) -> Text:
    """A message's HTML (the few tags that Telegram knows) as text with styles."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.text


class _Parser(HTMLParser):
    """Turns tags into styles; what it does not know it leaves out."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A style begins; a link also where it leads to."""
        address = dict(attrs).get("href")
        style = _STYLES.get(tag, "")
        self._open.append(f"{style} link {address}" if tag == "a" and address and " " not in address else style)

    def handle_endtag(self, tag: str) -> None:
        """A style ends."""
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text, in the styles that are open."""
        self.text.append(data, " ".join(filter(None, self._open)))


def lines_of(stream: TextIO, prompt: Callable[[], None] = lambda: None) -> Read:
    """
    Reads lines without holding up the event loop, nor the end of the program while nobody types.

    ``prompt`` is called each time a line is asked for.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def pump() -> None:
        # A ValueError: the stream was closed. A RuntimeError: the loop was, and nobody reads any more.
        with contextlib.suppress(RuntimeError):
            with contextlib.suppress(ValueError):
                for line in stream:
                    loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    async def read() -> str | None:
        prompt()
        return await lines.get()

    threading.Thread(target=pump, daemon=True, name="terminal").start()
    return read
