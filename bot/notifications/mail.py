"""Sends mail by SMTP, over connections that are used again while there is more to send."""

import asyncio
import ssl
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import aiosmtplib

from bot.notifications.letters import envelope, letter
from bot.notifications.mending import Mending
from bot.notifications.server import InTheClear, LoginRefused, Server, Tls
from bot.notifications.verdicts import Fault, Stage, fault, is_for_good, verdict
from bot.outbox import Later
from storage.contents import Letter
from storage.records import Outgoing

CONNECTIONS = 3  #: at a time for mail to people, and one for mail to staff, who wait for nobody's mailbox
KEEP = 10.0  #: seconds that a connection is kept for the next mail
TIMEOUT = 20.0  #: seconds for each answer of the server


@dataclass(kw_only=True)
class _Attempt:
    content: bytes
    sender: str
    to: str
    stage: Stage = Stage.SERVER

    async def over(self, client: aiosmtplib.SMTP) -> None:
        """Hand it over. Raises what aiosmtplib raises; ``stage`` says how far it got."""
        utf8 = not self.to.isascii()
        if utf8 and not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("SMTPUTF8")
        options = [f"SIZE={len(self.content)}"] if client.supports_extension("size") else []
        encoding = "utf-8" if utf8 else "ascii"
        self.stage = Stage.SENDER
        try:
            options = [*options, "SMTPUTF8"] if utf8 else options
            await _agreed(client.mail(self.sender, options=options, encoding=encoding))
        except aiosmtplib.SMTPSenderRefused as refusal:
            if utf8 and is_for_good(refusal):  # what it offers it does not take after all: nobody else need wait
                raise aiosmtplib.SMTPNotSupported("SMTPUTF8") from None
            raise
        self.stage = Stage.MAILBOX
        await _agreed(client.rcpt(self.to, encoding=encoding))
        self.stage = Stage.CONTENT
        await client.data(self.content)


async def _agreed(answer: Awaitable[object]) -> None:
    """Take every yes for one: 252 at RCPT is a yes, too (RFC 5321 3.5.3). Raises what is none."""
    try:
        await answer
    except aiosmtplib.SMTPResponseException as other:
        if not 200 <= other.code < 300:
            raise


class SmtpMail:
    """A sender of mail by ``smtp://user:password@host:587`` or ``smtps://…``."""

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        timeout: float = TIMEOUT,
        tls: Tls = "password",
        tls_context: ssl.SSLContext | None = None,
        names: tuple[str, ...] = (),
        keep: float = KEEP,
        staff: str | None = None,
    ) -> None:
        """
        ``names``: host names we may go by, best first, where the machine has no name. ``keep``: see KEEP.
        ``staff``: the mailbox of staff, if there is one.
        """
        names = (sender.rpartition("@")[2], *names)
        self._server = Server(url=url, timeout=timeout, tls=tls, tls_context=tls_context, names=names)
        self._sender = sender
        self._keep = keep
        self._staff = staff
        self._slots, self._staffs_slot = asyncio.Semaphore(CONNECTIONS), asyncio.Semaphore(1)
        self._idle: list[tuple[aiosmtplib.SMTP, asyncio.TimerHandle]] = []
        self._mending = Mending()

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Hand one mail to the server. Raises Later, Deferred, Refused or Unreached."""
        given = message.content_as(Letter).to
        content, to = letter(message, self._sender), envelope(given)
        attempt = _Attempt(content=content, sender=envelope(self._sender), to=to)
        async with self._staffs_slot if given == self._staff else self._slots:
            if self._mending.leave_to_another(message.id):
                raise Later(None, f"{self.health()}")
            try:
                await self._hand_over(attempt)
            except (aiosmtplib.SMTPException, OSError, ValueError, InTheClear, LoginRefused) as error:
                self._note(message, to, fault(error), attempt.stage)
                raise verdict(error, attempt.stage) from None
        self._mending.fine(to, attempt.stage)
        return None

    def health(self) -> str | None:
        """What an operator must mend, as long as it lasts."""
        return self._mending.health()

    def _note(self, message: Outgoing, to: str, found: Fault | None, stage: Stage) -> None:
        if found is None:
            self._mending.fine(to, stage)
        else:
            self._mending.found(found, message.id, to, stage)

    async def close(self) -> None:
        """Let go of the connections that are kept."""
        while self._idle:
            client, timer = self._idle.pop()
            timer.cancel()
            client.close()

    async def _hand_over(self, attempt: _Attempt) -> None:
        """Send over a kept connection; where the server ended that meanwhile, over a new one."""
        while client := self._kept():
            try:
                return await self._over(client, attempt)
            except (aiosmtplib.SMTPServerDisconnected, ConnectionError):
                attempt.stage = Stage.SERVER
        return await self._over(await self._server.connect(), attempt)

    async def _over(self, client: aiosmtplib.SMTP, attempt: _Attempt) -> None:
        try:
            await attempt.over(client)
        except BaseException:
            client.close()
            raise
        timer = asyncio.get_running_loop().call_later(self._keep, self._forget, client)
        self._idle.append((client, timer))

    def _kept(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            client, timer = self._idle.pop()
            timer.cancel()
            if client.is_connected:
                return client
            client.close()
        return None

    def _forget(self, client: aiosmtplib.SMTP) -> None:
        self._idle = [(other, timer) for other, timer in self._idle if other is not client]
        client.close()
