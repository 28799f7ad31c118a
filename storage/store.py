"""The one way to what is stored: opens the database, and gives transactions with a repository per thing stored."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from storage import keyfile
from storage.crypto import DataKeys
from storage.engine import Connection, Database, Presence
from storage.errors import KeyNeeded, NotPossible, StorageError, Unavailable, UnknownDatabase, WrongKey
from storage.hashkey import use_hash_key, wrapped_hash_key
from storage.migrations import migrate as migrate_tables
from storage.migrations import require_current
from storage.repositories import Repositories, Session
from storage.repositories.processes import HELD
from storage.rotation import rotate_all
from storage.sqlite import SqliteDatabase
from storage.sqlite_rests import overwrite_rests

PATIENCE = 5.0  #: seconds to wait for a lock
PING_SECONDS = 1.0  #: for each of the steps of a look whether the database answers


class Storage:
    """A database that is open. Made by ``Storage.open``, ended by ``close``."""

    def __init__(self, database: Database, keys: DataKeys, *, owner: str, key_file: Path | None) -> None:
        self._database = database
        self._keys = keys
        self._key_file = key_file
        self.owner = owner  #: the name that this process's outgoing messages carry
        self.opened_with: Mapping[str, str | None] = {}  #: what ``open`` needs of it in another process: a secret
        self._presence: Presence | None = None
        self._ahead = timedelta()
        self._unkept: str | None = None  #: why the last transaction was not kept
        self._trying: asyncio.Task[None] | None = None  #: a look whether anything is kept
        self._missed: dict[str, float] = {}  #: processes that hold their lock no more, and since when that is known

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        data_key: str | None,
        make: bool = True,
        owner: str | None = None,
        seen: bool = False,
        patience: float = PATIENCE,
    ) -> "Storage":
        """
        Open the database at ``sqlite:///path`` or ``postgresql://…``.

        ``make``: make it and its key where there is none, and bring its tables up to date; else it must be there, up to
        date: a slip in the address makes no new one. ``data_key``: Fernet keys, comma-separated, newest first; for
        SQLite None means the key file beside the database. ``owner``: names a process that sends messages, anew at
        every start; see ``heartbeat``. ``seen``: let other processes on the same server see at once when this one is
        gone, where that can be; see ``at_once``. ``patience``: seconds to wait for a lock. Raises a StorageError with
        one clear line.
        """
        given = None if data_key is None else DataKeys(data_key)
        if _path(url) is None and given is None:
            raise KeyNeeded("DATA_KEY is needed with PostgreSQL: a Fernet key that encrypts personal data at rest")
        database = await _connect(url, patience, make)
        storage = None
        try:
            await (migrate_tables if make else require_current)(database.migration_engine())
            keys, key_file = await _keys(database, given, make)
            storage = cls(database, keys, owner=owner or secrets.token_hex(8), key_file=key_file)
            storage.opened_with = {"url": url, "data_key": data_key}
            if seen:
                await storage._be_seen()
            await storage._begin(announce=owner is not None)
            await storage.ping()  # SQLite then has open what it needs, whoever takes all files later
            if seen:
                await storage._look_who_is_gone()  # the first look, so that nobody waits for the second later
        except BaseException:
            await (storage or database).close()
            raise
        return storage

    @property
    def at_once(self) -> bool:
        """Whether others see at once when this process is gone; else after 15 seconds (SQLite has no others)."""
        return self._presence is not None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Repositories]:
        """
        Give the repositories in one transaction: durable when the block ends, undone when it raises.

        Raises Unavailable when the database is away, locked or full, and Rejected when it refuses the data.
        """
        try:
            async with self._database.transaction() as connection:
                self._keys.refresh()  # now that nobody else writes: after a rotation nothing is stored with an old key
                yield self._repositories(connection)
        except Unavailable as problem:
            self._unkept = str(problem)
            raise
        self._unkept = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Repositories]:
        """Give the repositories to read with; nothing that is changed here is kept. Raises Unavailable."""
        async with self._database.reading() as connection:
            yield self._repositories(connection)

    async def ping(self, within: float = PING_SECONDS) -> None:
        """
        Return when the database answers, and keeps what it is given as far as is known: where the last was not kept,
        it is tried. Raises Unavailable, after 5 seconds at most.

        ``within``: seconds for each of its steps.
        """
        async with self._database.reading(within=within) as connection:
            await connection.rows(sa.select(sa.literal(1)))
        if self._unkept is not None:
            await self._tried(within)

    async def heartbeat(self, now: datetime | None = None) -> None:
        """
        Say that this process is alive; to be called every 5 seconds.

        A process that says nothing for 15 seconds counts as gone: another sends what it left.
        """
        if self._database.dialect == "postgresql":
            await self._set_clock()
            async with self.transaction() as tx:
                await tx.processes.heartbeat(self.owner, now or datetime.now(UTC))

    async def notice_gone(self, again: float = 0.4) -> None:
        """
        Let go of the processes that PostgreSQL itself knows to be gone: what they left can be taken then.

        Looked at twice, so many seconds apart: one whose session broke while it lives takes another at once. The first
        look at those that were gone before is the one at the opening.
        """
        gone = await self._look_who_is_gone()
        if not gone:
            return
        await asyncio.sleep(max(gone.values()) + again - time.monotonic())
        async with self.transaction() as tx:
            for owner in sorted({*gone} & {*await tx.processes.gone()}):
                await tx.processes.leave(owner)

    def doubts(self, stored_at: datetime) -> bool:
        """Whether another process may have taken over what this one stored then, though it lives."""
        return self._presence is not None and self._presence.doubts(stored_at)

    def keyed_hash(self, purpose: str, value: str) -> str:
        """Give 32 hex digits that nobody without this database's key can make."""
        return self._keys.hash(purpose, value)

    async def rotate(self, *, new_key: bool = False, batch: int = 100) -> int:
        """
        Encrypt everything that an older key encrypted with the newest one; give how many values that were.

        In small transactions, while the program runs. ``new_key``: first put a fresh key in the key file, which the
        running program uses from its next transaction on; raises NotPossible when the keys come from the settings.
        The old keys stay in the file, for the backups that were made with them.
        """
        if new_key:
            if self._key_file is None:
                raise NotPossible("the keys come from DATA_KEY: put a new key in front there, and start again")
            keyfile.add_key(self._key_file)
        self._keys.refresh()
        return await rotate_all(self._database, self._keys, batch=batch)

    async def backup(self, path: Path) -> None:
        """
        Write a whole copy of an SQLite database to ``path``, while others write; one that is there is replaced.

        The key file is not in it. Raises NotWritable, Unavailable, and NotPossible with PostgreSQL.
        """
        await self._database.backup(path)

    async def overwrite_removed(self, patience: float = PATIENCE) -> bool:
        """
        Let nothing of what was removed be left in an SQLite file and its log; whether that could be done now.
        ``patience``: seconds to wait for who reads an older state.

        With PostgreSQL that is the server's own work (VACUUM, and the recycling of its log), and True is given at once.
        """
        if self._database.dialect != "sqlite":
            return True
        return await asyncio.to_thread(overwrite_rests, Path(self._database.name), patience=patience)

    async def close(self) -> None:
        """Let go of the database."""
        if self._trying:
            await asyncio.wait([self._trying])  # it ends by itself, as every transaction does
        if self._presence:
            await self._presence.close()
        await self._database.close()

    async def _tried(self, within: float) -> None:
        """Try to store something that belongs to nobody, once for all who ask meanwhile. Raises Unavailable."""
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try())
        await asyncio.wait([self._trying], timeout=within)
        if self._unkept is not None:
            raise Unavailable(f"it can be read, and keeps nothing: {self._unkept}")

    async def _try(self) -> None:
        with contextlib.suppress(StorageError):
            async with self.transaction() as tx:
                await tx.meta.set("tried", True)

    def _repositories(self, connection: Connection) -> Repositories:
        """Give the repositories on this connection."""
        return Repositories(Session(connection=connection, keys=self._keys, owner=self.owner, ahead=self._ahead))

    async def _set_clock(self) -> None:
        """See how far the server's clock is ahead: machines whose clocks differ must agree on who was seen lately."""
        before = datetime.now(UTC)
        async with self.reading() as tx:
            there = await tx.processes.clock()
        self._ahead = there - (before + (datetime.now(UTC) - before) / 2)

    async def _look_who_is_gone(self) -> dict[str, float]:
        """Give the processes that hold their lock no more, with when that was seen first, by the monotonic clock."""
        if self._database.dialect == "postgresql":
            async with self.reading() as tx:
                gone = await tx.processes.gone()
            now = time.monotonic()
            self._missed = {owner: self._missed.get(owner, now) for owner in gone}
        return self._missed

    async def _be_seen(self) -> None:
        """Hold what shows others that this process lives; its name then says so."""
        presence = self._database.presence(name := self.owner + HELD)
        if presence and await presence.begin():
            self.owner, self._presence = name, presence
            presence.hold(self.heartbeat)

    async def _begin(self, *, announce: bool) -> None:
        """Take the key of the hashes, and let other processes know of this one."""
        if announce and self._database.dialect == "postgresql":
            await self._set_clock()
        async with self._database.transaction() as connection:
            await use_hash_key(connection, self._keys)
            if announce:
                await self._repositories(connection).processes.heartbeat(self.owner, datetime.now(UTC))


def _path(url: str) -> Path | None:
    """Give the file of an SQLite address; None for PostgreSQL's. Raises UnknownDatabase, without showing a password."""
    scheme = url.partition(":")[0]
    if scheme in ("postgresql", "postgres"):
        return None
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        address = None
    if address is None or scheme != "sqlite":
        raise UnknownDatabase("DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name")
    if address.database in {None, "", ":memory:"}:
        raise UnknownDatabase("DATABASE_URL names no file: sqlite:///data/bot.db, say")
    return Path(address.database or "")


async def _connect(url: str, patience: float, make: bool) -> Database:
    """Give the database, reached. Raises UnknownDatabase, NoDatabase, NotWritable or Unreachable."""
    path = _path(url)
    if path is not None:
        return SqliteDatabase(path, patience=patience, make=make)
    from storage.postgresql import PostgresDatabase  # its driver is loaded by who needs it
    from storage.postgresql_address import Address

    database = PostgresDatabase(Address.read(url), patience=patience)
    try:
        await database.check()
    except BaseException:
        await database.close()
        raise
    return database


async def _keys(database: Database, given: DataKeys | None, make: bool) -> tuple[DataKeys, Path | None]:
    """Give the keys, and the file they come from. Raises WrongKey when there is data and no key."""
    if given is not None:
        return given, None
    path = keyfile.key_path(Path(database.name))
    if keyfile.read_key(path) is None:
        async with database.reading() as connection:
            has_data = await wrapped_hash_key(connection) is not None
            if (has_data or not make) and keyfile.read_key(
                path
            ) is None:  # another first start makes the key before anything else
                raise WrongKey(f"the database has data, but there is no DATA_KEY and no key file {path}")
    text = keyfile.make_key(path)
    return DataKeys(text, changed=keyfile.KeyFile(path).changed), path
