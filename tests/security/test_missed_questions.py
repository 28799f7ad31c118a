"""What was not understood is kept for editors to learn from: not whose it is, and not beyond the reach of removal."""

import json

import pytest

from storage.store import Storage
from tests.journey.program import Running, visiting
from tests.security.test_my_data import newest_file

WHOLE = "Meld mij aan: Jan de Vries, Gemeente Utrecht, jan.de.vries@utrecht.nl, 06-12345678"
MIXED = "Krijg ik een zeepaardje cadeau? Mail me: jan.de.vries@utrecht.nl of bel 06-12345678, groet Jan de Vries"
TRACES = ("jan", "vries", "utrecht", "12345678", "@")


async def asked(program: Running) -> list[str]:
    """The questions that are kept."""
    storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
    try:
        async with storage.reading() as tx:
            return [one.question for one in await tx.questions.recent()]
    finally:
        await storage.close()


@pytest.mark.parametrize("text", [WHOLE, MIXED])
async def test_whose_it_is_reaches_nobody(program: Running, text: str) -> None:
    """Name, address and number are noted for a sign-up, never kept as a question or shown to staff, and removed."""
    jan = program.api.person("Jan")
    await jan.send(text)
    await jan.sees()
    kept = await asked(program)
    assert not [one for one in kept for trace in TRACES if trace in one.lower()]
    assert ["cadeau" in one for one in kept] == [True] * (text is MIXED)
    await program.staff.send("/questions")
    shown = await program.staff.sees("cadeau" if text is MIXED else "")
    assert not [trace for trace in TRACES if trace in shown.text.lower()]
    await jan.send("/mijngegevens")
    await jan.sees("data/mine")
    file = newest_file(jan.chat)
    assert (file["noted"] or file["draft"])["email"] == "jan.de.vries@utrecht.nl"
    assert [one["text"] for one in newest_file(jan.chat)["questions_not_understood"]] == kept
    await jan.send("/verwijderen")
    await jan.tap("data:forget:confirm")
    await jan.sees("data/forgotten")
    assert await asked(program) == []
    await jan.send("/mijngegevens")
    await jan.sees("data/none")
    left = json.dumps(newest_file(jan.chat)).lower()
    assert not [trace for trace in TRACES if trace in left]


async def test_only_ones_own_goes(program: Running) -> None:
    """On the page as well; the same question of somebody else stays, and stands in nobody else's file."""
    async with visiting(program.url) as kees, visiting(program.url) as noor:
        for one in (kees, noor):
            await one.says("Wat eet een Zeepaardje?")
        await kees.says("/verwijderen")
        await kees.taps("data:forget:confirm")
        assert await asked(program) == ["Wat eet een Zeepaardje?"]
        await noor.says("/mijngegevens")
        await kees.says("/mijngegevens")
        mine, his = (json.loads(one.heard[-1]["file"]["content"]) for one in (noor, kees))
    assert [one["text"] for one in mine["questions_not_understood"]] == ["Wat eet een Zeepaardje?"]
    assert his["questions_not_understood"] == []
