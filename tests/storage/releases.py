"""
Stores a database of this release for the tests of later ones: ``python -m tests.storage.releases VERSION``.

Needs a PostgreSQL server of its own and its pg_dump; run it once, when a release is made.
"""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from storage.crypto import new_key
from storage.records import Handled, MissedQuestion, Notice, Said
from storage.store import Storage
from tests.postgres import OwnServer, PostgresServer
from tests.storage.samples import NOW, conversation, lead, outgoing

FOLDER = Path(__file__).parent / "releases"


async def fill(url: str, key: str) -> None:
    """Store something of everything."""
    storage = await Storage.open(url, data_key=key)
    async with storage.transaction() as tx:
        await tx.conversations.save([conversation("web:1")])
        await tx.leads.save([lead(chat="web:1")])
        await tx.handled.add([Handled(chat="web:1", event_id="7", at=NOW)])
        await tx.transcript.add([Said(chat="web:1", by="person", at=NOW, content={"text": "hoi"})])
        await tx.questions.add([MissedQuestion(question="Is er parkeren?", language="nl", suggestions=(), at=NOW)])
        await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=5, chat="web:1", lead="KX7M")])
        await tx.outbox.add([outgoing()])
    await storage.close()


def store(version: str) -> None:
    """Write the key and both databases as text."""
    target, key = FOLDER / version, new_key()
    target.mkdir(parents=True)
    (target / "key").write_text(f"{key}\n")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(f"sqlite:///{folder}/bot.db", key))
        with sqlite3.connect(f"{folder}/bot.db") as connection:
            (target / "sqlite.sql").write_text("\n".join(connection.iterdump()) + "\n")
    server = OwnServer()
    try:
        server.prepare()
        server.start()
        url = PostgresServer(server.url).url_of(PostgresServer(server.url).create())
        asyncio.run(fill(url, key))
        (target / "postgresql.sql").write_text(_dumped(server.binaries / "pg_dump", url))
    finally:
        server.remove()


def _dumped(program: Path, url: str) -> str:
    """Give a PostgreSQL database as plain SQL, without what only psql understands."""
    command = [str(program), "--inserts", "--no-owner", "--no-comments", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [
        line
        for line in text.splitlines()
        if line and not line.startswith(("--", "\\", "SET", "SELECT pg_catalog.set_config"))
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    store(sys.argv[1])
