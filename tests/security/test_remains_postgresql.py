"""After a whole journey on PostgreSQL: what stands in the server's own files."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from tests.journey.program import running
from tests.postgres import OwnServer, PostgresServer
from tests.security.journey import PERSONAL, talk
from tests.security.test_remains import forms

MARK = "Marmotvanglijn"  #: written in plain text, to know that the search finds what is there
#: the statistics of any PostgreSQL count 1, 2, … 8 in two bytes each, as UTF-16 would; the whole number they have not
WORDS = ("612345678", *(word for word in PERSONAL if word != "12345678"))


@pytest.fixture
def cluster(postgres_server: PostgresServer) -> Iterator[tuple[PostgresServer, Path]]:
    """A PostgreSQL server whose data folder can be read here, and that folder."""
    with psycopg.connect(postgres_server.url) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    folder = Path(found[0]) if found else Path("/nowhere")
    if (folder / "PG_VERSION").exists():
        yield postgres_server, folder
        return
    own = OwnServer()  # the one that was named is elsewhere
    try:
        own.prepare()
        own.start()
        yield PostgresServer(own.url), own.folder / "data"
    finally:
        own.remove()


async def test_without_the_key_nothing_can_be_read(tmp_path: Path, cluster: tuple[PostgresServer, Path]) -> None:
    """Tables, indexes and write-ahead log of PostgreSQL show no name, address, number, answer or question."""
    server, folder = cluster
    name = server.create()
    try:
        async with running(tmp_path, database_url=server.url_of(name), data_key=Fernet.generate_key().decode()) as bot:
            await talk(bot)
        leads, base = written(server.url_of(name))
        content = b"".join(
            path.read_bytes() for part in (base, "pg_wal") for path in (folder / part).rglob("*") if path.is_file()
        )
    finally:
        server.drop(name)
    assert leads == [("telegram", "municipality"), ("web", "municipality")]
    assert MARK.encode() in content, "the search finds what stands there in plain text"
    assert [word for word in WORDS for form in forms(word) if form in content] == []


def written(url: str) -> tuple[list[tuple[str, str]], str]:
    """Have everything written to the files; give the leads as they stand there, and the database's folder."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE plain (word text)")
        connection.execute("INSERT INTO plain VALUES (%s)", [MARK])
        connection.execute("CHECKPOINT")
        leads = connection.execute("SELECT channel, organisation_type FROM leads ORDER BY channel").fetchall()
        base = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert base
    return [(str(channel), str(kind)) for channel, kind in leads], f"base/{base[0]}"
