"""What people do in Telegram reaches the desk, once and for all."""

import asyncio

from structlog.testing import capture_logs

from bot.dialogue.events import Chosen, Edited, SentAttachment, SharedPhone, Tapped, Typed
from tests.botapi import BotApi
from tests.channels.telegram.house import NOW, House, until
from tests.events import Kind, words_of


async def test_a_typed_message(server: BotApi, house: House) -> None:
    """What a person types reaches the desk with who and when, and is confirmed after it is stored."""
    alice = server.person("Alice", language="en")
    await alice.send("/start signup")
    [event] = await house.desk.gets()
    assert (event.chat, type(event), words_of(event)) == (f"telegram:{alice.id}", Typed, "/start signup")
    assert (event.language, event.at, event.id) == ("en", NOW, str(server.updates.all[0]["update_id"]))
    await until(lambda: not server.updates.pending)


async def test_a_tap(server: BotApi, house: House) -> None:
    """A tap tells which button, under which message with which text, and the clock on the button stops."""
    alice = server.person("Alice")
    await alice.send("hoi")
    await house.send(alice.id, html="<b>Kies</b> &lt;nu&gt;", buttons=[[{"id": "menu@abc", "label": "Menu"}]])
    query = await alice.tap("menu")
    event = (await house.desk.gets(2))[1]
    assert isinstance(event, Chosen)
    assert event.button == "menu@abc"
    assert event.tapped == Tapped(message_id=alice.last.id, html="<b>Kies</b> &lt;nu&gt;")
    await until(lambda: server.taps[query].answered)


async def test_own_contact(server: BotApi, house: House) -> None:
    """A person's own number arrives in full, known as the own one; somebody else's card is known as that."""
    alice = server.person("Alice", phone="31612345678")
    await alice.send("hoi")
    await house.send(alice.id, keyboard="share_phone", share_label="Deel mijn nummer")
    await alice.share_contact()
    await alice.share_contact(own=False, phone="0687654321")
    _, own, other = await house.desk.gets(3)
    assert isinstance(own, SharedPhone)
    assert isinstance(other, SharedPhone)
    assert (own.number, own.own) == ("+31612345678", True)
    assert (other.number, other.own) == ("0687654321", False)


async def test_other_things_people_do(server: BotApi, house: House) -> None:
    """A photo, a sticker and a changed message are told apart, and words with a photo are kept."""
    alice = server.person("Alice")
    first = await alice.send("hoi")
    await alice.send_photo("wat kost het?")
    await alice.send_sticker()
    await alice.edit(first, "hallo")
    events = await house.desk.gets(4)
    expected: list[tuple[Kind, str]] = [
        (Typed, "wat kost het?"),
        (SentAttachment, ""),
        (Edited, "hallo"),
    ]
    assert [(type(event), words_of(event)) for event in events[1:]] == expected


async def test_nothing_is_confirmed_that_is_not_stored(server: BotApi, house: House) -> None:
    """When the database fails the update comes again, until it is stored."""
    house.desk.failures = 2
    await server.person("Alice").send("bewaar dit")
    [event] = await house.desk.gets()
    assert words_of(event) == "bewaar dit"
    assert house.desk.tried == 3


async def test_the_same_and_a_lower_update(server: BotApi, house: House) -> None:
    """An update delivered again has the same id, and one with a lower id is taken as well."""
    alice = server.person("Alice")
    await alice.send("een")
    await alice.send("twee")
    await house.desk.gets(2)
    await until(lambda: not server.updates.pending)
    server.again(server.updates.all[0])
    events = await house.desk.gets(3)
    assert events[2].id == events[0].id
    await alice.send("drie")
    assert words_of((await house.desk.gets(4))[3]) == "drie"


async def test_telegram_away_and_back(server: BotApi, house: House) -> None:
    """When Telegram is away the bot says so, keeps trying, and hears what was said meanwhile."""
    server.down()
    await until(lambda: house.channel.health() is not None)
    assert "cannot be reached" in (house.channel.health() or "")
    await server.person("Alice").send("ben je er?")
    server.up()
    await house.desk.gets()
    await until(lambda: house.channel.health() is None)


async def test_another_program_polls(server: BotApi, house: House) -> None:
    """Another program with the same token is named as the trouble, and it goes on by itself."""
    server.fails("getUpdates", "409", times=2)
    server.updates.interrupt()
    await until(lambda: house.channel.health() is not None)
    assert "another program" in (house.channel.health() or "")
    await server.person("Alice").send("hoi")
    await house.desk.gets()


async def test_a_webhook_comes_in_the_way(server: BotApi, house: House) -> None:
    """A webhook that another program sets is named by its host, taken away as at the start, and people are heard."""
    await until(lambda: server.calls_of("getUpdates"))
    server.updates.webhook.url = "https://user:pass@old.example:8443/hooks/SECRET"
    with capture_logs() as logs:
        server.updates.interrupt()
        await server.person("Alice").send("hoi")
        await house.desk.gets()
    assert not server.updates.webhook.url
    told = str(logs)
    assert "old.example" in told
    assert "SECRET" not in told
    assert "pass@" not in told
    await until(lambda: house.channel.health() is None)


async def test_a_webhook_that_comes_back(server: BotApi, house: House) -> None:
    """While a webhook is set again and again, /readyz says which."""
    await until(lambda: server.calls_of("getUpdates"))
    server.fails("getUpdates", "refused", times=2, status=409, description="Conflict: can't use it: webhook is active")
    server.updates.webhook.url = "https://old.example/hooks"
    server.updates.interrupt()
    await until(lambda: house.channel.health() is not None)
    assert "webhook" in (house.channel.health() or "")
    await server.person("Alice").send("hoi")
    await house.desk.gets()


async def test_an_update_that_cannot_be_read(server: BotApi, house: House) -> None:
    """Updates without what they always had hold up nobody: neither their sender nor who comes after."""
    alice = server.person("Alice")
    said = (await alice.send("een")).as_json()
    server.tell("message", {"chat": said["chat"], "text": "twee"})
    server.tell("message", {"message_id": 5, "text": "van niemand"} | {"chat": {"id": "x"}, "from": {"id": 1}})
    await alice.send("drie")
    await until(lambda: {"een", "twee", "drie"} <= {words_of(event) for event in house.desk.events})


async def test_nonsense(server: BotApi, house: House) -> None:
    """Answers that are no answers are borne, and what comes after is heard."""
    server.fails("getUpdates", "garbage")
    server.fails("getUpdates", "wrong shape")
    server.fails("getUpdates", "429", retry_after=1)
    server.updates.interrupt()
    await server.person("Alice").send("hoi")
    await house.desk.gets(within=10)


async def test_stopping_finishes_what_is_in_hand(server: BotApi) -> None:
    """A stop waits for the update that is being stored."""
    async with House(server=server) as house:
        house.desk.gate.clear()
        await server.person("Alice").send("net op tijd")
        await until(lambda: house.desk.tried)
        stop = asyncio.create_task(house.channel.stop())
        await asyncio.sleep(0.05)
        assert not stop.done()
        house.desk.gate.set()
        await stop
        assert [words_of(event) for event in house.desk.events] == ["net op tijd"]
