"""Whatever somebody left, wherever it went: once they are removed nobody finds it, with key and files in hand."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cli.operator import Operator
from bot.privacy.retention import Retention
from storage.contents import Letter
from storage.records import Delivery
from storage.store import Storage
from tests.botapi import StaffGroup
from tests.journey.program import Running, Visitor, running, visiting
from tests.journey.someone import OnTelegram, OnThePage, Someone
from tests.security.journey import logged
from tests.security.searching import bytes_of, files_of, gone, holding, words_in_bytes, words_in_tables
from tests.storage.samples import outgoing

pytestmark = pytest.mark.timeout(400)

STAYS = "Ekster"  #: who is removed last: what is searched for is found where it is


@dataclass(kw_only=True)
class Machine:
    """The program while it runs, and everything on its machine."""

    program: Running
    storage: Storage
    key: str

    def texts(self) -> Mapping[str, str]:
        """All that can be read with the key: tables, database files, a backup, mail, the staff chat."""
        url = self.program.settings.database_url
        found = words_in_tables(url, self.key)
        for path in files_of(self.program.folder):
            if path.suffix != ".eml":
                found[path.name] = words_in_bytes(bytes_of(path), self.key)
        found["mail"] = "".join(mail.as_string() for mail in self.program.mails())
        found["staff chat"] = "".join((*self.program.staff.said, *self.program.staff.state.titles.values()))
        return found

    async def gave_up(self, reference: str, word: str) -> None:
        """A mail about this lead could not be delivered, and the server said so in its words."""
        async with self.storage.transaction() as tx:
            lead = await tx.leads.find(reference)
            assert lead
            says = Letter(to="x@y.nl", reply_to=None, subject=word, text=word, html=word, message_id="<1@y.nl>")
            mail = outgoing("mail:x@y.nl", kind="mail", content=says, chat=lead.chat, lead=reference)
            (message,) = await tx.outbox.add([mail])
            error, at = f"refused: {word}", datetime.now(UTC)
            await tx.outbox.record([Delivery(id=message.id or 0, status="failed", attempts=9, error=error, at=at)])


@asynccontextmanager
async def machine(folder: Path, url: str | None) -> AsyncIterator[Machine]:
    """The program on one of the engines, on PostgreSQL with a staff group that has topics."""
    key = Fernet.generate_key().decode()
    address = url or f"sqlite:///{folder}/bot.db"
    async with running(folder, () if url else None, database_url=address, data_key=key) as program:
        storage = await Storage.open(address, data_key=key, make=False)
        try:
            yield Machine(program=program, storage=storage, key=key)
        finally:
            await storage.close()


async def leaves_everything(someone: Someone, word: str, there: Machine) -> None:
    """A question that is not understood, a whole sign-up, a new address, a question for staff, half a sign-up."""
    staff = there.program.staff
    await someone.says(f"Hoe zwaar wordt een {word}?")
    reference = await someone.signs_up("beide", "gemeente", f"Huize {word}", f"Jo {word}", f"{word}@eerst.nl")
    notice = await staff.sees(word)
    await someone.taps(f"lead:edit:{reference}")
    await someone.taps("signup:edit:email")
    await someone.says(f"{word}@later.nl")
    await someone.sees("signup/review")
    await someone.taps("signup:more")
    optional = ("role", "phone", "group_composition", "participants", "place", "period", "remark")
    answers = (f"Hoofd {word}", "06 12345678", "één gemeente", "12", f"Wijk {word}", f"na {word}", f"{word} is fijn")
    for field, answer in zip(optional, answers, strict=True):
        await someone.sees(f"signup/ask/{field}")
        await someone.says(answer)
    await someone.sees("signup/review")
    await someone.submits()
    await staff.reply(notice, f"Dag {word}, tot dan.")
    await someone.sees(f"Dag {word}")
    await staff.reply(notice, f"/notitie {word} belt liever")
    await staff.sees("staff/noted")
    await someone.says(f"Dank je, zegt {word}.")
    await staff.sees(f"zegt {word}")
    await someone.says("/contact")
    await someone.sees("contact/ask")
    await someone.says(f"Mag de {word} mee?")
    await someone.taps("contact:forward")
    await staff.sees(f"Mag de {word} mee?")
    await someone.says("/mijngegevens")
    await someone.says("/aanmelden")
    await someone.taps("signup:another")
    for field, answer in (("interest", "beide"), ("organisation_type", "gemeente"), ("organisation", f"Huis {word}")):
        await someone.sees(f"signup/ask/{field}")
        await someone.says(answer)
    await someone.sees("signup/ask/name")
    await there.gave_up(reference, word)
    await staff.send(f"/lead {reference}")
    await staff.sees(f"{word} is fijn")


async def staff_look(there: Machine, word: str) -> None:
    """Staff ask for every list there is."""
    for command, seen in (("/leads", word), ("/questions", word), ("/export", "staff/export")):
        await there.program.staff.send(command)
        await there.program.staff.sees(seen)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """An empty PostgreSQL database, or None for a file."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def test_nothing_is_left(tmp_path: Path, url: str | None) -> None:
    """Removed in Telegram, on the page, by an operator who has the first address, and by its term: no trace of any."""
    with logged("json") as log:
        async with machine(tmp_path, url) as there:
            program = there.program
            async with visiting(program.url) as page, visiting(program.url) as other:
                people = {
                    "Kolibrie": OnTelegram(language="nl", person=program.api.person("Kolibrie")),
                    "Pauwoog": OnThePage(language="nl", visitor=page),
                    "Nachtegaal": OnThePage(language="nl", visitor=other),
                    STAYS: OnTelegram(language="nl", person=program.api.person(STAYS)),
                }
                for word, someone in people.items():
                    await leaves_everything(someone, word, there)
                await staff_look(there, STAYS)
                before = there.texts()
                for word in ("Kolibrie", "Pauwoog"):
                    await people[word].says("/verwijderen")
                    await people[word].taps("data:forget:confirm")
                    await people[word].sees("data/forgotten")
                    await gone(there.texts, word)
                await Operator(program.settings, there.storage).forget("NACHTEGAAL@eerst.nl")
                await gone(there.texts, "Nachtegaal")
                if url is None:
                    await there.storage.backup(tmp_path / "backup.db")
                left = there.texts()
                retention = Retention(there.storage, program.settings, lambda notices, now: ())
                await retention.purge(datetime.now(UTC) + timedelta(days=366))
                await there.storage.overwrite_removed()
                (tmp_path / "backup.db").unlink(missing_ok=True)
                last = {name: text for name, text in there.texts().items() if name != "staff chat"}
    assert searched(before, "Kolibrie") >= HOLDS, "the search finds what is there"
    assert searched(before, "Pauwoog") >= HOLDS | {"transcript.data", "handled.body"}
    assert url or searched(before, "Kolibrie") >= {"bot.db-wal"}
    assert searched(left, STAYS) >= HOLDS | (set() if url else {"backup.db"})
    assert searched(left, "Kolibrie") | searched(left, "Pauwoog") | searched(left, "Nachtegaal") == set()
    assert searched(last, STAYS) == set()
    assert not holding(people, log.getvalue())


HOLDS = {
    "case_events.data", "cases.data", "conversations.data", "leads.data", "outgoing.data", "outgoing.error",
    "questions.data", "mail", "staff chat",
}  # fmt: skip


def searched(texts: Mapping[str, str], word: str) -> set[str]:
    """Where a word stands."""
    return {name for name, text in texts.items() if holding([word], text)}


TYPED = (
    "Wat eet een {0}?", "{0}", "ik ben {0} en wil graag meedoen", "/aanmelden", "/contact", "/mijngegevens", "beide",
    "gemeente", "Huize {0}", "Jo {0}", "{0}@eerst.nl", "{0}@gmial.com", "mijn mail is {0}@later.nl", "06-12345678",
    "organisatie: {0}", "klopt niet, ik heet {0}", "kan {0} mij bellen op 06-12345678?", "nee", "ja", "/start {0}",
)  # fmt: skip
WORTH_A_TAP = ("signup:submit", "contact:forward", "signup:edit", "signup:more", "lead:edit")


async def wanders(chance: random.Random, someone: Visitor, word: str, staff: StaffGroup) -> None:
    """Somebody types and taps whatever there is, while staff look and answer."""
    for _ in range(25):
        rows = [row for message in someone.heard[-3:] for row in message["buttons"]]
        buttons = [one["id"] for row in rows for one in row if not one["id"].startswith("data:forget:confirm")]
        worth = [one for one in buttons if one.startswith(WORTH_A_TAP)]
        if buttons and chance.random() < 0.6:
            await someone.sends(choice=chance.choice(worth or buttons))
        else:
            await someone.says(chance.choice(TYPED).format(word))
        about = [message for message in staff.chat if message.by_bot and word in message.text]
        if about and chance.random() < 0.3:
            await staff.reply(chance.choice(about), f"Dag {word}!")
        elif chance.random() < 0.2:
            await staff.send(chance.choice(("/leads", "/questions", f"/lead {word}")))


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_somebody_does(tmp_path: Path, seed: int) -> None:
    """Whatever way somebody went, with staff looking on: after the removal nothing of it is left, nor in the log."""
    chance, word = random.Random(seed), "Kwikstaart"
    with logged("json") as log:
        async with machine(tmp_path, None) as there, visiting(there.program.url) as someone:
            await wanders(chance, someone, word, there.program.staff)
            await someone.says("/verwijderen")
            await someone.taps("data:forget:confirm")
            await gone(there.texts, word)
    assert not holding([word], log.getvalue())
