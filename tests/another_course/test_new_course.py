"""`python -m bot new-course`: a folder for another course, to start from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue.contacts import contact_names
from bot.questions import Matcher
from bot.wording import Wording
from bot.wording.check.check import problems
from bot.wording.newcourse import STANDARD, make_course
from bot.wording.tables import Table
from tests.journey.program import running, visiting

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was just made."""
    folder = tmp_path_factory.mktemp("new") / "course"
    make_course(folder)
    return folder


def test_a_new_course_passes_the_check(course: Path) -> None:
    """Nothing is to be mended in what one starts from, in any language."""
    assert problems(course) == []
    assert Wording.load(course, {}).languages == ("nl", "en")


def test_nothing_of_this_course_is_left(course: Path) -> None:
    """What one starts from names nobody and nothing of the course it was made from."""
    facts = Table(STANDARD, "facts.toml").values
    titles = [*facts["title"].values(), *contact_names(facts), facts["programme"], *facts["organisers"]["nl"]]
    for path in course.rglob("*.*"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not [title for title in titles if title.casefold() in text], path


def test_tables_tell_an_editor_in_dutch_what_to_change(course: Path) -> None:
    """Who opens a file reads what to do with it."""
    for name in ("course.toml", "facts.toml", "nl/labels.toml", "en/labels.toml"):
        assert "erander" in (course / name).read_text("utf-8") or "vul hier" in (course / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "question", "topic"),
    [
        ("nl", "wat kost de cursus?", "costs"),
        ("nl", "hallo!", "greeting"),
        ("nl", "hoe lang duurt het", "duration"),
        ("en", "how much is it?", "costs"),
        ("en", "who can take part?", "audience"),
        ("en", "can i talk to a human", "human"),
    ],
)
def test_questions_are_understood_untrained(course: Path, language: str, question: str, topic: str) -> None:
    """Before anyone trained anything, plain questions find their topic."""
    assert Matcher.load(course, ("nl", "en")).match(question, language).topics == (topic,)


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """Nobody's work is overwritten."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(FileExistsError):
        make_course(tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def _bot(course: Path, command: str, typed: str = "") -> str:
    """What a command of the program prints, in a process of its own, as an editor runs it."""
    settings = {**os.environ, "MESSAGES_DIR": str(course)}
    command_line = [sys.executable, "-m", "bot", command]
    done = subprocess.run(command_line, input=typed, env=settings, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_commands_take_it(course: Path) -> None:
    """check, ask and chat run on it with MESSAGES_DIR alone."""
    assert "Alle berichten kloppen." in _bot(course, "check")
    assert json.loads(_bot(course, "ask", "wat is de prijs?\n"))["topic"] == "costs"
    talked = _bot(course, "chat", "Wat kost het?\n")
    assert "Voorbeeldcursus" in talked
    assert "in overleg" in talked


async def test_the_program_runs_on_it(course: Path, tmp_path: Path) -> None:
    """A visitor reads the example course's answers in both languages."""
    async with running(tmp_path, messages_dir=course) as program:
        for language, question, cost in (
            ("nl", "wat kost het?", "in overleg"),
            ("en", "how much is it?", "in consultation"),
        ):
            async with visiting(program.url, language) as visitor:
                await visitor.says("/start costs")
                assert cost in visitor.heard[-1]["text"]
                assert cost in await visitor.says(question)
