"""`python -m bot new-course`: a folder for another course, to start from."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue.contacts import contact_names
from bot.questions import Matcher
from bot.wording import Wording
from bot.wording.check.check import problems
from bot.wording.newcourse import make_course
from bot.wording.tables import Table
from bot.wording.translating import STANDARD
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
    for path in (path for path in course.rglob("*.*") if path.suffix != ".npz"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not [title for title in titles if title.casefold() in text], path


#: words that only this course is about
THIS_COURSE = re.compile(r"gemeente|wijk|aardgas|municipal|neighbourhood|gas-free|\banne\b")


def test_no_question_is_about_this_courses_subject(course: Path) -> None:
    """No question that a new course comes with asks about neighbourhoods, municipalities or natural gas."""
    for path in [*course.glob("*/questions/**/*.txt"), *course.glob("*/topic/*.html")]:
        found = re.search(
            r"gemeente|wijk|aardgas|municipal|neighbourhood|gas-free|anne\b", path.read_text("utf-8").casefold()
        )
        assert path.name == "oos.txt" or not found, (path, found)


def test_no_answer_is_about_this_courses_subject(course: Path) -> None:
    """Nothing that people read of a new course, but for the options of its form, is about this course's subject."""
    for path in [*course.glob("*/*/**/*.html"), *course.glob("*/page.toml"), *course.glob("*/telegram.toml")]:
        assert not THIS_COURSE.search(path.read_text("utf-8").casefold()), path


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_course_in_one_language(language: str, tmp_path: Path) -> None:
    """Who needs one language gets a folder with that one alone, in order."""
    make_course(tmp_path / "course", [language])
    assert problems(tmp_path / "course") == []
    assert [path.parent.name for path in (tmp_path / "course").glob("*/labels.toml")] == [language]
    with pytest.raises(ValueError, match=r"^x!$"):
        make_course(tmp_path / "other", ["x!"])


#: what an organiser's own people ask, in words that are not in the phrases
ASKED = {
    "nl": (
        ("costs", "wat moet ik ervoor neertellen"),
        ("costs", "wat is het prijskaartje van deze cursus"),
        ("dates", "op welke data wordt de cursus gegeven"),
        ("dates", "wanneer start de volgende cursus"),
        ("duration", "hoeveel uur ben ik kwijt"),
        ("form_location", "waar wordt de cursus gegeven"),
        ("form_location", "kan ik ook vanuit huis meedoen"),
        ("group_size", "met hoeveel mensen zitten we in een groep"),
        ("content", "wat steek ik ervan op"),
        ("audience", "voor wie is de cursus bedoeld"),
        ("organisers", "welke organisatie zit hierachter"),
        ("contact", "wat is het mailadres van de organisatie"),
    ),
    "en": (
        ("costs", "what is the price of this course"),
        ("dates", "when does the next course start"),
        ("duration", "how many hours does it take"),
        ("form_location", "where does the course take place"),
        ("group_size", "how many people are in a group"),
        ("audience", "who is the course meant for"),
    ),
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_two_thirds_are_answered_untrained(course: Path, language: str) -> None:
    """Of what people ask of any course, two thirds find their answer before anybody wrote or trained anything."""
    matcher = Matcher.load(course, ("nl", "en"))
    right = [topic for topic, question in ASKED[language] if matcher.match(question, language).topics == (topic,)]
    assert len(right) * 3 >= len(ASKED[language]) * 2, right


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
    assert "Sam Voorbeeld" in talked


async def test_the_program_runs_on_it(course: Path, tmp_path: Path) -> None:
    """A visitor reads the example course's answers in both languages."""
    async with running(tmp_path, messages_dir=course) as program:
        for language, question, cost in (
            ("nl", "wat kost het?", "nog niet bekendgemaakt"),
            ("en", "how much is it?", "has not been announced yet"),
        ):
            async with visiting(program.url, language) as visitor:
                await visitor.says("/start costs")
                assert cost in visitor.heard[-1]["text"]
                assert cost in await visitor.says(question)


async def test_a_folder_without_dutch_starts(tmp_path: Path) -> None:
    """Whoever has a course in English alone sets no language: the folder's first one is begun in."""
    make_course(tmp_path / "course", ["en"])
    async with running(tmp_path, messages_dir=tmp_path / "course") as program, visiting(program.url) as visitor:
        await visitor.says("/start costs")
        assert "has not been announced yet" in visitor.heard[-1]["text"]
