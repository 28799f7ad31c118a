"""The other side fails: people's chats go on, all is delivered once it is back, oldest first; giving up is loud."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.reliability.inside import all_inside, answered, inside, sign_up, until
from tests.reliability.process import BotProcess, command, started
from tests.reliability.world import World, a_world
from tests.said import is_message, rendered

pytestmark = pytest.mark.timeout(300)


def in_order(world: World, references: list[str]) -> bool:
    """Whether staff, mailbox and hook were told of exactly these, in this order."""
    mailed = [one for one in world.mailed() if "lead-new" in one]
    return (
        [reference for _, reference in world.noticed() if reference in references] == references
        and [one.partition(".")[2].partition("@")[0] for one in mailed] == references
        and [key.rpartition(".")[2] for key in world.hook.keys] == references
    )


async def test_all_ways_fail_and_come_back(sqlite_url: str) -> None:
    """Staff chat, mail server and hook fail in every manner: people are answered, and staff get all, oldest first."""
    async with all_inside(sqlite_url) as program:
        world = program.world
        for how in ("reset", "500", "wrong shape", "garbage", "429"):
            world.api.fails("sendMessage", how, chat=world.staff.id)
        world.hook.status = 503
        world.mailbox.rcpt = "451 4.3.0 later"
        first = await sign_up(world, 1, 2)
        port = world.mail_port
        await world.mail.stop()
        second = await sign_up(world, 3)
        assert world.mailed() == world.hook.keys == []
        world.mailbox.rcpt, world.hook.status = "250 OK", 200
        await world.mail.start(port)
        references = first.references + second.references
        await until(lambda: len(set(world.hook.keys)) == 3 and len(world.mailed_leads()) == 3, "mail and hook")
        await until(lambda: len({reference for _, reference in world.noticed()}) == 3, "the staff chat")
        last = {reference: at for at, reference in world.noticed()}
        assert sorted(last, key=lambda reference: last[reference]) == references
        assert [key.rpartition(".")[2] for key in world.hook.keys] == references


async def test_a_server_that_hangs_holds_back_nobody(sqlite_url: str) -> None:
    """While mail server and hook hang, chats go on and other ways deliver; the program still ends in time."""
    async with all_inside(sqlite_url) as program:
        world = program.world
        world.mailbox.hang = 3600
        crowd = await sign_up(world, 1, 2)
        await until(lambda: len(world.noticed()) == 2 and len(world.hook.keys) == 2, "the other ways")
        assert [reference for _, reference in world.noticed()] == crowd.references
        assert world.mailed() == []


async def test_one_chat_that_must_wait_waits_alone(sqlite_url: str) -> None:
    """A 429 for the staff chat keeps that chat waiting, as long as told, and nobody else."""
    async with all_inside(sqlite_url) as program:
        world = program.world
        begun = asyncio.get_running_loop().time()
        world.api.floods(world.staff.id, 3600, tells=2)
        crowd = await sign_up(world, 1, 2)
        await until(lambda: world.api.impatient, "a message that is told to wait")
        assert not world.staff.said
        assert world.api.impatient <= 1 + (asyncio.get_running_loop().time() - begun) / 2, "it waits as long as told"
        world.api.floods(world.staff.id, 0)
        await until(lambda: all(one in "".join(world.staff.said) for one in crowd.references), "the staff chat")


async def test_a_strangers_typing_error_is_told_to_staff(sqlite_url: str) -> None:
    """One mailbox is not there: staff read so within seconds, in the chat and by mail, and nobody else notices."""
    async with all_inside(sqlite_url) as program:
        world = program.world
        world.mailbox.mailboxes["persoon1@utrecht.nl"] = "550 no such user"
        crowd = await sign_up(world, 1, 2)
        told = await world.staff.sees("staff/unreached", within=20)
        assert "persoon1@utrecht.nl" in told.text
        assert any(reference in told.text for reference in crowd.references)
        await until(lambda: sum("anne@course.example" in one.rcpt_tos for one in world.mailbox.received) == 3, "mail")
        status, body = await program.ready()
        assert (status, json.loads(body)["warnings"]) == (200, {})


async def test_a_server_that_passes_nothing_on_is_told_once(sqlite_url: str) -> None:
    """A relay that takes mail for its own domain alone: staff get all leads, and read once that others get no mail."""
    async with all_inside(sqlite_url) as program:
        world, people = program.world, ["persoon1@utrecht.nl", "persoon2@utrecht.nl"]
        world.mailbox.mailboxes = dict.fromkeys(people, "554 5.7.1 Relay access denied")
        crowd = await sign_up(world, 1, 2)
        told = await world.staff.sees("staff/unreached", within=20)
        values = next(
            {"reference": reference, "email": person, "refused_us": True}
            for reference, person in zip(crowd.references, people, strict=True)
            if reference in told.text
        )
        assert told.text == rendered("staff/unreached", values, channel="staff")
        await until(lambda: set(people) < set(world.mailbox.asked), "both were tried")
        await until(lambda: sum("anne@course.example" in one.rcpt_tos for one in world.mailbox.received) == 3, "mail")
        await until(lambda: len(world.noticed()) == 2, "both leads in the staff chat")
        assert sum(is_message(said, "staff/unreached", "nl") for said in world.staff.said) == 1
        status, body = await program.ready()
        assert status == 200
        assert "mail to people: the mail server refused the mailbox (554)" in json.loads(body)["warnings"]["outbox"]


async def test_given_up_loudly_and_repaired(tmp_path: Path, sqlite_url: str) -> None:
    """Bot removed, mailbox unknown: seen at once, given up after a day; once repaired, `outbox retry` delivers it."""
    async with a_world() as world:
        settings = world.settings(sqlite_url)
        await world.staff.removes_bot()
        world.mailbox.rcpt = "550 5.1.1 no such user"
        async with inside(world, settings) as program:
            crowd = await sign_up(world, 1)
            await until(lambda: len(world.hook.keys) == 1, "the other way")
            async with asyncio.timeout(20):
                status, why = await program.ready()
                while "staff chat" not in why or "CONTACT_EMAIL" not in why:
                    await asyncio.sleep(0.05)
                    status, why = await program.ready()
            assert status == 503
        a_day_passes(tmp_path / "bot.db")
        bot = BotProcess(settings=settings, folder=tmp_path)
        async with started(bot):
            await until(lambda: bot.log.count('"delivery_given_up"') >= 4, "giving up", 90)
            status, why, counted = await looks(bot)
            assert status == 200
            assert counted
            assert "python -m bot outbox list" in why
            code, listed = await command(tmp_path, settings, "outbox", "list")
            assert code == 0
            assert crowd.references[0] in listed
            await answered(world.api.person("Noor"))
            await world.staff.adds_bot()
            world.mailbox.rcpt = "250 OK"
            code, said = await command(tmp_path, settings, "outbox", "retry")
            assert code == 0, said
            await until(lambda: world.noticed() and world.mailed_leads() == set(crowd.references), "the delivery")
            async with asyncio.timeout(60):
                while "outbox list" in (await looks(bot))[1]:
                    await asyncio.sleep(0.2)
            assert not (await looks(bot))[2]


async def looks(bot: BotProcess) -> tuple[int, str, bool]:
    """The status of /readyz and what it says, and whether /metrics tells of four messages that were given up."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{bot.url}/readyz") as answer:
            status, text = answer.status, await answer.text()
        async with http.get(f"{bot.url}/metrics") as answer:
            counted = "course_bot_outbox_given_up 4.0" in await answer.text()
    return status, text, counted


def a_day_passes(database: Path) -> None:
    """What waits was stored a day ago, and tried since."""
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).isoformat(" ", "microseconds")[:26]
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE outgoing SET created_at = ?, due_at = NULL, attempts = 4 WHERE status = 'waiting'", [yesterday]
        )
    connection.close()


async def test_the_staff_group_becomes_a_supergroup(sqlite_url: str) -> None:
    """Staff turn their group into a supergroup: what waits and what comes is delivered there, after a restart too."""
    async with a_world() as world:
        settings = world.settings(sqlite_url)
        async with inside(world, settings):
            first = await sign_up(world, 1)
            await world.staff.sees(first.references[0], within=30)
            await world.staff.upgrade()
            second = await sign_up(world, 2)
            notice = await world.staff.sees(second.references[0], within=30)
            assert notice.chat.type == "supergroup"
        async with inside(world, settings):
            third = await sign_up(world, 3)
            await world.staff.sees(third.references[0], within=30)
            await world.staff.send("/leads")
            await world.staff.sees(first.references[0], within=30)


async def test_telegram_is_away(tmp_path: Path, sqlite_url: str) -> None:
    """Telegram away, answering nonsense, or polled by another: one line each, growing pauses, and it goes on."""
    async with a_world() as world:
        bot = BotProcess(settings=world.settings(sqlite_url), folder=tmp_path)
        async with started(bot):
            noor = world.api.person("Noor")
            await answered(noor)
            world.api.fails("getUpdates", "409", times=2)
            await answered(noor)
            for how in ("garbage", "wrong shape", "502"):
                world.api.fails("getUpdates", how)
                await answered(noor)
            calls = len(world.api.calls)
            world.api.down()
            await noor.send("waar is het?")
            await asyncio.sleep(3)
            world.api.up()
            await noor.sees("plaats", within=60)
            assert len(world.api.calls) - calls < 20
            assert bot.running
            reasons = [line for line in bot.log.splitlines() if '"telegram_trouble"' in line and "getUpdates" in line]
            assert len([line for line in reasons if "another program" in line]) == 1
            assert len(reasons) <= 8
            assert '"telegram_trouble_over"' in bot.log
            assert await bot.stop() < 15
