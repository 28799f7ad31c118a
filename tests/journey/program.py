"""The whole program in this process, against a Bot API server, a mail folder and HTTP on loopback."""

import asyncio
import contextlib
import email
import socket
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.entry import Opener
from bot.loading import Spoken, facts, load_spoken
from bot.questions import Acts, Matcher
from bot.running.serving import serve
from bot.settings import Settings, load_settings
from bot.wording import SHELF, Wording
from tests.botapi import BotApi, StaffGroup
from tests.frozen import FOR_PROGRAMS
from tests.said import is_message

PATIENCE = 30.0
#: what the Bot API refuses in the best of chats: a tap that was answered, an edit that was made before
ORDINARY = ("query is too old", "message is not modified")


def free_port() -> int:
    """A port that nobody listens on now."""
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(kw_only=True)
class Running:
    """The program while it runs, and what is around it."""

    settings: Settings
    api: BotApi
    staff: StaffGroup
    folder: Path
    _read: dict[Path, EmailMessage] = field(default_factory=dict)  #: mails that were read before

    @property
    def url(self) -> str:
        """Where the web chat is."""
        return self.settings.public_url

    def mails(self) -> list[EmailMessage]:
        """The mails written so far."""
        folder = self.settings.mail_folder
        files = sorted(folder.glob("*.eml")) if folder else []
        for file in files:
            if file not in self._read:
                with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                    self._read[file] = email.message_from_bytes(file.read_bytes(), policy=default)
        return [self._read[file] for file in files if file in self._read]

    async def gets_mail(self, to: str, subject: str = "", kind: str = "") -> EmailMessage:
        """Wait for a mail to this address with ``subject`` in its subject, of this kind ("mail/receipt", in Dutch)."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for mail in self.mails():
                    if to in mail["To"] and subject in mail["Subject"] and (not kind or _is_mail(mail, kind)):
                        return mail
                await asyncio.sleep(0.02)


@dataclass(kw_only=True)
class Visitor:
    """Somebody in the web chat, who types, taps and sees."""

    url: str
    http: aiohttp.ClientSession
    language: str = "nl"
    source: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def sends(self, **body: str) -> str:
        """Send a text or a choice; give the texts that come back."""
        hello = {"language": self.language} | ({"source": self.source} if self.source else {})
        message = {"message_id": str(uuid.uuid4()), **hello, **body}
        async with self.http.post(f"{self.url}/api/chat", json=message) as answer:
            assert answer.status == 200, await answer.text()
            messages = (await answer.json())["messages"]
        self.heard.extend(messages)
        return "\n".join(one["text"] for one in messages)

    async def says(self, text: str) -> str:
        """Type a text."""
        return await self.sends(text=text)

    async def taps(self, name: str) -> str:
        """Tap the newest button with this id, its token aside."""
        return await self.sends(choice=self.button(name))

    def button(self, name: str) -> str:
        """The id, with its token, of the newest button called ``name``."""
        rows = [row for message in reversed(self.heard) for row in message["buttons"]]
        found = [one["id"] for row in rows for one in row if one["id"].partition("@")[0] == name]
        assert found, f"there is no button {name}"
        return str(found[0])


@contextlib.asynccontextmanager
async def visiting(url: str, language: str = "nl", source: str | None = None) -> AsyncIterator[Visitor]:
    """A visitor with a browser's cookies."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Visitor(url=url, http=http, language=language, source=source)


@contextlib.asynccontextmanager
async def running(folder: Path, topics: tuple[str, ...] | None = None, /, **settings: Any) -> AsyncIterator[Running]:
    """
    The program, ready; on leaving it has ended cleanly within five seconds.

    ``topics``: where the staff group has such, what is refused of them, and mended; None: it has none.
    """
    async with BotApi() as api:
        staff = api.group("Staf", "Anne", "Bea", "Cas", forum=topics is not None)
        chosen = program_settings(folder, api, staff.id, **settings)
        async with serving(chosen):
            yield Running(settings=chosen, api=api, staff=staff, folder=folder)
        expected = (*ORDINARY, *(topics or ()))
        unusual = [call for call in api.refused if not any(words in call.description for words in expected)]
        assert not unusual, unusual


def program_settings(folder: Path, api: BotApi, staff_chat: int, **settings: Any) -> Settings:
    """The settings of a program that keeps everything in ``folder``."""
    port = free_port()
    base: dict[str, Any] = {
        "telegram_bot_token": api.token,
        "telegram_api_url": api.url,
        "telegram_staff_chat_id": str(staff_chat),
        "telegram_rate": "0",
        "database_url": f"sqlite:///{folder}/bot.db",
        "http_port": str(port),
        "mail_url": f"file:{folder}/mail",
        "mail_from": "bot@course.example",
        "contact_email": "anne@course.example",
        "messages_dir": FOR_PROGRAMS,
    }
    return Settings(**{name: value for name, value in (base | settings).items() if value is not None})


def load_once(settings: Settings) -> Spoken:
    """The folder for programs as they load it, once for all tests of this process: that takes half a second."""
    if settings.messages_dir != FOR_PROGRAMS:
        return load_spoken(settings)
    wording = _worded(tuple(facts(settings).items()))
    matcher, acts = _understood()
    return Spoken(settings=settings, wording=wording, matcher=matcher, acts=acts)


@lru_cache(maxsize=50)
def _worded(known: tuple[tuple[str, object], ...]) -> Wording:
    return Wording.load(FOR_PROGRAMS, dict(known), SHELF)


@cache
def _understood() -> tuple[Matcher, Acts]:
    spoken = load_spoken(load_settings({"MESSAGES_DIR": str(FOR_PROGRAMS)}, None))
    return spoken.matcher, spoken.acts


@contextlib.asynccontextmanager
async def serving(settings: Settings, more: Sequence[Opener] = ()) -> AsyncIterator[None]:
    """Run the program with these settings for as long as the block lasts."""
    stopping, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(serve(settings, stopping, lambda _: ready.set(), load_once, more))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        await task
    try:
        yield
    finally:
        stopping.set()
        async with asyncio.timeout(30):
            await task


def _is_mail(mail: EmailMessage, kind: str) -> bool:
    return is_message(str(mail["Subject"]), f"{kind}/subject.txt", "nl")


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    """What a mail says: "plain", as a program without HTML shows it, or "html"."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())
