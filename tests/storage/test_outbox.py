"""Outgoing messages are kept until they left, and each is sent by one process."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.contents import Send
from storage.follow import Following, record_outcomes
from storage.records import Outgoing
from storage.store import Storage
from tests.storage.conftest import Open
from tests.storage.samples import NOW, lead, outgoing, sent

LATER = NOW + timedelta(seconds=20)


async def add(storage: Storage, *messages: Outgoing) -> list[Outgoing]:
    """Store messages as a turn does."""
    async with storage.transaction() as tx:
        return await tx.outbox.add(messages)


async def take(storage: Storage, now: datetime = NOW, limit: int = 1000) -> list[Outgoing]:
    """Ask for what is to be sent."""
    async with storage.transaction() as tx:
        return await tx.outbox.take(now, limit)


async def test_ids_grow(storage: Storage) -> None:
    """Messages leave in the order in which they were stored."""
    added = await add(storage, *[outgoing(text=str(number)) for number in range(70)])
    ids = [item.id for item in added]
    assert [item.content_as(Send).html for item in added] == [str(number) for number in range(70)]
    assert ids == sorted(ids, key=lambda number: number or 0)
    assert len(set(ids)) == 70
    assert await add(storage) == []


async def test_an_id_never_comes_back(storage: Storage) -> None:
    """News about a message that was removed is never taken for news about a later one."""
    (first,) = await add(storage, outgoing(chat="telegram:1"))
    async with storage.transaction() as tx:
        await tx.people.forget(["telegram:1"])
    (second,) = await add(storage, outgoing())
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(first)])
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
    assert (second.id or 0) > (first.id or 0)


async def test_all_of_a_message_survives(url: str, opened: Open) -> None:
    """What a dead process left is sent by the next exactly as it would have been."""
    message = outgoing("mail:m@x.nl", kind="mail", chat="web:1", lead="KX7M", question="Q1", due_at=LATER, attempts=2)
    (added,) = await add(await opened(url), message)
    assert await take(await opened(url, owner="next"), LATER) == [added]


async def test_what_is_said_of_an_outcome_survives(url: str, opened: Open) -> None:
    """News that somebody waits for is stored with the message: the next process tells it, once."""
    gone = outgoing("telegram:-100", text="gone")
    news = outgoing("telegram:-100", text="arrived", chat="telegram:5", lead="KX7M", then={"forgotten": gone})
    message = outgoing("telegram:5", chat="telegram:5", then={"sent": news, "forgotten": gone})
    (added,) = await add(await opened(url), message)
    storage = await opened(url, owner="next")
    [left] = await take(storage, LATER)
    assert left == added
    arrived = replace(sent(left), then=news)
    async with storage.transaction() as tx:
        assert await record_outcomes(tx, [arrived], Following(), NOW) == [news]
        assert await record_outcomes(tx, [arrived], Following(), NOW) == []


async def test_taken_once(url: str, opened: Open) -> None:
    """What was left is taken once, a portion at a time, and what was sent is not."""
    messages = await add(await opened(url), *[outgoing(text=str(number)) for number in range(5)])
    storage = await opened(url, owner="next")
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(messages[0])])
    portions = [await take(storage, LATER, 3), await take(storage, LATER, 3), await take(storage, LATER, 3)]
    assert portions == [messages[1:4], messages[4:], []]
    async with storage.reading() as tx:
        ids = [message.id or 0 for message in messages]
        assert await tx.outbox.mine([*ids, 999]) == set(ids[1:])


async def test_own_messages_are_not_taken(storage: Storage) -> None:
    """A process does not take again what it is sending already."""
    await add(storage, outgoing())
    assert await take(storage) == []


async def test_the_command_line_leaves_messages(url: str, opened: Open) -> None:
    """What a command stored is sent by the program that runs."""
    running, command = await opened(url, owner="running"), await opened(url)
    added = await add(command, outgoing())
    assert await take(running) == added


async def test_deliveries(storage: Storage) -> None:
    """What became of a message is kept: when to try again, why it failed, what the other side answered."""
    first, second, third = await add(storage, outgoing(lead="KX7M"), outgoing("mail:x", kind="mail"), outgoing())
    receipt = {"response": "2.0.0 Ok: queued as 4F2", "host": "mx.x.nl"}
    async with storage.transaction() as tx:
        await tx.outbox.record(
            [
                sent(second, status="failed", attempts=9, error="mailbox unknown", receipt=receipt),
                sent(first),
                sent(third, status="waiting", attempts=1, due_at=LATER, error="too many", receipt=None),
            ]
        )
        await tx.outbox.record([])
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
        (failed,) = await tx.outbox.failed()
        gone = await tx.people.forget(["telegram:1"])
    assert (failed.status, failed.attempts, failed.error, failed.receipt) == ("failed", 9, "mailbox unknown", receipt)
    assert gone.outgoing == ()


async def test_old_news_changes_nothing(storage: Storage) -> None:
    """News that comes late, of an attempt before the one that arrived, does not let a message be sent again."""
    async with storage.transaction() as tx:
        [message] = await tx.outbox.add([outgoing()])
        await tx.outbox.record([sent(message, attempts=2)])
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(message, status="waiting", due_at=NOW, error="429", receipt=None)])
        await tx.outbox.record([sent(message, status="failed", error="gone: blocked", receipt=None)])
    async with storage.reading() as tx:
        assert await tx.outbox.waiting_counts() == {}
        assert await tx.outbox.failed() == []
        assert (await tx.people.kept("telegram:1")).outgoing == ()


async def test_what_its_process_does_not_know_of(storage: Storage) -> None:
    """A message whose process never learned that it was stored is found by that process, and only such a one."""
    later = NOW + timedelta(minutes=1)
    async with storage.transaction() as tx:
        unknown, known, gone = await tx.outbox.add([outgoing(), outgoing(), outgoing()])
        await tx.outbox.add([outgoing(created_at=later)])
        await tx.outbox.record([sent(gone)])
    assert known.id is not None
    async with storage.reading() as tx:
        found = await tx.outbox.overlooked(later, {known.id})
    assert found == [unknown]


async def test_numbers_in_a_receipt(storage: Storage) -> None:
    """The id that a message got is known afterwards, so that the message can be edited."""
    (message,) = await add(storage, outgoing(chat="telegram:1"))
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(message, receipt={"message_id": 77})])
        gone = await tx.people.forget(["telegram:1"])
    assert [item.receipt for item in gone.outgoing] == [{"message_id": 77}]


async def test_retry(storage: Storage) -> None:
    """What was given up is sent after all, once an operator asks for it."""
    first, second = await add(storage, outgoing(), outgoing())
    async with storage.transaction() as tx:
        await tx.outbox.record([sent(item, status="failed", error="removed") for item in (first, second)])
        assert await tx.outbox.retry([second.id or 0, 999]) == 1
    assert [item.id for item in await take(storage)] == [second.id]
    async with storage.transaction() as tx:
        assert await tx.outbox.retry() == 1
        assert await tx.outbox.failed() == []
    assert [(item.id, item.attempts, item.due_at) for item in await take(storage)] == [(first.id, 0, None)]


async def test_nothing_waits(storage: Storage) -> None:
    """An empty outbox says so."""
    async with storage.reading() as tx:
        assert await tx.outbox.waiting_counts() == {}


async def test_a_group_that_moved_is_followed(url: str, opened: Open) -> None:
    """When a group gets another address, what waits for it follows, in order, and so does a second move."""
    storage = await opened(url)
    await add(storage, outgoing("telegram:-1", "een"), outgoing("telegram:-1", "twee"), outgoing("telegram:5"))
    async with storage.transaction() as tx:
        assert await tx.outbox.retarget("telegram:-1", "telegram:-1001") == 2
        assert await tx.outbox.retarget("telegram:-1001", "telegram:-1002") == 2
        assert await tx.outbox.retarget("telegram:-9", "telegram:-10") == 0
        assert await tx.outbox.aliases() == {
            "telegram:-1": "telegram:-1002",
            "telegram:-1001": "telegram:-1002",
            "telegram:-9": "telegram:-10",
        }
    next_one = await opened(url, owner="next")
    assert [(item.lane, item.content_as(Send).html) for item in (await take(next_one, LATER))[:2]] == [
        ("telegram:-1002", "een"),
        ("telegram:-1002", "twee"),
    ]


async def test_no_aliases(storage: Storage) -> None:
    """Without moved groups there is nothing to follow."""
    async with storage.reading() as tx:
        assert await tx.outbox.aliases() == {}


async def test_about_a_lead(storage: Storage) -> None:
    """What waits about a lead goes with its person, also the mail to staff."""
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
        await tx.outbox.add([outgoing("mail:staff@x.nl", kind="mail", lead="KX7M"), outgoing("telegram:2")])
        gone = await tx.people.forget(["telegram:1"])
        assert await tx.outbox.waiting_counts() == {"telegram": 1}
    assert [item.lane for item in gone.outgoing] == ["mail:staff@x.nl"]
