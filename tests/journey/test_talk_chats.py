"""Staff and a person write to each other: who reads what, in Telegram and on the page, in Dutch and in English."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.botapi.chats import Message
from tests.journey.program import PATIENCE, Running, running, visiting
from tests.journey.someone import OnTelegram, OnThePage, Someone
from tests.said import rendered


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: people and staff talk here alone."""


BOTH = [(channel, language) for channel in ("telegram", "web") for language in ("nl", "en")]


@dataclass(kw_only=True)
class Scene:
    """A person with a sign-up, and staff who have its card."""

    program: Running
    noor: Someone
    card: Message
    reference: str

    async def writes(self, text: str, *, to: Message | None = None, by: str = "Anne") -> Message:
        """Staff answer the card, or another message."""
        return await self.program.staff.reply(to or self.card, text, by=by)

    async def staff_see(self, text: str) -> Message:
        """Wait for what staff read."""
        return await self.program.staff.sees(text)

    async def is_passed_on(self, text: str) -> Message:
        """The person types this, staff read it, and the person sees that it was passed on."""
        await self.noor.says(text)
        said = await self.staff_see(self.noor.in_own(text))
        await self.sees_it_went()
        return said

    async def sees_it_went(self) -> None:
        """A sign under what the person typed last, or a line."""
        if isinstance(self.noor, OnThePage):
            await self.noor.sees("talk/passed_on")
            return
        assert isinstance(self.noor, OnTelegram)
        person = self.noor.person
        assert await person.reacted(next(one for one in reversed(person.chat) if not one.by_bot)) == "👍"


@pytest.fixture(params=BOTH, ids=["-".join(one) for one in BOTH])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    channel, language = request.param
    async with running(tmp_path) as program, visiting(program.url, language=language) as visitor:
        person = OnTelegram(language=language, person=program.api.person("Noor", language=language))
        noor: Someone = person if channel == "telegram" else OnThePage(language=language, visitor=visitor)
        reference = await noor.signs_up()
        card = await program.staff.sees(reference)
        yield Scene(program=program, noor=noor, card=card, reference=reference)


async def test_a_talk(scene: Scene) -> None:
    """Staff write, the person answers by typing, both ways go on, and the person ends it."""
    noor = scene.noor
    said = await scene.writes("Past dinsdag?")
    first = await noor.sees("chat/staff_says", "Past dinsdag?")
    assert "Anne" in first
    assert "Anne" in (await scene.staff_see("Opgepakt door Anne")).text
    if isinstance(noor, OnTelegram):
        assert await scene.program.staff.reacted(said) == "👍"
    heard = await scene.is_passed_on("Dinsdag is goed | Tuesday is fine")
    assert heard.reply_to is scene.card
    await scene.writes("Mooi, tot dan.", to=heard, by="Bea")
    second = await noor.sees("Mooi, tot dan.")
    assert "Bea" in second
    await noor.says("/privacy")
    await noor.sees("topic/privacy")
    await scene.is_passed_on("Nog iets | One more thing")
    await noor.taps("talk:end")
    await noor.sees("talk/over")
    await scene.staff_see("staff/talk_over")
    await noor.says("Wat kost het? | What does it cost?")
    await noor.sees("topic/costs")


async def test_while_something_is_asked(scene: Scene) -> None:
    """What is typed at an open question answers that; with the button the next text goes to staff, and it goes on."""
    noor = scene.noor
    await noor.says("/aanmelden | /signup")
    await noor.taps("signup:another")
    await noor.sees("signup/ask/interest")
    await scene.writes("Mag ik je bellen?")
    await noor.sees("chat/staff_says", "Mag ik je bellen?")
    await noor.says("allebei | both")
    await noor.sees("signup/ask/organisation_type")
    await noor.taps("talk:answer")
    await noor.sees("talk/answer")
    await noor.says("Ja hoor, bel maar | Yes, do call")
    await scene.staff_see("Ja hoor, bel maar" if noor.language == "nl" else "Yes, do call")
    await noor.sees("signup/ask/organisation_type")
    await noor.says("gemeente | municipality")
    await noor.sees("signup/ask/organisation")


async def test_staff_end_it(scene: Scene) -> None:
    """/einde as a reply, or closing the case: the person reads that the assistant answers again."""
    noor = scene.noor
    await scene.writes("Hallo!")
    await noor.sees("chat/staff_says")
    await scene.writes("/einde", by="Bea")
    await noor.sees("talk/over")
    await scene.staff_see("staff/talk_over")
    await scene.writes("/end")
    await scene.staff_see("staff/no_talk")
    await scene.writes("Toch nog iets.")
    await noor.sees("chat/staff_says")
    await scene.program.staff.tap(f"staff:status:{scene.reference}:closed", by="Bea")
    await noor.sees("talk/over")
    await noor.says("Wat kost het? | What does it cost?")
    await noor.sees("topic/costs")


async def test_a_topic_as_an_answer(scene: Scene) -> None:
    """Staff send the checked answer of a topic, in the person's language, introduced as from staff."""
    await scene.writes("/stuur costs")
    shown = await scene.noor.hears("Anne")
    assert rendered("topic/costs", {}, scene.noor.language)[-60:].strip() in shown
    await scene.writes("/send parking")
    await scene.staff_see("staff/no_topic")
    await scene.program.staff.send("/stuur costs")
    await scene.staff_see("staff/reply_how")


async def test_talk_in_two_cases(scene: Scene) -> None:
    """A person with two sign-ups: what they type goes to the one that staff wrote about last."""
    noor = scene.noor
    await noor.says("/aanmelden | /signup")
    await noor.taps("signup:another")
    for answer in ("allebei | both", "gemeente | municipality", "Gemeente Zeist", "Noor", "noor@example.org"):
        await noor.says(answer)
    await noor.submits()
    second = await scene.program.staff.sees("Gemeente Zeist")
    await scene.writes("Over de eerste.")
    await noor.sees("Over de eerste.")
    await scene.writes("Over de tweede.", to=second)
    await noor.sees("Over de tweede.")
    heard = await scene.is_passed_on("Deze dus | This one")
    assert heard.reply_to is second


async def test_what_is_not_passed_on(scene: Scene) -> None:
    """Photos, what is too long, what staff change later, what colleagues say otherwise: nobody is left to guess."""
    noor, staff = scene.noor, scene.program.staff
    said = await scene.writes("Hallo!")
    await noor.sees("chat/staff_says")
    await scene.writes("x" * 3501)
    await scene.staff_see("staff/too_long")
    await staff.edit(said, "Hallo daar!")
    await scene.staff_see("staff/edited")
    staff.state.privacy = False
    await staff.send("Wie belt er?")
    await staff.send("", content={"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]},
                     reply_to=scene.card)  # fmt: skip
    await scene.staff_see("staff/only_text")
    if isinstance(noor, OnTelegram):
        await noor.person.send_photo()
        await noor.sees("talk/only_text")
    history = await said_to(scene)
    assert not [text for text in history if "daar" in text or "Wie belt" in text or "xxx" in text]


async def said_to(scene: Scene) -> list[str]:
    """All that the person was told."""
    if isinstance(scene.noor, OnTelegram):
        return scene.noor.person.said
    assert isinstance(scene.noor, OnThePage)
    return [one["text"] for one in await scene.noor.history()]


async def test_where_signs_are_refused(tmp_path: Path) -> None:
    """In chats that take no reactions a short line says that it arrived, on both sides."""
    async with running(tmp_path) as program:
        noor = OnTelegram(language="nl", person=program.api.person("Noor"))
        reference = await noor.signs_up()
        card = await program.staff.sees(reference)
        program.staff.state.reactions = noor.person.state.reactions = False
        await program.staff.reply(card, "Hallo!")
        await noor.sees("chat/staff_says")
        await program.staff.sees("staff/answered")
        await noor.says("Dag!")
        await program.staff.sees("Dag!")
        await noor.sees("talk/passed_on")
        program.api.calls.clear()  # the refusals were meant


async def test_who_is_removed_in_the_middle_of_a_talk(scene: Scene) -> None:
    """Staff are told without a detail, their cards are blanked, and a reply to what is left reaches nobody."""
    noor, staff = scene.noor, scene.program.staff
    await scene.writes("Hallo!")
    await noor.sees("chat/staff_says")
    heard = await scene.is_passed_on("Mijn hond heet Kwispel | My dog is called Kwispel")
    await noor.says("/verwijderen | /forget")
    await noor.taps("data:forget:confirm")
    await noor.sees("data/forgotten")
    await scene.staff_see("staff/forgotten")
    async with asyncio.timeout(PATIENCE):
        while "Kwispel" in "".join(staff.said) or "Noor" in "".join(staff.said):
            await asyncio.sleep(0.02)
    await scene.writes("Ben je er nog?", to=heard)
    await scene.staff_see("staff/not_found")
    assert not [text for text in await said_to(scene) if "Ben je er nog" in text]
