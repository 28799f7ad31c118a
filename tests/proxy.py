"""A small forwarding proxy on loopback, as a municipality's network has one: plain requests and CONNECT."""

import asyncio
import contextlib
import ssl
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(kw_only=True)
class Proxy:
    """Leads whatever it is asked for to one port on loopback; keeps what was asked, and by whom."""

    leads_to: int
    refuses: int = 0  #: the status it answers with instead
    asked: list[tuple[str, str]] = field(default_factory=list)  #: method and address; ``user:password``
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, user: str = "", password: str = "") -> str:
        """Its address, for HTTPS_PROXY."""
        who = f"{quote(user)}:{quote(password, safe='')}@" if user else ""
        return f"http://{who}127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Break what is open, and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await self._lead(reader, writer)
        await closed(writer)
        self._tasks.discard(task)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, address, _ = head.split(b"\r\n")[0].decode().split(" ")
        self.asked.append((f"{method} {address}", _credentials(head)))
        if self.refuses:
            writer.write(f"HTTP/1.1 {self.refuses} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            return
        inner, outer = await asyncio.open_connection("127.0.0.1", self.leads_to)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = "/" + address.split("/", 3)[3]
            outer.write(head.replace(address.encode(), path.encode(), 1))
        await both_ways((reader, writer), (inner, outer))


def _credentials(head: bytes) -> str:
    """What the Proxy-Authorization line of a request says."""
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "proxy-authorization":
            return b64decode(value.removeprefix("Basic ")).decode()
    return ""


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def both_ways(one: Ends, other: Ends) -> None:
    """Bring everything from each end to the other, until one of them has enough."""
    ways = [asyncio.ensure_future(_pour(a[0], b[1])) for a, b in ((one, other), (other, one))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        other[1].close()
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await closed(other[1])


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close this end, whatever the other side did."""
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
        await writer.wait_closed()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, str]:
    """What a server named so proves who it is with, and what its clients must trust (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both = folder / "server.pem"
    both.write_bytes(key.private_bytes(*form) + pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    return context, pem.decode()
