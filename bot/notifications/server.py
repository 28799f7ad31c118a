"""The mail server of the settings: how it is connected to, and who we say we are."""

import asyncio
import re
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib

Tls = Literal["password", "required", "offered"]
"""What must not travel in the clear to another machine: a password, all mail, nothing."""

NOBODY = "[127.0.0.1]"  #: who we are to a server where nothing better is known (RFC 5321 4.1.3)
_LOOK_UP_SECONDS = 2.0
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?!localhost\.)(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])")


class InTheClear(Exception):
    """The server offers no TLS, and what is to be sent must not travel without."""


class LoginRefused(Exception):
    """The server refuses our name and password; ``code`` is its answer, None where it takes no login at all."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


@dataclass(kw_only=True)
class Server:
    """Where mail is handed over, and under which rules."""

    url: str
    timeout: float  #: seconds for each answer
    tls: Tls = "password"
    tls_context: ssl.SSLContext | None = None  #: whom to trust; None: whom the machine trusts
    names: tuple[str, ...] = ()  #: host names we may go by, best first
    _name: str | None = None  #: who we are, once it was looked up
    _trusted: ssl.SSLContext | None = None  #: whom the machine trusts, once it was read

    @property
    def on_this_machine(self) -> bool:
        """Whether nothing travels: then it may go in the clear, and a certificate of the machine's own will do."""
        host = (urlsplit(self.url).hostname or "").rstrip(".")
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    async def connect(self) -> aiosmtplib.SMTP:
        """A connection over which mail can be sent. Raises what aiosmtplib raises, InTheClear and LoginRefused."""
        parts = urlsplit(self.url)
        secure = parts.scheme == "smtps"
        client = aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or (465 if secure else 587),
            use_tls=secure,
            start_tls=False,
            tls_context=await self._trust(),
            timeout=self.timeout,
            local_hostname=await self._own_name(),
        )
        try:
            await client.connect()
            await self._greet(client)
            await self._secure(client, password=bool(parts.username))
            await self._log_in(client, unquote(parts.username or ""), unquote(parts.password or ""))
        except BaseException as error:
            client.close()
            self._look_again(error)
            raise
        return client

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()

    async def _secure(self, client: aiosmtplib.SMTP, *, password: bool) -> None:
        """TLS where the server offers it. Raises InTheClear where it does not, and must."""
        if urlsplit(self.url).scheme == "smtps":
            return
        if client.supports_extension("starttls"):
            await client.starttls()
            await self._greet(client)
        elif not self.on_this_machine and (self.tls == "required" or (self.tls == "password" and password)):
            raise InTheClear

    async def _log_in(self, client: aiosmtplib.SMTP, name: str, password: str) -> None:
        """Raises LoginRefused; an answer that may be another one later (4xx) goes on as it is."""
        if not name:
            return
        try:
            await client.login(name, password)
        except aiosmtplib.SMTPAuthenticationError as error:
            if error.code < 500:
                raise
            raise LoginRefused(error.code) from None
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError):
            raise
        except aiosmtplib.SMTPException:
            raise LoginRefused(None) from None

    async def _trust(self) -> ssl.SSLContext:
        """Whom to trust, read once: reading what a machine trusts takes some 30 ms, in which nobody is answered."""
        if self.tls_context is not None:
            return self.tls_context
        if self._trusted is None:
            self._trusted = anybody() if self.on_this_machine else await asyncio.to_thread(ssl.create_default_context)
        return self._trusted

    def _look_again(self, error: BaseException) -> None:
        """Where a certificate is not trusted, read anew whom the machine trusts: an operator may have mended that."""
        if untrusted(error):
            self._trusted = None

    async def _own_name(self) -> str:
        """Who we are: the machine's full name, else a name that is ours all the same."""
        if self._name is None:
            self._name = full_name((socket.gethostname(), await _looked_up(), *self.names))
        return self._name


def anybody() -> ssl.SSLContext:
    """TLS with whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def untrusted(error: BaseException | None) -> bool:
    """Whether a certificate that nobody vouches for is at the bottom of this."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def full_name(names: Iterable[str]) -> str:
    """The first of these that is a host name with a dot, which servers ask for; else an address literal."""
    return next((name for name in names if _HOST.fullmatch(name)), NOBODY)


async def _looked_up() -> str:
    """The machine's full name as its own files or its network have it; empty where that takes too long."""
    if _HOST.fullmatch(socket.gethostname()):
        return ""
    try:
        async with asyncio.timeout(_LOOK_UP_SECONDS):
            return await asyncio.to_thread(socket.getfqdn)
    except TimeoutError:
        return ""
