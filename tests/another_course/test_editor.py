"""A new editor follows docs/redactie.md to the letter, and sees the change everywhere, in both languages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue.reading.spelling import plain
from bot.wording import Wording
from bot.wording.check.check import problems
from bot.wording.newcourse import STANDARD
from bot.wording.preview import write_preview
from tests.another_course.guide import block_after, line_after, section
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

    def without_phrases_of(self, topic: str) -> None:
        """Take the topic's phrases out of the unpublished ones, as check asks."""
        for language in ("nl", "en"):
            kept = {plain(line) for line in self.path(f"{language}/questions/{topic}.txt").read_text().splitlines()}
            path = self.path(f"{language}/questions/unpublished.txt")
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join(line for line in lines if plain(line) not in kept) + "\n", encoding="utf-8")

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
    shutil.copytree(STANDARD, tmp_path / "messages")
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


def _adds_a_certificate(editor: Editor) -> None:
    text = section("Een onderwerp toevoegen")
    editor.below("facts.toml", "# Practical", line_after(text, "**Feit.**"))
    with editor.path("course.toml").open("a", encoding="utf-8") as course:
        course.write("\n" + block_after(text, "**Onderwerp.**"))
    menu = line_after(text, "**Menu.**")
    editor.replaces("course.toml", menu.replace(', "certificate"', ""), menu)
    for language in ("nl", "en"):
        answer = line_after(text, f"`messages/{language}/topic/certificate.html`")
        editor.path(f"{language}/topic/certificate.html").write_text(answer + "\n", encoding="utf-8")
        editor.below(f"{language}/labels.toml", "[topics]", line_after(text, f"`messages/{language}/labels.toml`"))
        phrases = block_after(text, f"`messages/{language}/questions/certificate.txt`")
        editor.path(f"{language}/questions/certificate.txt").write_text(phrases, encoding="utf-8")


def test_phrases_in_two_places_are_named(editor: Editor) -> None:
    """Who leaves a phrase among the unpublished ones is told where it stands."""
    _adds_a_certificate(editor)
    found = [str(problem) for problem in problems(editor.folder)]
    assert found
    assert all("questions/unpublished.txt:" in line and "questions/certificate.txt:" in line for line in found)


async def test_a_certificate(editor: Editor, tmp_path: Path) -> None:
    """A new topic answers its phrases and its button in the terminal, the preview and the web, in both languages."""
    _adds_a_certificate(editor)
    editor.without_phrases_of("certificate")
    assert problems(editor.folder) == []
    said = {"nl": "een bewijs van deelname", "en": "a certificate of attendance"}
    for language, typed in (("nl", "Krijg ik een certificaat?"), ("en", "Do I get a certificate?")):
        assert said[language] in editor.sees_in_the_terminal(language, typed)
    write_preview(editor.folder, tmp_path / "preview.html")
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    for language in ("nl", "en"):
        assert f"messages/{language}/topic/certificate.html" in page
        assert said[language] in page
    async with running(tmp_path, messages_dir=editor.folder) as program:
        for language in ("nl", "en"):
            async with visiting(program.url, language) as visitor:
                await visitor.says("/start")
                assert said[language] in await visitor.taps("topic:certificate")
                assert said[language] in await visitor.says({"nl": "certificaat?", "en": "certificate?"}[language])


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
