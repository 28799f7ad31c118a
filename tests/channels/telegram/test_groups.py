"""In groups the bot keeps to itself: staff are served, others learn the chat's id, nobody else is answered."""

from typing import Any

import pytest

from bot.dialogue.events import Chosen, Edited, SentAttachment, Typed
from tests.botapi import BotApi
from tests.channels.telegram.house import House, until
from tests.events import words_of


async def test_the_staff_chat(server: BotApi) -> None:
    """Staff give commands, tap buttons, and answer messages; which message is known."""
    staff = server.group("Staff", "Anne", "Bea")
    async with House(server=server, staff_chat=staff.id) as house:
        await staff.send("/leads@course_bot 5")
        await staff.send("/leads@another_bot")
        await house.send(staff.id, html="Nieuw bericht", buttons=[[{"id": "lead:claim:AB1", "label": "Ik"}]])
        notice = await staff.sees("Nieuw")
        await staff.reply(notice, "Dank!", by="Bea")
        await staff.tap("lead:claim:AB1")
        command, reply, tap = await house.desk.gets(3)
    assert words_of(command) == "/leads 5"
    assert isinstance(reply, Typed)
    assert (reply.text, reply.replied_to) == ("Dank!", notice.id)
    assert (type(tap), words_of(tap), tap.chat) == (Chosen, "lead:claim:AB1", f"telegram:{staff.id}")


async def test_another_group(server: BotApi, house: House) -> None:
    """In a group that is not staff's only /chatid reaches the desk."""
    group = server.group("Elders")
    group.state.privacy = False
    said = await group.send("/leads")
    await group.send("hallo allemaal")
    server.tell("edited_message", said.as_json() | {"text": "/start", "edit_date": 1})
    server.tell("message", said.as_json() | {"text": "/chatid@course_bot"})
    [event] = await house.desk.gets()
    assert words_of(event) == "/chatid"
    assert event.chat == f"telegram:{group.id}"


async def test_forged_buttons_elsewhere(server: BotApi, house: House) -> None:
    """A tap in a group that is not staff's does nothing."""
    group = server.group("Elders")
    await group.send("/chatid")
    await house.desk.gets()
    await house.send(group.id, html="Id", buttons=[[{"id": "lead:claim:AB1", "label": "Ik"}]])
    query = await group.tap("lead:claim:AB1")
    await until(lambda: server.taps[query].answered)
    assert len(house.desk.events) == 1


async def test_an_anonymous_administrator(server: BotApi) -> None:
    """Staff who write as the group itself are served; other bots are not."""
    staff = server.group()
    async with House(server=server, staff_chat=staff.id) as house:
        said = (await staff.send("/stats")).as_json()
        robot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        server.tell("message", said | {"from": robot, "text": "/help"})
        server.tell("message", said | {"from": robot, "text": "/inbox", "sender_chat": said["chat"]})
        events = await house.desk.gets(2)
    assert [words_of(event) for event in events] == ["/stats", "/inbox"]


async def test_the_staff_group_moves(server: BotApi) -> None:
    """When the staff group becomes a supergroup it stays the staff group."""
    staff = server.group()
    async with House(server=server, staff_chat=staff.id) as house:
        await staff.upgrade()
        await staff.send("/leads")
        [event] = await house.desk.gets()
        assert event.chat == f"telegram:{staff.id}"
        assert house.staff.now == f"telegram:{staff.id}"


async def test_another_group_moves(server: BotApi, house: House) -> None:
    """Another group's move is no concern of ours."""
    await server.group().upgrade()
    await server.person("Alice").send("hoi")
    await house.desk.gets()
    assert house.staff.now is None


CHANNEL = {"id": -1009, "type": "channel", "title": "Nieuws"}
NOT_TYPED = {
    "the linked channel's": {
        "is_automatic_forward": True, "sender_chat": CHANNEL, "from": {"id": 777000, "is_bot": False},
        "forward_origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 1},
    },
    "a channel's": {"sender_chat": CHANNEL, "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}},
    "forwarded": {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Eve"}},
    "forwarded long ago": {"forward_date": 1, "forward_sender_name": "Eve"},
    "of an inline bot": {"via_bot": {"id": 5, "is_bot": True, "first_name": "gif", "username": "gif"}},
    "another bot's": {"from": {"id": 5, "is_bot": True, "first_name": "Bot", "username": "another_bot"}},
}  # fmt: skip


@pytest.mark.parametrize("envelope", NOT_TYPED.values(), ids=list(NOT_TYPED))
async def test_a_command_that_nobody_typed(server: BotApi, envelope: dict[str, Any]) -> None:
    """What came into the staff chat from elsewhere is no command, however it reads."""
    staff = server.group()
    staff.state.privacy = False
    async with House(server=server, staff_chat=staff.id) as house:
        await staff.send("/export", envelope=envelope)
        await staff.send("/chatid", envelope=envelope)
        await staff.send("/leads")
        await until(lambda: any(words_of(event) == "/leads" for event in house.desk.events))
    assert {words_of(event) for event in house.desk.events if not isinstance(event, SentAttachment)} == {"/leads"}
    assert not any(words_of(event) for event in house.desk.events if isinstance(event, SentAttachment))


async def test_a_changed_reply(server: BotApi) -> None:
    """Where staff change a reply, it is known to which message of ours."""
    staff = server.group()
    async with House(server=server, staff_chat=staff.id) as house:
        await house.send(staff.id, html="Nieuw bericht")
        notice = await staff.sees()
        reply = await staff.reply(notice, "Dank!")
        await staff.edit(reply, "Hartelijk dank!")
        events = await house.desk.gets(2)
    assert isinstance(events[1], Edited)
    assert events[1].replied_to == notice.id


async def test_a_reply_from_another_topic(server: BotApi) -> None:
    """Where staff answer a message of ours in another topic of their group, it is known which one."""
    staff = server.group()
    staff.state.privacy = False
    async with House(server=server, staff_chat=staff.id) as house:
        await house.send(staff.id, html="Nieuw bericht")
        notice = await staff.sees()
        origin = {"type": "user", "date": 1, "sender_user": server.me()}
        here = {"origin": origin, "chat": staff.state.as_json(), "message_id": notice.id}
        await staff.send("Dank!", envelope={"external_reply": here})
        await staff.send("Mooi", envelope={"external_reply": here | {"chat": {"id": -1, "type": "group"}}})
        events = await house.desk.gets(2)
    assert [event.replied_to for event in events if isinstance(event, Typed)] == [notice.id, None]


async def test_a_link_in_a_reply(server: BotApi) -> None:
    """A link behind a word of a reply comes with its address."""
    staff = server.group()
    link = {"type": "text_link", "offset": 3, "length": 4, "url": "https://example.org/programma"}
    async with House(server=server, staff_chat=staff.id) as house:
        await house.send(staff.id, html="Nieuw bericht")
        await staff.reply(await staff.sees(), "😀 hier staat het", entities=[link])
        [event] = await house.desk.gets()
    assert words_of(event) == "😀 hier (https://example.org/programma) staat het"
