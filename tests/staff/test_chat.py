"""What staff answer reaches the person where the person is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.records import Event, Kind
from bot.loading import load_wording
from bot.settings import load_settings
from bot.staff.chat import StaffChat
from storage.records import Notice
from storage.store import Storage

STAFF = "telegram:-100"


@pytest.mark.parametrize("chat", ["telegram:5", "pager:5"])
async def test_an_answer_leaves_by_the_persons_own_channel(tmp_path: Path, chat: str) -> None:
    """Whatever the channel, a person who is reached by sending is sent what staff answered."""
    staff = StaffChat(load_wording(load_settings({}, env_file=None)), lambda: [STAFF], "nl")
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    reply = Event(id="1", chat=STAFF, at=datetime.now(UTC), kind=Kind.TEXT, text="Jazeker!", replied_to=7)
    async with storage.transaction() as tx:
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=7, chat=chat)])
        done = await staff.handle(tx, reply)
    await storage.close()
    said, told = done.outgoing
    assert (said.lane, said.kind, said.chat) == (chat, chat.partition(":")[0], chat)
    assert "Jazeker!" in said.payload["html"]
    assert (told.lane, told.kind, told.chat) == (STAFF, "telegram", None)
