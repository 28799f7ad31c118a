"""The conversation in the terminal: everything is real but for what leaves, and it is gone afterwards."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from rich.console import Console

from bot.channels.terminal import lines_of, run_terminal
from bot.loading import context_maker, load_acts, load_matcher, load_wording
from bot.settings import Settings, SettingsError
from bot.turns.desk import Desk, Rules
from storage.records import Delivery, Outgoing
from storage.store import Storage


class Nowhere:
    """Takes messages and delivers none of them."""

    def put(self, messages: Iterable[Outgoing]) -> None:
        """Let go of these messages."""

    def deliveries(self) -> contextlib.AbstractContextManager[list[Delivery]]:
        """Nothing was delivered."""
        return contextlib.nullcontext([])

    def drop(self, ids: Collection[int]) -> None:
        """There is nothing to let go of."""


async def talk(settings: Settings, language: str) -> None:
    """Talk on standard input and output until it ends. Raises SettingsError for an unknown language."""
    wording = load_wording(settings)
    spoken = language or wording.default(settings.default_language)
    if spoken not in wording.languages:
        raise SettingsError("--language", f"must be one of: {', '.join(wording.languages)}")
    matcher = load_matcher(settings, wording)
    context = context_maker(wording, matcher, load_acts(settings, wording, matcher))
    rules = Rules(wording=wording, context=context, notify=lambda *_: ())
    with tempfile.TemporaryDirectory(prefix="bot-chat-") as folder:
        storage = await Storage.open(f"sqlite:///{Path(folder) / 'chat.db'}", data_key=None)
        desk = Desk(storage, rules, Nowhere())
        answering = asyncio.create_task(desk.run())
        console = Console(highlight=False)
        try:
            await run_terminal(desk, wording, spoken, lines_of(sys.stdin, _prompt), console.print)
        finally:
            answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering
            await storage.close()


def _prompt() -> None:
    if sys.stdin.isatty():
        sys.stdout.write("> ")
        sys.stdout.flush()
