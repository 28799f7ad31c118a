"""Calls to Telegram keep secrets, and fail in ways the rest of the program knows."""

import logging

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.request import AiohttpRequest, TooManyRequests
from bot.outbox import Later
from tests.botapi import BotApi, How
from tests.channels.telegram.house import House, until


async def test_nothing_secret_is_logged(server: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    """Even with every log switched on, neither the token nor what people wrote is in it, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    alice = server.person("Alice")
    async with House(server=server) as house:
        await alice.send("mijn geheim")
        await house.desk.gets()
        server.fails("sendMessage", "garbage")
        server.fails("sendMessage", "reset")
        for _ in range(2):
            with pytest.raises(Later):
                await house.send(alice.id, html="jouw geheim")
        await house.send(alice.id, html="jouw geheim")
    assert "geheim" in alice.said[-1]
    assert server.token not in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("409", Conflict),
        ("500", NetworkError),
        ("reset", NetworkError),
        ("garbage", TelegramError),
        ("429", TooManyRequests),
    ],
)
async def test_plain_calls(server: BotApi, how: How, error: type[TelegramError]) -> None:
    """A call that fails raises what the library's own calls raise, without the address in it."""
    request = AiohttpRequest()
    server.fails("getMe", how)
    url = f"{server.url}/bot{server.token}/getMe"
    with pytest.raises(error) as raised:
        await request.call(url, {}, 5)
    assert server.token not in str(raised.value)
    assert (await request.call(url, {}, 5))["username"] == "course_bot"
    assert request.read_timeout == 15
    with pytest.raises(InvalidToken):
        await request.call(f"{server.url}/bot1:x/getMe", {}, 5)
    await request.shutdown()
    await request.shutdown()


async def test_a_proxy_in_between(server: BotApi) -> None:
    """What a proxy answers in Telegram's place is no word of Telegram's: neither on the token nor on a chat."""
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as raised:
            await request.retrieve(f"{server.url}/elsewhere")
        assert "404: Not Found" not in str(raised.value)
        for status in (401, 403, 404, 502):
            server.fails("getMe", "page", status=status)
            with pytest.raises(NetworkError, match=str(status)):
                await request.call(f"{server.url}/bot{server.token}/getMe", {}, 5)
        status, _ = await request.do_request(f"{server.url}/bot{server.token}/getMe", "GET")
        assert status == 200


async def test_a_tap_that_cannot_be_answered(server: BotApi) -> None:
    """A tap counts, though Telegram will not hear that it was received."""
    alice = server.person("Alice")
    async with House(server=server) as house:
        await alice.send("hoi")
        await house.desk.gets()
        await house.send(alice.id, buttons=[[{"id": "menu", "label": "Menu"}]])
        troubles: tuple[How, ...] = ("429", "garbage", "reset")
        for how in troubles:
            server.fails("answerCallbackQuery", how)
            await alice.tap("menu")
        await house.desk.gets(4)
        await until(lambda: len(server.calls_of("answerCallbackQuery")) == 3)


async def test_a_stop_while_telegram_is_away(server: BotApi) -> None:
    """The program stops at once, also when it never got through."""
    server.down()
    async with House(server=server) as house:
        assert house.channel.health()
        await house.channel.stop()
    assert not house.desk.tried
