"""A new editor follows docs/redactie.md to the letter, and sees the change everywhere, in both languages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.questions.left_behind import left_behind
from bot.wording import Wording
from bot.wording.check.check import advice, problems
from bot.wording.preview import write_preview
from tests.another_course.guide import block_after, line_after, section
from tests.frozen import MESSAGES
from tests.journey.program import running, visiting

ROOT = Path(__file__).parents[2]


class Editor:
    """Somebody with a text editor and a copy of messages/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file that the guide calls messages/<name>."""
        return self.folder / name

    def replaces(self, name: str, old: str, new: str) -> None:
        """Put ``new`` in the place of ``old``, which must be there as the guide says."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        self.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def below(self, name: str, line: str, added: str) -> None:
        """Put ``added`` on a line of its own below ``line``."""
        self.replaces(name, f"{line}\n", f"{line}\n{added}\n")

    def sees_in_the_terminal(self, language: str, *typed: str) -> str:
        """What the terminal shows, the guide's way: python -m bot chat."""
        command = [sys.executable, "-m", "bot", "chat", "--language", language]
        settings = {**os.environ, "MESSAGES_DIR": str(self.folder)}
        lines = "".join(f"{line}\n" for line in typed)
        done = subprocess.run(command, input=lines, env=settings, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """An editor with a fresh copy."""
    shutil.copytree(MESSAGES, tmp_path / "messages")
    return Editor(tmp_path / "messages")


def test_two_half_days(editor: Editor) -> None:
    """The half-day becomes two half-days, in both languages, by one line."""
    text = section("Een feit veranderen")
    editor.replaces("facts.toml", line_after(text, "Zoek de regel"), line_after(text, "Maak ervan"))
    assert problems(editor.folder) == []
    wording = Wording.load(editor.folder, {})
    for language, said in (("nl", "twee dagdelen"), ("en", "two half-days")):
        for topic in ("duration", "overview"):
            assert said in wording.message(f"topic/{topic}", language, {}, "web").text
    assert "twee dagdelen" in editor.sees_in_the_terminal("nl", "hoe lang duurt het?")
    assert "two half-days" in editor.sees_in_the_terminal("en", "how long is it?")


async def test_price_and_dates_become_known(editor: Editor, tmp_path: Path) -> None:
    """Who puts a price and three dates into facts.toml, as the guide says, sees both answers change."""
    text = section("Iets is nu bekend")
    for words in ("Zoek de regel van de kosten", "Zoek de regel van de data"):
        old, new = line_after(text, words), line_after(text, words.replace("Zoek de regel", "Maak er van de regel"))
        editor.replaces("facts.toml", old, new)
    assert problems(editor.folder) == []
    async with running(tmp_path, messages_dir=editor.folder) as program:
        for language, price, day in (
            ("nl", "€ 395 per persoon", "12 maart 2027, 9 april 2027 en 14 mei 2027"),
            ("en", "€ 395 per person", "12 March 2027, 9 April 2027 and 14 May 2027"),
        ):
            async with visiting(program.url, language) as visitor:
                await visitor.says("/start costs")
                assert price in visitor.heard[-1]["text"]
                told = await visitor.says({"nl": "wanneer is het?", "en": "when is it?"}[language])
                assert day in told


async def test_two_contact_persons(editor: Editor, tmp_path: Path) -> None:
    """Two people are named with what is known of each, in sentences that fit, and asked for by either name."""
    new = line_after(section("Wie contact opneemt"), "Maak ervan")
    (old,) = [line for line in editor.path("facts.toml").read_text("utf-8").splitlines() if line.startswith("contacts")]
    editor.replaces("facts.toml", old, new)
    assert problems(editor.folder) == []
    async with running(tmp_path, messages_dir=editor.folder) as program, visiting(program.url) as visitor:
        told = await visitor.says("wie is Bo Jansen?")
        assert "• Anne Kunst, anne@course.example\n• Bo Jansen, +31 30 123 45 67" in told
        assert "Anne Kunst, Bo Jansen of een collega" in await visitor.taps("topic:sign_up")


def test_one_language_forgotten_is_named(editor: Editor) -> None:
    """Who fills in a price in one language only is told which one is missing."""
    editor.replaces("facts.toml", 'costs = { nl = ""', 'costs = { nl = "€ 395 per persoon"')
    (line,) = [str(problem) for problem in problems(editor.folder)]
    assert line.startswith("facts.toml:")
    assert "costs is known, but empty in en" in line


def test_both_states_are_checked(editor: Editor) -> None:
    """A message that reads well only while a fact is unknown, or only once it is known, is named today already."""
    editor.path("nl/topic/costs.html").write_text("{% if costs %}<b>{{ costs }}{% else %}In overleg.{% endif %}\n")
    editor.path("nl/topic/dates.html").write_text("De data: {{ dates }}\n")
    costs, dates = [str(problem) for problem in problems(editor.folder) if "en/" not in problem.file]
    assert costs == "nl/topic/costs.html: <b> is not closed"
    assert dates.startswith("nl/topic/dates.html:1: a value that may be missing is shown")


def test_a_fact_that_no_message_shows_is_told(editor: Editor) -> None:
    """Who adds a fact that no message shows is told so; nothing stops."""
    assert advice(editor.folder) == []
    editor.below("facts.toml", "# Practical", 'soup = { nl = "een kom soep", en = "a bowl of soup" }')
    assert problems(editor.folder) == []
    (line,) = map(str, advice(editor.folder))
    assert line == "facts.toml:11: no message shows soup: write {{ soup }} where people should read it"


async def test_a_certificate_becomes_known(editor: Editor, tmp_path: Path) -> None:
    """One fact filled in, and who asks for a certificate gets the answer and finds it in the menu, untrained."""
    fact = line_after(section("Een onderwerp wordt bekend"), "het feit in")
    editor.replaces("facts.toml", 'certificate = { nl = "", en = "" }', fact)
    assert (problems(editor.folder), advice(editor.folder), left_behind(editor.folder)) == ([], [], [])
    async with running(tmp_path, messages_dir=editor.folder) as program:
        for language, said, typed in (
            ("nl", "een bewijs van deelname", ("Is er een certificaat?", "krijgen we straks nog een certificaatje?")),
            ("en", "a certificate of attendance", ("Is there a certificate?", "will we all get a certificate?")),
        ):
            async with visiting(program.url, language) as visitor:
                for question in typed:
                    assert said in await visitor.says(question), question
                await visitor.taps("menu")
                assert said in await visitor.taps("topic:certificate")


def _gets_there(editor: Editor) -> None:
    text = section("Een onderwerp wordt bekend")
    for language in ("nl", "en"):
        waiting = editor.path(f"{language}/questions/unpublished/getting_there.txt")
        waiting.rename(editor.path(f"{language}/questions/getting_there.txt"))
        answer = line_after(text, f"`messages/{language}/topic/getting_there.html`")
        editor.path(f"{language}/topic/getting_there.html").write_text(answer + "\n", encoding="utf-8")


async def test_one_file_moved_and_an_answer_written(editor: Editor, tmp_path: Path) -> None:
    """A subject that was not published is a topic once its questions are moved and its answer is written."""
    _gets_there(editor)
    assert problems(editor.folder) == []
    async with running(tmp_path, messages_dir=editor.folder) as program, visiting(program.url) as visitor:
        assert "om de hoek" in await visitor.says("kan ik daar parkeren?")
        await visitor.taps("menu")
        assert "om de hoek" in await visitor.taps("topic:getting_there")


def test_a_file_moved_in_one_language_is_named(editor: Editor) -> None:
    """Who moves the questions in one language alone is told which file is left."""
    _gets_there(editor)
    editor.path("en/questions/getting_there.txt").rename(editor.path("en/questions/unpublished/getting_there.txt"))
    (line,) = map(str, problems(editor.folder))
    assert line.startswith("en/questions/unpublished/getting_there.txt: nl/questions/getting_there.txt is there too")


def test_what_was_left_behind_is_told(editor: Editor) -> None:
    """Questions about a new topic that stay among the unpublished ones are found by what they mean, and no others."""
    _gets_there(editor)
    moved, rest = (editor.path(f"nl/questions/{name}.txt") for name in ("getting_there", "unpublished/other"))
    kept = [line for line in moved.read_text("utf-8").splitlines() if line != "parkeren"]
    moved.write_text("\n".join(kept), encoding="utf-8")
    rest.write_text("parkeren\nzijn er parkeerplaatsen\nis er wifi\n", encoding="utf-8")
    for path in editor.path("nl/questions/unpublished").glob("[!o]*.txt"):
        path.unlink()
    editor.path("en/questions/getting_there.txt").write_text("")
    assert [(one.text, topic) for one, topic in left_behind(editor.folder)] == [
        ("parkeren", "getting_there"),
        ("zijn er parkeerplaatsen", "getting_there"),
    ]


def _adds_a_topic(editor: Editor) -> None:
    text = section("Een onderwerp toevoegen")
    editor.below("facts.toml", "# Practical", line_after(text, "**Feit.**"))
    with editor.path("course.toml").open("a", encoding="utf-8") as course:
        course.write("\n" + block_after(text, "**Onderwerp.**"))
    menu = line_after(text, "**Menu.**")
    editor.replaces("course.toml", menu.replace(', "return_day"', ""), menu)
    for language in ("nl", "en"):
        answer = line_after(text, f"`messages/{language}/topic/return_day.html`")
        editor.path(f"{language}/topic/return_day.html").write_text(answer + "\n", encoding="utf-8")
        editor.below(f"{language}/labels.toml", "[topics]", line_after(text, f"`messages/{language}/labels.toml`"))
        phrases = block_after(text, f"`messages/{language}/questions/return_day.txt`")
        editor.path(f"{language}/questions/return_day.txt").write_text(phrases, encoding="utf-8")


def test_phrases_in_two_places_are_named(editor: Editor) -> None:
    """Who leaves a phrase among the unpublished ones too is told where it stands."""
    _adds_a_topic(editor)
    with editor.path("nl/questions/unpublished/other.txt").open("a", encoding="utf-8") as other:
        other.write("Is er een terugkomdag?\n")
    (line,) = [str(problem) for problem in problems(editor.folder)]
    assert line.startswith("nl/questions/unpublished/other.txt:")
    assert "nl/questions/return_day.txt:1" in line


async def test_a_new_topic(editor: Editor, tmp_path: Path) -> None:
    """A new topic answers its phrases and its button in the terminal, the preview and the web, in both languages."""
    _adds_a_topic(editor)
    assert problems(editor.folder) == []
    said = {"nl": "een terugkomdag na een half jaar", "en": "a day to come back after six months"}
    for language, typed in (("nl", "Is er een terugkomdag?"), ("en", "Is there a day to come back?")):
        assert said[language] in editor.sees_in_the_terminal(language, typed)
    write_preview(editor.folder, tmp_path / "preview.html")
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    for language in ("nl", "en"):
        assert f"messages/{language}/topic/return_day.html" in page
        assert said[language] in page
    async with running(tmp_path, messages_dir=editor.folder) as program:
        for language in ("nl", "en"):
            async with visiting(program.url, language) as visitor:
                await visitor.says("/start")
                assert said[language] in await visitor.taps("topic:return_day")
                assert said[language] in await visitor.says(
                    {"nl": "terugkomdag?", "en": "a day to come back?"}[language]
                )


def test_the_guide_shows_the_terminal_as_it_is(editor: Editor) -> None:
    """What the guide shows of the terminal is what an editor sees there."""
    shown = block_after(section("Bekijken wat je hebt gedaan"), "**In de terminal.**")
    question, *lines = shown.splitlines()
    seen = editor.sees_in_the_terminal("nl", question.removeprefix("> "))
    words = [line.strip("│╭╮╰╯─ ") for line in lines]
    assert [word for word in words if word not in seen] == []


def test_every_file_the_guide_names_is_there() -> None:
    """The table of what stands where is right."""
    for line in section("Wat staat waar").splitlines():
        for name in line.split("|")[1].split("`")[1::2] if line.startswith("| `") else ():
            assert (ROOT / name).exists(), name
