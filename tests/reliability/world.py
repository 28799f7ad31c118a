"""Everything around the bot on loopback: the Bot API, the staff chat, a mail server, a lead webhook."""

import contextlib
import email
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from email.policy import default

from aiohttp import web
from cryptography.fernet import Fernet

from bot.leads.references import LETTERS
from tests.botapi import BotApi, StaffGroup
from tests.journey.program import free_port
from tests.notifications.helpers import Mailbox, MailServer

PUBLIC = "https://bot.example"
MAIL_TO = "anne@course.example"
REFERENCE = re.compile(rf"\b[{LETTERS}]{{4}}-[{LETTERS}]{{4}}\b")


@dataclass(kw_only=True)
class Hook:
    """The lead webhook: what was posted, and what it answers."""

    url: str = ""
    keys: list[str] = field(default_factory=list)
    status: int = 200

    async def take(self, request: web.Request) -> web.Response:
        """Take one lead."""
        await request.read()
        if self.status == 200:
            self.keys.append(request.headers["Idempotency-Key"])
        return web.Response(status=self.status)


@dataclass(kw_only=True)
class World:
    """What the bot talks to. Settings for it come from ``settings``."""

    api: BotApi
    staff: StaffGroup
    mailbox: Mailbox
    mail: MailServer
    mail_port: int
    hook: Hook
    data_key: str = field(default_factory=lambda: Fernet.generate_key().decode())
    _read: list[str | None] = field(default_factory=list, init=False)

    def settings(self, database_url: str, *, webhook: bool = False, **more: str) -> dict[str, str]:
        """The settings of one process, as its environment has them."""
        base = {
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "TELEGRAM_API_URL": self.api.url,
            "TELEGRAM_STAFF_CHAT_ID": str(self.staff.id),
            "TELEGRAM_RATE": "0",
            "DATABASE_URL": database_url,
            "DATA_KEY": self.data_key,
            "HTTP_PORT": str(free_port()),
            "MAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "MAIL_FROM": "bot@course.example",
            "CONTACT_EMAIL": MAIL_TO,
            "LEAD_WEBHOOK_URL": self.hook.url,
            "LEAD_WEBHOOK_SECRET": "a-secret-of-the-hook-0123456789",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        secret = {"TELEGRAM_WEBHOOK_URL": PUBLIC, "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook"}
        return base | (secret if webhook else {}) | more

    def route(self, *urls: str) -> None:
        """Let the webhook's public address lead to these processes, in turn."""
        self.api.updates.webhook.routes[PUBLIC] = list(urls) if len(urls) > 1 else urls[0]

    def noticed(self) -> list[tuple[float, str]]:
        """When which lead was told of in the staff chat, by a card, repetitions included."""
        group = str(self.staff.id)
        sent = [call for call in self.api.calls_of("sendMessage") if str(call.given["chat_id"]) == group]
        calls = [call for call in sent if "staff:" in str(call.given.get("reply_markup"))]
        return [(call.at, found[0]) for call in calls if (found := REFERENCE.search(call.given["text"]))]

    def mailed(self) -> list[str]:
        """The Message-IDs of all mail about leads to the contact person, repetitions included."""
        return list(self._message_ids())

    def mailed_leads(self) -> set[str]:
        """The leads that the contact person was mailed about."""
        return {found[0] for one in self._message_ids() if (found := REFERENCE.search(one))}

    def _message_ids(self) -> Iterator[str]:
        """Each mail is read once: who waits for all of them asks again and again, in the loop of the servers here."""
        for envelope in self.mailbox.received[len(self._read) :]:
            ours = MAIL_TO in envelope.rcpt_tos and isinstance(envelope.content, bytes)
            self._read.append(_message_id(envelope.content) if ours else None)
        return (one for one in self._read if one is not None)


def _message_id(content: object) -> str:
    return str(email.message_from_bytes(content, policy=default)["Message-ID"] if isinstance(content, bytes) else "")


@contextlib.asynccontextmanager
async def a_world(*, forum: bool = False) -> AsyncIterator[World]:
    """All of it, listening; ``forum``: the staff chat has topics."""
    mailbox, hook = Mailbox(), Hook()
    async with BotApi() as api, MailServer(mailbox) as mail, _listening(hook):
        staff = api.group("Staf", "Anne", "Bea", forum=forum)
        yield World(api=api, staff=staff, mailbox=mailbox, mail=mail, mail_port=mail.port, hook=hook)


@contextlib.asynccontextmanager
async def _listening(hook: Hook) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/lead", hook.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    [address] = runner.addresses
    hook.url = f"http://127.0.0.1:{address[1]}/lead"
    try:
        yield
    finally:
        await runner.cleanup()
