"""Two processes behind one webhook address, on one PostgreSQL: nothing lost, nothing twice, whoever gets an update."""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from tests.reliability.colleagues import Colleagues
from tests.reliability.crowd import Crowd, Page
from tests.reliability.kills import Told, count, everyone, settled
from tests.reliability.two import Two, two_processes

pytestmark = pytest.mark.timeout(400)
TAKE_OVER_SECONDS = 15  #: promised are 2; Telegram has one wait 5, and the machine that tests may be slow


async def test_updates_spread_and_doubled(tmp_path: Path, postgres_url: str) -> None:
    """Every update goes to both at once: all are stored, told of, claimed and written once; then one is killed."""
    async with two_processes(tmp_path, postgres_url) as two:
        world, crowd = two.world, Crowd()
        world.api.updates.webhook.doubled = True
        told, staff = Told(world=world), Colleagues(world=world, crowd=crowd)
        told.begin()
        async with staff.at_work():
            await asyncio.gather(*everyone(crowd, world, 10, two.url))
            await settled(world, crowd.references)
            await staff.done()
        counts = await count(world, postgres_url, 10, told, staff)
        assert counts.faults == {}
        assert counts.leads == 10
        await what_a_dead_one_left_is_sent(two)


async def what_a_dead_one_left_is_sent(two: Two) -> None:
    """The process that has a message waiting is killed: the other one sends it."""
    world = two.world
    world.api.updates.webhook.doubled = False
    world.route(two.first.url)
    person = world.api.person("Noor")
    world.api.fails("sendMessage", "429", chat=person.id, retry_after=5)
    await person.send("/start")
    async with asyncio.timeout(30):
        while not any(call.status == 429 for call in world.api.calls):
            await asyncio.sleep(0.01)
    await two.first.kill()
    world.route(two.second.url)
    await person.sees("chat/welcome", within=TAKE_OVER_SECONDS)
    await person.send("wat kost het?")
    await person.sees("topic/costs", within=TAKE_OVER_SECONDS)


async def test_a_visitor_is_reached_at_whichever_process(tmp_path: Path, postgres_url: str) -> None:
    """A visitor who listens at one process reads at once what staff answered by way of the other."""
    async with two_processes(tmp_path, postgres_url) as two, aiohttp.ClientSession() as http:
        world = two.world
        page = Page(http=http, url=lambda: two.first.url, crowd=Crowd(again=0))
        await page.opens()
        await page.says("", text="/contact")
        await page.says("", text="Kan het in Almere?")
        await page.says("", choice=page.button("contact:forward"))
        notice = await world.staff.sees("Almere", within=30)
        await asyncio.sleep(1)  # nobody answers sooner; until then the other process need not know of the notice
        world.route(two.second.url)
        authorization = {"Authorization": f"Bearer {page.token}"}
        async with http.get(f"{two.first.url}/api/chat/events", headers=authorization) as stream:
            await world.staff.reply(notice, "Ja, dat kan.", by="Anne")
            async with asyncio.timeout(30):
                async for line in stream.content:
                    if line.startswith(b"data:") and json.loads(line[5:])["from"] == "staff":
                        assert b"Ja, dat kan." in line
                        break
        async with http.get(f"{two.second.url}/api/chat", headers=authorization) as answer:
            assert "Ja, dat kan." in (await answer.json())["messages"][-1]["text"]
