"""The same update again, at once, after a restart or with a lower id, changes nothing."""

import asyncio

import pytest

from tests.reliability.inside import answered, inside, sign_up, until
from tests.reliability.kills import leads_in
from tests.reliability.world import World, a_world

pytestmark = pytest.mark.timeout(300)


async def all_again(world: World) -> None:
    """Telegram delivers everything that there ever was once more, in another order, and then a new message."""
    noor = world.api.person("Noor")
    for update in reversed(list(world.api.updates.all)):
        world.api.again(update)
    await until(lambda: not world.api.updates.pending, "that all were taken")
    await answered(noor)


@pytest.mark.parametrize("webhook", [False, True])
async def test_everything_again(sqlite_url: str, webhook: bool) -> None:
    """All updates come a second and third time, at once and after a restart: no second lead, answer or notice."""
    async with a_world() as world:
        settings = world.settings(sqlite_url, webhook=webhook)
        world.route(f"http://127.0.0.1:{settings['HTTP_PORT']}")
        async with inside(world, settings):
            crowd = await sign_up(world, 1, 2)
            await until(lambda: len(world.noticed()) == 2 and len(world.mailed()) == 2, "the notices")
            said = [len(chat.log) for chat in world.api.chats.values()]
            await all_again(world)
        async with inside(world, settings):
            await all_again(world)
            await asyncio.sleep(0.3)
        assert [len(chat.log) for chat in world.api.chats.values()][: len(said)] == said
        assert len(world.noticed()) == 2
        assert len(world.mailed()) == 2
        leads = await leads_in(settings["DATABASE_URL"], world.data_key)
        assert sorted(reference for reference, _ in leads) == sorted(crowd.references)
