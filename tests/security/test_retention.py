"""Nothing is kept longer than was said: in the database, in the staff chat, in mail files; the log counts it."""

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.cli.operator import Operator
from bot.notifications.notifier import Notifier, Ways
from bot.privacy.retention import Retention
from bot.settings import Settings, load_settings
from bot.wording import Wording
from storage.contents import Edit
from storage.records import Listed, Notice, Outgoing
from storage.store import Storage
from tests.said import rendered
from tests.security.journey import logged
from tests.storage.samples import conversation, lead

NOW = datetime.now(UTC)


@dataclass(kw_only=True)
class Kept:
    """A database, a mail folder, and what removes from them."""

    settings: Settings
    storage: Storage
    folder: Path
    put: list[Outgoing]
    retention: Retention

    def writes(self, reference: str, age: float) -> None:
        """A mail about this lead, so many days old."""
        self.folder.mkdir(exist_ok=True)
        file = self.folder / f"{reference}.lead-new.0123456789ab.eml"
        file.write_text("Dag")
        at = (NOW - timedelta(days=age)).timestamp()
        os.utime(file, (at, at))

    def mails(self) -> set[str]:
        """The references of the mail that is there."""
        return {file.name.partition(".")[0] for file in self.folder.iterdir()}


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    """Settings with a staff chat and short times."""
    settings = load_settings(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "MAIL_URL": f"file:{tmp_path}/mail",
            "RETENTION_DAYS": "90", "DRAFT_RETENTION_DAYS": "10",
            "TELEGRAM_BOT_TOKEN": "123456:" + "x" * 35, "TELEGRAM_STAFF_CHAT_ID": "-100",
        },
        None,
    )  # fmt: skip
    storage = await Storage.open(settings.database_url, data_key=None)
    put: list[Outgoing] = []
    notifier = Notifier(Wording.load(settings.messages_dir, {}), Ways.of(settings))
    retention = Retention(storage, settings, partial(notifier.redact, why="expired"), put=put.extend)
    yield Kept(settings=settings, storage=storage, folder=tmp_path / "mail", put=put, retention=retention)
    await storage.close()


def notice(number: int, chat: str | None, **about: Any) -> Notice:
    """A message of ours in the staff chat."""
    return Notice(staff_chat="telegram:-100", message_id=number, chat=chat, **about)


async def fill(kept: Kept) -> None:
    """An old lead and a new one, each with mail and messages in the staff chat; a question of long ago."""
    old, new = NOW - timedelta(days=91), NOW - timedelta(days=89)
    async with kept.storage.transaction() as tx:
        await tx.leads.save([lead("OLDX", chat="web:1", updated_at=old), lead("NEWX", chat="web:2", updated_at=new)])
        await tx.conversations.save([conversation("web:3", draft=None, updated_at=NOW - timedelta(days=11))])
        await tx.notices.add(
            [
                notice(1, "web:1", lead="OLDX"), notice(2, "web:2", lead="NEWX"),
                notice(3, "web:3", question="QQQQ"), notice(4, None, listed=Listed.LEADS),
            ]
        )  # fmt: skip
    for reference, age in (("OLDX", 91), ("NEWX", 89), ("LOST", 2), ("JUST", 0), ("mail", 8)):
        kept.writes(reference, age)


def gone(why: str, reference: str = "") -> str:
    """What stands in the staff chat in the place of what was there."""
    return rendered("staff/removed", {"why": why, "reference": reference})


async def test_what_was_kept_long_enough_goes_everywhere(kept: Kept) -> None:
    """Leads with their mail and their messages in the staff chat, lost mail, old questions; the log counts them."""
    await fill(kept)
    with logged("json") as log:
        purged = await kept.retention.purge(NOW)
    assert (purged.leads, purged.references) == (1, ("OLDX",))
    assert kept.mails() == {"NEWX", "JUST"}
    assert {message.content_as(Edit).message_id for message in kept.put} == {1, 3, 4}
    texts = [re.sub("<[^>]*>", "", message.content_as(Edit).html or "") for message in kept.put]
    expired = [text for text in texts if text == gone("expired", text.partition(":")[0])]
    assert (len(texts), len(expired), texts.count(gone("list"))) == (3, 2, 1)
    line = log.getvalue()
    for counted in ('"leads": 1', '"staff_messages": 3', '"mail_files": 3'):
        assert counted in line
    assert "OLDX" not in line
    async with kept.storage.reading() as tx:
        assert [item.reference for item in await tx.leads.list()] == ["NEWX"]
    await kept.retention.purge(NOW)
    assert len(kept.put) == 3


async def test_by_hand(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """``purge`` does the same; the running program sends the edits."""
    await fill(kept)
    await Operator(kept.settings, kept.storage).purge()
    assert "1 leads" in capsys.readouterr().out
    async with kept.storage.reading() as tx:
        assert await tx.outbox.waiting_counts() == {"telegram": 3}
    assert kept.mails() == {"NEWX", "JUST"}


async def test_a_mail_folder_that_cannot_be_read_stops_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is tidied all the same, and the log says that the mail was not."""
    await fill(kept)
    kept.folder.chmod(0o000)
    with logged("json") as log:
        monkeypatch.setattr(Path, "iterdir", _refused)
        monkeypatch.setattr(Path, "glob", _refused)
        purged = await kept.retention.purge(NOW)
    kept.folder.chmod(0o700)
    assert purged.leads == 1
    assert "mail_files_not_removed" in log.getvalue()


def _refused(*_: object) -> None:
    """What the system says where one may not look."""
    raise PermissionError


async def test_mail_that_came_late_does_not_wait_for_the_next_day(kept: Kept) -> None:
    """A mail that another process wrote just when its person was removed goes at the next look; what is known stays."""
    async with kept.storage.transaction() as tx:
        await tx.leads.save([lead("NEWX")])
    for reference, age in (("NEWX", 2), ("LOST", 0.02), ("JUST", 0)):
        kept.writes(reference, age)
    assert await kept.retention.tidy_mail(NOW) == 1
    assert kept.mails() == {"NEWX", "JUST"}
