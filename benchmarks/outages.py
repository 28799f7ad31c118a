"""
Staff chat, mail server and lead webhook fail for a while, and staff pick up what comes, each in its own topic, and
write its person: are chats as quick as before, is all delivered?

    python -m benchmarks.outages [--people 40] [--seconds 20]

It prints the 95th percentile of people's waiting times during each kind of outage and right before it, and how long
after the recovery everything was delivered; then how long a clean stop took. Ends with 1 when something is wrong.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.crowds import p95, sign_ups
from tests.botapi import How
from tests.reliability.colleagues import Colleagues
from tests.reliability.crowd import Crowd
from tests.reliability.kills import settled
from tests.reliability.process import BotProcess, started
from tests.reliability.world import World, a_world

Step = Callable[[World], Awaitable[None]]


async def chat_told_to_wait(world: World) -> None:
    """The staff chat answers 429."""
    world.api.floods(world.staff.id, 10)


async def chat_breaks(world: World) -> None:
    """The staff chat answers 500, breaks connections, and takes a message without ever answering."""
    kinds: tuple[How, ...] = ("500", "reset", "lost")
    for how in kinds:
        world.api.fails("sendMessage", how, chat=world.staff.id)


async def mail_later(world: World) -> None:
    """The mail server says to come back later."""
    world.mailbox.rcpt = "451 4.3.0 later"


async def mail_refuses(world: World) -> None:
    """The mail server refuses."""
    world.mailbox.rcpt = "550 5.1.1 no such user"


async def mail_hangs(world: World) -> None:
    """The mail server takes mail and never answers."""
    world.mailbox.hang = 3600


async def mail_down(world: World) -> None:
    """The mail server is not there."""
    await world.mail.stop()


async def hook_down(world: World) -> None:
    """The lead webhook fails."""
    world.hook.status = 500


async def recover(world: World) -> None:
    """Everything works again."""
    world.mailbox.rcpt, world.mailbox.hang, world.hook.status = "250 OK", 0, 200
    world.api.faults.clear()


OUTAGES: tuple[Step, ...] = (
    chat_told_to_wait, chat_breaks, mail_later, mail_refuses, mail_hangs, mail_down, hook_down,
)  # fmt: skip


async def one(
    world: World, staff: Colleagues, outage: Step, people: int, first: int, seconds: float
) -> tuple[float, float, int]:
    """
    The p95 during an outage, the seconds from recovery to delivery, and how many were not answered or told of, or not
    picked up in a topic of their own.
    """
    await outage(world)
    began = world.api.now()
    crowd = await sign_ups(world, people, first=first, apart=seconds / people)
    await recover(world)
    if outage is mail_down:
        await world.mail.start(world.mail_port)
    began = world.api.now()
    await settled(world, crowd.references)
    staff.crowd = crowd
    await staff.done()
    wanted = set(crowd.references)
    missing = wanted - {one for _, one in world.noticed()} | wanted - world.mailed_leads() | staff.left()
    return p95(crowd.waits), world.api.now() - began, crowd.unanswered + len(missing)


async def run(people: int, seconds: float) -> bool:
    """All outages, one after another; whether all is well."""
    well = True
    with tempfile.TemporaryDirectory(prefix="outages-") as name:
        async with a_world(forum=True) as world:
            staff = Colleagues(world=world, crowd=Crowd())
            bot = BotProcess(settings=world.settings(f"sqlite:///{name}/bot.db"), folder=Path(name))
            async with started(bot), staff.at_work():
                await sign_ups(world, 3, first=9000)
                for number, outage in enumerate(OUTAGES):
                    first = 1000 * number + 500
                    quiet = p95((await sign_ups(world, people, first=first, apart=seconds / people)).waits)
                    slow, after, missing = await one(world, staff, outage, people, 1000 * number, seconds)
                    name_of = outage.__name__.replace("_", " ")
                    told = f"all told {after:.0f} s after recovery" if not missing else f"MISSING {missing}"
                    figures = f"p95 {slow:4.0f} ms, right before it {quiet:4.0f} ms ({slow / quiet:.2f} times)"
                    print(f"{name_of:20} {figures}; {told}", flush=True)
                    well = well and not missing and slow <= 2 * quiet
                print(f"clean stop: {await bot.stop():.1f} s")
    return well


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    sys.exit(not asyncio.run(run(given.people, given.seconds)))


if __name__ == "__main__":
    main()
