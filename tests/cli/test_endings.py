"""How a command ends where the machine fails it: one line, the right exit code, no traceback, nothing lost."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import commands
from bot.observing.logs import Patient
from bot.running.ending import in_one_line, line_of

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs one command in an empty folder; gives its exit code, and what it says where something is wrong."""
    monkeypatch.chdir(tmp_path)
    umask = os.umask(0o077)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["bot", *words])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        said = capsys.readouterr().err
        assert said.count("\n") <= 1, said
        return int(ended.value.code or 0), said.strip()

    yield run
    os.umask(umask)


def test_folders_that_cannot_be_written(command: Run, tmp_path: Path) -> None:
    """A course, a preview, a backup or an export where nothing can be written is one line that names the place."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder" / "index.html").mkdir(parents=True)
    assert command("migrate") == (0, "")
    for words, code, said in (
        (("new-course", "file/course"), 1, "file/course cannot be made: Not a directory"),
        (("new-course", "/proc/nowhere/course"), 1, "/proc/nowhere/course cannot be made: No such file or directory"),
        (("new-course", "file"), 2, "file is there already: name a new folder"),
        (("preview", "file"), 1, "file/index.html cannot be written: File exists"),
        (("preview", "folder"), 1, "folder/index.html cannot be written: Is a directory"),
        (("leads", "export", "--output", "folder"), 1, "folder cannot be written: Is a directory"),
        (("leads", "export", "--output", "file/leads.json"), 1, "file/leads.json cannot be written: Not a directory"),
        (("backup", "folder"), 1, "the backup folder cannot be written: Is a directory"),
        (("backup", "file/b.db"), 1, "the database file file/b.db.part cannot be written: File exists"),
    ):
        assert command(*words) == (code, said), words


def test_nothing_is_written_over_what_the_bot_lives_by(command: Run, tmp_path: Path) -> None:
    """A slip of the hand that names the key, the settings or any other file for a backup or an export costs nothing."""
    (tmp_path / ".env").write_text("LOG_LEVEL=info\n")
    assert command("migrate") == (0, "")
    for name in ("data/key", "data/bot.db", ".env"):
        before = (tmp_path / name).read_bytes()
        code, said = command("leads", "export", "--format", "json", "--output", name)
        assert (code, said) == (1, f"{name} is what the bot keeps its data in: name another file")
        code, said = command("backup", name)
        assert (code, said.startswith(f"the backup {name} would replace ")) == (1, True)
        assert (tmp_path / name).read_bytes() == before
    (tmp_path / "copy.db").touch()
    for _ in range(2):
        assert command("backup", "copy.db") == (0, "")
    assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite format 3")


def test_an_export_is_whole_or_not_at_all(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full the last export is still there, and no half one beside it; a link is followed."""
    assert command("migrate") == (0, "")
    (tmp_path / "kept.json").write_text("earlier")
    (tmp_path / "leads.json").symlink_to("kept.json")
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda handle: _full(tmp_path, b""))
        assert command("leads", "export", "--output", "leads.json") == (
            1, "leads.json cannot be written: No space left on device",
        )  # fmt: skip
    assert (tmp_path / "kept.json").read_text() == "earlier"
    assert command("leads", "export", "--output", "leads.json") == (0, "")
    assert (tmp_path / "kept.json").read_text() == "[]\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "kept.json", "leads.json"]


def _full(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device", str(path))


def test_half_a_course_is_taken_away(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full nothing is left in the way of the next try; a course can be read by a service's user."""
    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", lambda path, *rest, **more: _full(path, b""))
        assert command("new-course", "course")[0] == 1
    assert not (tmp_path / "course").exists()
    assert command("new-course", "course") == (0, "")
    assert all(path.stat().st_mode & 0o044 for path in (tmp_path / "course").rglob("*"))


def process(folder: Path, *words: str, **streams: object) -> "subprocess.Popen[bytes]":
    """A command as a process of its own."""
    given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    env = {name: text for name, text in os.environ.items() if name in ("PATH", "HOME")} | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "bot", *words], cwd=folder, env=env, **given)  # type: ignore[call-overload, no-any-return]


def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    """Onto a full disk, to a reader that went away, to closed streams: one line or none, and the exit code says it."""
    with Path("/dev/full").open("wb") as full:
        told = process(tmp_path, "check", stdout=full)
    reader, writer = os.pipe()
    os.close(reader)
    gone = process(tmp_path, "check", stdout=writer)
    os.close(writer)
    closed = process(tmp_path, "ask", stdin=None, stdout=None, preexec_fn=lambda: os.closerange(0, 2))
    assert told.communicate(timeout=60)[1].decode() == "this cannot be written or read: No space left on device\n"
    assert (gone.communicate(timeout=60)[1], closed.communicate(timeout=60)[1]) == (b"", b"")
    assert (told.returncode, gone.returncode, closed.returncode) == (1, 1, 0)


def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C ends a command at any moment without a traceback: while it loads, and while it waits for what is typed."""
    early, late = process(tmp_path, "leads", "list"), process(tmp_path, "ask")
    time.sleep(0.15)
    early.send_signal(signal.SIGINT)
    assert late.stdin is not None
    assert late.stdout is not None
    late.stdin.write("één vraag?\n".encode())
    late.stdin.flush()
    for _ in range(2):  # what it says is buffered: it waits for more once it has loaded everything
        time.sleep(0.3)
    late.send_signal(signal.SIGINT)
    for ended in (early, late):
        errors = ended.communicate(timeout=60)[1].decode()
        # before our own first line has run, Python itself has its say
        assert {*re.findall(r"\bbot/[\w/]+\.py", errors)} <= {"bot/__init__.py", "bot/__main__.py"}, errors
        assert ended.returncode in (130, 1, -signal.SIGINT)


def test_letters_that_a_terminal_cannot_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an old terminal's letters, or bytes that are no text, a command goes on."""
    out, typed = io.TextIOWrapper(io.BytesIO(), "ascii"), io.TextIOWrapper(io.BytesIO(b"\xff\xfe?\n"), "utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stdin", typed)
    with in_one_line():
        sys.stdout.write(f"één {sys.stdin.read()}")
    out.seek(0)
    assert out.read() == "\\xe9\\xe9n \\ufffd\\ufffd?\n"


def test_what_failed_is_named() -> None:
    """The file where there is one, else what went wrong; of many the first."""
    assert line_of(OSError(28, "No space left on device", "a.txt")) == "a.txt: No space left on device"
    assert line_of(OSError("odd\nthing")) == "this cannot be written or read: odd thing"
    assert line_of(OSError([("a", "b", "why"), ("c", "d", "other")])) == "this cannot be written or read: why"
    assert line_of(OSError()) == "this cannot be written or read: OSError"


class Full(io.StringIO):
    """A stream onto a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """A log on a full disk, or whose reader went away, is no reason to fail anybody's turn."""
    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        patient = Patient(stream)
        assert patient.write("a line\n") == 7
        patient.flush()
