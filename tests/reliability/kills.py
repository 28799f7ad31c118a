"""People sign up while the process is killed without warning, again and again; what was lost, doubled or unanswered."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from storage.store import Storage
from tests.reliability.colleagues import Colleagues
from tests.reliability.crowd import STEPS_EACH, Crowd
from tests.reliability.process import BotProcess, started
from tests.reliability.world import World, a_world

SETTLE_SECONDS = 90.0
LATE_SECONDS = 10.0  #: an answer that takes longer counts as late


@dataclass(kw_only=True)
class Counts:
    """What a run showed. All but ``leads``, ``kills``, ``again``, ``slowest`` and ``seconds`` must be 0."""

    people: int
    kills: int = 0
    leads: int = 0  #: stored
    lost: int = 0  #: people who sent, and have no lead
    twice: int = 0  #: leads of somebody who has one already
    unanswered: int = 0
    late: int = 0  #: answered, but after more than 10 seconds: bad on a machine that has nothing else to do
    slowest: float = 0.0  #: seconds from a message to its answer
    different: int = 0  #: answers to a repeated web request that were not the same
    not_noticed: int = 0  #: leads that the staff chat was not told of
    not_mailed: int = 0
    not_hooked: int = 0
    not_claimed: int = 0  #: leads that are not exactly one colleague's, though two tapped
    not_said: int = 0  #: people who did not get what staff wrote, or staff what they wrote back; or twice in a web chat
    misplaced: int = 0  #: cards outside the topic of their case
    needlessly_again: int = 0  #: told twice by one process: no kill explains that
    again: int = 0  #: told twice, because a kill hit its delivery
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        """What must not be, by name; empty when all is well."""
        must = (
            "lost", "twice", "unanswered", "different", "not_noticed", "not_mailed", "not_hooked", "needlessly_again",
            "not_claimed", "not_said", "misplaced",
        )  # fmt: skip
        return {name: getattr(self, name) for name in must if getattr(self, name)}


@dataclass(kw_only=True)
class Told:
    """Who told what when: each run of the process is a number of its own."""

    world: World
    runs: list[float] = field(default_factory=list)  #: when each began
    mails: list[int] = field(default_factory=list)  #: mails received when each began

    def begin(self) -> None:
        """Another run begins."""
        self.runs.append(self.world.api.now())
        self.mails.append(len(self.world.mailed()))

    def repeated(self) -> tuple[int, int]:
        """How many notices came again within one run, and how many across runs."""
        notices = [(self._run_at(at), reference) for at, reference in self.world.noticed()]
        mails = [(self._run_of_mail(place), which) for place, which in enumerate(self.world.mailed())]
        told = [*notices, *mails]
        within = sum(times - 1 for times in Counter(told).values())
        across = sum(times - 1 for times in Counter(which for _, which in told).values())
        return within, across - within

    def _run_at(self, at: float) -> int:
        return sum(began <= at for began in self.runs)

    def _run_of_mail(self, place: int) -> int:
        return sum(first <= place for first in self.mails)


async def sign_up_under_kills(
    folder: Path,
    database_url: str,
    *,
    webhook: bool,
    people: int,
    kills: int,
    say: Callable[[str], None] = lambda line: None,
) -> Counts:
    """Half of ``people`` on Telegram and half on the web, and one process that is killed so often."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with a_world(forum=True) as world:
        bot = BotProcess(settings=world.settings(database_url, webhook=webhook), folder=folder)
        world.route(bot.url)
        told, crowd = Told(world=world), Crowd()
        staff = Colleagues(world=world, crowd=crowd)
        told.begin()
        async with started(bot), staff.at_work():
            signing_up = everyone(crowd, world, people, lambda: bot.url)
            for number in range(1, kills + 1):
                await crowd.progress(STEPS_EACH * people * number // (kills + 1))
                await bot.kill()
                await asyncio.sleep(0.05)  # what left before the kill is counted with it
                told.begin()
                say(f"killed {number} times, {crowd.answered} answered")
                await bot.launch()
            await asyncio.gather(*signing_up)
            await settled(world, crowd.references)
            await staff.done()
            assert await bot.stop() < 15
        counts = await count(world, database_url, people, told, staff)
        counts.kills, counts.seconds = kills, clock() - began
        return counts


def everyone(crowd: Crowd, world: World, people: int, url: Callable[[], str]) -> list[asyncio.Task[None]]:
    """All of them begin at once."""
    numbers = range(1, people + 1)
    return [
        asyncio.create_task(crowd.on_telegram(world.api, number) if number % 2 else crowd.on_the_web(url, number))
        for number in numbers
    ]


async def settled(world: World, references: Iterable[str], *, hooked: bool = True) -> None:
    """Wait until all have been told of all of these leads, and updates are confirmed; a bounded time."""
    wanted = set(references)
    for _ in itertools.repeat(None, int(SETTLE_SECONDS / 0.05)):
        noticed = {reference for _, reference in world.noticed()}
        posted = {key.rpartition(".")[2] for key in world.hook.keys}
        told = wanted <= noticed and wanted <= world.mailed_leads() and (not hooked or wanted <= posted)
        if told and not world.api.updates.pending:
            return
        await asyncio.sleep(0.05)


async def leads_in(database_url: str, data_key: str) -> list[tuple[str, str]]:
    """Reference and e-mail address of every lead."""
    storage = await Storage.open(database_url, data_key=data_key)
    try:
        async with storage.reading() as tx:
            return [(lead.reference, lead.answers["email"]) for lead in await tx.leads.list()]
    finally:
        await storage.close()


async def count(world: World, database_url: str, people: int, told: Told, staff: Colleagues) -> Counts:
    """What became of everyone."""
    crowd = staff.crowd
    unclaimed, unsaid, twice = await staff.stored(database_url)
    leads = await leads_in(database_url, world.data_key)
    references, addresses = {reference for reference, _ in leads}, {address for _, address in leads}
    within, across = told.repeated()
    return Counts(
        people=people,
        leads=len(leads),
        lost=people - len(addresses) + len(set(crowd.references) - references),
        twice=len(leads) - len(addresses),
        unanswered=crowd.unanswered,
        late=crowd.late(LATE_SECONDS),
        slowest=max(crowd.waits, default=0.0),
        different=crowd.different,
        not_noticed=len(references - {reference for _, reference in world.noticed()}),
        not_mailed=len(references - world.mailed_leads()),
        not_hooked=len(references - {key.rpartition(".")[2] for key in world.hook.keys}),
        not_claimed=len(unclaimed),
        not_said=len(unsaid | twice | staff.unheard()),
        misplaced=len(staff.misplaced()),
        needlessly_again=within,
        again=across,
        notes=[f"{crowd.not_saved} web answers said that it was not saved yet"],
    )
