"""What the outbox sends arrives in the chat, or the outbox is told what to do about it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.outbox import Gone, Later, Moved, NoTopic, Refused
from storage.contents import Letter
from tests.botapi import BotApi, How, Person
from tests.channels.telegram.house import House


@pytest.fixture
async def alice(server: BotApi, house: House) -> Person:
    person = server.person("Alice")
    await person.send("/start")
    await house.desk.gets()
    return person


def buttons(*ids: str) -> list[list[dict[str, str]]]:
    return [[{"id": one, "label": one.title()}] for one in ids]


async def test_a_message_with_buttons(house: House, alice: Person) -> None:
    """A message shows its text and buttons, row by row, and its id comes back."""
    receipt = await house.send(alice.id, html="<b>Hoi</b> &amp; welkom", buttons=buttons("menu", "topic:costs"))
    seen = await alice.sees("Hoi & welkom")
    assert receipt == {"message_id": seen.id}
    assert [[one.id for one in row] for row in seen.buttons] == [["menu"], ["topic:costs"]]
    assert seen.entities == [{"type": "bold", "offset": 0, "length": 3}]


async def test_the_one_button_stands_out(server: BotApi, house: House, alice: Person) -> None:
    """The way on has a colour of its own, and what removes something another; the rest has none."""
    ids = ("signup:submit@a1b2c3", "data:forget:confirm@6b", "menu")
    await house.send(alice.id, html="Klopt dit?", buttons=buttons(*ids))
    (sent,) = [call for call in server.calls if call.method == "sendMessage"][-1:]
    rows = sent.given["reply_markup"]["inline_keyboard"]
    assert [button.get("style") for (button,) in rows] == ["primary", "danger", None]


async def test_a_long_message(server: BotApi, house: House, alice: Person) -> None:
    """Text over Telegram's limit comes in several messages, whole, with the buttons under the last."""
    html = "<i>" + "woord " * 1500 + "</i>"
    receipt = await house.send(alice.id, html=html, buttons=buttons("menu"))
    shown = [message for message in alice.chat if message.by_bot]
    assert " ".join(message.text for message in shown).split() == ["woord"] * 1500
    assert [message.button_ids for message in shown] == [[], [], ["menu"]]
    assert receipt == {"message_id": shown[-1].id, "message_ids": [message.id for message in shown]}
    assert not server.refused


async def test_a_part_is_not_repeated(server: BotApi, house: House, alice: Person) -> None:
    """When the second part fails, trying again sends the second part only."""
    message = house.message(alice.id, html="woord " * 1000)
    server.fails("sendMessage", "500", after=1)
    with pytest.raises(Later):
        await house.channel.sender.send(message)
    await house.channel.sender.send(message)
    assert " ".join(alice.said).split() == ["woord"] * 1000


async def test_the_keyboard_that_shares_a_number(house: House, alice: Person) -> None:
    """The keyboard that shares one's own contact comes and goes."""
    await house.send(alice.id, html="Deel je nummer", keyboard="share_phone", share_label="Deel mijn nummer")
    assert alice.offers_contact()
    await house.send(alice.id, html="Dank je", keyboard="remove")
    assert not alice.offers_contact()
    assert alice.said == ["Deel je nummer", "Dank je"]


async def test_buttons_and_the_keyboard_at_once(server: BotApi, house: House, alice: Person) -> None:
    """Where buttons come and the keyboard goes, both happen."""
    await house.send(alice.id, html="Deel", keyboard="share_phone", share_label="Deel", buttons=buttons("signup:back"))
    assert alice.offers_contact()
    assert alice.last.button_ids == ["signup:back"]
    await house.send(alice.id, html="En je rol?", keyboard="remove", buttons=buttons("signup:skip:role"))
    assert not alice.offers_contact()
    assert alice.said == ["↓", "Deel", "✓", "En je rol?"]
    assert alice.last.button_ids == ["signup:skip:role"]


async def test_a_file(server: BotApi, house: House, alice: Person) -> None:
    """A file comes with its text under it; a text too long for that comes before it."""
    file = {"name": "gegevens.json", "content": '{"naam": "Zoë"}'}
    await house.send(alice.id, html="<b>Alles</b>", file=file, buttons=buttons("data:forget"))
    assert alice.last.document == ("gegevens.json", '{"naam": "Zoë"}'.encode())
    assert (alice.last.text, alice.last.button_ids) == ("Alles", ["data:forget"])
    await house.send(alice.id, html="lang " * 300, file=file)
    assert [bool(message.document) for message in alice.chat if message.by_bot] == [True, False, True]
    assert not server.refused


async def test_a_tapped_message_changes(server: BotApi, house: House, alice: Person) -> None:
    """A tapped message shows what was chosen; its buttons go away; doing it again is no failure."""
    sent = await house.send(alice.id, html="Kies", buttons=buttons("menu"))
    for _ in range(2):
        assert await house.edit(alice.id, sent["message_id"], "Kies\n✓ Menu") == sent
    assert (alice.last.text, alice.last.buttons) == ("Kies\n✓ Menu", [])
    other = await house.send(alice.id, html="Nog een", buttons=buttons("menu"))
    for _ in range(2):
        await house.edit(alice.id, other["message_id"], None)
    assert (alice.last.text, alice.last.buttons) == ("Nog een", [])


async def test_editing_a_file_and_a_long_text(house: House, alice: Person) -> None:
    """A message with a file gets another text under it; a text that became too long is cut."""
    sent = await house.send(alice.id, html="Alles", file={"name": "a.txt", "content": "a"})
    await house.edit(alice.id, sent["message_id"], "verwijderd")
    assert alice.last.text == "verwijderd"
    sent = await house.send(alice.id, html="kort")
    await house.edit(alice.id, sent["message_id"], "woord " * 1000)
    assert alice.last.text.startswith("woord woord")


@pytest.mark.parametrize("number", [0, 424242])
async def test_a_message_that_is_gone(house: House, alice: Person, number: int) -> None:
    """Changing a message that is not there any more is given up quietly."""
    with pytest.raises(Gone):
        await house.edit(alice.id, number, "nieuw")


#: what Telegram, and the Bot API in front of it, say where a person gets nothing of ours, now or later
NOBODY = (
    "Bad Request: USER_IS_BLOCKED", "Bad Request: INPUT_USER_DEACTIVATED", "Bad Request: PEER_ID_INVALID",
    "Bad Request: chat not found", "Bad Request: user not found", "Bad Request: USER_ID_INVALID",
    "Bad Request: bot was blocked by the user", "Bad Request: user is deactivated", "Bad Request: CHAT_ID_INVALID",
    "Bad Request: bot can't initiate conversation with a user", "Bad Request: USER_DEACTIVATED",
    "Bad Request: YOU_BLOCKED_USER", "Bad Request: USER_DEACTIVATED_BAN", "Bad Request: USER_IS_BOT",
    "Bad Request: USER_PRIVACY_RESTRICTED", "Bad Request: PRIVACY_PREMIUM_REQUIRED",
    "Bad Request: CHAT_WRITE_FORBIDDEN", "Bad Request: bots can't send messages to bots",
    "Bad Request: chat is deactivated", "Bad Request: CHANNEL_INVALID",
)  # fmt: skip
SOMEBODY = ("Bad Request: can't parse entities", "Bad Request: BUTTON_DATA_INVALID", "Bad Request: MESSAGE_TOO_LONG")


@pytest.mark.parametrize("said", NOBODY)
async def test_ways_of_being_gone(server: BotApi, house: House, alice: Person, said: str) -> None:
    """However Telegram words it, a person who gets nothing any more is let go of; a staff chat never is."""
    staff = server.group()
    server.fails("sendMessage", "refused", times=2, description=said)
    with pytest.raises(Gone):
        await house.send(alice.id)
    with pytest.raises(Refused):
        await house.send(staff.id)


@pytest.mark.parametrize("said", SOMEBODY)
async def test_ways_of_being_wrong(server: BotApi, house: House, alice: Person, said: str) -> None:
    """A message that is wrong itself says nothing of the person: it is given up loudly."""
    server.fails("sendMessage", "refused", description=said)
    with pytest.raises(Refused):
        await house.send(alice.id)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_page_on_the_way(server: BotApi, house: House, alice: Person, status: int) -> None:
    """A proxy that answers in Telegram's place makes nobody gone: the message waits."""
    server.fails("sendMessage", "page", status=status)
    with pytest.raises(Later, match=str(status)):
        await house.send(alice.id)
    await house.send(alice.id)
    await alice.sees("Hallo")


@pytest.mark.parametrize("payload", [{}, {"file": {"name": "a.txt", "content": "a"}}])
async def test_a_topic(server: BotApi, house: House, alice: Person, payload: dict[str, Any]) -> None:
    """An answer stands in the topic that it answers in; where that is gone or closed, in the chat itself."""
    alice.state.topics = {5: True, 6: False}
    for topic in (5, 6, 7):
        await house.send(alice.id, thread=topic, **payload)
    assert [message.thread for message in alice.chat if message.by_bot] == [5, None, None]


async def test_there_alone(server: BotApi, house: House) -> None:
    """What belongs into one topic is put nowhere else: who sent it is told what is wrong with the topic."""
    staff = server.group("Staf", forum=True)
    staff.state.topics = {5: True, 6: False}
    await house.send(staff.id, thread=5, topic=True)
    for topic, why in ((6, "closed"), (7, "gone")):
        with pytest.raises(NoTopic) as refused:
            await house.send(staff.id, thread=topic, topic=True)
        assert refused.value.why == why
    assert [message.thread for message in staff.chat if message.by_bot] == [5]


async def test_a_message_that_is_taken_away(server: BotApi, house: House, alice: Person) -> None:
    """It is gone; where it is gone already that is as good."""
    sent = await house.send(alice.id)
    await house.send(alice.id, do="delete", after=1, message_id=sent["message_id"])
    assert "Hallo" not in alice.said
    with pytest.raises(Gone):
        await house.send(alice.id, do="delete", after=1, message_id=sent["message_id"])


async def test_a_newer_api(server: BotApi, house: House, alice: Person) -> None:
    """What Telegram answers is read by what is needed of it, whatever a newer API says or leaves out besides."""
    server.leaves_out = {"date", "chat", "from"}
    assert await house.send(alice.id) == {"message_id": alice.last.id}
    sent = await house.send(alice.id, file={"name": "a.txt", "content": "a"})
    assert sent == {"message_id": alice.last.id}


async def test_somebody_left(server: BotApi, house: House, alice: Person) -> None:
    """Nobody is to be bothered about a person who blocked the bot, left Telegram, or never was there."""
    await alice.blocks_bot()
    with pytest.raises(Gone, match="blocked"):
        await house.send(alice.id)
    alice.deletes_account()
    with pytest.raises(Gone, match="deactivated"):
        await house.send(alice.id)
    with pytest.raises(Gone, match="Chat not found"):
        await house.send(999)


async def test_the_staff_chat_is_never_given_up_quietly(server: BotApi) -> None:
    """Where staff are one person who blocked the bot, or a group that removed it, the outbox goes on trying."""
    anne, group = server.person("Anne"), server.group()
    async with House(server=server, staff_chat=anne.id) as house:
        await anne.send("hoi")
        await anne.blocks_bot()
        await group.removes_bot()
        for chat in (anne.id, group.id):
            with pytest.raises(Refused):
                await house.send(chat)


async def test_a_group_that_moved(server: BotApi, house: House) -> None:
    """A group that became a supergroup is followed."""
    group = server.group()
    old = group.id
    await group.upgrade()
    with pytest.raises(Moved) as moved:
        await house.send(old)
    assert moved.value.lane == f"telegram:{group.id}"


async def test_trouble_on_the_way(server: BotApi, house: House, alice: Person) -> None:
    """What is likely to pass is tried again: after the seconds Telegram names, else after a growing pause."""
    server.fails("sendMessage", "429", retry_after=7)
    with pytest.raises(Later) as told:
        await house.send(alice.id)
    assert told.value.seconds == 7
    passing: tuple[How, ...] = ("500", "502", "reset", "garbage", "wrong shape")
    for how in passing:
        server.fails("sendMessage", how)
        with pytest.raises(Later) as later:
            await house.send(alice.id)
        assert later.value.seconds is None
        assert server.token not in later.value.reason
    await house.send(alice.id, html="Daar ben ik weer")
    await alice.sees("Daar ben ik weer")


async def test_a_message_we_cannot_make(house: House, alice: Person) -> None:
    """A fault of ours in one message is not taken for Telegram's, which would hold up the chat without end."""
    unfit = Letter(to="", reply_to=None, subject="", text="", html="", message_id="")
    with pytest.raises(TypeError, match="'telegram' is no Send"):
        await house.channel.sender.send(replace(house.message(alice.id), content=unfit))


async def test_an_answer_that_never_comes(server: BotApi) -> None:
    """When the message arrived but Telegram's answer did not, it is tried again."""
    alice = server.person("Alice")
    async with House(server=server, answer_seconds=0.2) as house:
        await alice.send("hoi")
        server.fails("sendMessage", "lost")
        with pytest.raises(Later, match="no answer in time"):
            await house.send(alice.id)
        await alice.sees("Hallo")


async def test_what_telegram_refuses(server: BotApi, house: House, alice: Person) -> None:
    """A message that Telegram will not take is refused aloud, without quoting it."""
    with pytest.raises(Refused) as refused:
        await house.send(alice.id, html='<zoë@example.org x="1">hoi')
    assert "zoë" not in refused.value.reason
    assert "Can't parse entities" in refused.value.reason


async def test_a_token_that_is_refused_later(server: BotApi, house: House, alice: Person) -> None:
    """When the token is withdrawn while running nothing is lost: messages wait, and health says why."""
    server.token = "4242:another-token-than-the-bot-has"
    server.updates.interrupt()
    with pytest.raises(Later, match="token"):
        await house.send(alice.id)
