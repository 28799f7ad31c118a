"""A whole journey by people who can be recognised anywhere: what they say must be found nowhere it should not be."""

import asyncio
import contextlib
import io
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import structlog
from aiohttp import web

from bot.observing.logs import configure_logs
from storage.store import Storage
from tests.botapi import Person
from tests.journey.program import Running, Visitor, free_port, running, visiting

#: what Noor gives in Telegram, in the order in which she is asked
REQUIRED = ("beide", "gemeente", "Gemeente Xanthippe", "Noor Zwaluwstaart", "noor.zwaluwstaart@xanthippe.example.org")
OPTIONAL = (
    "Hoofd Kwikzilver",
    "06 12345678",
    "één gemeente",
    "12",
    "Wijk Vuurvlieg",
    "rond Sint-Juttemis",
    "Opmerking Pauwenveer",
)
#: what nobody may read without the key, in a log or on a page for operators
PERSONAL = (
    "Xanthippe", "Zwaluwstaart", "zwaluwstaart", "Kwikzilver", "12345678", "Vuurvlieg", "Juttemis", "Pauwenveer",
    "Kolibrie", "kolibrie", "Waterjuffer", "Nachtegaal", "Zeepaardje", "Roodborstje", "Schildpad",
)  # fmt: skip
WEBHOOK_SECRET, METRICS_TOKEN = "hook-secret-Goudvink", "metrics-secret-Specht"


@dataclass(kw_only=True)
class Remains:
    """What is left after the journey."""

    folder: Path
    log: str  #: everything that was logged, at level debug
    pages: dict[str, str]  #: what operators' tools are shown
    secrets: tuple[str, ...]
    hooks: list[bytes] = field(default_factory=list)  #: what the lead webhook got
    seconds: float = 0.0


@contextlib.contextmanager
def logged(form: Literal["console", "json"], *secrets: str) -> Iterator[io.StringIO]:
    """All logs as text, at the most talkative level; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(form, "debug", secrets, stream)
    try:
        yield stream
    finally:
        logging.captureWarnings(False)
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()


@contextlib.asynccontextmanager
async def crm(hooks: list[bytes]) -> AsyncIterator[str]:
    """A lead webhook's other side on loopback; gives its address."""

    async def take(request: web.Request) -> web.Response:
        hooks.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        await runner.cleanup()


async def signs_up(person: Person, *answers: str) -> None:
    """Answer each question when it is asked."""
    for answer in answers:
        await person.sees()
        await person.send(answer)


async def talk(program: Running) -> None:
    """Noor in Telegram, Kees on the page, somebody who stops half way; staff answer, and then cannot be reached."""
    noor = program.api.person("Noor Zwaluwstaart")
    await noor.send("/start campagne")
    await noor.sees()
    await noor.send("Mag mijn Roodborstje mee?")
    await noor.sees()
    await noor.send("/aanmelden")
    await signs_up(noor, *REQUIRED)
    await noor.tap("signup:more")
    await signs_up(noor, *OPTIONAL)
    await noor.tap("signup:submit")
    notice = await program.staff.sees("Zwaluwstaart")
    await program.staff.reply(notice, "Dag Noor, de Schildpad belt.")
    await noor.sees("Schildpad")
    await program.gets_mail("noor.zwaluwstaart@")
    await program.staff.send("/leads")
    await program.staff.sees("Zwaluwstaart")
    half = program.api.person("Half")
    await half.send("/aanmelden")
    await signs_up(half, "beide", "corporatie", "Stichting Waterjuffer")
    async with visiting(program.url) as kees:
        await asks_on_the_page(kees)
    program.api.floods(program.staff.id, 60)
    await noor.send("/contact")
    await noor.sees()
    await noor.send("Is er plaats voor een Nachtegaal?")
    await noor.tap("contact:forward")
    await noor.sees("contact/sent")
    await asyncio.sleep(0.3)


async def asks_on_the_page(kees: Visitor) -> None:
    """A missed question, a sign-up and a look at one's own data, in the web chat."""
    await kees.says("Wat eet een Zeepaardje?")
    await kees.says("/aanmelden")
    for answer in ("beide", "gemeente", "Huize Kolibrie", "Kees Kolibrie", "kees@kolibrie.example.org"):
        await kees.says(answer)
    await kees.taps("signup:submit")
    await kees.says("/mijngegevens")


async def look(program: Running) -> dict[str, str]:
    """What operators' tools are shown."""
    async with visiting(program.url) as tool:
        pages = {}
        for path in ("/healthz", "/readyz", "/metrics"):
            async with tool.http.get(
                program.url + path, headers={"Authorization": f"Bearer {METRICS_TOKEN}"}
            ) as answer:
                pages[path] = await answer.text()
    return pages


async def journey(folder: Path, form: Literal["console", "json"]) -> Remains:
    """The whole journey with the real program; messages wait when it ends."""
    began = time.monotonic()
    hooks: list[bytes] = []
    async with crm(hooks) as hook:
        with logged(form) as log:
            settings = {"lead_webhook_url": hook, "lead_webhook_secret": WEBHOOK_SECRET, "metrics_token": METRICS_TOKEN}
            async with running(folder, **settings) as program:
                await talk(program)
                pages = await look(program)
                key = (folder / "key").read_text().strip()
                secrets = (program.api.token, WEBHOOK_SECRET, METRICS_TOKEN, key)
                storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
                await storage.backup(folder / "backup.db")
                await storage.close()
                for name in ("bot.db", "bot.db-wal"):
                    (folder / f"{name}.copy").write_bytes((folder / name).read_bytes())
        return Remains(
            folder=folder, log=log.getvalue(), pages=pages, secrets=secrets, hooks=hooks,
            seconds=time.monotonic() - began,
        )  # fmt: skip
