"""A language that is translated step by step: what is left is marked, counted, and guessed where nothing says it."""

from pathlib import Path

import pytest

from bot.wording import Wording
from bot.wording.check.check import advice, problems
from bot.wording.newcourse import make_course
from bot.wording.translating import new_language, unmade


def test_what_is_copied_is_marked_and_counted(tmp_path: Path) -> None:
    """A language of which there is nothing yet is a marked copy; check counts what is left, and goes down with it."""
    make_course(tmp_path / "course", ["en"])
    new_language(tmp_path / "course", "it", "en")
    assert problems(tmp_path / "course") == []
    (told,) = [one for one in advice(tmp_path / "course") if "not translated yet" in one.text]
    before = sum(marks for _, marks in unmade(tmp_path / "course", "it"))
    assert (told.file, told.text.split()[0]) == ("it", str(before))
    (tmp_path / "course/it/topic/thanks.html").write_text("Prego!\n", encoding="utf-8")
    assert sum(marks for _, marks in unmade(tmp_path / "course", "it")) == before - 1
    wording = Wording.load(tmp_path / "course", {})
    assert wording.message("chat/menu", "it", {"waiting": False}, "web").text.startswith("What would you like")
    with pytest.raises(FileExistsError):
        new_language(tmp_path / "course", "it", "en")


def test_a_side_in_another_language_is_guessed(tmp_path: Path) -> None:
    """An English message that an editor wrote in Dutch is named, though it says nothing the same."""
    make_course(tmp_path / "course", ["nl", "en"])
    assert [one for one in advice(tmp_path / "course") if "reads as" in one.text] == []
    text = "Dit is een heel ander antwoord, dat je niet van het Engels zou verwachten: het is er niet in geschreven.\n"
    (tmp_path / "course/en/topic/thanks.html").write_text(text, encoding="utf-8")
    (told,) = [one for one in advice(tmp_path / "course") if "reads as" in one.text]
    assert str(told).startswith("en/topic/thanks.html: this reads as nl, and not as en")
