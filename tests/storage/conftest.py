"""Storage on both engines: a database with empty tables for every test, and as many processes on it as it likes."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.crypto import new_key
from storage.store import Storage
from storage.tables import metadata
from tests.postgres import PostgresServer, postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

Open = Callable[..., Awaitable[Storage]]
KEY = new_key()


async def _make_tables(url: str) -> None:
    await (await Storage.open(url, data_key=KEY)).close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with empty tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "bot.db"
    asyncio.run(_make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a PostgreSQL database with empty tables, to be emptied after every test."""
    name = postgres_server.create()
    asyncio.run(_make_tables(postgres_server.url_of(name)))
    yield postgres_server.url_of(name)
    postgres_server.drop(name)


@pytest.fixture
def sqlite_ready(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an SQLite database with empty tables."""
    shutil.copy(sqlite_template, tmp_path / "bot.db")
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture
def postgresql_ready(postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with empty tables."""
    with psycopg.connect(postgres_template, autocommit=True) as connection:
        (hash_key,) = connection.execute("SELECT value FROM meta WHERE name = 'hash-key'").fetchall()
        yield postgres_template
        for table in metadata.tables:
            connection.execute(f"DELETE FROM {table}".encode())
        connection.execute("INSERT INTO meta VALUES ('hash-key', %s)", hash_key)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database with empty tables, on each engine in turn."""
    ready: str = request.getfixturevalue(f"{request.param}_ready")
    return ready


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Open a database at an address, as one process does; closed after the test."""
    storages: list[Storage] = []

    async def open_one(url: str, **options: Any) -> Storage:
        values: dict[str, Any] = {"data_key": KEY, "patience": 2.0}
        storage = await Storage.open(url, **values | options)
        storages.append(storage)
        return storage

    yield open_one
    for storage in storages:
        await storage.close()


@pytest.fixture
async def storage(url: str, opened: Open) -> Storage:
    """One process's storage, on each engine in turn."""
    return await opened(url, owner="first")
