"""Two who tap at once: one owner, one line to the person, a history that explains it, and cards that say so."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.events import Actor, Chosen, Event, Tapped, Typed
from bot.dialogue.records import Conversation
from bot.notifications.notifier import Notifier, Ways
from bot.outbox import StaffAddress
from bot.staff.chat import StaffChat
from bot.staff.transitions import Act
from bot.turns.batch import Answer
from bot.turns.desk import Desk, Rules
from bot.wording import Wording
from storage.case_records import Case, Did, Status
from storage.contents import Edit, Send, Topic, TopicChange
from storage.follow import Following
from storage.records import Notice, Outgoing
from storage.store import Storage
from tests.dialogue.person import Person
from tests.events import happens
from tests.postgres import postgres_server, postgres_url
from tests.said import worded
from tests.storage.conftest import Open, opened, postgres_template, postgresql_ready, sqlite_ready, sqlite_template
from tests.storage.samples import case, lead
from tests.turns.post import Post

__all__ = [
    "opened", "postgres_server", "postgres_template", "postgres_url", "postgresql_ready", "sqlite_ready",
    "sqlite_template",
]  # fmt: skip

STAFF, CHAT, REFERENCE, CARD, TOPIC = "telegram:-100", "telegram:5", "K7PQ-X4MT", 7, 6
WORDS = worded()
MEMBERS = {"Anne": Actor(id="telegram:71", name="Anne de Boer"), "Bea": Actor(id="telegram:72", name="Bea")}


@dataclass(kw_only=True)
class Process:
    """One process that answers staff."""

    storage: Storage
    desk: Desk
    post: Post
    numbers: dict[str, int] = field(default_factory=lambda: {"next": 0})

    def tap(self, button: str, by: str, at: datetime) -> Event:
        """A tap on the card."""
        self.numbers["next"] += 1
        return happens(
            Chosen, button, id=f"{self.storage.owner}{self.numbers['next']}", chat=STAFF, at=at, actor=MEMBERS[by],
            tapped=Tapped(message_id=CARD, html="x"),
        )  # fmt: skip

    async def does(self, *events: Event) -> list[Answer]:
        """All these in one batch."""
        return await self.desk.handle(events)


def process(storage: Storage, wording: Wording = WORDS) -> Process:
    """A process on this storage."""
    staff, post = StaffChat(wording, StaffAddress(STAFF), "nl"), Post()
    sound = Person().context()
    rules = Rules(
        wording=wording,
        context=lambda: replace(sound, now=now()),
        notify=lambda *_: (),
        following=Following(refresh=staff.refresh),
        staff=staff,
    )
    return Process(storage=storage, desk=Desk(storage, rules, post), post=post)


@asynccontextmanager
async def a_case(storage: Storage) -> AsyncIterator[Process]:
    """A lead with its card, and a process that answers staff."""
    async with storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=CHAT, language="nl")])
        await tx.leads.save([lead(REFERENCE, CHAT)])
        await tx.cases.open([case(REFERENCE, CHAT)])
        await tx.notices.add([Notice(staff_chat=STAFF, message_id=CARD, chat=CHAT, lead=REFERENCE, version=1)])
    yield process(storage)


async def state(storage: Storage) -> tuple[Case, list[Did], list[Outgoing]]:
    """The case, its history, and what waits to leave about its person."""
    async with storage.transaction() as tx:
        known = await tx.cases.find(REFERENCE)
        history = (await tx.cases.history([REFERENCE])).get(REFERENCE, ())
        waiting = await tx.outbox.waiting_about(CHAT)
        kept = await tx.leads.find(REFERENCE)
    assert known
    assert kept
    assert kept.status == str(known.status)
    return known, [event.did for event in history], waiting


def now() -> datetime:
    return datetime.now(UTC)


async def test_two_in_one_batch(sqlite_ready: str, opened: Open) -> None:
    """In order: the first has it, the second is told who, the person once, and one edit of the card leaves."""
    storage = await opened(sqlite_ready, owner="one")
    async with a_case(storage) as house:
        claim = f"staff:claim:{REFERENCE}"
        first, second, third = await house.does(*(house.tap(claim, by, now()) for by in ("Anne", "Bea", "Anne")))
    known, history, waiting = await state(storage)
    assert (known.status, known.owner and known.owner.name, history) == (Status.CLAIMED, "Anne de Boer", [Did.CLAIMED])
    assert len({first.toast, second.toast, third.toast}) == 3
    assert "Anne de Boer" in (second.toast or "")
    assert [one.lane for one in waiting if not isinstance(one.content, Edit)] == [CHAT]
    assert len([one for one in waiting if isinstance(one.content, Edit)]) == 1


async def test_two_in_two_processes(postgresql_ready: str, opened: Open) -> None:
    """Each by another process at the same time: one of them has it, whoever it is, and the person is told once."""
    houses = [process(await opened(postgresql_ready, owner=owner)) for owner in ("one", "two")]
    async with a_case(houses[0].storage):
        claim = f"staff:claim:{REFERENCE}"
        taps = zip(houses, ("Anne", "Bea"), strict=True)
        await asyncio.gather(*(house.does(house.tap(claim, by, now())) for house, by in taps))
    known, history, waiting = await state(houses[0].storage)
    assert (known.status, history) == (Status.CLAIMED, [Did.CLAIMED])
    assert known.owner
    assert [one.lane for one in waiting if not isinstance(one.content, Edit)] == [CHAT]


async def test_the_newest_edit_replaces_those_that_wait(sqlite_ready: str, opened: Open) -> None:
    """However often a case changes while the group may not be written to, one edit waits, and it says the latest."""
    storage = await opened(sqlite_ready, owner="one")
    async with a_case(storage) as house:
        for button in (f"claim:{REFERENCE}", f"status:{REFERENCE}:planned", f"status:{REFERENCE}:closed"):
            await house.does(house.tap(f"staff:{button}", "Bea", now()))
    _, _, waiting = await state(storage)
    [edit] = [one.content for one in waiting if isinstance(one.content, Edit)]
    assert edit.buttons[0][0][0] == f"staff:reopen:{REFERENCE}"


async def something(chance: random.Random, house: Process, at: datetime) -> Process:
    """A tap, or something that is said; now and then the process is another one afterwards."""
    by = chance.choice(list(MEMBERS))
    status = f"staff:status:{REFERENCE}:{chance.choice((Act.CONTACTED, Act.PLANNED, Act.CLOSED))}"
    button = chance.choice((status, *(f"staff:{act}:{REFERENCE}" for act in ("claim", "release", "reopen"))))
    text = chance.choice(("Past dinsdag?", "/notitie belt terug", "/einde", f"/lead {REFERENCE}"))
    said = happens(
        Typed, text, id=f"t{at}", chat=STAFF, at=at, actor=MEMBERS[by], replied_to=CARD,
        replied_text=f"Aanmelding {REFERENCE}", message_id=900,
    )  # fmt: skip
    await house.does(*([house.tap(button, by, at)] if chance.random() < 0.7 else [said]))
    return process(house.storage) if chance.random() < 0.2 else house


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_staff_and_person_do(sqlite_ready: str, opened: Open, seed: int) -> None:
    """After any taps, notes, replies, kills and new cards: one status, an owner or none, and a card that says so."""
    chance = random.Random(seed)
    storage = await opened(sqlite_ready, owner="one")
    async with a_case(storage) as house:
        await in_a_topic(storage)
        for minutes in range(15):
            house = await something(chance, house, now() + timedelta(minutes=minutes))
        shown = await as_shown(storage)
    known, history, waiting = await state(storage)
    assert (known.owner is None) == (known.status is Status.NEW)
    moved = [did for did in history if did not in (Did.NOTED, Did.TALKED, Did.ENDED)]
    assert LEADS_TO[moved[-1]] is known.status if moved else known.status is Status.NEW
    expected = {Status.NEW: "claim", Status.CLOSED: "reopen"}.get(known.status, "status")
    assert {button.split(":")[1] for button in shown} <= {expected}
    assert any(isinstance(one.content, Topic) for one in waiting) == (Did.CLOSED in moved), "the topic follows"


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_is_removed_in_the_middle(sqlite_ready: str, opened: Open, seed: int) -> None:
    """Whatever staff did before and do afterwards: card and topic go, and nothing of the person is there or leaves."""
    chance = random.Random(seed)
    storage = await opened(sqlite_ready, owner="one")
    async with a_case(storage) as house:
        await in_a_topic(storage)
        for minutes in range(chance.randrange(8)):
            house = await something(chance, house, now() + timedelta(minutes=minutes))
        async with storage.transaction() as tx:
            forgotten = await tx.people.forget([CHAT])
        gone = Notifier(WORDS, Ways(language="nl", staff_chat=STAFF)).redact(forgotten.notices, now())
        assert [one.content.message_id for one in gone if isinstance(one.content, Edit)] == [CARD]
        assert gone[-1].content == Topic(change=TopicChange.REMOVED, thread=TOPIC, name="verwijderd")
        for minutes in range(10, 16):
            house = await something(chance, house, now() + timedelta(minutes=minutes))
    async with storage.transaction() as tx:
        left = await tx.cases.find(REFERENCE), await tx.cases.history([REFERENCE]), await tx.leads.find(REFERENCE)
        assert left == (None, {}, None)
        assert await tx.outbox.waiting_about(CHAT) == []


async def in_a_topic(storage: Storage) -> None:
    """The case has a topic of its own."""
    async with storage.transaction() as tx:
        begun = Notice(staff_chat=STAFF, message_id=TOPIC, chat=CHAT, lead=REFERENCE)
        assert await tx.cases.in_topic(case(REFERENCE, CHAT), begun)


async def as_shown(storage: Storage) -> list[str]:
    """The first button of every card, once all that waits has arrived."""
    _, _, waiting = await state(storage)
    staff = StaffChat(WORDS, StaffAddress(STAFF), "nl")
    shown: dict[int, str] = {}
    async with storage.transaction() as tx:
        for one in waiting:
            if one.card:
                arrived = Notice(
                    staff_chat=STAFF, message_id=1000 + (one.id or 0), chat=CHAT, lead=REFERENCE, version=one.card
                )
                await tx.notices.add([arrived])
                shown[arrived.message_id] = first_button(one)
                waiting += await staff.refresh(tx, [arrived], now())
    for one in waiting:
        if isinstance(one.content, Edit):
            shown[one.content.message_id] = first_button(one)
    return [button for button in shown.values() if button]


def first_button(message: Outgoing) -> str:
    """What stands first under it; empty where nothing does."""
    content = message.content
    assert isinstance(content, Edit | Send)
    return content.buttons[0][0][0] if content.buttons else ""


LEADS_TO = {
    Did.CLAIMED: Status.CLAIMED, Did.CONTACTED: Status.CONTACTED, Did.PLANNED: Status.PLANNED,
    Did.CLOSED: Status.CLOSED, Did.RELEASED: Status.NEW, Did.REOPENED: Status.CLAIMED, Did.WROTE: Status.CLAIMED,
    Did.CHANGED: Status.NEW,
}  # fmt: skip


async def test_a_card_that_was_sent_twice(sqlite_ready: str, opened: Open) -> None:
    """A kill between sending and storing sent a card twice: a tap on the one that nobody knows edits that very one."""
    storage = await opened(sqlite_ready, owner="one")
    async with a_case(storage) as house:
        unknown = happens(
            Chosen, f"staff:claim:{REFERENCE}", id="1", chat=STAFF, at=now(), actor=MEMBERS["Anne"],
            tapped=Tapped(message_id=99, html="x"),
        )  # fmt: skip
        await house.does(unknown)
        _, _, waiting = await state(storage)
        edited = {one.content.message_id for one in waiting if isinstance(one.content, Edit)}
        assert edited == {CARD, 99}
        async with storage.transaction() as tx:
            stale = Notice(staff_chat=STAFF, message_id=100, chat=CHAT, lead=REFERENCE, version=1)
            await tx.notices.add([stale])
            staff = StaffChat(WORDS, StaffAddress(STAFF), "nl")
            late = await staff.refresh(tx, [stale], now())
        assert 100 in {one.content.message_id for one in late if isinstance(one.content, Edit)}
