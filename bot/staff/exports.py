"""The file with all leads, as staff get it in their chat: made when it leaves, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.leads.exports import sheet_apart
from bot.outbox import Later, Sender
from bot.wording import Rendered, Wording
from storage.errors import Unavailable
from storage.records import Outgoing
from storage.store import Storage

log = structlog.get_logger()

ASKS = "export"  #: what a message's payload has when it is to carry the file
FILE_NAME = "leads.xlsx"


class Exporting:
    """
    A sender that fills in the file a message asks for, right before it leaves.

    So nobody's turn waits for it, no transaction is held meanwhile, and no copy of everybody's details lies in the
    outbox, where removing a person would have to find it.
    """

    def __init__(self, sender: Sender, storage: Storage, wording: Wording, language: str, zone: ZoneInfo) -> None:
        self._sender = sender
        self._storage = storage
        self._wording = wording
        self._language = language
        self._zone = zone

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Deliver; raises what the sender raises, and Later while the database is away."""
        if ASKS in message.payload:
            where = {name: value for name, value in message.payload.items() if name != ASKS}
            message = replace(message, payload={**where, **await self._filled()})
        return await self._sender.send(message)

    async def _filled(self) -> Mapping[str, Any]:
        """The message with its file; one that says that it failed, where it did."""
        unreadable: list[str] = []
        try:
            async with self._storage.reading() as tx:
                leads = await tx.leads.list(unreadable)
            content = await sheet_apart(leads, self._zone)
        except Unavailable as problem:
            raise Later(None, f"storage: {type(problem).__name__}") from None
        except Exception:
            log.exception("export_failed")
            return failed(self._wording, self._language).payload()
        told = {"count": len(leads), "unreadable": unreadable}
        said = self._wording.message("staff/export", self._language, told, "staff")
        return said.payload() | {"file": {"name": FILE_NAME, "content": content}}


def failed(wording: Wording, language: str) -> Rendered:
    """What staff read where no file could be made."""
    return wording.message("staff/failed", language, {}, "staff")
