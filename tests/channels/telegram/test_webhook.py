"""Updates that Telegram posts are confirmed when they are stored, and only Telegram is believed."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from prometheus_client import CollectorRegistry

from bot.channels.telegram import WebhookAddress
from bot.channels.telegram.webhook import BODY_LIMIT
from bot.web.app import application
from tests.botapi import BotApi
from tests.channels.telegram.house import House, until
from tests.events import words_of

ADDRESS = WebhookAddress(root="https://bot.example/", secret="s3cret")
SHOWN = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[str]:
    """The channel's routes on a free port; gives the root address."""
    app = application(house.channel.routes, lambda request: defaultdict(str), CollectorRegistry(), https=False)
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    web = uvicorn.Server(config)
    task = asyncio.create_task(web.serve())
    await until(lambda: web.started)
    yield f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}"
    web.should_exit = True
    await task


@pytest.fixture
async def webhook_house(server: BotApi) -> AsyncIterator[House]:
    house = House(server=server, webhook=ADDRESS)
    async with serving(house) as root:
        server.updates.webhook.routes["https://bot.example"] = root
        async with house:
            await until(lambda: server.updates.webhook.url)
            yield house


async def test_a_message_comes_by_webhook(server: BotApi, webhook_house: House) -> None:
    """What a person types is posted with the secret, stored, and confirmed."""
    await server.person("Alice").send("hoi")
    [event] = await webhook_house.desk.gets()
    assert words_of(event) == "hoi"
    await until(lambda: not server.updates.pending)
    assert webhook_house.channel.health() is None
    assert server.updates.webhook.max_connections == 100, "nobody's message waits until another's was delivered"


async def test_not_stored_is_posted_again(server: BotApi, webhook_house: House) -> None:
    """When the database fails Telegram is told so, and posts it again until it is stored."""
    webhook_house.desk.failures = 2
    await server.person("Alice").send("bewaar dit")
    await webhook_house.desk.gets()
    await until(lambda: not server.updates.pending)
    assert webhook_house.desk.tried == 3


async def test_it_is_set_at_every_start(server: BotApi, webhook_house: House) -> None:
    """Each start sets the webhook, once; a start with polling takes it away and hears what waits."""
    async with House(server=server, webhook=ADDRESS) as second:
        await until(lambda: second.channel.health() is None)
        await until(lambda: len(server.calls_of("setWebhook")) == 2)
    async with House(server=server) as polling:
        await server.person("Alice").send("hoi")
        await until(lambda: polling.desk.events or webhook_house.desk.events)
    assert not server.updates.webhook.url


async def test_a_new_secret(server: BotApi, webhook_house: House) -> None:
    """Started with another secret at the same address, the program hears people at once: no post is turned away."""
    server.updates.webhook.secret = "an-old-one"
    async with House(server=server, webhook=ADDRESS):
        await until(lambda: server.updates.webhook.secret == "s3cret")
        await server.person("Alice").send("hoi")
        await webhook_house.desk.gets()
    assert server.updates.webhook.last_error is None


async def test_a_secret_that_changes_meanwhile(server: BotApi, webhook_house: House) -> None:
    """Where another program set the webhook with another secret, the errors that Telegram meets tell us so."""
    server.updates.webhook.secret = "an-old-one"
    server.updates.webhook.last_error = (int(time.time()) + 60, "Wrong response from the webhook: 401 Unauthorized")
    async with House(server=server, webhook=ADDRESS):
        await until(lambda: server.updates.webhook.secret == "s3cret")


async def test_telegram_cannot_deliver(server: BotApi, webhook_house: House) -> None:
    """Health says so when Telegram cannot reach the webhook."""
    webhook_house.desk.failures = 1_000
    await server.person("Alice").send("hoi")
    await until(lambda: server.updates.webhook.last_error)
    async with House(server=server, webhook=ADDRESS) as second:
        await until(lambda: "503" in (second.channel.health() or ""))


async def test_one_hitch_is_no_alarm(server: BotApi) -> None:
    """One look that fails does not turn /readyz red; trouble that lasts does."""
    server.fails("getWebhookInfo", "500", times=10)
    async with House(server=server, webhook=ADDRESS) as house:
        await until(lambda: server.calls_of("getWebhookInfo"))
        await asyncio.sleep(0.1)
        assert house.channel.health() is None
        await until(lambda: house.channel.health())


async def test_one_failed_delivery_is_no_alarm(server: BotApi, webhook_house: House) -> None:
    """One update that could not be delivered at once does not turn /readyz red either."""
    server.updates.webhook.last_error = (int(time.time()), "Wrong response from the webhook: 503")
    webhook_house.desk.gate.clear()
    await server.person("Alice").send("hoi")
    async with House(server=server, webhook=ADDRESS) as second:
        await until(lambda: len(server.calls_of("getWebhookInfo")) == 2)
        await asyncio.sleep(0.1)
        found = second.channel.health()
        webhook_house.desk.gate.set()
    assert found is None


async def post(house: House, body: bytes, headers: dict[str, str]) -> int:
    """The status that the endpoint answers with."""
    async with (
        serving(house) as root,
        aiohttp.ClientSession() as session,
        session.post(f"{root}/telegram/webhook", data=body, headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "s3cre"}])
async def test_somebody_else_posts(server: BotApi, headers: dict[str, str]) -> None:
    """Whoever does not know the secret is turned away, unread."""
    house = House(server=server, webhook=ADDRESS)
    assert await post(house, b'{"update_id": 1}', headers) == 401
    assert not house.desk.tried


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 200),
        (b"[1]", 200),
        (json.dumps({"update_id": 5, "message": "nonsense"}).encode(), 200),
        (json.dumps({"update_id": 5, "poll_answer": {"poll_id": "1", "option_ids": []}}).encode(), 200),
        (b" " * (BODY_LIMIT + 1), 413),
    ],
)
async def test_what_is_not_ours(server: BotApi, body: bytes, status: int) -> None:
    """What can never be understood is confirmed, so that it does not come for ever; what is too long is refused."""
    house = House(server=server, webhook=ADDRESS)
    assert await post(house, body, SHOWN) == status
    assert not house.desk.events
