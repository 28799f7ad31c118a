"""A database opens, or says in one line why not."""

import asyncio
import errno
import fcntl
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from storage.crypto import new_key
from storage.errors import (
    InvalidKey,
    KeyNeeded,
    MigrationFailed,
    NoDatabase,
    NotPossible,
    NotWritable,
    StorageError,
    UnknownDatabase,
    Unreachable,
    WrongKey,
)
from storage.lock import alone_on
from storage.sqlite_engine import make_engine
from storage.store import Storage
from tests.storage.conftest import KEY, Open
from tests.storage.samples import conversation


def mode(path: Path) -> int:
    """The rights of a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def test_first_start(tmp_path: Path, opened: Open) -> None:
    """The first start makes folder, database and key, for its user only; the next finds what was stored."""
    url = f"sqlite:///{tmp_path}/data/bot.db"
    first = await opened(url, data_key=None)
    async with first.transaction() as tx:
        await tx.conversations.save([conversation()])
    await first.ping()
    files = list((tmp_path / "data").iterdir())
    assert sorted(path.name for path in files) == ["bot.db", "bot.db-shm", "bot.db-wal", "key"]
    assert {mode(path) for path in files} == {0o600}
    assert mode(tmp_path / "data") == 0o700
    second = await opened(url, data_key=None)
    async with second.reading() as tx:
        assert await tx.conversations.load(["telegram:1"]) == {"telegram:1": conversation()}


async def test_two_first_starts(tmp_path: Path, opened: Open) -> None:
    """Two processes that start at once for the first time agree on tables and keys."""
    url = f"sqlite:///{tmp_path}/bot.db"
    first, second = await asyncio.gather(opened(url, data_key=None), opened(url, data_key=None))
    assert first.keyed_hash("session", "x") == second.keyed_hash("session", "x")


def test_a_file_that_is_just_being_made(tmp_path: Path) -> None:
    """Who comes while another makes the very first tables waits for that, however early it is."""
    first = sqlite3.connect(tmp_path / "bot.db", isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE early (x)")
    first.execute("BEGIN IMMEDIATE")
    threading.Timer(0.1, lambda: first.execute("COMMIT")).start()
    engine = make_engine(tmp_path / "bot.db", patience=5.0)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    first.close()


async def test_two_first_starts_on_postgresql(postgres_url: str, opened: Open) -> None:
    """Two processes that start at once on a new PostgreSQL agree on tables and keys."""
    first, second = await asyncio.gather(opened(postgres_url), opened(postgres_url))
    assert first.keyed_hash("session", "x") == second.keyed_hash("session", "x")


async def test_twice_in_one_process(sqlite_ready: str, opened: Open) -> None:
    """A process that opens a database once more goes on holding it: another that ends takes no log away from it."""
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    first = await opened(sqlite_ready)
    await opened(sqlite_ready)
    look = "import sqlite3, sys; one = sqlite3.connect(sys.argv[1]); one.execute('SELECT name FROM meta'); one.close()"
    subprocess.run([sys.executable, "-c", look, path], check=True)
    assert path.with_name("bot.db-wal").exists()
    async with first.transaction() as tx:
        await tx.conversations.save([conversation()])


async def test_relative_address(tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default address lies in the current folder."""
    monkeypatch.chdir(tmp_path)
    await opened("sqlite:///data/bot.db", data_key=None)
    assert (tmp_path / "data" / "key").exists()


@pytest.mark.parametrize("url", ["mysql://host/name", "bot.db", "sqlite://", "sqlite:///:memory:", ""])
async def test_unknown_address(url: str) -> None:
    """An address of another kind is named, with what would be right."""
    with pytest.raises(UnknownDatabase, match=r"DATABASE_URL.*sqlite:///"):
        await Storage.open(url, data_key=KEY)


async def test_password_is_not_shown() -> None:
    """A password in a wrong address does not get into the log."""
    with pytest.raises(UnknownDatabase) as raised:
        await Storage.open("mysql://me:geheim@host/name", data_key=KEY)
    assert "geheim" not in str(raised.value)


async def test_postgresql_needs_a_key(postgres_url: str) -> None:
    """PostgreSQL does not start without a key."""
    with pytest.raises(KeyNeeded, match="DATA_KEY"):
        await Storage.open(postgres_url, data_key=None)


@pytest.mark.parametrize("key", ["", " , ", "geheim", "KEY,geheim", "KEY;KEY", "KEY KEY", "KEYKEY"])
async def test_invalid_key(tmp_path: Path, key: str) -> None:
    """A key of the wrong form is named without being shown."""
    with pytest.raises(InvalidKey, match="key") as raised:
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=key.replace("KEY", KEY))
    assert "geheim" not in str(raised.value)


async def test_wrong_key(url: str) -> None:
    """A database that was encrypted with another key does not open."""
    with pytest.raises(WrongKey, match="DATA_KEY does not fit"):
        await Storage.open(url, data_key=new_key())


async def test_lost_key(sqlite_ready: str) -> None:
    """A database whose key file is gone does not open, and no new key is made that would hide the loss."""
    path = Path(sqlite_ready.removeprefix("sqlite:///"))
    with pytest.raises(WrongKey, match="no key file"):
        await Storage.open(sqlite_ready, data_key=None)
    assert not (path.parent / "key").exists()


async def test_empty_key_file(tmp_path: Path) -> None:
    """A key file that lost its content is named."""
    (tmp_path / "key").touch()
    with pytest.raises(WrongKey, match="missing or empty"):
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)


async def test_key_file_that_is_no_text(tmp_path: Path) -> None:
    """A key file that holds something else is named."""
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00k")
    with pytest.raises(InvalidKey, match="key file"):
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)


def test_a_folder_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network folder that cannot lock files the start says so, and what to do, in one line."""

    def no_locks(file: object, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(NotWritable, match=r"No locks available.*local disk"), alone_on(tmp_path / "bot.db"):
        pass


async def test_folder_in_the_way(tmp_path: Path) -> None:
    """A path that cannot be a file is named."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "bot.db"):
        with pytest.raises(NotWritable, match="cannot be written"):
            await Storage.open(f"sqlite:///{path}", data_key=None)


async def test_key_in_the_way(tmp_path: Path) -> None:
    """A key file that cannot be read is named."""
    (tmp_path / "key").mkdir()
    with pytest.raises(NotWritable, match="key"):
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)


@pytest.mark.parametrize("path", ["/proc/bot.db", "/proc/none/bot.db"])
async def test_no_rights(path: str) -> None:
    """A folder that must not be written is named."""
    with pytest.raises(NotWritable, match="cannot be written"):
        await Storage.open(f"sqlite:///{path}", data_key=None)


async def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is named."""
    (tmp_path / "bot.db").write_text("Dit is geen database, maar een lange regel tekst. " * 100)
    with pytest.raises(StorageError, match="database"):
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=KEY)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nergens.invalid", "a..b", "127.0.0.1:1,127.0.0.1:2"])
async def test_unreachable(host: str) -> None:
    """A PostgreSQL that does not answer is named, without the password."""
    with pytest.raises(Unreachable, match="cannot reach the database") as raised:
        await Storage.open(f"postgresql://me:geheim@{host}/name", data_key=KEY)
    assert "geheim" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("secret", ["ge@heim", "ge/heim", "ge%heim", "ge%zzheim", "12@3/heim"])
async def test_a_password_as_it_is(secret: str) -> None:
    """A sign of the password that must be written otherwise: one line says how, and shows no part of the password."""
    with pytest.raises((UnknownDatabase, Unreachable)) as raised:
        await Storage.open(f"postgresql://me:{secret}@127.0.0.1:1/name", data_key=KEY)
    assert "%40" in str(raised.value)
    assert "heim" not in str(raised.value)


async def test_an_option_that_is_none() -> None:
    """A slip in the name of a connection option is named."""
    with pytest.raises(UnknownDatabase, match="no connection option aplication_name"):
        await Storage.open("postgresql://me:geheim@127.0.0.1:1/name?aplication_name=x", data_key=KEY)


async def test_tables_are_not_made_unasked(tmp_path: Path) -> None:
    """A command that must not change tables says what to do."""
    with pytest.raises(NoDatabase, match="only `run` and `migrate` make one"):
        await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=KEY, make=False)
    assert list(tmp_path.iterdir()) == []


async def test_an_empty_server_is_left_empty(postgres_url: str) -> None:
    """A command on a PostgreSQL database without our tables, or with another program's, says so and makes none."""
    with pytest.raises(NoDatabase, match="no tables of this program"):
        await Storage.open(postgres_url, data_key=KEY, make=False)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        assert other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]
        other.execute("CREATE TABLE alembic_version (version_num varchar(32))")
        other.execute("INSERT INTO alembic_version VALUES ('3f2a9c01bb7d')")
    for make in (False, True):
        with pytest.raises(NoDatabase, match="another program's"):
            await Storage.open(postgres_url, data_key=KEY, make=make)


async def test_tables_of_an_older_release(sqlite_ready: str) -> None:
    """A command that must not change tables says what to do."""
    with sqlite3.connect(sqlite_ready.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    with pytest.raises(MigrationFailed, match="python -m bot migrate"):
        await Storage.open(sqlite_ready, data_key=KEY, make=False)


async def test_current_tables_need_no_migration(url: str, opened: Open) -> None:
    """Up-to-date tables are opened as they are."""
    await (await opened(url, make=False)).ping()


async def test_short_address(postgresql_ready: str, opened: Open) -> None:
    """The address that many hosts give, postgres://…, is understood."""
    await (await opened(postgresql_ready.replace("postgresql:", "postgres:"))).ping()


async def test_keyed_hash(storage: Storage, tmp_path: Path, opened: Open) -> None:
    """Hashes differ by purpose, by value and by database: nobody can make one from outside."""
    other = await opened(f"sqlite:///{tmp_path}/other.db")
    made = [storage.keyed_hash("session", "x"), storage.keyed_hash("session", "y"), storage.keyed_hash("chat", "x")]
    assert len({*made, other.keyed_hash("session", "x")}) == 4
    assert all(len(text) == 32 and int(text, 16) for text in made)


async def test_backup_of_postgresql(postgresql_ready: str, opened: Open, tmp_path: Path) -> None:
    """For PostgreSQL the operator is told which program makes a backup."""
    storage = await opened(postgresql_ready)
    with pytest.raises(NotPossible, match="pg_dump"):
        await storage.backup(tmp_path / "copy.db")
