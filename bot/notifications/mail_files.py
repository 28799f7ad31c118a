"""Writes mail as ``.eml`` files, for who has no mail server yet; and removes those of a lead that is forgotten."""

import asyncio
import contextlib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.notifications.letters import letter
from bot.outbox import Later
from storage.contents import Letter
from storage.records import Forgotten, Notice, Outgoing
from storage.whole import draft_of

log = structlog.get_logger()

NOBODY = "mail"  #: what stands in the place of a reference
ABOUT_NOBODY = timedelta(days=7)  #: how long mail is kept that is about no lead or question
FRESH = timedelta(minutes=10)  #: what is younger may be about something that is just being stored

_OURS = re.compile(r"\.?(?P<reference>[A-Za-z0-9-]+)\.[A-Za-z0-9-]+\.[0-9a-f]{12}\.eml(?P<part>\.\d+\.part)?")
_UNFIT = re.compile(r"[^A-Za-z0-9-]+")


class FileMail:
    """A sender of mail into a folder, which it makes; files and folder are for their user only."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender
        self._writing: Counter[str] = Counter()
        self._unwanted: set[str] = set()

    async def send(self, message: Outgoing) -> Mapping[str, Any] | None:
        """Write one mail; the same one again takes its place. Raises Later when the folder cannot be written."""
        content, name = letter(message, self._sender), file_name(message)
        self._writing[name] += 1
        try:
            await asyncio.to_thread(_write, self._folder, name, content)
        except OSError as error:
            raise Later(None, f"the mail folder cannot be written ({error.strerror})") from None
        finally:
            self._written(name)
        return None

    def forget(self, references: Iterable[str]) -> None:
        """Remove the mail about these leads and questions, that which is being written right now included."""
        wanted = {_reference(reference) for reference in references}
        self._unwanted |= {name for name in self._writing if name.partition(".")[0] in wanted}
        remove_files(self._folder, wanted, but={_draft_name(name) for name in self._writing})

    def forget_about(self, forgotten: Forgotten) -> None:
        """Remove the mail about what was removed of a person."""
        try:
            self.forget(references_of(forgotten))
        except OSError as problem:  # the rest is removed already; the daily purge tries these again
            log.warning("mail_files_not_removed", error=type(problem).__name__)

    def _written(self, name: str) -> None:
        """A file is there now; away with it when its lead was forgotten meanwhile."""
        self._writing[name] -= 1
        if not self._writing[name]:
            del self._writing[name]
            if name in self._unwanted:
                self._unwanted.discard(name)
                (self._folder / name).unlink(missing_ok=True)

    async def close(self) -> None:
        """Nothing to let go of."""

    def health(self) -> str | None:
        """What an operator must mend: nothing that is not seen at the start."""
        return None


def file_name(message: Outgoing) -> str:
    """``reference.what.hash.eml``: found by its reference, and the same for the same mail."""
    mail = message.content_as(Letter)
    what = _UNFIT.sub("-", mail.message_id.strip("<>").partition(".")[0]) or "mail"
    digest = hashlib.sha256(f"{mail.message_id} {mail.to}".encode(errors="surrogatepass")).hexdigest()[:12]
    return f"{_reference(message.lead or message.question or NOBODY)}.{what}.{digest}.eml"


def references_of(forgotten: Forgotten) -> set[str]:
    """The leads and questions that a removed person's mail was about."""
    about: tuple[Outgoing | Notice, ...] = (*forgotten.outgoing, *forgotten.notices)
    return {item.lead for item in about if item.lead} | {*forgotten.questions, *forgotten.references}


def remove_files(folder: Path, references: Iterable[str], but: Collection[str] = ()) -> int:
    """
    Remove the mail about these leads and questions, that whose writing was broken off too; give how many files that
    were. ``but``: names of files to leave alone. Raises OSError.
    """
    names = {_reference(reference) for reference in references}
    found = [file for file in _files(folder) if _reference_in(file) in names and file.name not in but]
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def remove_unknown(folder: Path, known: Collection[str], now: datetime) -> int:
    """
    Remove mail about leads and questions that are not known any more, what a write that was broken off left, and
    what is about nobody once it was kept as long as delivered messages are; give how many files that were.

    Raises OSError.
    """
    names = {_reference(reference) for reference in known}
    removed = 0
    for file in _files(folder):
        ours = _OURS.fullmatch(file.name)
        if ours is None or (ours["reference"] in names and not ours["part"]):
            continue
        keep = ABOUT_NOBODY if ours["reference"] == NOBODY else FRESH
        with contextlib.suppress(FileNotFoundError):  # it went meanwhile
            if file.stat().st_mtime < (now - keep).timestamp():
                file.unlink()
                removed += 1
    return removed


def _reference_in(file: Path) -> str:
    """The reference in a file's name, also of one whose writing was broken off; empty where it is none of ours."""
    ours = _OURS.fullmatch(file.name)
    return ours["reference"] if ours else file.name.partition(".")[0] if file.suffix == ".eml" else ""


def _files(folder: Path) -> Iterator[Path]:
    """What is in the folder; nothing when it is not there yet. Raises OSError when that cannot be seen."""
    with contextlib.suppress(FileNotFoundError):
        yield from folder.iterdir()


def _reference(reference: str) -> str:
    return _UNFIT.sub("-", reference)


def _draft_name(name: str) -> str:
    return f".{name}.{os.getpid()}.part"


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with draft_of(content, folder / _draft_name(name)) as draft:
        draft.replace(folder / name)
