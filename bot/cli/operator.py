"""What an operator does from the command line with what is stored."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.addresses.reading import searched_address
from bot.dialogue.fields import Role
from bot.leads.apart import write_leads
from bot.leads.exports import FORMS, lead_record
from bot.leads.references import typed_reference
from bot.loading import load_form, load_wording
from bot.notifications.mail_files import references_of, remove_files
from bot.notifications.notifier import Notifier, Ways
from bot.privacy.retention import Retention
from bot.settings import Settings
from bot.staff.unanswered import grouped
from bot.wording.course import read_zone
from storage.every_lead import every_lead
from storage.follow import of_removed
from storage.records import Forgotten
from storage.store import Storage
from storage.whole import written_anew

QUESTIONS_READ = 5000
NO_ADDRESS = "--email must be one e-mail address: jan@example.org, say"


_LINE = "{:<12} {:<17} {:<10} {:<9} {:<36} {}"  #: of a lead
_PIPED = 240  #: characters of a line where no terminal says how wide it is: for grep, a message stays on its line


class Wrong(Exception):
    """What was asked for is not there; the text is one line."""


class Operator:
    """The commands that need the database. Each prints what it did."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._settings = settings
        self._storage = storage
        self._console = Console(width=None if sys.stdout.isatty() else _PIPED)

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _notifier(self) -> Notifier:
        wording = load_wording(self._settings)
        return Notifier(wording, Ways.of(self._settings))

    async def list_leads(self) -> None:
        """A line of each lead, newest first, as they are read: a table would begin once the last one is known."""
        count, unreadable = 0, list[str]()
        typer.echo(_LINE.format("reference", "made", "status", "channel", "organisation", "name"))
        async for leads in every_lead(self._storage, unreadable, newest_first=True):
            count += len(leads)
            for lead in leads:
                named = (_visible(lead.given(role) or "") for role in (Role.ORGANISATION, Role.NAME))
                typer.echo(_LINE.format(lead.reference, _minute(lead.created_at), lead.status, lead.channel, *named))
        self._say(f"{count} leads")
        _complain(unreadable)

    async def show_lead(self, reference: str) -> None:
        """Everything of one lead, a line each."""
        async with self._storage.reading() as tx:
            lead = await tx.leads.find(typed_reference(reference))
        if lead is None:
            raise Wrong(f"there is no lead {reference}")
        table = Table(show_header=False, box=None)
        for name, value in lead_record(lead, load_form(self._settings)).items():
            table.add_row(name, "" if value is None else _plain(str(value)))
        self._console.print(table)

    async def export(self, form: str, output: Path | None) -> None:
        """All leads as json, csv or xlsx, to a file of the user's own or to standard output."""
        asked, zone = load_form(self._settings), read_zone(self._settings.messages_dir)
        with _writing(output, self._settings) as file:
            told = await write_leads(self._storage, FORMS[form](file, asked, zone), asked)
            file.flush()
        if output:
            self._say(f"{told.count} leads in {output}")
        _complain(told.unreadable)

    async def forget(self, email: str) -> None:
        """
        Remove everything of the person with this address, however it is written; staff get a line, the lead webhook
        lead.forgotten. Raises Wrong where nothing is kept, or where it is no address.
        """
        spellings = searched_address(email)
        if not spellings:
            raise Wrong(NO_ADDRESS)
        now = datetime.now(UTC)
        notifier = self._notifier()
        own = {one.lower() for one in (*(self._settings.contact_email or "").split(", "), self._settings.mail_from)}
        ours = not own.isdisjoint(one.lower() for one in spellings)
        async with self._storage.reading() as tx:  # all that is stored is read: nobody waits for that
            found = await tx.people.find_address(*spellings, ours=ours)
        async with self._storage.transaction() as tx:
            forgotten = await tx.people.forget_address(*spellings, ours=ours, found=found)
            if not forgotten.chats and not forgotten.lines:
                raise Wrong("nothing is kept of anybody with this address")
            news = notifier.forgotten(forgotten.leads, now) if forgotten.leads else []
            news += [*notifier.redact(forgotten.notices, now), *of_removed(forgotten.outgoing, now)]
            await tx.outbox.add(news)
        self._say(f"Removed: {len(forgotten.leads)} leads and all else of {forgotten.chats} conversations.")
        if forgotten.lines:
            self._say(f"Removed from others' conversations: {forgotten.lines} lines that named the address.")
        await self._overwrite()
        self._forget_mail(forgotten)

    async def _overwrite(self) -> None:
        """Let nothing of what was removed be left in the database's log; where others read now, that comes later."""
        if not await self._storage.overwrite_removed():
            self._say("The database's log still holds old pages: somebody is reading. The running bot clears it daily.")

    def _forget_mail(self, forgotten: Forgotten) -> None:
        folder = self._settings.mail_folder
        try:
            if folder:
                remove_files(folder, references_of(forgotten))
        except OSError as problem:
            later = "mend that: the running bot removes them"
            raise Wrong(f"but the mail files in {folder} are still there ({problem.strerror}); {later}") from None

    async def purge(self) -> None:
        """Remove what was kept long enough."""
        retention = Retention(self._storage, self._settings, partial(self._notifier().redact, why="expired"))
        purged = await retention.purge(datetime.now(UTC))
        await self._overwrite()
        self._say(
            f"Removed: {purged.leads} leads, {purged.drafts} unfinished sign-ups, {purged.questions} questions, "
            f"{purged.outgoing} delivered messages, {purged.transcript} lines of web chats."
        )

    async def backup(self, path: Path) -> None:
        """A whole copy of the database."""
        await self._storage.backup(path)
        self._say(f"Copied to {path}. Keep the key as well, apart: the copy cannot be read without it.")

    async def rotate(self, *, new_key: bool) -> None:
        """Everything encrypted anew with the newest key."""
        count = await self._storage.rotate(new_key=new_key)
        self._say(f"{count} values are encrypted with the newest key now.")

    async def questions(self, limit: int) -> None:
        """The questions that were not answered directly, most asked first."""
        async with self._storage.reading() as tx:
            missed = await tx.questions.recent(QUESTIONS_READ)
        table = Table("asked", "language", "question", box=None)
        for question, count, language in grouped(missed)[:limit]:
            table.add_row(str(count), language, _plain(question))
        self._console.print(table)

    async def list_outbox(self) -> None:
        """What waits, what was tried in vain, and what was given up, without contents."""
        async with self._storage.reading() as tx:
            counts, tried, failed = (
                await tx.outbox.waiting_counts(),
                await tx.outbox.tried(),
                await tx.outbox.failed(),
            )
        for kind, count in sorted(counts.items()):
            self._say(f"waiting: {count} {kind}")
        table = Table("id", "kind", "about", "made", "attempts", "next", "why", box=None)
        for one in (*tried, *failed):
            coming = "given up" if one.status == "failed" else _minute(one.due_at) if one.due_at else "now"
            about, made, attempts = one.lead or one.question or "", _minute(one.created_at), str(one.attempts)
            table.add_row(str(one.id), one.kind, about, made, attempts, coming, _plain(one.error or ""))
        self._console.print(table)

    async def drop(self, ids: Sequence[int]) -> None:
        """Remove these messages, which nobody needs to get any more."""
        async with self._storage.transaction() as tx:
            count = await tx.outbox.drop(ids)
        if not count:
            raise Wrong("there is no such message that was given up or tried in vain; see: outbox list")
        self._say(f"{count} messages will not be delivered any more.")

    async def retry(self, ids: Sequence[int] | None) -> None:
        """Let the running bot deliver these once more."""
        async with self._storage.transaction() as tx:
            count = await tx.outbox.retry(ids)
        self._say(f"{count} messages will be delivered again.")


def _minute(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _complain(unreadable: Sequence[str]) -> None:
    """Raise Wrong where leads had to be left out."""
    if unreadable:
        raise Wrong(f"but {len(unreadable)} could not be read, with any key of DATA_KEY: {', '.join(unreadable)}")


def _plain(text: str) -> Text:
    """Text that is not taken for rich's own markup, and cannot move the cursor."""
    return Text(_visible(text))


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


@contextmanager
def _writing(path: Path | None, settings: Settings) -> Iterator[BinaryIO]:
    """A file for its user only, whole or not at all; /dev/stdout, which is none, and no path as it is. Raises Wrong."""
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        if _is_ours(path, settings):
            raise Wrong(f"{path} is what the bot keeps its data in: name another file")
        as_it_is = path.exists() and not path.is_file()
        with path.open("wb") if as_it_is else written_anew(path.resolve()) as file:
            yield file
    except OSError as problem:
        raise Wrong(f"{path} cannot be written: {problem.strerror}") from None


def _is_ours(path: Path, settings: Settings) -> bool:
    database = settings.database_path
    ours = [Path(".env")]
    if database:
        ours += [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm", ".lock")), database.with_name("key")]
    return any(own.exists() and path.exists() and path.samefile(own) for own in ours)
