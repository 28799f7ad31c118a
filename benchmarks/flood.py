"""
One chat sends 300 messages in 3 seconds while 20 others sign up; and many leads come in a minute.

    python -m benchmarks.flood [--messages 300] [--seconds 3] [--others 20] [--leads 0]

It prints the 95th percentile of the others' waiting times without and with the flood, what the flooder got, and the
program's memory before and after. With ``--leads 200`` so many people sign up within a minute: how soon the mail is
there, and that the staff chat gets all of them as Telegram's 20 a minute in a group allow (which takes ten minutes).
Telegram's limits are counted at the server; ends with 1 when something is wrong.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import psutil

from benchmarks.crowds import p95, sign_ups
from tests.botapi import Person
from tests.reliability.inside import until
from tests.reliability.process import BotProcess, started
from tests.reliability.world import World, a_world

KIND = "Dat zijn veel berichten tegelijk"
QUESTIONS = ("wat kost het?", "waar is het?", "voor wie is het?", "blauwe fietsen", "/start")


async def flood(person: Person, messages: int, seconds: float) -> None:
    """Send far too much, and wait for the answer to the last message."""
    for number in range(messages - 1):
        await person.send(QUESTIONS[number % len(QUESTIONS)])
        await asyncio.sleep(seconds / messages)
    await person.send("/aanmelden")
    await person.sees("Vraag 1 van 5", within=120)


def busiest(times: list[float], window: float) -> int:
    """The most of these moments within one window of so many seconds."""
    times = sorted(times)
    first = most = 0
    for last, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def limits(world: World) -> tuple[int, int]:
    """The most messages in one second in all, and in one minute in the staff chat."""
    sent = [call for call in world.api.calls if call.method in ("sendMessage", "sendDocument") and call.status == 200]
    group = [call.at for call in sent if str(call.given["chat_id"]) == str(world.staff.id)]
    return busiest([call.at for call in sent], 1.0), busiest(group, 60.0)


async def one_flood(world: World, bot: BotProcess, given: argparse.Namespace) -> bool:
    """Quiet first, then with the flood; whether all is well."""
    process = psutil.Process(bot.pid)
    await sign_ups(world, 3)
    quiet = await sign_ups(world, given.others, first=10, think=1.5)
    before = process.memory_info().rss / 1e6
    eve = world.api.person("Eve")
    flooding = asyncio.create_task(flood(eve, given.messages, given.seconds))
    flooded = await sign_ups(world, given.others, first=100, think=1.5)
    await flooding
    after = process.memory_info().rss / 1e6
    kind = sum(KIND in text for text in eve.said)
    a, b = p95(quiet.waits), p95(flooded.waits)
    print(
        f"others, p95: quiet {a:.0f} ms, under the flood {b:.0f} ms ({b / a:.2f} times), "
        f"unanswered {flooded.unanswered}"
    )
    print(f"flooder: {given.messages} sent, {len(eve.said)} answers, {kind} kind line, the last one answered")
    print(f"memory: {before:.0f} MB before, {after:.0f} MB after")
    return kind == 1 and flooded.unanswered == 0 and b <= 2 * a


async def many_leads(world: World, leads: int) -> bool:
    """So many leads within a minute: mail at once, the staff chat as the limits allow."""
    began = world.api.now()
    crowd = await sign_ups(world, leads, first=1000, apart=45 / leads)
    made = world.api.now() - began
    await until(lambda: set(crowd.references) <= world.mailed_leads(), "mail of all", 120)
    mailed = world.api.now() - began
    print(f"{leads} leads in {made:.0f} s: mail of all after {mailed:.0f} s", flush=True)
    wanted = set(crowd.references)
    await until(lambda: wanted <= {one for _, one in world.noticed()}, "notices of all", 60 + 4 * leads)
    order = [one for _, one in world.noticed() if one in wanted]
    print(f"staff chat: all {len(order)} after {world.api.now() - began:.0f} s; twice: {len(order) - leads}")
    return len(order) == leads and crowd.unanswered == 0


async def run(given: argparse.Namespace) -> bool:
    """All of it; whether all is well."""
    with tempfile.TemporaryDirectory(prefix="flood-") as name:
        async with a_world() as world:
            settings = world.settings(f"sqlite:///{name}/bot.db", TELEGRAM_RATE="30")
            bot = BotProcess(settings=settings, folder=Path(name))
            async with started(bot):
                well = await one_flood(world, bot, given)
                if given.leads:
                    well = await many_leads(world, given.leads) and well
                in_all, in_group = limits(world)
                print(f"at most {in_all} messages in a second in all, {in_group} in a minute in the staff chat")
                return well and in_all <= 33 and in_group <= 20


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--others", type=int, default=20)
    parser.add_argument("--leads", type=int, default=0)
    sys.exit(not asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
