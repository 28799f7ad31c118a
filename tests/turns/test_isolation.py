"""What one event that cannot be stored does to itself and to all others: it waits alone, and not for ever."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from bot.dialogue.events import Event, Typed
from bot.dialogue.records import Conversation
from bot.turns.batch import Answer
from bot.turns.desk import NotSaved
from storage.tables import conversations
from tests.events import happens
from tests.reliability.failing import MARK, FailingDesk, failing_desk

KEY = Fernet.generate_key().decode()
NOOR, KEES, PAGE = "telegram:1", "telegram:2", "web:3"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[FailingDesk]:
    """A desk at work."""
    async with failing_desk(f"sqlite:///{tmp_path}/bot.db", KEY) as made:
        made.spoil(NOOR)
        yield made


def event(chat: str, key: str, text: str = "wat kost het?") -> Event:
    """Something that is said."""
    return happens(Typed, text, id=key, chat=chat, at=datetime.now(UTC))


async def submit(house: FailingDesk, *events: Event) -> Sequence[Answer] | None:
    """The answers to what was said together; None when something of it was not saved."""
    try:
        return await house.desk.submit(events)
    except NotSaved:
        return None


async def test_one_that_is_never_kept(house: FailingDesk) -> None:
    """The others are answered at once; she is told to come again, and in the end she is given up: a poll goes on."""
    house.fault.arm("keep away", -1)
    for number in range(3):
        assert await submit(house, event(NOOR, "1"), event(KEES, str(number))) is None
        assert [*house.post.told()] == [KEES]
    answers = await submit(house, event(NOOR, "1"), event(KEES, "3"))
    assert answers is not None
    assert [answer.failed for answer in answers] == [True, False]
    assert [*house.post.told()] == [KEES]


async def test_one_that_is_not_kept_for_a_while(house: FailingDesk) -> None:
    """Once the database keeps it she gets her answer, as if nothing had been."""
    house.fault.arm("keep away", 8)
    assert await submit(house, event(NOOR, "1")) is None
    house.fault.arm("", 0)
    assert await submit(house, event(NOOR, "1"))
    assert len(house.post.told()[NOOR]) == 1


async def test_a_connection_that_broke(house: FailingDesk) -> None:
    """A connection that broke in the middle is a new one at once: nobody is told to come again."""
    house.fault.arm("keep away", 1)
    assert await submit(house, event(NOOR, "1"))
    assert len(house.post.told()[NOOR]) == 1


async def test_a_database_that_is_away(house: FailingDesk) -> None:
    """Nobody is given up while nothing is kept of anybody, however long; then all are answered."""
    house.fault.arm("all away", -1)
    for _ in range(6):
        assert await submit(house, event(NOOR, "1"), event(KEES, "1")) is None
    assert house.fault.transactions == 6  # not one by one
    house.fault.arm("", 0)
    assert await submit(house, event(NOOR, "1"), event(KEES, "1"))
    assert {lane: len(texts) for lane, texts in house.post.told().items()} == {NOOR: 1, KEES: 1}


@pytest.mark.parametrize("step", ["nothing away", "nothing rejects"])
async def test_a_database_that_keeps_nothing(house: FailingDesk, step: str) -> None:
    """Full, locked, or with a table that is not as it was: nobody is given up while nobody's can be kept."""
    house.fault.arm(step, -1)
    for _ in range(6):
        assert await submit(house, *(event(f"telegram:{number}", "1") for number in range(10))) is None
    assert house.fault.transactions == 12, "each time a batch, and a try with rows of our own"
    assert house.post.told() == {}
    house.fault.arm("", 0)
    assert await submit(house, event(NOOR, "1"))


async def test_the_order_of_what_one_says(house: FailingDesk) -> None:
    """What a person says after what was not saved is not answered before it."""
    house.fault.arm("keep away", 3)
    assert await submit(house, event(NOOR, "1"), event(NOOR, "2", "waar is het?")) is None
    assert house.post.told() == {}
    house.fault.arm("", 0)
    assert await submit(house, event(NOOR, "1"), event(NOOR, "2", "waar is het?"))
    assert len(house.post.told()[NOOR]) == 2


async def test_an_apology_changes_nothing(house: FailingDesk) -> None:
    """Who gets an apology keeps the conversation as it was, in the language it was in."""
    async with house.storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=NOOR, language="en", question=MARK, misses=1)])
    house.fault.arm("load", -1)
    answers = await submit(house, event(NOOR, "1"), event(KEES, "1"))
    assert answers is not None
    assert [answer.failed for answer in answers] == [True, False]
    told = house.post.told()
    assert told[NOOR] == [house.wording.message("chat/apology", "en", {}, "telegram").html]
    house.fault.arm("", 0)
    async with house.storage.transaction() as tx:
        after = (await tx.conversations.load([NOOR]))[NOOR]
    assert (after.language, after.question, after.misses) == ("en", MARK, 1)


@pytest.mark.parametrize("state", ["idle", "ask", "review", "forward"])
@pytest.mark.parametrize(
    "draft", [{"answers": ["a"], "step": "name"}, {"answers": None}, {"answers": {}, "step": "nonsense"}, "no draft"]
)
async def test_a_conversation_of_another_shape(house: FailingDesk, state: str, draft: Any) -> None:
    """What can be read, and is not what belongs there, fails its own person's messages at most."""
    started = {"token": "t", "started_at": datetime.now(UTC).isoformat()}
    sealed = house.storage._keys.seal({"draft": started | draft if isinstance(draft, dict) else draft})
    async with house.storage.transaction() as tx:
        await tx.conversations.save([Conversation(chat=NOOR, language="nl")])
        where = conversations.c.chat_hash == house.storage.keyed_hash("chat", NOOR)
        await tx.conversations._connection.run(update(conversations).where(where).values(state=state, data=sealed))
    for number, text in enumerate(("hallo", "/help", "/mijngegevens", "ja")):
        answers = await submit(house, event(NOOR, str(number), text), event(KEES, str(number)))
        assert answers is not None
        assert not answers[1].failed
        assert house.post.told().keys() == {NOOR, KEES}


async def test_an_apology_on_the_page(house: FailingDesk) -> None:
    """A visitor reads the apology too, also where nothing of what they said can be kept; the same again is the same."""
    house.fault.arm("encrypt", -1)
    text = f"is er ook {MARK}?"
    first = await submit(house, event(PAGE, "1", text))
    again = await submit(house, event(PAGE, "1", text))
    assert first is not None
    assert again is not None
    assert [message["text"] for message in first[0].messages] == [
        house.wording.message("chat/apology", "nl", {}, "web").text
    ]
    assert again[0].messages == first[0].messages
    assert again[0].duplicate


async def test_an_answer_given_before_that_cannot_be_read(house: FailingDesk) -> None:
    """Who sends the same again, whose answer cannot be read any more, reads an apology; nobody else notices."""
    house.fault.arm("", 0)
    assert await submit(house, event(PAGE, "1", MARK))
    house.fault.arm("all answers", -1)
    answers = await submit(house, event(PAGE, "1", MARK), event(KEES, "1"))
    assert answers is not None
    assert answers[0].duplicate
    assert not answers[1].failed


async def test_who_is_told_afterwards_fails(house: FailingDesk) -> None:
    """What fails after the commit takes no answer away, and keeps nothing from leaving."""
    house.fault.arm("said", -1)
    answers = await submit(house, event(PAGE, "1"), event(KEES, "1"))
    assert answers is not None
    assert not any(answer.failed or answer.duplicate for answer in answers)
    assert len(house.post.told()[KEES]) == 1


async def test_a_hundred_that_all_fail(house: FailingDesk) -> None:
    """Where our own code fails at all of them, all read an apology, and it is done twice and not a hundred times."""
    house.fault.arm("read", -1)
    answers = await submit(house, *(event(f"telegram:{number}", "1", MARK) for number in range(100)))
    assert answers is not None
    assert all(answer.failed for answer in answers)
    assert house.fault.transactions == 2
