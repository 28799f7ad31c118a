"""One that fails takes nobody with it: whichever step of a turn fails, whoever's turn it is, once or for ever."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import pytest
from cryptography.fernet import Fernet
from starlette.applications import Starlette

from bot.channels.telegram import TelegramChannel, TelegramSettings, WebhookAddress
from bot.dialogue.records import Conversation
from bot.outbox import StaffAddress
from storage.records import Notice
from tests.botapi import BotApi
from tests.channels.telegram.house import TEXTS
from tests.reliability.failing import MARK, STAFF, FailingDesk, failing_desk

KEY = Fernet.generate_key().decode()
CROWD = 100
SPOILT = 50  #: the person at whose event it fails
WEB = "web:visitor"  #: whom staff answer
QUESTION = "wat kost het?"
LATER = "waar is het?"
UNKNOWN = f"krijgt ieder van ons straks ook nog een eigen {MARK} cadeau?"  #: too long to be about the answer before it
MOST = 22  #: transactions in which one that fails is found among a hundred, and answered

#: step -> what the person says at whose event it fails
PERSONS = {
    "load": LATER,
    "read": f"{MARK}?",
    "respond": "/aanmelden",
    "render": "/start",
    "render all": "/start",
    "notify": UNKNOWN,
    "encrypt": UNKNOWN,
    "save conversations": LATER,
    "save conversations rejects": LATER,
    "save handled rejects": LATER,
    "keep rejects": LATER,
}
STAFFS = {
    "load": "/lead KX7M-PQ22",
    "staff: render": "/help",
    "staff: render all": "/help",
    "encrypt": f"het antwoord is {MARK}",
    "save transcript": "het antwoord",
    "save transcript rejects": "het antwoord",
    "keep rejects": "/help",
}
#: at these nothing at all can be kept for this chat, or said: it is given up in the log, and confirmed
TRIED_AGAIN = ("save", "keep", "encrypt")  #: where nobody knows at first at whose event it failed
GIVEN_UP = {"render all", "staff: render all", "keep rejects", "save handled rejects"}


Told = Mapping[str, list[str]]
"""What was sent, by lane."""


class Receives(Protocol):
    """One of the ways in which Telegram brings updates."""

    async def __call__(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Bring them together; return when all of them are confirmed."""


@asynccontextmanager
async def polling(house: FailingDesk) -> AsyncIterator[Receives]:
    """By long polling."""
    async with BotApi() as api:
        settings = TelegramSettings(token=api.token, api_url=api.url, rate=0)
        async with running(TelegramChannel(settings, house.desk, TEXTS, staff=StaffAddress(f"telegram:{STAFF}"))):

            async def receive(updates: Sequence[Mapping[str, Any]]) -> None:
                for update in updates:
                    api.updates.put(dict(update))
                async with asyncio.timeout(60):
                    while api.updates.pending:
                        await asyncio.sleep(0.005)

            yield receive


@asynccontextmanager
async def webhook(house: FailingDesk) -> AsyncIterator[Receives]:
    """By webhook, all posts at once."""
    async with BotApi() as api:
        address = WebhookAddress(root="https://bot.example", secret="s3cret")
        settings = TelegramSettings(token=api.token, api_url=api.url, rate=0, webhook=address)
        channel = TelegramChannel(settings, house.desk, TEXTS, staff=StaffAddress(f"telegram:{STAFF}"))
        await channel.start()
        transport = httpx.ASGITransport(Starlette(routes=channel.routes))
        shown = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        async with httpx.AsyncClient(transport=transport, base_url=address.root, headers=shown) as telegram:

            async def receive(updates: Sequence[Mapping[str, Any]]) -> None:
                async with asyncio.timeout(60):
                    posts = await asyncio.gather(*(telegram.post("/telegram/webhook", json=one) for one in updates))
                assert {post.status_code for post in posts} == {200}

            yield receive
        await channel.close()


@asynccontextmanager
async def running(channel: TelegramChannel) -> AsyncIterator[None]:
    """The channel at work."""
    await channel.start()
    task = asyncio.create_task(channel.run())
    try:
        yield
    finally:
        await channel.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()


@dataclass(kw_only=True)
class Hundred:
    """A hundred people who write at the same moment, and staff."""

    house: FailingDesk
    receive: Receives
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    async def write(self, text: str, *, but: str = "", staff: str = "", answers: int | None = None) -> Told:
        """All write ``text``, one of them ``but`` something else, or staff do; what each chat was sent."""
        updates = [self._update(person, but if but and person == SPOILT else text) for person in range(1, CROWD + 1)]
        if staff:
            updates[SPOILT - 1] = self._update(STAFF, staff, answers)
        await self.receive(updates)
        return self.house.post.told()

    async def writes(self, chat: int, text: str) -> Told:
        """One of them writes; what each chat was sent."""
        await self.receive([self._update(chat, text)])
        return self.house.post.told()

    def _update(self, chat: int, text: str, replied_to: int | None = None) -> dict[str, Any]:
        number = next(self.numbers)
        message: dict[str, Any] = {"message_id": number, "date": 1_790_000_000, "text": text}
        message["chat"] = {"id": chat, "type": "private"} if chat > 0 else {"id": chat, "type": "group", "title": "S"}
        message["from"] = {"id": abs(chat), "is_bot": False, "first_name": "P", "language_code": "nl"}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        if replied_to:
            bot = {"id": 1, "is_bot": True, "first_name": "B"}
            replied = {"message_id": replied_to, "date": 1, "chat": message["chat"], "from": bot, "text": "x"}
            message["reply_to_message"] = replied
        return {"update_id": number, "message": message}


#: on both engines, by both ways in, once and for ever: each of them with each of the others
EACH_WITH_EACH = pytest.mark.parametrize(
    ("url", "hundred", "times"),
    [("sqlite", polling, 1), ("postgres", webhook, 1), ("sqlite", webhook, -1), ("postgres", polling, -1)],
    indirect=["url", "hundred"],
    ids=["sqlite-polling-once", "postgres-webhook-once", "sqlite-webhook-for ever", "postgres-polling-for ever"],
)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def hundred(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Hundred]:
    """The people, whose events come in by one of the ways."""
    async with failing_desk(url, KEY) as house, request.param(house) as receive:
        yield Hundred(house=house, receive=receive)


def are_answered(told: Told, but: int = SPOILT) -> None:
    """Everybody else got one answer, and it is no apology."""
    others = {f"telegram:{person}" for person in range(1, CROWD + 1)} - {f"telegram:{but}"}
    assert {lane: len(told.get(lane, ())) for lane in others} == dict.fromkeys(others, 1)
    assert len({told[lane][0] for lane in others}) == 1


@EACH_WITH_EACH
async def test_a_persons(hundred: Hundred, times: int) -> None:
    """Where a step fails at what one person says, that one reads an apology, all others their answer, as ever."""
    house, chat = hundred.house, f"telegram:{SPOILT}"
    house.spoil(chat)
    async with house.storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=chat, language="nl", question=MARK)])
    for step, text in PERSONS.items():
        before = await standing(house, chat)
        house.fault.arm(step, times)
        told = await hundred.write(QUESTION, but=text)
        are_answered(told)
        once = times == 1 and step.startswith(TRIED_AGAIN)
        given_up = step in GIVEN_UP and times < 0
        expected = [] if given_up else [house.sorry()]
        assert told.get(chat, []) == expected or (once and len(told[chat]) == 1), step
        assert house.fault.hits, step
        assert house.fault.transactions <= MOST, step
        house.fault.arm("", 0)
        assert before == await standing(house, chat) or once, step
        assert (await hundred.writes(SPOILT, QUESTION))[chat] == told["telegram:1"], step
    are_answered(await hundred.write(LATER), but=0)


@EACH_WITH_EACH
async def test_staffs(hundred: Hundred, times: int) -> None:
    """Where a step fails at what staff ask, they read that it failed, and people their answer, as ever."""
    house, chat = hundred.house, f"telegram:{STAFF}"
    house.spoil(WEB, chat)
    async with house.storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=WEB, language="nl")])
        await tx.notices.add([Notice(staff_chat=chat, message_id=7, chat=WEB, lead="KX7M-PQ22")])
    await store_spoilt_lead(house)
    for step, text in STAFFS.items():
        house.fault.arm(step, times)
        told = await hundred.write(QUESTION, staff=text, answers=None if text.startswith("/") else 7)
        are_answered(told)
        once = times == 1 and step.startswith(TRIED_AGAIN)
        given_up = step in GIVEN_UP and times < 0
        expected = [] if given_up else [house.sorry("staff/failed")]
        assert told.get(chat, []) == expected or (once and len(told[chat]) == 1), step
        assert house.fault.hits, step
        assert house.fault.transactions <= MOST, step
        house.fault.arm("", 0)
        assert len((await hundred.writes(STAFF, "/help"))[chat]) == 1, step
    are_answered(await hundred.write(LATER), but=0)


async def store_spoilt_lead(house: FailingDesk) -> None:
    """A lead that is not opened while loading fails."""
    from tests.storage.samples import lead

    async with house.storage.transaction() as tx:
        await tx.leads.save([lead("KX7M-PQ22", "telegram:7000", source=MARK)])


async def standing(house: FailingDesk, chat: str) -> object:
    """What is stored of a conversation."""
    async with house.storage.transaction() as tx:
        found = (await tx.conversations.load([chat])).get(chat)
    return found and (found.state, found.draft, found.question, found.offer)
