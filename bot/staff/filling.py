"""What staff asked to look at, filled in when its answer leaves, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.outbox import Later, Sender
from bot.staff.intents import List
from bot.staff.lists import Lists
from storage.contents import Send
from storage.errors import Unavailable
from storage.records import Outgoing

log = structlog.get_logger()


class Filling:
    """
    A sender that fills in what a message asks for, right before it leaves.

    So nobody's turn waits for it, no transaction is held meanwhile, and no copy of people's details lies in the outbox,
    where removing a person would have to find it.
    """

    def __init__(self, sender: Sender, lists: Lists) -> None:
        self._sender = sender
        self._lists = lists

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Deliver; raises what the sender raises, and Later while the database is away."""
        asked = message.content
        if isinstance(asked, Send) and asked.listing:
            message = replace(message, content=replace(await self._filled(asked.listing), thread=asked.thread))
        return await self._sender.send(message)

    async def _filled(self, asked: str) -> Send:
        try:
            what, _, page = asked.partition(":")
            return await self._lists.sent(List(what), int(page or 1))
        except Unavailable as problem:
            raise Later(None, f"storage: {type(problem).__name__}") from None
        except Exception:
            log.exception("list_failed", list=asked)
            return self._lists.failed()
