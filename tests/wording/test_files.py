"""What lies about in a messages folder: files of tools are nobody's messages, others that cannot be read are named."""

import os
import stat
from pathlib import Path

import pytest

from bot.questions import Matcher, UnreadablePhrases
from bot.questions.freshness import stale
from bot.questions.phrases import languages_in
from bot.wording import Wording, WordingError
from bot.wording.check.check import problems
from bot.wording.check.report import Report
from bot.wording.course import read_languages
from tests.frozen import REAL
from tests.wording.conftest import SETTINGS, Broken

#: what editors, file managers and office programs leave: dangling links, locks, copies, what a system keeps of a folder
LEFT = (".#{}", "._{}", "~${}", ".{}.swp", "{}~", "#{}#", ".DS_Store", "Thumbs.db", "desktop.ini", ".goutputstream-ABC")
PLACES = ("", "nl/", "nl/topic/", "nl/signup/", "nl/mail/receipt/", "mail/", "nl/questions/")


@pytest.fixture
def whole(broken: Broken) -> Broken:
    """A copy of messages/, a few phrases included."""
    (broken.folder / "nl" / "questions").mkdir()
    broken.write("nl/questions/costs.txt", "wat kost het\n")
    return broken


def leave(path: Path, name: str) -> None:
    """Leave a file of a tool: a link to nowhere as Emacs does, else bytes that are no text."""
    if name.startswith(".#"):
        (path / name).symlink_to("jan@machine.1234:99")
    else:
        (path / name).write_bytes(b"\x00\x05\x16\x07\xff")


def test_files_of_tools_are_nobodys_messages(whole: Broken) -> None:
    """An editor with a file open, a Mac or a Windows machine that looked into the folder: nothing changes."""
    for place in PLACES:
        for form in LEFT:
            for name in {form.format(name) for name in ("costs.txt", "costs.html", "_given.html", "labels.toml")}:
                leave(whole.folder / place, name)
    for folder in (".git", "nl/.idea", ".nl/questions", "nl/topic/.backup"):
        (whole.folder / folder).mkdir(parents=True)
        for name in ("x.html", "_x.html", "x.txt", "x.toml"):
            leave(whole.folder / folder, name)
    assert whole.found() == []
    Wording.load(whole.folder, SETTINGS)
    assert Matcher.load(whole.folder, ["nl"]).match("wat kost het", "nl").topics == ("costs",)
    assert languages_in(whole.folder) == ["nl"]


@pytest.mark.parametrize("kind", ["folder", "link"])
@pytest.mark.parametrize("name", ["nl/topic/costs.html", "nl/labels.toml", "nl/signup/_given.html", "mail/_mail.html"])
def test_what_cannot_be_read_is_named(broken: Broken, name: str, kind: str) -> None:
    """A folder where a file is expected, or a link to nowhere, is named, by the check and by the start."""
    spoil(broken.folder / name, kind)
    found = broken.found()
    assert any(line.startswith(f"{name}: this ") for line in found) or "is missing" in found[0], found
    with pytest.raises(WordingError):
        Wording.load(broken.folder, SETTINGS)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_phrases_that_cannot_be_read_are_named(whole: Broken, kind: str) -> None:
    """The same for the questions of a topic: one line, for whoever checks, asks or starts."""
    spoil(whole.folder / "nl" / "questions" / "costs.txt", kind)
    (line,) = whole.found()
    assert line.startswith("nl/questions/costs.txt: this file cannot be read: ")
    with pytest.raises(UnreadablePhrases, match=r"nl/questions/costs\.txt"):
        Matcher.load(whole.folder, ["nl"])
    assert "nl/questions/costs.txt" in (stale(whole.folder) or "")


def test_questions_that_are_no_folder_are_named(broken: Broken) -> None:
    """A file where the folder with questions should be."""
    broken.write("nl/questions", "")
    assert broken.found() == ["nl/questions: this must be a folder, with the questions of a topic a file"]


def test_a_mark_at_the_beginning_is_no_text(broken: Broken) -> None:
    """A file saved with a mark before it (BOM), as some editors do, reads as without."""
    for name in ("nl/topic/costs.html", "nl/labels.toml", "nl/mail/receipt/subject.txt", "_show.html"):
        path = broken.folder / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert broken.found() == []


@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder around"])
@pytest.mark.parametrize("name", ["nl/topic/costs.html", "facts.toml", "nl/questions/costs.txt", "nl/extra/notes.odt"])
def test_what_is_never_done_with_is_named(whole: Broken, name: str, kind: str) -> None:
    """Where a pipe, a socket or a device stands, or a link back, it is said at once, by the check and by the start."""
    path = whole.folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    never_ends(path, kind)
    says = "this link leads to a folder around it" if kind == "folder around" else "a pipe, a socket or a device"
    (line,) = whole.found()
    assert line.startswith(f"{name}: {says}")
    (told,) = Report(whole.folder, "nl").lines(problems(whole.folder)[0])
    assert "haal" in told
    with pytest.raises(WordingError, match=says):
        Wording.load(whole.folder, SETTINGS)
    with pytest.raises(WordingError, match=says):
        read_languages(whole.folder)


def test_what_a_tool_left_is_not_looked_at(whole: Broken) -> None:
    """A socket that a tool keeps in a folder of its own stops nothing."""
    (whole.folder / ".git").mkdir()
    never_ends(whole.folder / ".git" / "daemon.ipc", "socket")
    assert whole.found() == []


def never_ends(path: Path, kind: str) -> None:
    """Put what reading never ends of."""
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            os.mknod(path, stat.S_IFSOCK | 0o600)
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            path.symlink_to("..")


def spoil(path: Path, kind: str) -> None:
    """Put a folder, or a link to nowhere, in a file's place."""
    path.unlink()
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")


def test_the_messages_that_are_shipped_have_no_file_of_a_tool() -> None:
    """What a new course is copied from is messages alone."""
    assert [path for path in REAL.rglob("*") if path.name.startswith((".", "~", "#"))] == []
