"""What an operator does from the command line, in this process: what it prints, what it writes, how it ends."""

import asyncio
import contextlib
import gc
import io
import json
import logging
import os
import re
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import structlog
from cryptography.fernet import Fernet

from bot.cli import commands as cli
from bot.loading import open_storage
from bot.settings import SettingsError, load_settings
from storage import sqlite_engine
from storage.lock import alone_on
from storage.records import Delivery, MissedQuestion, Notice
from storage.store import Storage
from tests.journey.program import free_port
from tests.said import has
from tests.storage.samples import ANSWERS, lead, outgoing

Command = Callable[..., tuple[int, str, str]]
REFERENCE = "KX7M-PQ4T"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Runs one command in an empty folder without any setting; gives its exit code, output and errors."""
    for name in ("DATABASE_URL", "DATA_KEY", "MAIL_URL", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level, umask = root.handlers[:], root.level, os.umask(0o077)

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bot", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    gc.enable()  # which `run` leaves off until it serves
    os.umask(umask)
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A database with a lead, a question that was missed, a message that waits and one that was given up."""

    async def fill() -> None:
        (tmp_path / "data").mkdir(mode=0o700)
        storage = await Storage.open(f"sqlite:///{tmp_path}/data/bot.db", data_key=None)
        now = datetime.now(UTC)
        async with storage.transaction() as tx:
            await tx.leads.save([lead(REFERENCE, created_at=now, updated_at=now, consent_at=now)])
            asked = [MissedQuestion(question=text, language="nl", suggestions=(), at=now) for text in ("Mag [b]?",) * 2]
            await tx.questions.add(asked)
            waiting, refused = await tx.outbox.add([
                outgoing("mail:a@b.nl", kind="mail", created_at=now),
                outgoing("telegram:-5", created_at=now, lead=REFERENCE),
            ])  # fmt: skip
            assert waiting.id
            assert refused.id
            await tx.outbox.record([
                Delivery(id=refused.id, status="failed", attempts=9, error="kicked", at=now, receipt=None)
            ])  # fmt: skip
            await tx.notices.add([Notice(staff_chat="telegram:-5", message_id=3, chat="telegram:1", lead=REFERENCE)])
        await storage.close()

    asyncio.run(fill())
    return tmp_path


def test_on_a_new_database(command: Command, tmp_path: Path) -> None:
    """Each command works before anybody signed up, and says so; what is not there ends it with 1, wrong use with 2."""
    for words, code, said in (
        (("migrate",), 0, "up to date"),
        (("leads", "list"), 0, "0 leads"),
        (("leads", "show", "NONE-1"), 1, "there is no lead NONE-1"),
        (("leads", "export", "--format", "json"), 0, "[]"),
        (("leads", "forget", "--email", "nobody@example.org"), 1, "nothing is kept of anybody"),
        (("outbox", "list"), 0, "why"),
        (("questions",), 0, "asked"),
        (("purge",), 0, "Removed: 0 leads"),
        (("leads", "export", "--format", "pdf"), 2, "pdf"),
        (("nonsense",), 2, "nonsense"),
        (("ask", "--language", "fr"), 2, "--language must be one of: nl, en"),
        (("chat", "--language", "fr"), 2, "--language must be one of: nl, en"),
    ):
        ended, output, errors = command(*words)
        assert (ended, said in output + errors) == (code, True), (words, ended, output, errors)
    assert (tmp_path / "data" / "bot.db").stat().st_mode & 0o777 == 0o600


OPERATORS = (
    ("leads", "list"),
    ("leads", "show", REFERENCE),
    ("leads", "export"),
    ("leads", "forget", "--email", "a@example.org"),
    ("outbox", "list"),
    ("outbox", "retry"),
    ("questions",),
    ("purge",),
    ("backup", "copy.db"),
    ("rotate-key",),
    ("rotate-key", "--new-key"),
)


def _slip(folder: Path, how: str) -> None:
    """What is where the database should be."""
    (folder / "data").mkdir()
    if how == "empty":
        (folder / "data" / "bot.db").touch()
    if how == "another program's":
        with sqlite3.connect(folder / "data" / "bot.db") as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.close()


@pytest.mark.parametrize("words", OPERATORS)
@pytest.mark.parametrize("how", ["nothing", "empty", "another program's"])
def test_only_run_and_migrate_make_a_database(
    command: Command, tmp_path: Path, words: tuple[str, ...], how: str
) -> None:
    """In a wrong folder, or with a slip in DATABASE_URL, a command says so in one line, and changes nothing."""
    _slip(tmp_path, how)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, output, errors = command(*words)
    assert (code, output, errors.count("\n")) == (1, "", 1), (output, errors)
    assert "bot.db" in errors
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_commands_on_older_tables(command: Command, filled: Path) -> None:
    """After an upgrade, before the new release ran: one line says what to do, and then it works."""
    with sqlite3.connect(filled / "data" / "bot.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    code, _, errors = command("leads", "list")
    assert (code, errors.count("\n"), "python -m bot migrate" in errors) == (1, 1, True)


@pytest.mark.parametrize("words", [("migrate",), ("run",)])
@pytest.mark.parametrize("how", ["another program's", "text", "a pipe", "a folder", "no rights", "full"])
def test_a_place_that_cannot_be_a_database(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], how: str
) -> None:
    """What cannot be used as the database is named in one line, without a traceback, before anything is changed."""
    monkeypatch.setenv("HTTP_PORT", str(free_port()))
    path = tmp_path / "data" / "bot.db"
    _slip(tmp_path, how)
    match how:
        case "text":
            path.write_text("Dit is geen database, maar een lange regel tekst. " * 100)
        case "a pipe":
            os.mkfifo(path)
        case "a folder":
            path.mkdir()
        case "no rights":
            monkeypatch.setenv("DATABASE_URL", "sqlite:////proc/none/bot.db")
        case "full":
            monkeypatch.setattr(sqlite_engine, "PRAGMAS", (*sqlite_engine.PRAGMAS, "max_page_count=1"))
    code, output, errors = command(*words)
    assert (code, errors.count("\n")) == (2, 1), (output, errors)
    assert errors.startswith("DATABASE_URL ")


async def test_a_database_that_another_program_keeps_locked(tmp_path: Path) -> None:
    """It is not waited for longer than we have patience, and named in one line."""
    path = tmp_path / "bot.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        settings = load_settings({"DATABASE_URL": f"sqlite:///{path}"}, None)
        with pytest.raises(SettingsError, match=r"^DATABASE_URL cannot be used: [^\n]+$"):
            await open_storage(settings, make=True, patience=0.2)


def test_leads_are_seen_and_exported(command: Command, filled: Path) -> None:
    """A lead is listed, shown, and written as JSON, CSV and a spreadsheet that only their user can read."""
    assert REFERENCE in command("leads", "list")[1]
    shown = command("leads", "show", REFERENCE.lower())[1]
    assert ANSWERS["name"] in shown
    assert "flyer-utrecht" in shown
    assert json.loads(command("leads", "export")[1])[0]["reference"] == REFERENCE
    assert ANSWERS["email"] in command("leads", "export", "--format", "csv")[1]
    assert "1 leads in leads.xlsx" in command("leads", "export", "--format", "xlsx", "--output", "leads.xlsx")[1]
    sheet = openpyxl.load_workbook(filled / "leads.xlsx").active
    assert sheet is not None
    assert REFERENCE in [cell.value for cell in sheet[2]]
    assert (filled / "leads.xlsx").stat().st_mode & 0o777 == 0o600
    code, _, errors = command("leads", "export", "--output", "/nowhere/leads.json")
    assert (code, errors.strip()) == (1, "/nowhere/leads.json cannot be written: No such file or directory")


def test_the_newest_lead_stands_first(command: Command, filled: Path) -> None:
    """Who lists leads sees the latest at once, each on a line of its own that cannot move the cursor."""

    async def more() -> None:
        storage = await Storage.open(f"sqlite:///{filled}/data/bot.db", data_key=None)
        later = datetime.now(UTC) + timedelta(minutes=1)
        async with storage.transaction() as tx:
            await tx.leads.save([lead("NEWX-NEWX", created_at=later, answers={"name": "Zo\x1b[2J\n"})])
        await storage.close()

    asyncio.run(more())
    listed = command("leads", "list")[1].splitlines()
    assert [line.split()[0] for line in listed] == ["reference", "NEWX-NEWX", REFERENCE, "2"]
    assert listed[1].endswith("Zo [2J ")


@pytest.mark.parametrize("typed", ["kx7mpq4t", " KX7M PQ4T ", "kx7m–pq4t", "Kx7m - Pq4t"])
def test_a_reference_is_found_however_it_is_typed(command: Command, filled: Path, typed: str) -> None:
    """Read out over the telephone, a reference is found without its dash, in small letters or with spaces."""
    code, shown, _ = command("leads", "show", typed)
    assert (code, ANSWERS["name"] in shown) == (0, True)


def test_somebody_is_forgotten_by_address(command: Command, filled: Path) -> None:
    """By an e-mail address, however it is written, everything of that person goes; staff's message is edited later."""
    code, output, _ = command("leads", "forget", "--email", " MARJOLEIN.hooft@SudwestFryslan.NL ")
    assert (code, "Removed: 1 leads" in output) == (0, True)
    assert "0 leads" in command("leads", "list")[1]
    assert "waiting: 1 telegram" in command("outbox", "list")[1]


@pytest.mark.parametrize("typed", ["jan", "", " ", "a@b.nl, c@d.nl", "jan@", "KX7M-PQ4T", "@utrecht.nl"])
def test_what_is_no_address_forgets_nobody(command: Command, filled: Path, typed: str) -> None:
    """What cannot be an address is wrong use, told in one line: nobody reads that nothing is kept."""
    code, output, errors = command("leads", "forget", "--email", typed)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert "--email" in errors
    assert "1 leads" in command("leads", "list")[1]


def test_mail_files_that_cannot_be_removed(command: Command, filled: Path) -> None:
    """Where a removed person's mail cannot be removed the operator is told so in one line, and what is removed."""
    (filled / "data" / "mail" / f"{REFERENCE}.in-the-way.eml").mkdir(parents=True)
    code, output, errors = command("leads", "forget", "--email", ANSWERS["email"])
    assert (code, "Removed: 1 leads" in output) == (1, True)
    assert "are still there (Is a directory)" in errors
    assert errors.count("\n") == 1


def test_what_was_given_up_is_delivered_after_all(command: Command, filled: Path) -> None:
    """An operator sees which message was given up and why, without what it says, and has it tried again."""
    output = command("outbox", "list")[1]
    assert "waiting: 1 mail" in output
    assert "kicked" in output
    assert REFERENCE in output
    assert "Marjolein" not in output
    assert "1 messages will be delivered again" in command("outbox", "retry")[1]
    assert "waiting: 1 telegram" in command("outbox", "list")[1]
    assert "0 messages" in command("outbox", "retry", "999")[1]


def test_what_nobody_needs_any_more_is_dropped(command: Command, filled: Path) -> None:
    """An operator removes a message that was given up; what was not tried yet, or is not there, is not touched."""
    listed = command("outbox", "list")[1]
    [key] = [line.split()[0] for line in listed.splitlines() if "kicked" in line]
    assert "given up" in listed
    assert "1 messages" in command("outbox", "drop", key)[1]
    assert "kicked" not in command("outbox", "list")[1]
    for other in (key, "1", "999"):
        assert command("outbox", "drop", other)[0] == 1
    assert "waiting: 1 mail" in command("outbox", "list")[1]


def test_questions_backup_and_keys(command: Command, filled: Path) -> None:
    """Missed questions are counted and shown as typed; a backup and a new key are made on request."""
    output = command("questions", "--limit", "5")[1]
    assert ["2", "nl", "Mag", "[b]?"] in [line.split() for line in output.splitlines()]
    assert "Copied to" in command("backup", "copy.db")[1]
    assert (filled / "copy.db").stat().st_size > 0
    key = (filled / "data" / "key").read_text()
    assert "encrypted with the newest key" in command("rotate-key", "--new-key")[1]
    assert (filled / "data" / "key").read_text() != key
    assert REFERENCE in command("leads", "list")[1]


def test_a_wrong_key_is_one_line(command: Command, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another key nothing is shown; one line names the setting, and no traceback."""
    monkeypatch.setenv("DATA_KEY", Fernet.generate_key().decode())
    code, output, errors = command("leads", "list")
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert errors.startswith("DATA_KEY")


def test_for_editors(command: Command, tmp_path: Path) -> None:
    """Checking, looking at all messages, and making another course need no database."""
    code, output, _ = command("check", "--language", "en")
    assert (code, "All messages are in order." in output) == (0, True)
    assert "Open preview/index.html" in command("preview", "preview")[1]
    assert "chat/welcome" in (tmp_path / "preview" / "index.html").read_text()
    assert "Made other" in command("new-course", "other")[1]
    assert command("new-course", "other")[0] == 2
    assert not (tmp_path / "data").exists()


def test_a_broken_message_is_named(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor's slip is named by file and line, by the check and by whatever needs the messages."""
    command("new-course", "other")
    (tmp_path / "other" / "nl" / "chat" / "menu.html").write_text("Kies {{ onderwerp", encoding="utf-8")
    monkeypatch.setenv("MESSAGES_DIR", "other")
    code, output, _ = command("check", "--language", "en")
    assert (code, "nl/chat/menu.html:1" in output, "to mend." in output) == (1, True, True)
    code, _, errors = command("chat", typed="hallo\n")
    assert (code, "nl/chat/menu.html:1" in errors) == (2, True)


def test_asking_and_talking(command: Command, tmp_path: Path) -> None:
    """Questions are answered a line each, and the whole conversation is to be had in the terminal; nothing is kept."""
    code, output, _ = command("ask", typed="wat kost het?\n\n")
    assert (code, json.loads(output)["topic"]) == (0, "costs")
    code, output, _ = command("chat", typed="wat kost het?\n/aanmelden\n")
    assert code == 0
    output = re.sub("[│─╭╮╰╯]", "", output)  # the frames around what is said
    assert has(output, "topic/costs", "nl")
    assert has(output, "signup/ask/interest", "nl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("TELEGRAM_BOT_TOKEN", "not-a-token", "TELEGRAM_BOT_TOKEN"),
        ("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://nobody:secret-word@127.0.0.1:1/none", "DATA_KEY"),
        ("CONTACT_EMAIL", "nobody", "CONTACT_EMAIL"),
        ("HTTP_PORT", "http", "HTTP_PORT"),
        ("DEFAULT_LANGUAGE", "fr", "DEFAULT_LANGUAGE"),
        ("MESSAGES_DIR", "nowhere", "MESSAGES_DIR"),
        ("DATA_KEY_FILE", "nowhere", "DATA_KEY_FILE"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT"),
        ("TELEGRAM_WEBHOOK_URL", "http://insecure.example", "TELEGRAM_WEBHOOK_URL"),
        ("MAIL_URL", "file:/dev/null/mail", "MAIL_URL"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    command: Command, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, named: str
) -> None:
    """Exit code 2, and one line that names the setting and says what would be right; no secret in it."""
    monkeypatch.setenv(setting, value)
    code, _, errors = command("run")
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith(named)
    assert "secret-word" not in errors


def test_an_unreachable_database_stops_the_start(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PostgreSQL that does not answer is a wrong setting too."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret-word@127.0.0.1:1/none")
    monkeypatch.setenv("DATA_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("HTTP_PORT", str(free_port()))
    code, _, errors = command("run")
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("DATABASE_URL")
    assert "secret-word" not in errors


def test_a_port_in_use_stops_the_start(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting where another program listens says so in one line."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HTTP_PORT", str(taken.getsockname()[1]))
        code, _, errors = command("run")
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("HTTP_HOST, HTTP_PORT")


def test_a_database_in_use_stops_the_start(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A second run on one SQLite file is refused, with what to do about it."""
    monkeypatch.setenv("HTTP_PORT", str(free_port()))
    (tmp_path / "data").mkdir(mode=0o700)
    with alone_on(tmp_path / "data" / "bot.db"):
        code, _, errors = command("run")
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("DATABASE_URL cannot be used")
