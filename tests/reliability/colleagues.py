"""Staff who pick up each lead as it comes, two at once, write its person, and read the answer; and what came of it."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from storage.case_records import Case, Status
from storage.store import Storage
from tests.botapi.chats import Message
from tests.reliability.crowd import Crowd
from tests.reliability.world import REFERENCE, World

WAITS = 90.0  #: seconds that everything is given to arrive


@dataclass(kw_only=True)
class Colleagues:
    """What they do at each card, once for each reference."""

    world: World
    crowd: Crowd
    cards: dict[str, Message] = field(default_factory=dict)
    thanked: set[str] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Do so for as long as the block lasts."""
        working = asyncio.create_task(self._work())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            for card in list(self.world.staff.state.messages):
                if any(name.startswith("staff:claim") for name in card.button_ids):
                    await self._picked_up(card)
            for reference in [one for one in self.cards if one not in self.thanked]:
                await self._answered(reference)
            await asyncio.sleep(0.05)

    async def _picked_up(self, card: Message) -> None:
        """Both tap, and one of them writes."""
        found = REFERENCE.search(card.text)
        if found is None or found[0] in self.cards:
            return
        self.cards[found[0]] = card
        for by in ("Anne", "Bea"):
            await self.world.staff.tap_old(card, f"staff:claim:{found[0]}", by=by)
        await self.world.staff.reply(card, f"Dag {found[0]}!", by="Anne")

    async def _answered(self, reference: str) -> None:
        """Whoever is on Telegram and reads it writes back; who is on the web does not."""
        person = self.crowd.people.get(reference)
        if person is None and reference in self.crowd.references:
            self.thanked.add(reference)
        if person is not None and any(f"Dag {reference}!" in said for said in person.said):
            self.thanked.add(reference)
            await person.send(f"Dank, {reference}.")

    async def done(self) -> None:
        """Wait until all of them wrote, and everybody on Telegram was read; a bounded time."""
        for _ in itertools.repeat(None, int(WAITS / 0.1)):
            if set(self.crowd.references) <= self.thanked and not self.unheard():
                return
            await asyncio.sleep(0.1)

    def unheard(self) -> set[str]:
        """The references of people on Telegram whose answer staff did not read."""
        said = "\n".join(self.world.staff.said)
        return {one for one in self.crowd.people if f"Dank, {one}." not in said}

    def left(self) -> set[str]:
        """The references of people who were not picked up, not written, not read, or not in a topic of their own."""
        wanted = set(self.crowd.references)
        return wanted - self.thanked | self.unheard() | wanted & self.misplaced()

    def misplaced(self) -> set[str]:
        """The references of cards that stand in no topic, or in another's, where the group has topics."""
        state = self.world.staff.state
        here = self.cards.items() if state.forum else ()
        return {one for one, card in here if not state.titles.get(card.thread or 0, "").startswith(one)}

    async def stored(self, database_url: str) -> tuple[set[str], set[str], set[str]]:
        """References of cases that are not one colleague's, people nothing was said to, and people told twice."""
        storage = await Storage.open(database_url, data_key=self.world.data_key)
        unclaimed, unsaid, twice = set[str](), set[str](), set[str]()
        try:
            for reference in self.crowd.references:
                async with storage.reading() as tx:
                    case = await tx.cases.find(reference)
                    said = [str(one.content.get("text")) for one in await tx.transcript.of((case and case.chat) or "")]
                times = sum(f"Dag {reference}!" in text for text in said or self._said_to(reference))
                unclaimed |= set() if case and _is_somebodys(case) else {reference}
                unsaid |= set() if times else {reference}
                twice |= {reference} if said and times > 1 else set()
        finally:
            await storage.close()
        return unclaimed, unsaid, twice

    def _said_to(self, reference: str) -> list[str]:
        person = self.crowd.people.get(reference)
        return person.said if person else []


def _is_somebodys(case: Case) -> bool:
    return case.status is Status.CLAIMED and case.owner is not None and case.owner.name in ("Anne", "Bea")
