"""
A pooler between the program and PostgreSQL, as operators have them: PgBouncer, where Debian's package is installed, and
one written by hand here that does what matters of it, so that these tests run everywhere.

``pooled(url, kind, mode)`` gives the address of a database through one; kinds are in ``KINDS``.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import struct
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.postgres import OwnServer, free_port

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
KINDS = ("by hand", *(["pgbouncer"] if PGBOUNCER else []))
#: what PgBouncer 1.18 takes at the start of a connection; anything else ends it
_KNOWN = {"user", "database", "client_encoding", "datestyle", "timezone", "standard_conforming_strings"} | {
    "application_name"
}


@contextlib.asynccontextmanager
async def pooled(url: str, kind: str, mode: str) -> AsyncIterator[str]:
    """The address of this database through a pooler, whose mode is ``transaction``, ``session`` or ``statement``."""
    if kind == "pgbouncer":
        with _pgbouncer(url, mode) as address:
            yield address
        return
    async with pooled_by_hand(url, mode) as (address, _):
        yield address


@contextlib.asynccontextmanager
async def pooled_by_hand(url: str, mode: str) -> AsyncIterator[tuple[str, "ByHand"]]:
    """The address of this database through a pooler of ours, and that one itself."""
    parts = urlsplit(url)
    pooler = ByHand(host=parts.hostname or "", port=parts.port or 5432, mode=mode)
    pooler.speaks.set()
    server = await asyncio.start_server(pooler.serve, "127.0.0.1", 0)
    try:
        yield _at(url, server.sockets[0].getsockname()[1]), pooler
    finally:
        server.close()
        await pooler.close()


def _at(url: str, port: int) -> str:
    """The same address, by way of this port."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))


@contextlib.contextmanager
def _pgbouncer(url: str, mode: str) -> Iterator[str]:
    """PgBouncer as installed, in front of this server."""
    assert PGBOUNCER
    parts, port = urlsplit(url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    owner = OwnServer(folder=folder)  # for its user: PgBouncer refuses to run as root as well
    (folder / "users").write_text(f'"{parts.username}" "{parts.password}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={parts.hostname} port={parts.port}\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
        f"listen_port={port}\nunix_socket_dir=\nauth_type=scram-sha-256\nauth_file={folder}/users\npool_mode={mode}\n"
    )
    for path in (folder, folder / "users", folder / "ini"):
        if owner.user:
            shutil.chown(path, owner.user)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PGBOUNCER, folder / "ini"], **owner.rights(), cwd="/", stdout=log, stderr=log)
    try:
        _answers(_at(url, port), process)
        yield _at(url, port)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder)


def _answers(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it does."""
    for attempt in range(400):
        assert process.poll() is None
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert attempt < 399
            os.sched_yield()
        else:
            return


class Side:
    """One end of a connection: whole messages in, bytes out."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.write = writer.write
        self.coming: asyncio.Queue[bytes] = asyncio.Queue()  #: messages; the last is empty
        self._pump: asyncio.Task[None] | None = None

    async def start_up(self) -> bytes:
        """A message as a client's first one is: without a kind. Raises IncompleteReadError at the end."""
        size = await self._reader.readexactly(4)
        return size + await self._reader.readexactly(struct.unpack("!I", size)[0] - 4)

    def begin(self) -> None:
        """Read messages from now on."""
        self._pump = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await self._reader.readexactly(5)
                self.coming.put_nowait(head + await self._reader.readexactly(struct.unpack("!I", head[1:])[0] - 4))
        self.coming.put_nowait(b"")

    async def close(self) -> None:
        """End the connection, once what was written has left."""
        if self._pump:
            self._pump.cancel()
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()
        self._writer.close()


@dataclass(kw_only=True)
class ByHand:
    """
    A pooler as PgBouncer is towards its clients: it refuses what it does not know at the start, gives keys of its own,
    and in transaction mode gives each transaction whichever session is free, the one used last first.

    Logging in is the server's own: each client brings a session along, which then is everybody's.
    """

    host: str
    port: int
    mode: str
    speaks: asyncio.Event = field(default_factory=asyncio.Event)  #: not set: as when its server stands still
    _free: list[Side] = field(default_factory=list)
    _sessions: list[Side] = field(default_factory=list)
    _clients: set["asyncio.Task[None]"] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client to its end."""
        task, client = asyncio.current_task(), Side(reader, writer)
        assert task
        self._clients.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await self._client(client)
        finally:
            self._clients.discard(task)
            await client.close()

    async def close(self) -> None:
        """End all connections."""
        clients = list(self._clients)
        for task in clients:
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        for session in self._sessions:
            await session.close()

    async def _client(self, client: Side) -> None:
        start = await self._start(client)
        session = start and await self._logged_in(start, client)
        if not session:
            return
        if self.mode == "session":
            try:
                await self._pass_on(client, session)
            finally:
                await session.close()  # as a session that is reset: nothing of it is left
            return
        self._free.append(session)
        while (first := await client.coming.get()) and first[:1] != b"X":
            if self.mode == "statement" and b"BEGIN" in first:
                self._ends(client, "transaction blocks not allowed in statement pooling mode")
                return
            session = self._free.pop()
            try:
                await self._pass_on(client, session, first)
            except BaseException:
                await session.close()  # nobody else gets a session with half a transaction in it
                raise
            self._free.append(session)

    async def _start(self, client: Side) -> bytes | None:
        """The start-up message, if it is one that PgBouncer takes."""
        message = await client.start_up()
        while struct.unpack("!I", message[4:8])[0] in (80877103, 80877104):  # encryption: none here
            client.write(b"N")
            message = await client.start_up()
        if struct.unpack("!I", message[4:8])[0] != 196608:  # a cancellation
            return None
        names = [name.decode() for name in message[8:].split(b"\0")[:-1:2] if name]
        unknown = [name for name in names if name not in _KNOWN]
        if unknown:
            self._ends(client, f"unsupported startup parameter: {unknown[0]}")
            return None
        client.begin()
        return message

    def _ends(self, client: Side, why: str) -> None:
        """Say why, before the connection is closed."""
        said = f"SFATAL\0C08P01\0M{why}\0\0".encode()
        client.write(b"E" + struct.pack("!I", len(said) + 4) + said)

    async def _logged_in(self, start: bytes, client: Side) -> Side | None:
        """A session in which the client has logged in; the client is told a key that is not the session's."""
        session = Side(*await asyncio.open_connection(self.host, self.port))
        self._sessions.append(session)
        session.begin()
        session.write(start)
        while message := await session.coming.get():
            kind = message[:1]
            client.write(message[:5] + secrets.token_bytes(len(message) - 5) if kind == b"K" else message)
            if kind == b"Z":
                return session
            if kind == b"R" and message[5:9] not in (b"\0\0\0\0", b"\0\0\0\x0c"):
                session.write(await client.coming.get())
        return None

    async def _pass_on(self, client: Side, session: Side, first: bytes = b"") -> None:
        """Pass messages both ways: for the transaction that begins with the first one, or without one for ever."""
        await self.speaks.wait()
        session.write(first)
        due = _answers_of(first)  # times "ready" that are still to come
        said, answered = (asyncio.ensure_future(side.coming.get()) for side in (client, session))
        try:
            while True:
                done, _ = await asyncio.wait({said, answered}, return_when=asyncio.FIRST_COMPLETED)
                await self.speaks.wait()
                if answered in done:
                    client.write(message := answered.result())
                    due -= message[:1] == b"Z"
                    if not message or (first and due == 0 and message[:1] == b"Z" and message[5:6] == b"I"):
                        return
                    answered = asyncio.ensure_future(session.coming.get())
                if said in done:
                    if not (message := said.result()):
                        raise ConnectionResetError
                    due += _answers_of(message)
                    session.write(message)
                    said = asyncio.ensure_future(client.coming.get())
        finally:
            if said.done() and not said.cancelled() and due == 0:
                client.coming.put_nowait(said.result())
            said.cancel()
            answered.cancel()


def _answers_of(message: bytes) -> int:
    """How many times "ready" follows a message."""
    return int(message[:1] in (b"Q", b"S"))
