"""Without the key nothing a person wrote can be read; with a new key everything goes on."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from storage import keyfile
from storage.crypto import DataKeys, new_key
from storage.errors import NotPossible, NotWritable, Unreadable, WrongKey
from storage.records import Handled, MissedQuestion, Notice, Said
from storage.store import Storage
from tests.storage.conftest import KEY, Open
from tests.storage.samples import ANSWERS, NOW, conversation, lead, outgoing, sent

CHATS = ("telegram:598123377", "web:0f3a8c5d7e9b1a2c4d6e8f0a1b2c3d4e")
WRITTEN = "Dinsdagavond is beter"
SECRETS = [
    *(value for name, value in ANSWERS.items() if name not in {"interest", "organisation_type"}),
    *(chat.partition(":")[2] for chat in CHATS),
    "flyer-utrecht",
    WRITTEN,
    "sudwestfryslan",
    "5.1.1 mailbox of Marjolein",
]


async def fill(storage: Storage) -> None:
    """Store something personal wherever something can be stored."""
    async with storage.transaction() as tx:
        for number, chat in enumerate(CHATS):
            await tx.conversations.load([chat])
            await tx.conversations.save(
                [conversation(chat, question=WRITTEN, reply_to=ANSWERS["email"], source=WRITTEN)]
            )
            await tx.leads.save([lead(f"REF{number}", chat=chat)])
            await tx.transcript.add([Said(chat=chat, by="person", at=NOW, content={"text": WRITTEN})])
            body = {"messages": [{"text": WRITTEN}]}
            await tx.handled.add([Handled(chat=chat, event_id=f"{WRITTEN} {number}", at=NOW, body=body)])
            await tx.notices.add([Notice(staff_chat="telegram:-1", message_id=number, chat=chat)])
            mail = outgoing(f"mail:{ANSWERS['email']}", WRITTEN, kind="mail", chat=chat, lead=f"REF{number}")
            first, second = await tx.outbox.add([mail, outgoing(chat, WRITTEN)])
            receipt = {"response": "5.1.1 mailbox of Marjolein"}
            await tx.outbox.record([sent(first, status="failed", error=WRITTEN, receipt=receipt), sent(second)])
        await tx.questions.add([MissedQuestion(question=WRITTEN, language="nl", suggestions=(), at=NOW)])
        await tx.meta.set("staff", WRITTEN)


async def check(storage: Storage) -> None:
    """Find all of it again."""
    async with storage.transaction() as tx:
        for number, chat in enumerate(CHATS):
            (known,) = (await tx.conversations.load([chat])).values()
            assert (known.question, known.leads) == (WRITTEN, (lead(f"REF{number}", chat=chat),))
            assert [said.content for said in await tx.transcript.of(chat)] == [{"text": WRITTEN}]
            (handled,) = (await tx.handled.find([(chat, f"{WRITTEN} {number}")])).values()
            assert handled.body == {"messages": [{"text": WRITTEN}]}
            notice = await tx.notices.find("telegram:-1", number)
            assert notice is not None
            assert notice.chat == chat
        assert [item.error for item in await tx.outbox.failed()] == [WRITTEN] * 2
        assert len(await tx.leads.chats_by_email(ANSWERS["email"])) == 2
        assert [item.question for item in await tx.questions.recent()] == [WRITTEN]
        assert await tx.meta.get("staff") == WRITTEN


async def test_the_files_tell_nothing(tmp_path: Path, sqlite_ready: str, opened: Open) -> None:
    """Who gets hold of the database, its WAL or a backup reads no name, address, number or answer."""
    storage = await opened(sqlite_ready)
    await fill(storage)
    await storage.backup(tmp_path / "copy.db")
    await check(storage)
    files = [tmp_path / name for name in ("bot.db", "bot.db-wal", "copy.db")]
    content = b"".join(path.read_bytes() for path in files).lower()
    assert b"municipality" in content  # so that what is searched is really there
    for secret in SECRETS:
        for encoded in (secret, secret.encode("unicode_escape").decode()):
            assert encoded.lower().encode() not in content, secret


async def test_rotation(url: str, opened: Open) -> None:
    """After rotation the old key is not needed any more, and everyone is found as before."""
    await fill(await opened(url))
    newer = new_key()
    rotating = await opened(url, data_key=f"{newer},{KEY}")
    await check(rotating)
    count = await rotating.rotate(batch=1)
    assert count == 21
    assert await rotating.rotate(batch=1) == 0
    await check(await opened(url, data_key=newer))
    with pytest.raises(WrongKey):
        await opened(url, data_key=KEY)


async def test_rotation_while_running(tmp_path: Path, opened: Open) -> None:
    """The program that runs goes on while everything is encrypted anew, with the new key in the key file."""
    url = f"sqlite:///{tmp_path}/bot.db"
    running, command = await opened(url, data_key=None), await opened(url, data_key=None)
    await fill(running)
    assert await command.rotate(new_key=True) == 21
    await check(running)
    async with running.transaction() as tx:
        await tx.meta.set("staff", WRITTEN)
    take_old_keys_away(tmp_path / "key")
    fresh = await opened(url, data_key=None)
    await check(fresh)
    assert await fresh.rotate() == 0


def take_old_keys_away(path: Path) -> None:
    """Leave only the newest key in the file, as the operator does once no backup needs the others."""
    path.write_text(path.read_text().partition(",")[0])


async def test_the_old_key_opens_nothing_afterwards(tmp_path: Path, opened: Open) -> None:
    """While people go on talking the key is replaced: the old one, which may have leaked, is of no use at once."""
    url = f"sqlite:///{tmp_path}/bot.db"
    running, command = await opened(url, data_key=None), await opened(url, data_key=None)
    done = asyncio.Event()

    async def talk() -> None:
        number = 0
        while not done.is_set():
            number += 1
            async with running.transaction() as tx:
                await tx.meta.set(f"value-{number % 50}", number)
            await asyncio.sleep(0.001)

    talking = asyncio.create_task(talk())
    await asyncio.sleep(0.05)
    await command.rotate(new_key=True, batch=10)
    await asyncio.sleep(0.05)
    done.set()
    await talking
    take_old_keys_away(tmp_path / "key")
    assert await (await opened(url, data_key=None)).rotate() == 0


@pytest.mark.parametrize("content", [None, b"", b"half a k", b"\xff\xfe"])
async def test_a_key_file_in_an_editor(tmp_path: Path, opened: Open, content: bytes | None) -> None:
    """A key file that is moved, or half written by an editor, does not stop the program that runs."""
    running = await opened(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    await fill(running)
    if content is None:
        (tmp_path / "key").unlink()
    else:
        (tmp_path / "key").write_bytes(content)
    await running.heartbeat()
    await fill_with(running)
    assert await read_value(running) == 1
    await check(running)


async def test_rotation_leaves_what_changes(url: str, opened: Open) -> None:
    """What people do during a rotation is not overwritten by it."""
    newer = new_key()
    running = await opened(url, data_key=f"{KEY},{newer}")
    rotating = await opened(url, data_key=f"{newer},{KEY}")
    chats = [f"web:{number}" for number in range(30)]
    async with running.transaction() as tx:
        await tx.conversations.save([conversation(chat, question="0") for chat in chats])

    async def talk() -> None:
        for turn in range(1, 6):
            async with running.transaction() as tx:
                await tx.conversations.load(chats)
                await tx.conversations.save([conversation(chat, question=str(turn)) for chat in chats])
            await asyncio.sleep(0)

    await asyncio.gather(talk(), rotating.rotate(batch=3))
    async with rotating.reading() as tx:
        assert {item.question for item in (await tx.conversations.load(chats)).values()} == {"5"}


async def test_a_key_from_the_settings_is_not_replaced(storage: Storage) -> None:
    """Where the key comes from the settings, the operator is told to put the new one there."""
    with pytest.raises(NotPossible, match="DATA_KEY"):
        await storage.rotate(new_key=True)


async def test_a_key_that_is_gone(url: str, opened: Open) -> None:
    """A value whose key was taken away is an error with one clear line, not nonsense."""
    await fill(await opened(url, data_key=f"{KEY}"))
    newer = new_key()
    await fill_with(await opened(url, data_key=f"{newer},{KEY}"))
    old = await opened(url, data_key=KEY)
    with pytest.raises(Unreadable, match="DATA_KEY does not hold"):
        await read_value(old)
    with pytest.raises(WrongKey, match="DATA_KEY does not hold"):
        await old.rotate()


async def fill_with(storage: Storage) -> None:
    """Store one value."""
    async with storage.transaction() as tx:
        await tx.meta.set("later", 1)


async def read_value(storage: Storage) -> object:
    """Read that value."""
    async with storage.reading() as tx:
        return await tx.meta.get("later")


def test_key_file_is_made_once(tmp_path: Path) -> None:
    """Making the key file never replaces a key that data was encrypted with."""
    path = tmp_path / "key"
    first = keyfile.make_key(path)
    assert keyfile.make_key(path) == first
    assert keyfile.add_key(path).endswith(f",{first}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_key_file_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut right after the start cannot take the key away: file and folder are on the disk by then."""
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())))
    keyfile.make_key(tmp_path / "key")
    keyfile.add_key(tmp_path / "key")
    assert [Path(name).name.startswith(".key.") for name in synced] == [True, False, True, False]
    assert synced[1::2] == [str(tmp_path)] * 2


def test_leftovers_of_a_broken_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a crash or a full disk left beside the key file is cleared away; another process's write is left alone."""
    old, fresh = tmp_path / ".key.0123456789ab", tmp_path / ".key.ba9876543210"
    for path in (old, fresh):
        path.write_text("half")
    os.utime(old, (0, 0))
    keyfile.make_key(tmp_path / "key")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "key"]

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritable, match="No space"):
        keyfile.add_key(tmp_path / "key")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "key"]


def test_a_copy_that_a_kill_left_goes_at_a_later_start(tmp_path: Path) -> None:
    """A first start that was killed just then: once the key is moved elsewhere, no copy of it lies beside the data."""
    key = keyfile.make_key(tmp_path / "key")
    left = tmp_path / ".key.0123456789ab"
    left.hardlink_to(tmp_path / "key")
    os.utime(left, (0, 0))
    assert keyfile.make_key(tmp_path / "key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_key_file_without_folder(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(NotWritable, match="cannot be written"):
        keyfile.make_key(tmp_path / "none" / "key")
    with pytest.raises(WrongKey, match="missing"):
        keyfile.add_key(tmp_path / "none" / "key")


def test_remembers_only_so_much() -> None:
    """What is remembered to save work does not grow for ever, and can be dropped at once."""
    keys = DataKeys(KEY)
    tokens = [keys.seal(number, again=True) for number in range(1200)]
    assert len(keys._recent) <= 1000
    assert [keys.open(token) for token in (tokens[0], tokens[-1])] == [0, 1199]
    keys.forget()
    assert len(keys._recent) == 0
    assert keys.open(tokens[-1]) == 1199


@pytest.mark.parametrize("text", ["\U0001f600" * 2_000, "汉" * 2_000, "é" * 2_000, "\ud83d" * 20, "\x00\x7f\ufffe"])
def test_what_is_stored_is_not_much_longer_than_what_was_typed(text: str) -> None:
    """Emoji take four bytes each, as in any file, and a third more for being encrypted; what is no Unicode is kept."""
    keys = DataKeys(KEY)
    token = keys.seal({"text": text})
    assert len(token) < 1.4 * len(text.encode("utf-8", "backslashreplace")) + 200
    assert keys.open(token) == {"text": text}
