"""Mail as files: whole, for their user only, found again by reference."""

import asyncio
import email
import os
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest

from bot.notifications.mail_files import FileMail, remove_files, remove_unknown
from bot.outbox import Later
from tests.notifications.helpers import AT, mail


async def test_a_mail_becomes_a_file_for_its_user_only(tmp_path: Path) -> None:
    """Without a mail server every mail is a file that a mail program opens, and nobody else reads."""
    folder = tmp_path / "data" / "mail"
    await FileMail(folder, "bot@localhost").send(mail())
    [file] = folder.iterdir()
    assert file.name.startswith("K7M2-PX.lead-new.")
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["To"] == "anne@example.org"
    assert read["From"] == "bot@localhost"


async def test_the_same_mail_again_is_one_file(tmp_path: Path) -> None:
    """A mail that is repeated after a crash does not come twice."""
    sender = FileMail(tmp_path, "bot@localhost")
    await sender.send(mail())
    await sender.send(mail())
    await sender.send(mail(to="other@example.org"))
    await sender.close()
    assert len(list(tmp_path.iterdir())) == 2


async def test_the_mail_of_a_lead_is_removed_with_it(tmp_path: Path) -> None:
    """Who is forgotten is gone from the mail folder too; a lead with a longer reference stays."""
    sender = FileMail(tmp_path, "bot@localhost")
    await sender.send(mail())
    await sender.send(mail(message_id="<receipt.K7M2-PX@example.org>"))
    (tmp_path / "K7M2-PX9.lead-new.0.eml").write_text("another")
    assert remove_files(tmp_path, ["K7M2-PX", "UNKNOWN"]) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["K7M2-PX9.lead-new.0.eml"]


def test_a_reference_cannot_reach_other_files(tmp_path: Path) -> None:
    """A forged reference removes nothing."""
    (tmp_path / "K7M2.lead-new.0.eml").write_text("kept")
    assert remove_files(tmp_path, ["*", "../K7M2", "K7M2.lead-new"]) == 0


NAME = "{}.lead-new.0123456789ab.eml"


def test_mail_of_which_nothing_is_known_is_removed(tmp_path: Path) -> None:
    """Mail goes with its lead, also after a crash; what is about nobody after a week; strangers' files never."""
    ages = {
        NAME.format("KEPT-1"): 400, NAME.format("GONE-1"): 2, NAME.format("FRESH-1"): 0,
        NAME.format("mail"): 8, NAME.format("mail").replace("new", "forgotten"): 6,
        f".{NAME.format('KEPT-1')}.12.part": 2, "holiday.eml": 400, "notes.part": 400,
    }  # fmt: skip
    for name, age in ages.items():
        (tmp_path / name).write_text("x")
        at = (AT - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (at, at))
    assert remove_unknown(tmp_path, {"KEPT-1"}, AT) == 3
    assert {file.name for file in tmp_path.iterdir()} == {
        NAME.format("KEPT-1"), NAME.format("FRESH-1"), NAME.format("mail").replace("new", "forgotten"),
        "holiday.eml", "notes.part",
    }  # fmt: skip
    assert remove_unknown(tmp_path / "none", set(), AT) == 0


async def test_mail_that_is_being_written_when_its_lead_is_forgotten(tmp_path: Path) -> None:
    """A mail under way does not survive the person it is about; the next one about somebody else does."""
    sender = FileMail(tmp_path, "bot@localhost")
    writing = asyncio.create_task(sender.send(mail()))
    await asyncio.sleep(0)
    sender.forget(["K7M2-PX"])
    await writing
    assert list(tmp_path.iterdir()) == []
    await sender.send(mail())
    assert len(list(tmp_path.iterdir())) == 1
    sender.forget(["K7M2-PX"])
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_written_is_waited_for(tmp_path: Path) -> None:
    """A disk that is full or a folder that is a file: the mail is kept, and no half file stays."""
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(Later, match="mail folder"):
        await FileMail(tmp_path / "mail", "bot@localhost").send(mail())
    sender = FileMail(tmp_path, "bot@localhost")
    (tmp_path / "K7M2-PX.lead-new.eml").mkdir()
    await sender.send(mail())
    [name] = [file.name for file in tmp_path.iterdir() if file.is_file() and file.suffix == ".eml"]
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    with pytest.raises(Later):
        await sender.send(mail())
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_goes_meanwhile(tmp_path: Path) -> None:
    """A file that somebody else removes during the clean-up does not end it."""
    (tmp_path / "GONE-AA.lead-new.0123456789ab.eml").symlink_to(tmp_path / "nowhere")
    old = tmp_path / "OLDX-AA.lead-new.0123456789ab.eml"
    old.touch()
    os.utime(old, (0, 0))
    assert remove_unknown(tmp_path, (), AT) == 1
    assert not old.exists()


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    """Where the folder cannot be looked through that is an error, and not "nothing to remove"."""
    folder = tmp_path / "mail"
    folder.symlink_to(folder)
    with pytest.raises(OSError, match="symbolic links"):
        remove_files(folder, ["K7M2-PX"])


def test_what_was_broken_off_goes_too(tmp_path: Path) -> None:
    """Half a mail that a kill left goes with the lead it is about, not days later."""
    names = (f".{NAME.format('GONE-1')}.12.part", NAME.format("GONE-1"), f".{NAME.format('KEPT-1')}.12.part")
    for name in names:
        (tmp_path / name).write_text("Dag")
    assert remove_files(tmp_path, ["GONE-1"]) == 2
    assert [file.name for file in tmp_path.iterdir()] == [names[2]]
