"""What staff asked to look at, filled in when its answer leaves, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.outbox import Later, Sender
from bot.staff.intents import List
from bot.staff.lists import Lists
from storage.errors import Unavailable
from storage.records import Outgoing

log = structlog.get_logger()

ASKS = "list"  #: what a message's payload has when it is to carry a list: which one


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
        if asked := message.payload.get(ASKS):
            where = {name: value for name, value in message.payload.items() if name != ASKS}
            message = replace(message, payload={**where, **await self._filled(asked)})
        return await self._sender.send(message)

    async def _filled(self, asked: str) -> Mapping[str, Any]:
        """The message with what it asks for; one that says that it failed, where it did."""
        try:
            return await self._lists.payload(List(asked))
        except Unavailable as problem:
            raise Later(None, f"storage: {type(problem).__name__}") from None
        except Exception:
            log.exception("list_failed", list=asked)
            return self._lists.failed()
