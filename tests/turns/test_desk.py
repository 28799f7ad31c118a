"""When our own code fails at a turn: the person gets an apology, the others notice nothing, and it is counted."""

import asyncio
import contextlib
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import structlog
from prometheus_client import generate_latest

from bot.dialogue.context import Match
from bot.dialogue.events import Chosen, Event, Typed
from bot.dialogue.records import Conversation, Effect, LeadSaved, QuestionMissed, TalkEnded, TalkLine
from bot.loading import context_maker
from bot.observing.logs import configure_logs
from bot.observing.metrics import Metrics
from bot.turns.batch import Answer
from bot.turns.counting import Counting
from bot.turns.desk import Desk, Rules
from bot.turns.protocols import CaseChange, People, StaffEntrance, StaffTurn
from storage.case_records import Case
from storage.contents import Send
from storage.records import Listed, Outgoing
from storage.repositories import Repositories
from storage.store import Storage
from tests.events import Kind, happens
from tests.said import is_message
from tests.turns.post import Post, matcher, words

STAFF = "telegram:-100"
BROKEN, LOST = "dit breekt de vrager", "dit breekt het doorgeven"


@dataclass(kw_only=True)
class House:
    """A desk that answers, what it sent, and what it counted."""

    desk: Desk
    post: Post
    metrics: Metrics

    async def says(self, *texts: str) -> list[Answer]:
        """As many people each say one of these at the same moment."""
        return await self.desk.submit([
            happens(Typed, text, id=str(n), chat=f"telegram:{n}", at=datetime.now(UTC))
            for n, text in enumerate(texts, start=1)
        ])  # fmt: skip

    def got(self, chat: str, key: str) -> int:
        """How often this message was sent to this chat."""
        sent = [one.content_as(Send).html for one in self.post.messages if one.lane == chat]
        texts = [unescape(re.sub("<[^>]*>", "", html)) for html in sent]
        return sum(is_message(text, key, "nl") for text in texts)

    def sent(self, chat: str) -> str:
        """All that was sent to this chat."""
        return "\n".join(one.content_as(Send).html for one in self.post.messages if one.lane == chat)


@contextlib.asynccontextmanager
async def a_house(folder: Path, staff: StaffEntrance | None = None) -> AsyncIterator[House]:
    """A desk whose matcher and whose notices each fail at one text."""
    wording, found = words(), matcher()
    sound = context_maker(wording, found)

    def match(text: str, language: str) -> Match:
        if text == BROKEN:
            raise ZeroDivisionError
        return Match(topics=()) if text == LOST else found.match(text, language)

    def notify(effect: Effect, conversation: Conversation, now: datetime, case: Case | None) -> Sequence[Outgoing]:
        if isinstance(effect, QuestionMissed) and effect.question == LOST:
            raise ZeroDivisionError
        return ()

    storage = await Storage.open(f"sqlite:///{folder}/bot.db", data_key=None)
    rules = Rules(wording=wording, context=lambda: replace(sound(), match=match), notify=notify, staff=staff)
    post, metrics = Post(), Metrics()
    counting = Counting(metrics)
    desk = Desk(storage, rules, post, on_turn=counting.turn, on_batch=counting.batch)
    running = asyncio.create_task(desk.run())
    try:
        yield House(desk=desk, post=post, metrics=metrics)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await storage.close()


async def test_a_turn_that_fails_gets_an_apology(tmp_path: Path) -> None:
    """Where our code fails at what one person said, that one reads an apology, and the others their answers."""
    async with a_house(tmp_path) as house:
        answers = await house.says("wat kost het?", BROKEN, "wat kost het?")
        assert [answer.failed for answer in answers] == [False, True, False]
        assert house.got("telegram:2", "chat/apology") == 1
        assert house.got("telegram:1", "topic/costs") == 1
        assert house.got("telegram:3", "topic/costs") == 1
        page = generate_latest(house.metrics.registry).decode()
    assert 'course_bot_turns_total{channel="telegram",outcome="failed"} 1.0' in page
    assert 'course_bot_turns_total{channel="telegram",outcome="answered"} 2.0' in page
    assert "course_bot_batch_size_count 1.0" in page


async def test_a_notice_that_fails_gets_an_apology(tmp_path: Path) -> None:
    """Where the notice about one turn cannot be made, only that one gets an apology; none is left out."""
    async with a_house(tmp_path) as house:
        answers = await house.says("wat kost het?", LOST, "wat kost het?")
        assert [answer.failed for answer in answers] == [False, True, False]
        assert house.got("telegram:2", "chat/apology") == 1
        assert house.got("telegram:1", "topic/costs") == 1
        assert house.got("telegram:3", "topic/costs") == 1
        again = await house.says("wat kost het?")
        assert again[0].duplicate


async def test_pressed_again(tmp_path: Path) -> None:
    """Of one button pressed three times one press is answered; after an apology the next one is, at once or later."""
    async with a_house(tmp_path) as house:
        said = [BROKEN, "wat kost het?", "wat kost het?"]
        presses = [
            happens(Typed, text, id=str(number), once="tap:7:menu", chat="telegram:1", at=datetime.now(UTC))
            for number, text in enumerate(said, start=1)
        ]
        together = await house.desk.submit(presses)
        later = await house.desk.submit([replace(presses[1], id="4"), replace(presses[0], once=None)])
        assert [(one.failed, one.duplicate) for one in together] == [(True, False), (False, False), (False, True)]
        assert [one.duplicate for one in later] == [True, True]
        assert house.got("telegram:1", "topic/costs") == 1


async def test_who_asks_again_is_answered_first(tmp_path: Path) -> None:
    """Of those who wait together it is they who were cut off before: their answer is stored, others had theirs."""
    known, *fresh = (
        happens(Typed, "wat kost het?", id=str(n), chat=f"telegram:{n}", at=datetime.now(UTC)) for n in range(3)
    )
    order = list[str]()
    async with a_house(tmp_path) as house:

        async def asks(event: Event) -> None:
            await house.desk.submit([event])
            order.append(event.id)

        await asks(known)
        await asyncio.gather(*map(asks, [*fresh, known]))
    assert order == ["0", "0", "1", "2"]


async def test_what_failed_can_be_found(tmp_path: Path) -> None:
    """Where our own code fails the log says where, so that it can be mended; nothing a person typed stands in it."""
    stream = io.StringIO()
    configure_logs("json", stream=stream)
    try:
        async with a_house(tmp_path) as house:
            await house.says(LOST, "wat kost het?")
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["turn_failed"]
    assert all("in notify" in line["exception"] for line in lines)
    assert LOST not in stream.getvalue()


class Lists:
    """Staff who ask for a list."""

    def serves(self, event: Event) -> bool:
        return event.chat == STAFF

    async def about(self, tx: Repositories, event: Event) -> str | None:
        return None

    async def talked(
        self, tx: Repositories, effect: TalkLine | TalkEnded, conversation: Conversation, now: datetime
    ) -> StaffTurn:
        return StaffTurn()

    async def changed(self, tx: Repositories, effect: LeadSaved, now: datetime) -> CaseChange | None:
        return None

    async def handle(self, tx: Repositories, event: Event, people: People) -> StaffTurn:
        listed = Send(html="Noor de Vries")
        return StaffTurn(
            outgoing=[Outgoing(lane=STAFF, kind="telegram", content=listed, created_at=event.at, listed=Listed.LEADS)]
        )

    def sorry(self, event: Event) -> StaffTurn:
        return StaffTurn()


async def test_a_list_made_a_moment_before_a_removal(tmp_path: Path) -> None:
    """A list of leads asked for in the very batch in which a person of it is removed does not leave any more."""
    async with a_house(tmp_path, Lists()) as house:
        [asked] = await house.desk.submit([_event("telegram:1", "1", "/verwijderen")])
        buttons = [button for row in asked.replies[0].buttons for button, _ in row]
        confirm = next(button for button in buttons if button.startswith("data:forget:confirm"))
        await house.desk.submit(
            [_event(STAFF, "1", "/leads"), _event("telegram:1", "2", confirm, Chosen)],
        )
        assert house.sent(STAFF) == ""
        await house.desk.submit([_event(STAFF, "2", "/leads")])
        assert house.sent(STAFF) == "Noor de Vries"


def _event(chat: str, key: str, text: str, kind: Kind = Typed) -> Event:
    return happens(kind, text, id=key, chat=chat, at=datetime.now(UTC))
