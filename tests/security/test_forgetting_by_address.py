"""Who asks by letter or telephone to be removed is found, however the address is written and whenever it was theirs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.operator import Operator, Wrong
from bot.settings import Settings, load_settings
from storage.store import Storage
from tests.journey.program import running, visiting
from tests.storage.samples import lead


@dataclass(kw_only=True)
class Stored:
    """A database with leads, and who removes from it."""

    settings: Settings
    storage: Storage

    async def forgets(self, email: str) -> None:
        """``leads forget --email``."""
        await Operator(self.settings, self.storage).forget(email)

    async def left(self) -> list[str]:
        """The references of the leads that are there, by letter."""
        async with self.storage.reading() as tx:
            return sorted(one.reference for one in await tx.leads.list())


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    """Two leads, one at a domain with a letter beyond ASCII."""
    names = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "MAIL_URL": f"file:{tmp_path}/mail",
        "CONTACT_EMAIL": "info@course.example",
    }  # fmt: skip
    settings = load_settings(names, None)
    storage = await Storage.open(settings.database_url, data_key=None)
    async with storage.transaction() as tx:
        await tx.leads.save([lead("ZOEZ", answers={"email": "zoë@müller.nl"}), lead("REST", chat="web:2")])
    yield Stored(settings=settings, storage=storage)
    await storage.close()


WAYS = (
    "zoë@müller.nl", "ZOË@MÜLLER.NL", "  zoë@müller.nl\n", "zoë@xn--mller-kva.nl", "zoë@XN--MLLER-KVA.NL",
    "Zoë Müller <zoë@müller.nl>", "mailto:zoë@müller.nl", "mailto:zoë@müller.nl?subject=weg", '"zoë@müller.nl"',
    "zoe\u0308@mu\u0308ller.nl", "\u200bzoë@müller.nl\ufeff", "zoë＠müller.nl", "zoë@müller.nl.",
)  # fmt: skip


@pytest.mark.parametrize("typed", WAYS)
async def test_however_it_is_written(stored: Stored, typed: str) -> None:
    """With a name, a scheme, capitals, spaces or in the domain's other spelling: the same person, and nobody else."""
    await stored.forgets(typed)
    assert await stored.left() == ["REST"]


@pytest.mark.parametrize("typed", ["zoe@müller.nl", "oë@müller.nl", "zoë@müller.nl.be", "zoë@muller.nl"])
async def test_another_address_is_another(stored: Stored, typed: str) -> None:
    """One letter more, less or other is somebody else's."""
    with pytest.raises(Wrong):
        await stored.forgets(typed)
    assert await stored.left() == ["REST", "ZOEZ"]


async def test_the_organisations_own_address(stored: Stored) -> None:
    """A colleague who tried the sign-up with the contact address goes alone: mail about everybody went there."""
    async with stored.storage.transaction() as tx:
        await tx.leads.save([lead("TEST", chat="web:3", answers={"email": "info@course.example"})])
    await stored.forgets("info@course.example")
    assert await stored.left() == ["REST", "ZOEZ"]


async def test_every_address_a_lead_ever_had(tmp_path: Path) -> None:
    """Two changes later the first address still finds lead, mail, messages and conversation: nothing of it is left."""
    addresses = ("eerst@kwikstaart.nl", "tussen@kwikstaart.nl", "nu@kwikstaart.nl")
    async with running(tmp_path) as program:
        async with visiting(program.url) as noor:
            await noor.says("/aanmelden")
            for answer in ("beide", "gemeente", "Gemeente Utrecht", "Noor", addresses[0]):
                await noor.says(answer)
            await noor.taps("signup:submit")
            await program.gets_mail(addresses[0], "")
            for address in addresses[1:]:
                await noor.says("/aanmelden")
                edit = next(one for one in buttons(noor.heard) if one.startswith("lead:edit:"))
                await noor.sends(choice=edit)
                await noor.taps("signup:edit:email")
                await noor.says(address)
                await noor.taps("signup:submit")
                await program.gets_mail(address, "")
        storage = await Storage.open(program.settings.database_url, data_key=None, make=False)
        try:
            await Operator(program.settings, storage).forget("eerst@Kwikstaart.nl")
            async with storage.reading() as tx:
                assert await tx.leads.list() == []
        finally:
            await storage.close()
        await program.staff.sees("staff/forgotten", within=15)
        assert not [mail for mail in program.mails() if "kwikstaart" in mail.as_string()]


def buttons(heard: list[dict[str, list[list[dict[str, str]]]]]) -> list[str]:
    """The ids of all buttons, newest message first."""
    return [one["id"] for message in reversed(heard) for row in message["buttons"] for one in row]
