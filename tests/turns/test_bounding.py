"""What one person, address or network may send to others in a day; and a class of thirty that notices none of it."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import bounds
from bot.bounds import Bound
from bot.dialogue.events import Chosen, Typed
from bot.dialogue.records import Conversation, Effect, LeadSaved, QuestionForwarded, QuestionMissed, Turn
from bot.dialogue.talks import Talk
from bot.loading import context_maker
from bot.notifications.notifier import Notifier, Ways
from bot.questions import Matcher
from bot.turns.bounding import Bounding
from bot.turns.desk import Desk, Rules
from bot.wording import Wording
from storage.follow import Following
from storage.records import Outgoing
from storage.store import Storage
from tests.events import Kind, happens
from tests.journey.someone import REFERENCE
from tests.said import is_message
from tests.security.hostile_texts import LEAD, NOW
from tests.turns.post import Post, matcher, words

WAYS = Ways(language="nl", staff_chat="telegram:-100", mail_to="anne@course.example", reply_to="anne@course.example")
CLASS = "network:203.0.113.9"


class House:
    """A desk with everything that follows from a turn; time goes on when it is told to."""

    def __init__(self, storage: Storage, wording: Wording, matcher: Matcher) -> None:
        self.storage = storage
        self.post, self.now = Post(), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
        self._numbers = itertools.count(1)
        self.buttons: dict[str, list[str]] = {}
        sound = context_maker(wording, matcher)
        notify = Notifier(wording, WAYS)
        self.wording = wording
        rules = Rules(
            wording=wording,
            context=lambda: replace(sound(), now=self.now),
            notify=notify.outgoing,
            following=Following(redact=notify.redact),
        )
        self.desk = Desk(storage, rules, self.post)

    async def says(self, chat: str, text: str, kind: Kind = Typed, network: str | None = CLASS) -> str:
        """Say or tap something; give the answers as text."""
        event = happens(kind, text, id=str(next(self._numbers)), chat=chat, at=self.now, language="nl", network=network)
        [answer] = await self.desk.submit([event])
        assert not answer.failed
        self.buttons[chat] = [button for reply in answer.replies for row in reply.buttons for button, _ in row]
        return "\n".join(reply.text for reply in answer.replies)

    async def taps(self, chat: str, name: str, network: str | None = CLASS) -> str:
        """Tap the button of this name among those that the last answer had."""
        [button, *_] = [one for one in self.buttons[chat] if one.startswith(name)]
        return await self.says(chat, button, Chosen, network)

    async def fills_in(self, chat: str, email: str, network: str | None = CLASS) -> str:
        """Go through the questions; give the review."""
        await self.says(chat, "/aanmelden", network=network)
        said = ""
        for text in ("beide", "gemeente", "Gratis iPhone op evil.example", "Noor de Vries", email):
            said = await self.says(chat, text, network=network)
        return said

    async def signs_up(self, chat: str, email: str, network: str | None = CLASS) -> str:
        """Go through the questions; give the answer to sending."""
        await self.fills_in(chat, email, network)
        return await self.taps(chat, "signup:submit", network)

    async def corrects(self, chat: str, name: str, value: str, network: str | None = CLASS) -> str:
        """Give another answer in the lead of this chat; give the answer to sending that."""
        [reference] = {one.lead for one in self.post.messages if one.lead and one.chat == chat}
        await self.says(chat, f"lead:edit:{reference}", Chosen, network)
        await self.taps(chat, f"signup:edit:{name}", network)
        await self.says(chat, value, network=network)
        return await self.taps(chat, "signup:submit", network)

    async def asks(self, chat: str, question: str, network: str | None = CLASS) -> str:
        """Pass a question on to staff; give the answer to that."""
        await self.says(chat, "/contact", network=network)
        await self.says(chat, question, network=network)
        return await self.taps(chat, "contact:forward", network)

    def text(self, key: str, **values: Any) -> str:
        return self.wording.message(key, "nl", values, "web").text

    def promises_a_receipt(self, text: str, email: str) -> bool:
        """Whether this answer to a sign-up says that a receipt comes to this address."""
        found = REFERENCE.search(text)
        return found is not None and text == self.text("signup/done", reference=found[0], email=email, receipt=True)

    def mails(self, to: str) -> list[Outgoing]:
        return [one for one in self.post.messages if one.lane == f"mail:{to}"]

    @property
    def receipts(self) -> list[Outgoing]:
        return [one for one in self.post.messages if "<receipt." in str(one.content)]

    def told_staff(self, field_name: str) -> int:
        about = (one for one in self.post.messages if one.lane == WAYS.staff_chat)
        return sum(getattr(one, field_name) is not None for one in about)


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """The house, with its desk at work."""
    storage = await Storage.open(f"sqlite:///{folder}/bot.db", data_key=None)
    house = House(storage, words(staffed=True), matcher())
    running = asyncio.create_task(house.desk.run())
    try:
        yield house
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await storage.close()


async def test_a_stranger_gets_two_receipts_a_day_whoever_signs_up_with_the_address(tmp_path: Path) -> None:
    """Six sessions use one stranger's address: two mails, with nothing of what was typed; nobody is promised more."""
    async with a_house(tmp_path) as house:
        said = [await house.signs_up(f"web:{n}", "Stranger@example.org", f"network:10.0.0.{n}") for n in range(6)]
        promised = [house.promises_a_receipt(text, "Stranger@example.org") for text in said]
        assert promised == [True, True, False, False, False, False]
        assert all(is_message(text, "signup/done", "nl") for text in said), "the sign-up itself was sent"
        assert len(house.receipts) == bounds.RECEIPTS.most
        assert all("evil.example" not in str(one.content) for one in house.receipts)
        assert house.told_staff("lead") == 6
        house.now += timedelta(hours=26)
        later = await house.signs_up("web:9", "stranger@example.org")
        assert house.promises_a_receipt(later, "stranger@example.org")


@pytest.mark.parametrize(
    "written",
    [
        ["jan+1@example.org", "JAN+2@example.org", "jan@example.org", "jan+a+b@Example.org"],
        ["jan.bos@gmail.com", "janbos@gmail.com", "j.a.n.bos+x@gmail.com", "janbos@googlemail.com"],
        [
            "jan@example.org",
            "jan%example.org@course.example",
            "example.org!jan@course.example",
            "jan+1%example.org@a.nl",
        ],
        ["info@müller.example.org", "info@xn--mller-kva.example.org", "INFO@Müller.example.org"],
    ],
)
async def test_one_mailbox_is_one_however_its_address_is_written(tmp_path: Path, written: list[str]) -> None:
    """A stranger's mailbox gets its two receipts a day, with tags, dots and other spellings behind which it is too."""
    async with a_house(tmp_path) as house:
        for n, address in enumerate(written):
            assert is_message(await house.signs_up(f"web:{n}", address, f"network:10.0.0.{n}"), "signup/done", "nl")
        assert len(house.receipts) == bounds.RECEIPTS.most


async def test_removing_oneself_begins_no_new_day(tmp_path: Path) -> None:
    """Sign up, remove, and again: after five no more leaves, though nothing is kept of the person."""
    async with a_house(tmp_path) as house:
        for n in range(bounds.LEADS.most):
            assert is_message(await house.signs_up("web:a", f"person{n}@example.org"), "signup/done", "nl")
            await house.says("web:a", "/verwijderen")
            await house.taps("web:a", "data:forget:confirm")
        sent = len(house.post.messages)
        review = await house.fills_in("web:a", "person9@example.org")
        [send, *_] = [one for one in house.buttons["web:a"] if one.startswith("signup:submit")]
        assert await house.says("web:a", send, Chosen) == house.text("signup/limit")
        assert len(house.post.messages) == sent
        house.now += timedelta(hours=26)
        assert await house.says("web:a", "/aanmelden") != review
        done = await house.says("web:a", send, Chosen)
        assert is_message(done, "signup/done", "nl"), "what was filled in is still there"


async def test_changes_of_a_lead_are_bounded(tmp_path: Path) -> None:
    """One who changes the address again and again reaches ten, and reads that the eleventh was not sent."""
    async with a_house(tmp_path) as house:
        await house.signs_up("web:a", "first@example.org")
        said = [
            await house.corrects("web:a", "email", f"victim{n}@example.org") for n in range(bounds.CHANGES.most + 1)
        ]
        assert [text == house.text("signup/change_limit") for text in said] == [False] * 10 + [True]
        assert len(house.mails("anne@course.example")) == 1 + bounds.CHANGES.most


async def test_questions_of_one_person_are_bounded(tmp_path: Path) -> None:
    """Five questions a day reach staff; the sixth says that it did not, and how else to ask."""
    async with a_house(tmp_path) as house:
        said = [await house.asks("telegram:1", f"Vraag nummer {n}?", None) for n in range(6)]
        assert house.told_staff("question") == bounds.QUESTIONS.most
        assert said[-1] == house.text("contact/limit")
        assert "anne@course.example" in said[-1]


async def test_a_talk_is_bounded(tmp_path: Path) -> None:
    """A hundred messages a day reach staff in a talk; the next says that it did not."""
    async with a_house(tmp_path) as house:
        talk = Talk(reference="K7RM-42XD", name="Anne", at=house.now)
        async with house.storage.transaction() as tx:
            await tx.conversations.save([Conversation(chat="web:1", language="nl", talk=talk)])
        said = [await house.says("web:1", f"Regel {n}") for n in range(bounds.TALK.most + 1)]
        assert [text == house.text("talk/limit") for text in said] == [False] * bounds.TALK.most + [True]


async def test_few_questions_without_an_answer_are_kept(tmp_path: Path) -> None:
    """Who types nonsense without end is answered each time as anybody is, and cannot drown what others asked."""
    async with a_house(tmp_path) as house:
        said = [await house.says("telegram:1", f"qwzx vlork {n} plimf snarg", network=None) for n in range(33)]
        await house.says("telegram:2", "qwzx vlork plimf snarg brool", network=None)
        async with house.storage.reading() as tx:
            kept = [one.question for one in await tx.questions.recent(100)]
        assert len(kept) == bounds.MISSED.most + 1
        assert all(said)


async def test_a_network_gets_forty_receipts_a_day(tmp_path: Path) -> None:
    """From 45 sessions with as many strangers' addresses come forty mails, and 45 sign-ups that staff see."""
    async with a_house(tmp_path) as house:
        said = await asyncio.gather(*(house.signs_up(f"web:{n}", f"p{n}@example.org") for n in range(45)))
        assert len(house.receipts) == bounds.NETWORK_RECEIPTS.most
        assert house.told_staff("lead") == 45
        promised = [house.promises_a_receipt(text, f"p{n}@example.org") for n, text in enumerate(said)]
        assert sum(promised) == bounds.NETWORK_RECEIPTS.most


async def test_a_class_of_thirty_behind_one_address_notices_nothing(tmp_path: Path) -> None:
    """Thirty people at once sign up and ask a question, ten correct their name: all of it is sent, and all get mail."""
    async with a_house(tmp_path) as house:
        people = [f"web:{n}" for n in range(30)]
        wondered = await asyncio.gather(*(house.says(chat, "qwzx vlork plimf snarg brool") for chat in people))
        assert all(wondered)
        signed = await asyncio.gather(*(house.signs_up(chat, f"{chat[4:]}@utrecht.nl") for chat in people))
        asked = await asyncio.gather(*(house.asks(chat, "Is er ook lunch bij?") for chat in people))
        changed = await asyncio.gather(*(house.corrects(chat, "name", "Nora de Vries") for chat in people[:10]))
        promised = [house.promises_a_receipt(text, f"{n}@utrecht.nl") for n, text in enumerate(signed)]
        assert promised == [True] * 30
        assert all(is_message(text, "contact/sent", "nl") for text in asked)
        assert all(is_message(text, "signup/changed", "nl") for text in changed)
        assert (house.told_staff("lead"), house.told_staff("question")) == (40, 30)
        assert len(house.receipts) == 40


async def test_a_network_that_sends_without_end_is_stopped(tmp_path: Path) -> None:
    """From one address no more than its share reaches staff, however many sessions it makes; others are served."""
    async with a_house(tmp_path) as house:
        sessions = range(bounds.NETWORK_QUESTIONS.most // bounds.QUESTIONS.most + 1)
        for n in sessions:
            for _ in range(bounds.QUESTIONS.most):
                said = await house.asks(f"web:{n}", "Bel mij terug over iets anders?")
        assert house.told_staff("question") == bounds.NETWORK_QUESTIONS.most
        assert said == house.text("chat/network_limit")
        other = await house.asks("web:other", "Is er ook lunch bij?", "network:198.51.100.7")
        assert is_message(other, "contact/sent", "nl")


@pytest.mark.parametrize(
    ("bound", "each"),
    [
        (bounds.NETWORK_LEADS, bounds.LEADS),
        (bounds.NETWORK_CHANGES, bounds.CHANGES),
        (bounds.NETWORK_QUESTIONS, bounds.QUESTIONS),
        (bounds.NETWORK_MISSED, bounds.MISSED),
    ],
    ids=["leads", "changes", "questions", "missed"],
)
async def test_a_network_reaches_its_own_bound(tmp_path: Path, bound: Bound, each: Bound) -> None:
    """So many leave from one network, from as many conversations as that takes, and not one more; another's does."""
    effects: Mapping[Bound, Effect] = {
        bounds.NETWORK_LEADS: LeadSaved(lead=LEAD),
        bounds.NETWORK_CHANGES: LeadSaved(lead=LEAD, before=LEAD),
        bounds.NETWORK_QUESTIONS: QuestionForwarded(reference="K7RM-42XD", question="Wat?", reply_to=None, name=None),
        bounds.NETWORK_MISSED: QuestionMissed(question="Wat?", language="nl", suggestions=()),
    }
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    bounding = Bounding()

    async def left(number: int, network: str) -> bool:
        chat = f"web:{number // each.most}"
        before = Conversation(chat=chat, language="nl")
        turn = Turn(conversation=before, replies=(), effects=(effects[bound],))
        said = happens(Typed, "x", id=str(number), chat=chat, network=network)
        return bool((await bounding.within(tx, said, before, turn, NOW)).effects)

    async with storage.transaction() as tx:
        assert all([await left(number, CLASS) for number in range(bound.most)])
        assert not await left(bound.most, CLASS)
        assert await left(bound.most + each.most, "network:198.51.100.7")
    await storage.close()
