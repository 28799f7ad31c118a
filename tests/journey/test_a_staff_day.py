"""A day of three colleagues, in a plain group, in one with topics, and in one whose topics somebody deleted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.botapi.chats import Message
from tests.journey.program import PATIENCE, Running, running, visiting
from tests.journey.someone import OnTelegram, OnThePage, Someone
from tests.journey.test_staff_taps import says, shown_for_a_moment, toast
from tests.staff.test_topics import MENDED

GROUPS = ("plain", "topics", "deleted")


@dataclass(kw_only=True)
class Day:
    """The program, its group, and where everything is expected."""

    program: Running
    group: str

    async def comes_in(self, someone: Someone, *answers: str) -> tuple[Message, str]:
        """A sign-up, with its card: in a topic of its own, or in the group."""
        reference = await someone.signs_up(*answers)
        card = await self.program.staff.sees(reference)
        self.stands_right(card, reference)
        return card, reference

    def stands_right(self, message: Message, reference: str) -> None:
        """Whether it stands where it belongs."""
        title = self.program.staff.state.titles.get(message.thread or 0, "")
        assert title.startswith(reference) if self.group != "plain" else message.thread is None

    def somebody_deletes_topics(self) -> None:
        """All of them, by hand."""
        if self.group == "deleted":
            for topic in list(self.program.staff.state.topics):
                self.program.staff.state.delete_topic(topic)

    def card_now(self, card: Message, reference: str) -> Message:
        """The card, which came again where its topic was deleted."""
        if not card.deleted:
            return card
        return next(one for one in self.program.staff.chat if reference in one.text and one.buttons)


@pytest.fixture(params=GROUPS)
async def day(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Day]:
    group = str(request.param)
    async with running(tmp_path, None if group == "plain" else MENDED) as program:
        yield Day(program=program, group=group)


async def test_a_day(day: Day) -> None:
    """Each sees who has what and talks with its person where that belongs; what they say to each other stays theirs."""
    staff = day.program.staff
    noor = OnTelegram(language="nl", person=day.program.api.person("Noor"))
    async with visiting(day.program.url) as visitor:
        omar = OnThePage(language="nl", visitor=visitor)
        card, first = await day.comes_in(noor)
        other, second = await day.comes_in(omar, "beide", "gemeente", "Gemeente Ede", "Omar Bakr", "omar@ede.nl")
        # nine o'clock: Anne is first, Bea reads so, Cas takes the other
        await staff.tap(f"staff:claim:{first}", by="Anne")
        await says(day.program, card, "Opgepakt door Anne,")
        late = await staff.tap_old(card, f"staff:claim:{first}", by="Bea")
        assert (await toast(day.program, late)).startswith("Anne ")
        await staff.tap(f"staff:claim:{second}", by="Cas")
        await says(day.program, other, "Opgepakt door Cas,")
        assert "Anne" in await noor.sees("chat/claimed")
        assert "Cas" in await omar.sees("chat/claimed")
        # ten o'clock: Anne writes, and Noor answers
        asked = await staff.reply(card, "Past dinsdag?", by="Anne")
        assert "Past dinsdag?" in await noor.sees("chat/staff_says", "Anne")
        assert await staff.reacted(asked) == "👍"
        day.somebody_deletes_topics()
        await noor.says("Dinsdag is goed.")
        heard = await staff.sees("Dinsdag is goed.")
        day.stands_right(heard, first)
        card = day.card_now(card, first)
        # eleven o'clock: they talk about it among themselves
        if heard.thread:
            await staff.send("Kan Bea ook?", by="Anne", thread=heard.thread)
            told = await staff.sees("staff/aside")
            assert told.thread == heard.thread
            wrong = await staff.tap_old(told, "staff:send", by="Bea")
            assert await toast(day.program, wrong) == shown_for_a_moment("not_yours")
        else:
            await staff.send("Kan Bea ook?", by="Anne")
        await staff.reply(card, "/notitie Belt het liefst na drieën", by="Bea")
        await staff.sees("staff/noted")
        # noon: Cas answers Omar, whose page is open
        await staff.reply(other, "Wij bellen je.", by="Cas")
        assert "Wij bellen je." in await omar.sees("chat/staff_says")
        day.stands_right(await staff.sees("staff/answer_waits"), second)
        # three o'clock: planned, and done
        await staff.tap_old(card, f"staff:status:{first}:planned", by="Anne")
        await says(day.program, card, "Ingepland,", "Opgepakt door Anne")
        await staff.send("/leads", by="Bea")
        listed = await staff.sees("staff/leads")
        assert (first in listed.text, second in listed.text, listed.thread) == (True, True, None)
        await staff.tap_old(card, f"staff:status:{first}:closed", by="Anne")
        day.stands_right(await staff.sees("staff/talk_over"), first)
        await noor.sees("talk/over")
        await says(day.program, card, "Afgerond,")
        async with asyncio.timeout(PATIENCE):
            while day.group != "plain" and staff.state.topics[staff.topic(first)]:
                await asyncio.sleep(0.02)
        # five o'clock: Noor wants to be forgotten
        await noor.says("/verwijderen")
        await noor.taps("data:forget:confirm")
        await staff.sees("staff/forgotten")
        async with asyncio.timeout(PATIENCE):
            while any("noor" in said.lower() for said in staff.said) or any(
                first in title for title in staff.state.titles.values()
            ):
                await asyncio.sleep(0.02)
        assert not [said for said in noor.person.said if "Bea ook" in said or "drieën" in said]
