"""A course that asks something else altogether: "AI voor raadsleden", in the real program, by its folder alone."""

import csv
import io
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.operator import Operator
from bot.dialogue.context import Context
from bot.dialogue.events import Chosen, Typed
from bot.dialogue.fields import Kind, Role
from bot.dialogue.records import Conversation, Draft, LeadSaved, State
from bot.dialogue.respond import respond
from bot.settings import load_settings
from bot.wording import Wording
from bot.wording.check.check import advice, problems
from bot.wording.form import read_form
from bot.wording.newcourse import make_course
from storage.store import Storage
from tests.another_course.councillors import councillors
from tests.dialogue.person import acts, check_email, check_phone, find, match
from tests.events import happens
from tests.journey.program import body_of, running, visiting

REQUIRED = ("11 maart", "Fatima el Amrani", "f.elamrani@raad.example.org")
OPTIONAL = ("weleens", "Fractie Ooievaar", "2 gasten", "3 mei", "06 12345678", "Ik wil weten\nhoe een kameleon leert")
ANSWERS = {
    "avond": "2027-03-11",
    "raadslid": "Fatima el Amrani",
    "post": "f.elamrani@raad.example.org",
    "ervaring": "soms",
    "fractie": "Fractie Ooievaar",
    "gasten": 2,
    "nummer": "+31612345678",
    "vraag": "Ik wil weten\nhoe een kameleon leert",
}


def test_the_folder_is_in_order() -> None:
    """An organiser who wrote these files and no more has nothing to mend."""
    assert problems(councillors()) == []
    assert [one.text for one in advice(councillors())] == []
    form = read_form(councillors())
    assert form.required == ("avond", "raadslid", "post")
    assert form.by_name["avond"].options == ("2027-03-04", "2027-03-11", "2027-04-08", "2027-12-02")


async def test_a_councillor_chooses_an_evening_and_comes(tmp_path: Path) -> None:
    """Dates to choose from, a day to be called, guests: asked, shown, told to staff, exported, and gone when asked."""
    async with running(tmp_path, messages_dir=councillors()) as program, visiting(program.url) as fatima:
        assert "€ 45 per raadslid" in await fatima.says("wat kost het?")
        asked = await fatima.says("/aanmelden")
        assert "4 maart 2027" in str(fatima.heard[-1]["buttons"])
        assert "Welke avond" in asked
        assert "knop" in await fatima.says("5 maart")
        for answer in REQUIRED:
            shown = await fatima.says(answer)
        assert "11 maart 2027" in shown
        assert "organisatie" not in shown.casefold()
        shown = await fatima.taps("signup:more")
        for answer in ("weet ik veel wat", *OPTIONAL[:2], "9", *OPTIONAL[2:3], "31 februari", *OPTIONAL[3:]):
            shown = await fatima.says(answer)
        assert all(text in shown for text in ("Fractie Ooievaar", "3 mei 20", "kameleon", "Soms"))
        assert "8 april 2027" in await fatima.says("toch 8 april")
        await fatima.says("avond: 11 maart")
        done = await fatima.taps("signup:submit")
        notice = await program.staff.sees("Fatima el Amrani")
        assert "11 maart 2027" in notice.text
        mail = await program.gets_mail("anne@course.example")
        assert mail["Subject"].endswith(": Fatima el Amrani")
        assert "Fractie: Fractie Ooievaar" in body_of(mail)
        assert "Fatima el Amrani" in body_of(await program.gets_mail(REQUIRED[2]))
        await _is_exported(tmp_path, program.settings.database_url, done)
        _only_choices_are_plain(tmp_path)
        await fatima.says("/verwijderen")
        await fatima.taps("data:forget:confirm")
        with sqlite3.connect(tmp_path / "bot.db") as database:
            assert database.execute("SELECT count(*) FROM leads").fetchone() == (0,)


async def _is_exported(folder: Path, url: str, done: str) -> None:
    chosen = load_settings({"DATABASE_URL": url, "MESSAGES_DIR": str(councillors())}, None)
    storage = await Storage.open(url, data_key=None)
    try:
        for form in ("json", "csv"):
            await Operator(chosen, storage).export(form, folder / f"leads.{form}")
        async with storage.reading() as tx:
            assert (await tx.leads.counts())["avond"] == {"2027-03-11": 1}
    finally:
        await storage.close()
    [lead] = json.loads((folder / "leads.json").read_text("utf-8"))
    assert lead["reference"] in done
    assert {name: lead[name] for name in ANSWERS} == ANSWERS
    [row] = csv.DictReader(io.StringIO((folder / "leads.csv").read_text("utf-8-sig")))
    assert (row["nummer"], row["gasten"]) == ("tel:+31612345678", "2")
    assert "organisation" not in row


def _only_choices_are_plain(folder: Path) -> None:
    """A thief of the disk without the key reads which evening, and nothing that somebody typed."""
    assert choices_in(folder) == {"avond": "2027-03-11", "ervaring": "soms"}
    typed_nowhere(folder, b"Ooievaar", b"Fatima", b"f.elamrani", b"kameleon")


def choices_in(folder: Path) -> object:
    with sqlite3.connect(folder / "bot.db") as database:
        [(choices,)] = database.execute("SELECT choices FROM leads").fetchall()
    return json.loads(choices)


def typed_nowhere(folder: Path, *words: bytes) -> None:
    stored = b"".join(path.read_bytes() for path in folder.glob("bot.db*"))
    assert stored
    assert [word for word in words if word in stored] == []


async def test_in_german_nothing_that_is_typed_is_plain(german: Path, tmp_path: Path) -> None:
    """Who signs up for a course in German is as safe, and gone when asked."""
    async with running(tmp_path, messages_dir=german) as program, visiting(program.url, "de") as jan:
        await jan.says("/signup")
        for answer in ("Jan Zaunkönig", "zaunkoenig@kranichhof.example.org"):
            await jan.says(answer)
        await jan.taps("signup:more")
        await jan.says("Kranichhof")
        for field in ("phone", "participants", "remark"):
            await jan.taps(f"signup:skip:{field}")
        await jan.taps("signup:submit")
        await program.staff.sees("Zaunkönig")
        typed_nowhere(tmp_path, b"Kranichhof", b"kranichhof", "Zaunkönig".encode(), b"zaunkoenig")
        await jan.says("/forget")
        await jan.taps("data:forget:confirm")
        with sqlite3.connect(tmp_path / "bot.db") as database:
            assert database.execute("SELECT count(*) FROM leads").fetchone() == (0,)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in German alone, as new-course makes it."""
    folder = tmp_path_factory.mktemp("new") / "kurs"
    make_course(folder, ["de"])
    return folder


@pytest.fixture(scope="module")
def context() -> Context:
    """The councillors' course, with hand-written models around it."""
    return made(councillors())


def made(folder: Path) -> Context:
    return Context(
        now=datetime(2026, 11, 22, 12, tzinfo=UTC), course=Wording.load(folder, {}).course, match=match,
        check_email=check_email, check_phone=check_phone, find=find, acts=acts, new_token=lambda: "tok123",
        new_reference=lambda: "K7RM-42XD",
    )  # fmt: skip


SAID = (
    "/aanmelden", *REQUIRED, *OPTIONAL, "ja", "nee", "terug", "overslaan", "verstuur", "meer", "stop", "naam: Jo Bos",
    "de tweede", "wij zijn een gemeente", "ik werk bij Stedin", "ik ben projectleider", "met 12 man", "wat kost het?",
    "/mijngegevens", "12-3-2027", "allebei", "fractie: Samen", "noor@gmial.com", "geen", "💬", "x" * 400,
)  # fmt: skip


anything = given(steps=st.lists(st.one_of(st.sampled_from(SAID), st.integers(0, 8)), min_size=5, max_size=25))
often = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def context_in_german(german: Path) -> Context:
    """The same around a course in German, with the fields of every new course."""
    return made(german)


@often
@anything
def test_in_german_too(context_in_german: Context, steps: list[str | int]) -> None:
    """Whatever somebody does, what is kept is what the form asks."""
    does(context_in_german, steps)


@often
@anything
def test_whatever_somebody_does_the_form_holds(context: Context, steps: list[str | int]) -> None:
    """There is always an answer, kept is only what is asked, an option is one of the options, what is sent is whole."""
    does(context, steps)


def does(context: Context, steps: list[str | int]) -> None:
    conversation = Conversation(chat="telegram:7", language=context.course.languages[0])
    buttons = ["signup:start"]
    for number, step in enumerate(["/aanmelden", *steps]):
        kind, said = (Typed, step) if isinstance(step, str) else (Chosen, buttons[step % len(buttons)])
        turn = respond(conversation, happens(kind, said, id=str(number), chat="telegram:7", at=context.now), context)
        conversation = turn.conversation
        assert turn.replies
        buttons = [one.id for reply in turn.replies for row in reply.buttons for one in row] or buttons
        answers = conversation.draft.answers if conversation.draft else {}
        _holds(context, answers)
        for effect in turn.effects:
            if isinstance(effect, LeadSaved):
                assert context.form.next_required(effect.lead.answers) is None
                assert effect.lead.email == effect.lead.answers[context.form.having(Role.EMAIL)]


def _holds(context: Context, answers: Mapping[str, str]) -> None:
    form = context.form
    assert set(answers) <= set(form.by_name)
    assert all(answers[name] in form.by_name[name].options for name in form.choices(answers))
    for name in set(form.of(Kind.NUMBER)) & set(answers):
        assert form.by_name[name].least <= int(answers[name]) <= form.by_name[name].most
    assert all(datetime.fromisoformat(answers[name]) for name in form.of(Kind.DATE) if name in answers)


def test_a_question_that_is_gone_is_asked_no_more(context: Context) -> None:
    """Who comes back after the form changed goes on at the first question that is open, and loses nothing else."""
    old = {"avond": "2026-01-01", "raadslid": "Jo Bos", "wens": "koffie"}
    draft = Draft(token="tok123", started_at=context.now, answers=old, step="wens")
    conversation = Conversation(chat="telegram:7", language="nl", state=State.ASK, draft=draft)
    turn = respond(conversation, happens(Typed, "hoi", id="1", chat="telegram:7", at=context.now), context)
    assert [reply.message for reply in turn.replies][-1] == "signup/ask/avond"
    assert turn.conversation.draft
    assert turn.conversation.draft.answers == {"raadslid": "Jo Bos", "wens": "koffie"}
