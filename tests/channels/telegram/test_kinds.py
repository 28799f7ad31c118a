"""Whatever a person sends is answered, whatever the newest Bot API lets them send; service messages are not."""

from typing import Any

import pytest

from bot.channels.telegram.content import SERVICE
from bot.dialogue.events import Edited, SentAttachment, SharedPhone, Typed
from tests.botapi import BotApi, schema
from tests.channels.telegram.house import House, until
from tests.channels.telegram.kinds import BESIDE, CARD, NOT_READ, QUESTION, READ
from tests.events import words_of

SAID: dict[str, Any] = {**READ, **NOT_READ, **CARD}


def test_the_table_is_closed() -> None:
    """A kind that a newer Bot API adds must be put in the table: read, answered with a line, or a service message."""
    tables = [set(READ), set(NOT_READ), set(CARD), set(SERVICE), set(BESIDE)]
    assert sorted(name for table in tables for name in table) == schema.load()["message"]


async def test_all_kinds_in_a_private_chat(server: BotApi, house: House) -> None:
    """Each kind of message a person can send reaches the desk, as words where it has some."""
    alice = server.person("Alice")
    for name, content in SAID.items():
        await alice.sends({name: content})
    events = await house.desk.gets(len(SAID))
    came = dict(zip(SAID, events, strict=True))
    assert {name for name, event in came.items() if isinstance(event, Typed)} == set(READ)
    assert {name for name, event in came.items() if isinstance(event, SentAttachment)} == set(NOT_READ)
    assert all(words_of(came[name]).startswith(QUESTION) for name in READ)
    assert isinstance(came["contact"], SharedPhone)
    assert not came["contact"].own


async def test_service_messages(server: BotApi, house: House) -> None:
    """What Telegram itself tells of a chat is met with silence, in private too."""
    alice = server.person("Alice")
    for name in sorted(SERVICE):
        await alice.sends({name: {} if name != "pinned_message" else (await alice.send("hoi")).as_json()})
    await alice.send("klaar")
    events = await house.desk.gets(2)
    assert [words_of(event) for event in events] == ["hoi", "klaar"]


@pytest.mark.parametrize("content", [{"hologram": {"file_id": "h"}}, {}, {"rich_message": {"blocks": [{"x": 1}]}}])
async def test_what_no_library_knows(server: BotApi, house: House, content: dict[str, Any]) -> None:
    """A kind of message that came later than this program is answered, and so is one without any content."""
    await server.person("Alice").sends(content)
    [event] = await house.desk.gets()
    assert (type(event), words_of(event)) == (SentAttachment, "")


@pytest.mark.parametrize("name", [name for name in SAID if name != "text"])
async def test_all_kinds_as_a_reply_of_staff(server: BotApi, name: str) -> None:
    """A reply of staff that is no typed text is known as such, so that they are told that it cannot be passed on."""
    staff = server.group()
    async with House(server=server, staff_chat=staff.id) as house:
        await house.send(staff.id, html="Nieuw bericht")
        notice = await staff.sees("Nieuw")
        await staff.reply(notice, "", content={name: SAID[name]})
        [event] = await house.desk.gets()
    assert isinstance(event, SentAttachment)
    assert (event.replied_to, event.replied_text) == (notice.id, "Nieuw bericht")


async def test_words_under_a_photo(server: BotApi, house: House) -> None:
    """What is typed under a photo is read, a link behind a word included."""
    link = {"type": "text_link", "offset": 0, "length": 3, "url": "https://example.org/"}
    alice = server.person("Alice")
    await alice.send("wat kost dit?", content={"photo": NOT_READ["photo"]}, entities=[link])
    [event] = await house.desk.gets()
    assert (type(event), words_of(event)) == (Typed, "wat (https://example.org/) kost dit?")


@pytest.mark.parametrize("spoken", [None, 0, 3, 9])
async def test_an_album(server: BotApi, house: House, spoken: int | None) -> None:
    """Ten photos sent together are one message: their words where they have some, else the line for a photo."""
    alice = server.person("Alice")
    house.desk.gate.clear()
    await alice.send("eerst")
    await until(lambda: house.desk.tried)
    for number in range(10):
        caption = "wat kost het?" if number == spoken else ""
        await alice.sends({"photo": NOT_READ["photo"]}, caption, media_group_id="139")
    await alice.send("daarna")
    house.desk.gate.set()
    await until(lambda: house.desk.events and words_of(house.desk.events[-1]) == "daarna")
    said = {(event.once or event.id, type(event), words_of(event)) for event in house.desk.events[1:-1]}
    assert len(said) == 1
    assert {text for _, _, text in said} == {"" if spoken is None else "wat kost het?"}


async def test_an_album_photo_by_photo(server: BotApi, house: House) -> None:
    """Photos of an album that come after the one with words need no answer."""
    alice = server.person("Alice")
    await alice.sends({"photo": NOT_READ["photo"]}, "wat kost het?", media_group_id="140")
    await house.desk.gets()
    await alice.sends({"photo": NOT_READ["photo"]}, media_group_id="140")
    await alice.sends({"photo": NOT_READ["photo"]}, media_group_id="141")
    await house.desk.gets(2)
    assert [words_of(event) for event in house.desk.events] == ["wat kost het?", ""]


async def test_a_button_pressed_three_times(server: BotApi, house: House) -> None:
    """Presses of one button under one message are one event, which is answered once."""
    alice = server.person("Alice")
    await alice.send("hoi")
    await house.send(alice.id, buttons=[[{"id": "menu", "label": "Menu"}, {"id": "signup:start", "label": "Ja"}]])
    for _ in range(3):
        await alice.tap("menu")
    await alice.tap("signup:start")
    events = (await house.desk.gets(5))[1:]
    assert len({event.once for event in events[:3]}) == 1
    assert events[3].once != events[0].once
    assert len({event.id for event in events}) == 4


@pytest.mark.parametrize(
    ("more", "told"),
    [({}, False), ({"edit_date": 1}, False), ({"edit_date": None}, False), ({"edit_date": "now"}, True)],
)
async def test_changed_by_nobody(server: BotApi, house: House, more: dict[str, Any], told: bool) -> None:
    """A reaction or a link preview is no change; a change that was long ago is not told again."""
    alice = server.person("Alice")
    said = (await alice.send("hoi")).as_json()
    more = {"edit_date": said["date"]} if more == {"edit_date": "now"} else more
    server.tell("edited_message", said | more)
    server.tell("edited_message", said | more)
    await alice.send("en toen")
    await until(lambda: house.desk.events and words_of(house.desk.events[-1]) == "en toen")
    changed = {event.once for event in house.desk.events if isinstance(event, Edited)}
    assert len(changed) == told
