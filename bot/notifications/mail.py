"""Sends mail by SMTP, over connections that are used again while there is more to send."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from bot.notifications.letters import envelope, letter
from bot.outbox import Later, NotDelivered, Refused
from storage.records import Outgoing

log = structlog.get_logger()

CONNECTIONS = 4  #: at a time
KEEP = 10.0  #: seconds that a connection is kept for the next mail
TIMEOUT = 20.0  #: seconds for each answer of the server


class SmtpMail:
    """A sender of mail by ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://…``."""

    def __init__(
        self, url: str, sender: str, *, timeout: float = TIMEOUT, tls_context: ssl.SSLContext | None = None
    ) -> None:
        self._url = url
        self._sender = sender
        self._timeout = timeout
        self._tls_context = tls_context
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[tuple[aiosmtplib.SMTP, asyncio.TimerHandle]] = []
        self._login_refused = False

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Hand one mail to the server. Raises Later or Refused."""
        mail, to = letter(message, self._sender), envelope(message.payload["to"])
        async with self._slots:
            try:
                await self._hand_over(mail, to)
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                raise self._outcome(error) from None
        self._login_refused = False
        return None

    async def close(self) -> None:
        """Let go of the connections that are kept."""
        while self._idle:
            client, timer = self._idle.pop()
            timer.cancel()
            client.close()

    async def _hand_over(self, mail: EmailMessage, to: str) -> None:
        """Send over a kept connection; where the server ended that meanwhile, over a new one."""
        while client := self._kept():
            try:
                return await self._over(client, mail, to)
            except (aiosmtplib.SMTPServerDisconnected, ConnectionError):
                continue
        client = self._client()
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return await self._over(client, mail, to)

    async def _over(self, client: aiosmtplib.SMTP, mail: EmailMessage, to: str) -> None:
        """Send over this connection, and keep it."""
        try:
            await client.send_message(mail, sender=envelope(self._sender), recipients=[to])
        except BaseException:
            client.close()
            raise
        timer = asyncio.get_running_loop().call_later(KEEP, self._forget, client)
        self._idle.append((client, timer))

    def _kept(self) -> aiosmtplib.SMTP | None:
        """A connection that was kept and is still there."""
        while self._idle:
            client, timer = self._idle.pop()
            timer.cancel()
            if client.is_connected:
                return client
            client.close()
        return None

    def _forget(self, client: aiosmtplib.SMTP) -> None:
        """Nothing more to send: end a kept connection."""
        self._idle = [(other, timer) for other, timer in self._idle if other is not client]
        client.close()

    def _client(self) -> aiosmtplib.SMTP:
        """A connection that is still to be made."""
        parts = urlsplit(self._url)
        secure = parts.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or (465 if secure else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=secure,
            start_tls=None if not secure else False,  # None: where the server offers it
            tls_context=self._tls_context,
            timeout=self._timeout,
            local_hostname=socket.gethostname(),
        )

    def _outcome(self, error: Exception) -> NotDelivered:
        """What an error means for the mail; without the server's words, which may hold the address."""
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            if not self._login_refused:
                log.error("mail_login_refused", code=error.code)
            self._login_refused = True
            return Later(None, f"the mail server refused the login ({error.code})")
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            code = error.recipients[0].code
            return _by_code(code, f"the mail server refused the mailbox ({code})")
        # an untrusted certificate is an OSError and a ValueError too
        if isinstance(error, OSError | aiosmtplib.SMTPHeloError):
            return Later(None, f"the mail server is out of reach ({type(error).__name__})")
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return _by_code(error.code, f"the mail server refused the mail ({error.code})")
        if isinstance(error, aiosmtplib.SMTPNotSupported | ValueError):
            return Refused("the mail server cannot take a mail to this address")
        return Later(None, f"the mail server cannot be used ({type(error).__name__})")


def _by_code(code: int, reason: str) -> NotDelivered:
    """A 5xx is for good, anything else may pass."""
    return Refused(reason) if code >= 500 else Later(None, reason)
