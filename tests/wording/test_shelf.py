"""What was compiled at one start saves time at the next, and never shows anything but the messages as they stand."""

import shutil
from pathlib import Path

import pytest

from bot.wording import Wording, compiling
from bot.wording.shelf import recall
from tests.wording.conftest import SETTINGS

MESSAGES = Path(__file__).parents[1] / "another_course" / "messages"


@pytest.fixture(name="shelf")
def fixture_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place to keep what is compiled, for a program that has compiled nothing yet."""
    monkeypatch.setattr(compiling, "KNOWN", {})
    monkeypatch.setattr("bot.wording.shelf.KNOWN", compiling.KNOWN)
    return tmp_path / "cache" / "templates.bin"


def test_a_second_start_compiles_nothing(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot is ready sooner the second time, with the same words."""
    first = Wording.load(MESSAGES, SETTINGS, shelf).message("chat/welcome", "nl", {}, "web")
    kept = dict(compiling.KNOWN)
    compiling.KNOWN.clear()
    assert recall(shelf) <= set(kept)
    assert {key: source for key, (source, _) in compiling.KNOWN.items()} == {
        key: kept[key][0] for key in compiling.KNOWN
    }
    monkeypatch.setattr(compiling, "read", None)
    assert Wording.load(MESSAGES, SETTINGS, shelf).message("chat/welcome", "nl", {}, "web") == first


def test_a_changed_message_is_shown_changed(shelf: Path, tmp_path: Path) -> None:
    """An editor sees a change after the next start, whatever was kept."""
    folder = tmp_path / "messages"
    shutil.copytree(MESSAGES, folder)
    Wording.load(folder, SETTINGS, shelf)
    path = folder / "nl" / "chat" / "welcome.html"
    path.write_text(path.read_text(encoding="utf-8").replace("Welkom!", "Fijn dat je er bent!"), encoding="utf-8")
    assert "Fijn dat je er bent!" in Wording.load(folder, SETTINGS, shelf).message("chat/welcome", "nl", {}, "web").text


@pytest.mark.parametrize("content", [b"", b"nonsense", "another program"])
def test_what_cannot_be_used_is_made_anew(shelf: Path, content: bytes | str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file, or one of another version, costs time and nothing else."""
    if isinstance(content, str):
        with monkeypatch.context() as other:
            other.setattr("jinja2.__version__", "0.1")
            Wording.load(MESSAGES, SETTINGS, shelf)
    else:
        shelf.parent.mkdir()
        shelf.write_bytes(content)
    assert recall(shelf) == frozenset()
    Wording.load(MESSAGES, SETTINGS, shelf)
    assert recall(shelf)


def test_where_nothing_can_be_written_it_starts_all_the_same(shelf: Path) -> None:
    """A program in a folder that is not its own just takes a little longer to start."""
    shelf.parent.write_text("not a folder", encoding="utf-8")
    assert Wording.load(MESSAGES, SETTINGS, shelf).languages
