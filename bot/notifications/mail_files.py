"""Writes mail as ``.eml`` files, for who has no mail server yet; and removes those of a lead that is forgotten."""

import asyncio
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.notifications.letters import letter
from bot.outbox import Later
from storage.records import Outgoing

_UNFIT = re.compile(r"[^A-Za-z0-9-]+")


class FileMail:
    """A sender of mail into a folder, which it makes; files and folder are for their user only."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Write one mail; the same one again takes its place. Raises Later when the folder cannot be written."""
        content = letter(message, self._sender).as_bytes()
        try:
            await asyncio.to_thread(_write, self._folder, file_name(message), content)
        except OSError as error:
            raise Later(None, f"the mail folder cannot be written ({error.strerror})") from None
        return None

    async def close(self) -> None:
        """Nothing to let go of."""


def file_name(message: Outgoing) -> str:
    """``reference.what.hash.eml``: found by its reference, and the same for the same mail."""
    message_id = message.payload["message_id"]
    what = _UNFIT.sub("-", message_id.strip("<>").partition(".")[0]) or "mail"
    digest = hashlib.sha256(f"{message_id} {message.payload['to']}".encode()).hexdigest()[:12]
    return f"{_reference(message.lead or message.question or 'mail')}.{what}.{digest}.eml"


def remove_files(folder: Path, references: Iterable[str]) -> int:
    """Remove the mail about these leads and questions; give how many files that were."""
    removed = 0
    for reference in references:
        for file in folder.glob(f"{_reference(reference)}.*.eml"):
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def remove_old_files(folder: Path, before: datetime) -> int:
    """Remove the mail that was written before this time; give how many files that were."""
    removed = 0
    for file in folder.glob("*.eml"):
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def _reference(reference: str) -> str:
    return _UNFIT.sub("-", reference)


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}.part"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
