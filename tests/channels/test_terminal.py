"""The conversation in a terminal."""

import asyncio
import io
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from rich.console import Console

from bot.channels.terminal import as_text, lines_of, run_terminal
from bot.cli import chat as chat_command
from bot.dialogue.events import Chosen, Event, Typed
from bot.settings import load_settings
from bot.settings.model import MESSAGES_DIR
from bot.turns.desk import NotSaved
from tests.events import words_of


class Desk:
    """Answers from memory."""

    def __init__(self, *answers: Sequence[Mapping[str, Any]] | Exception) -> None:
        self.answers = list(answers)
        self.events: list[Event] = []

    async def submit(self, events: Sequence[Event]) -> "list[Answer]":
        """The next answer; a short one when there is none left."""
        self.events.extend(events)
        answer = self.answers.pop(0) if self.answers else [message("Goed.")]
        if isinstance(answer, Exception):
            raise answer
        return [Answer(answer)]


class Answer:
    """What the desk gives."""

    removed = False

    def __init__(self, messages: Sequence[Mapping[str, Any]]) -> None:
        self.messages = messages


class Words:
    """The words of the terminal."""

    def page(self, language: str) -> Mapping[str, str]:
        """The one sentence it says itself."""
        return {"error_not_saved": f"niet bewaard ({language})"}


def message(html: str, *rows: Sequence[tuple[str, str]], **more: Any) -> dict[str, Any]:
    """A message as the API gives it."""
    return {"html": html, "buttons": [[{"id": name, "label": label} for name, label in row] for row in rows], **more}


async def talk(desk: Desk, *typed: str, **options: Any) -> str:
    """Type these lines; what stands on the screen in the end."""
    lines = list(typed)
    console = Console(file=io.StringIO(), width=60)

    async def read() -> str | None:
        return lines.pop(0) if lines else None

    await run_terminal(cast(Any, desk), cast(Any, Words()), "nl", read, console.print, **options)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_talking_with_numbers() -> None:
    """Buttons have numbers over all messages of an answer; a number picks one, other words are sent as they are."""
    welcome = [
        message("Welkom", [("menu", "Menu"), ("topic:costs", "Kosten")]),
        message("En", [("signup:start", "Ja")]),
    ]
    desk = Desk(welcome, welcome)
    screen = await talk(desk, "3", "Wat kost het?", "  ", "3")
    assert [(type(event), words_of(event)) for event in desk.events] == [
        (Typed, "/start"), (Chosen, "signup:start"), (Typed, "Wat kost het?"), (Typed, "3"),
    ]  # fmt: skip
    assert "1 Menu  2 Kosten" in screen
    assert "3 Ja" in screen
    assert len({event.id for event in desk.events}) == 4
    assert len({event.chat for event in desk.events}) == 1
    assert desk.events[0].channel == "terminal"


async def test_a_number_that_is_meant_as_text() -> None:
    """With an equals sign a number is sent as it is, where buttons have numbers."""
    desk = Desk([message("Hoeveel?", [("signup:back", "Terug")])])
    await talk(desk, "=1", name="anna")
    assert (type(desk.events[1]), words_of(desk.events[1])) == (Typed, "1")
    assert desk.events[1].chat == "terminal:anna"


async def test_not_saved_is_said_and_the_buttons_stay() -> None:
    """When the database fails that is said, and the same button can be picked again."""
    desk = Desk([message("Kies", [("menu", "Menu")])], NotSaved())
    screen = await talk(desk, "1", "1")
    assert "niet bewaard (nl)" in screen
    assert [words_of(event) for event in desk.events] == ["/start", "menu", "menu"]


async def test_files_are_shown() -> None:
    """A file that goes with a message is shown with its name, whatever brackets stand in it."""
    screen = await talk(Desk([message("Alles", file={"name": "gegevens.json", "content": '["[bold]Zoë"]'})]))
    assert "gegevens.json" in screen
    assert '["[bold]Zoë"]' in screen


def test_tags_become_styles() -> None:
    """Bold, links and the like are shown; entities are text, and tags we do not know leave only their text."""
    text = as_text(
        '<b>vet <i>schuin</i></b> &lt;b&gt; <a href="https://x.nl">hier</a> <a href="a b">daar</a> <x>y</x></b>'
    )
    assert text.plain == "vet schuin <b> hier daar y"
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styles == {
        "vet ": "bold",
        "schuin": "bold italic",
        "hier": "blue underline link https://x.nl",
        "daar": "blue underline",
    }


async def test_lines_come_from_a_stream() -> None:
    """Typed lines arrive one by one, each asked for with a prompt, until the end of the input."""
    prompts: list[str] = []
    read = lines_of(io.StringIO("een\ntwee\n"), lambda: prompts.append(">"))
    assert [await read(), await read(), await read()] == ["een", "twee", None]
    assert prompts == [">", ">", ">"]


async def test_a_closed_stream_ends_quietly() -> None:
    """When the input is closed under us that is its end."""
    stream = io.StringIO("een")
    stream.close()
    assert await lines_of(stream)() is None


async def test_what_cannot_be_loaded_leaves_nothing_open(tmp_path: Path) -> None:
    """Where the questions cannot be loaded the command ends, instead of hanging on a database that is still open."""
    messages = shutil.copytree(MESSAGES_DIR, tmp_path / "messages")
    (messages / "questions.npz").write_bytes(b"broken off")
    before = threading.active_count()
    settings = load_settings({"MESSAGES_DIR": str(messages)}, None)
    [problem] = await asyncio.gather(chat_command.talk(settings, ""), return_exceptions=True)
    assert isinstance(problem, Exception)
    assert threading.active_count() == before
