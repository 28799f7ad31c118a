"""What Telegram shows of the bot is what messages/ says, and a wrong token is told at once."""

import pytest

from bot.channels.telegram import TokenRefused
from tests.botapi import BotApi
from tests.channels.telegram.house import TEXTS, House, until


def written(server: BotApi) -> list[str]:
    """The settings of the bot's profile that were written, in order."""
    return [call.method for call in server.calls if call.method.startswith("set")]


async def test_a_new_bot_introduces_itself(server: BotApi) -> None:
    """Commands, descriptions and the menu button are shown per language, and staff see their own commands."""
    staff = server.group()
    async with House(server=server, staff_chat=staff.id):
        await until(lambda: (f"chat {staff.id}", "") in server.commands)
    assert server.commands["default", "en"][1] == {"command": "help", "description": "Help"}
    assert server.commands["default", ""] == server.commands["default", "nl"]
    assert server.commands[f"chat {staff.id}", ""] == [{"command": "leads", "description": "Aanmeldingen"}]
    assert server.descriptions["en"] == TEXTS["en"].description
    assert server.short_descriptions[""] == TEXTS["nl"].short_description
    assert server.menu_buttons[None] == {"type": "commands"}


async def test_a_second_start_writes_nothing(server: BotApi) -> None:
    """What is already so is left alone."""
    async with House(server=server):
        await until(lambda: server.menu_buttons)
    once = written(server)
    async with House(server=server):
        await until(lambda: len(server.calls_of("getChatMenuButton")) == 2)
    assert len(once) == 8  # Dutch descriptions need none of their own: they are the default ones
    assert written(server) == once


async def test_a_refused_text_stands_in_nobodys_way(server: BotApi) -> None:
    """A text that Telegram refuses is told in the log; the others are shown all the same."""
    server.fails("setMyDescription", "refused", times=3)
    server.fails("getMyCommands", "500")
    async with House(server=server):
        await until(lambda: server.menu_buttons)
    assert not server.descriptions
    assert server.short_descriptions


async def test_the_staff_group_moved_while_we_were_away(server: BotApi) -> None:
    """A staff group that became a supergroup gets its commands, and its people are served, under the new id."""
    staff = server.group()
    old = staff.id
    await staff.upgrade()
    async with House(server=server, staff_chat=old) as house:
        await until(lambda: (f"chat {staff.id}", "") in server.commands)
        assert house.staff.now == f"telegram:{staff.id}"
        await staff.send("/leads")
        assert [event.chat for event in await house.desk.gets()] == [f"telegram:{staff.id}"]


@pytest.mark.parametrize("token", ["", "4242:a-token-that-telegram-does-not-know"])
async def test_a_wrong_token(server: BotApi, token: str) -> None:
    """A token that Telegram refuses stops the start with one line that names the setting, and not the token."""
    with pytest.raises(TokenRefused, match="TELEGRAM_BOT_TOKEN") as refused:
        await House(server=server, token=token or " ").__aenter__()
    assert "a-token" not in str(refused.value)


async def test_telegram_is_away_at_the_start(server: BotApi) -> None:
    """The program starts while Telegram is away, says so, and begins when it is back."""
    server.down()
    async with House(server=server) as house:
        assert "cannot be reached" in (house.channel.health() or "")
        server.up()
        await server.person("Alice").send("hoi")
        await house.desk.gets()
        assert house.channel.health() is None
