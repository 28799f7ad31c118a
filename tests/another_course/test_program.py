"""Another course in the real program: other facts, other topics, one language, with MESSAGES_DIR alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wording.check.check import problems
from tests.journey.program import Running, running, visiting

MESSAGES = Path(__file__).parent / "messages"
ANSWERS = ("de workshop", "iets anders", "Buurttuin Oost", "Mila Bakker", "mila@example.org")


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, messages_dir=MESSAGES) as started:
        yield started


def test_the_folder_is_in_order() -> None:
    """The check knows no topics, facts or languages but the course's own."""
    assert problems(MESSAGES) == []


async def test_the_whole_journey_in_telegram(program: Running) -> None:
    """Menu, topic, typed question, sign-up, reference, staff notice and mail are those of the other course."""
    mila = program.api.person("Mila", language="en")
    await mila.send("/start")
    menu = await mila.sees("Workshop Imkeren")
    assert ["topic:hive", "topic:clothing"] in [[button.id for button in row] for row in menu.buttons]
    await mila.tap("topic:clothing")
    await mila.sees("een imkerpak met hoed")
    await mila.send("wat kost de workshop?")
    await mila.sees("honderd euro")
    await mila.tap("signup:start")
    for answer in ANSWERS:
        await mila.sees("van 5")
        await mila.send(answer)
    await mila.tap("signup:submit")
    done = await mila.sees("kenmerk")
    reference = next(word.strip(".") for word in done.text.split() if word.count("-") == 1 and len(word) >= 9)
    notice = await program.staff.sees("Mila Bakker")
    assert reference in notice.text
    assert "De workshop" in notice.text
    assert reference in (await program.gets_mail("anne@course.example"))["Subject"]
    assert "Bo Honing" in str((await program.gets_mail("mila@example.org")).get_body(("plain",)))


async def test_the_web_chat_and_its_page(program: Running) -> None:
    """The page carries the other course's name, and its chat answers what was typed or tapped."""
    async with visiting(program.url) as visitor:
        async with visitor.http.get(program.url) as page:
            assert "Imkerij De Zoemende Gaard" in await page.text()
        await visitor.says("/start fee")
        assert "honderd euro" in visitor.heard[-1]["text"]
        assert "vier zaterdagen" in await visitor.says("Wat doen we?")
        assert "april" in await visitor.taps("topic:season")
        assert "honderd euro" in await visitor.says("hoe duur is het")
        await visitor.says("/privacy")
        assert visitor.heard[-1]["topic"] == "privacy"
        assert "/aanmelden" in await visitor.says("/help")


async def test_a_group_of_another_size_is_explained(program: Running) -> None:
    """The course's own smallest and largest group count."""
    async with visiting(program.url) as visitor:
        await visitor.says("/aanmelden")
        for answer in ANSWERS:
            await visitor.says(answer)
        await visitor.taps("signup:more")
        for _ in range(3):
            await visitor.says("overslaan")
        assert "3 tot en met 9" in await visitor.says("12")
