"""After a whole journey: what stands in files, logs and pages for operators, and what does not."""

import base64
import contextlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.security.journey import PERSONAL, Remains

STORED = ("bot.db", "bot.db.copy", "bot.db-wal.copy", "backup.db")


def forms(word: str) -> list[bytes]:
    """A word as a file could hold it: as text in several encodings, and within base64."""
    plain = word.encode()
    shifted = [base64.b64encode(b"\0" * at + plain)[at + 2 : -4] for at in range(3)]
    return [plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode(), *shifted]


@pytest.mark.parametrize("name", STORED)
def test_without_the_key_nothing_can_be_read(remains: Remains, name: str) -> None:
    """Database, WAL and backup show no name, address, number, answer or question."""
    content = (remains.folder / name).read_bytes()
    assert content
    found = [word for word in PERSONAL for form in forms(word) if form in content]
    assert not found


def test_the_search_would_find_it(remains: Remains) -> None:
    """What is searched for does stand in the database, for who has the key: in every table that people write in."""
    key = Fernet((remains.folder / "key").read_text().strip())
    read = {}
    with contextlib.closing(sqlite3.connect(remains.folder / "backup.db")) as connection:
        for table in ("conversations", "leads", "outgoing", "transcript", "questions", "handled", "notices"):
            column = "body" if table == "handled" else "data"
            rows = connection.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
            read[table] = "\n".join(key.decrypt(value).decode() for (value,) in rows)
    assert "Waterjuffer" in read["conversations"]
    assert "Pauwenveer" in read["leads"]
    assert "Nachtegaal" in read["outgoing"]
    assert "Kolibrie" in read["transcript"]
    assert "Zeepaardje" in read["questions"]
    assert "Kolibrie" in read["handled"]
    assert "telegram:" in read["notices"]
    assert not [word for word in PERSONAL if word not in "".join(read.values())]


def test_counting_needs_no_key(remains: Remains) -> None:
    """Enumerations, times and statuses are plain: an operator counts without reading anybody's words."""
    with contextlib.closing(sqlite3.connect(remains.folder / "backup.db")) as connection:
        rows = connection.execute(
            "SELECT channel, status, interest, organisation_type FROM leads ORDER BY 1"
        ).fetchall()
        waiting = connection.execute("SELECT count(*) FROM outgoing WHERE status = 'waiting'").fetchone()
    assert {row[1] for row in rows} <= {"new", "claimed"}  # staff who wrote to somebody have their lead
    counted = [(channel, *choices) for channel, _, *choices in rows]
    assert counted == [("telegram", "both", "municipality"), ("web", "both", "municipality")]
    assert waiting[0] > 0


def test_logs_name_nobody(remains: Remains) -> None:
    """At the most talkative level, in both forms, no log line has anything a person wrote, nor their name."""
    assert remains.log.count("\n") >= 3
    assert not [word for word in PERSONAL if word.lower() in remains.log.lower()]
    assert "@" not in remains.log


def test_secrets_are_nowhere(remains: Remains) -> None:
    """Token, key and secrets stand in no log, on no page, and not in the database."""
    stored = b"".join((remains.folder / name).read_bytes() for name in STORED)
    shown = remains.log + "".join(remains.pages.values())
    for secret in (*remains.secrets, remains.secrets[0].partition(":")[2]):
        assert secret not in shown
        assert secret.encode() not in stored


def test_pages_for_operators_name_nobody(remains: Remains) -> None:
    """Health, readiness and figures show no person and no chat."""
    shown = "".join(remains.pages.values())
    assert "course_bot_turns" in shown
    assert not [word for word in PERSONAL if word.lower() in shown.lower()]
    assert not re.search(r"telegram:-?\d{5}|web:[0-9a-f]{8}", shown)


def test_files_are_for_their_user_only(remains: Remains) -> None:
    """Database, WAL, key, backup and mail: mode 600, in folders of mode 700."""
    made = [path for path in remains.folder.rglob("*") if not path.name.endswith(".copy")]
    modes = {str(path.relative_to(remains.folder)): path.stat().st_mode & 0o777 for path in made}
    assert {name for name in modes if modes[name] != (0o700 if (remains.folder / name).is_dir() else 0o600)} == set()
    assert {"bot.db", "key", "backup.db", "mail"} <= modes.keys()
    assert len(modes) > 8


def test_the_lead_webhook_is_told_what_was_given(remains: Remains) -> None:
    """The organisation's own system does get the lead: the silence elsewhere is no accident."""
    told = [json.loads(body) for body in remains.hooks]
    assert [body["event"] for body in told] == ["lead.created", "lead.created"]
    assert told[0]["organisation"] == "Gemeente Xanthippe"


def test_folders_on_the_way_are_for_their_user_too(tmp_path: Path) -> None:
    """Started with a database and a backup deep in new folders, whatever the operator's umask: nobody else may look."""
    settings = {
        "DATABASE_URL": "sqlite:///a/b/bot.db",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PATH": "/usr/bin",
    }
    for words in (("migrate",), ("backup", "out/backup.db")):
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(command, cwd=tmp_path, env=settings, umask=0, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*")}
    assert {modes[name] for name in ("a", "b", "out")} == {"0o700"}
    assert {modes[name] for name in ("bot.db", "key", "backup.db")} == {"0o600"}
