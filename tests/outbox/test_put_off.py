"""What is put off, what cannot reach its person, and which of these an operator must see."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.outbox import Deferred, Destination, Later, Pauses, Refused, Unreached
from storage.contents import Letter, Send
from storage.records import Outgoing
from tests.outbox.fake_storage import FakeStorage
from tests.outbox.helpers import QUICK, Bench, ScriptedSender, until

PERSON, CONTACT, STAFF = "mail:jan@gmial.con", "mail:anne@example.org", "telegram:-100"
DESTINATIONS = {
    STAFF: Destination(name="staff chat"),
    CONTACT: Destination(name="mailbox CONTACT_EMAIL"),
    "webhook": Destination(name="lead webhook", needed=False),
}
LETTER = Letter(to="jan@gmial.con", reply_to=None, subject="", text="", html="", message_id="")
RECEIPT: dict[str, Any] = {"kind": "mail", "lead": "K7M2", "content": LETTER}


def tell(message: Outgoing, now: datetime, anybody: bool) -> Sequence[Outgoing]:
    """The line in the staff chat."""
    said = Send(html="nobody is reached" if anybody else "this person is not")
    return [Outgoing(lane=STAFF, kind="telegram", content=said, created_at=now, lead=message.lead)]


def bench(sender: ScriptedSender, storage: FakeStorage | None = None, pauses: Pauses = QUICK) -> Bench:
    return Bench(sender, pauses, storage, destinations=DESTINATIONS, tell=tell)


def only(lane: str, error: Exception) -> ScriptedSender:
    """A sender that this lane gets this answer from, and that delivers everything else."""
    return ScriptedSender(lambda message: error if message.lane == lane else None)


def test_pauses_grow_to_hours_and_greylisting_passes_in_minutes() -> None:
    """A mailbox that asks to come back later is asked again within minutes, then rarely, for some days."""
    pauses = Pauses()
    waits = [pauses.put_off(attempt, 0.5, soon=False) for attempt in range(1, 60)]
    tried = list(itertools.accumulate(waits))
    assert tried[0] < 10, "what passes at once is not waited for"
    assert any(300 < at < 600 for at in tried), "a greylist of five minutes is passed soon after"
    assert sum(at < 3600 for at in tried) < 12, "and soon it is asked rarely"
    assert waits == sorted(waits)
    assert 3600 < waits[-1] <= 7200
    assert timedelta(days=4) <= pauses.deferred_for <= timedelta(days=5)
    assert pauses.put_off(50, 1.0, soon=True) == 900, "staff wait for theirs"
    assert pauses.after(50, 1.0) == 60, "a server that is away is another matter"


async def test_a_mailbox_that_puts_off_for_ever_is_given_up_after_days_without_an_alarm() -> None:
    """Neither /readyz nor the alert on age says anything of it; staff read that mail does not reach the person."""
    sender = only(PERSON, Deferred("the mail server put the mailbox off (450)"))
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 6)
        b.pass_time(days=4)
        tries = len(sender.tried)
        await until(lambda: len(sender.tried) >= tries + 2)
        assert b.status(key) == "waiting"
        assert 'oldest_seconds{kind="mail"} 0.0' in b.metrics_page()
        b.pass_time(days=1)
        await until(lambda: b.status(key) == "failed")
        assert b.storage.outbox.rows[key].error == "unreached: the mail server put the mailbox off (450)"
        await until(lambda: len(sender.delivered) == 1)
        assert b.storage.outbox.rows[sender.delivered[0]].lead == "K7M2"
        assert b.outbox.health() == {}
        assert "course_bot_outbox_given_up 0.0" in b.metrics_page()


async def test_a_typing_error_is_told_to_staff_at_once_and_once() -> None:
    """A stranger's wrong address: staff know within seconds, and nobody else ever hears of it."""
    sender = only(PERSON, Unreached("the mail server refused the mailbox (550)"))
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 5)
        b.pass_time(days=1)
        await until(lambda: b.status(key) == "failed")
        assert len(sender.delivered) == 1
        assert b.outbox.health() == {}


async def test_an_outage_in_between_tells_nothing_twice() -> None:
    """The mail server is out of reach for a while after it refused a mailbox: staff were told, and are not again."""
    answers = [Unreached("550"), Later(None, "out of reach"), Deferred("421"), Later(None, "out of reach")]
    sender = ScriptedSender(
        lambda message: (answers.pop(0) if answers else Unreached("550")) if message.lane == PERSON else None
    )
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 7)
        assert len(sender.delivered) == 1
        assert 'oldest_seconds{kind="mail"} 0.0' in b.metrics_page()


async def test_news_that_cannot_be_stored_is_not_lost() -> None:
    """The database is away just as the mailbox is refused: staff are told afterwards."""
    sender = only(PERSON, Unreached("550"))
    async with bench(sender) as b:
        await until(lambda: b.storage.beats > 0)
        b.storage.broken = True
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: key in sender.tried)
        b.storage.broken = False
        await until(lambda: len(sender.delivered) == 1)


async def test_after_a_restart_staff_are_not_told_again() -> None:
    """What was told before the stop is not told after it, and the next attempt keeps its time."""
    storage = FakeStorage()
    sender = only(PERSON, Unreached("550"))
    async with bench(sender, storage) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: (storage.outbox.rows[key].error or "").startswith("unreached: "))
    storage.outbox.left.add(key)
    told, again = len(sender.delivered), only(PERSON, Unreached("550"))
    async with bench(again, storage):
        await until(lambda: again.tried.count(key) >= 2)
    assert told == 1
    assert again.delivered == []


async def test_a_mail_refused_for_what_it_says_is_told_when_it_is_given_up() -> None:
    """A receipt that is taken for spam for a day: staff know that it did not arrive."""
    sender = only(PERSON, Refused("the mail server refused the mail (554)"))
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 5)
        assert sender.delivered == []
        b.pass_time(days=1)
        await until(lambda: b.status(key) == "failed" and len(sender.delivered) == 1)
        assert b.outbox.health() == {}


@pytest.mark.parametrize(("lane", "name"), [(STAFF, "staff chat"), (CONTACT, "mailbox CONTACT_EMAIL")])
async def test_staff_who_are_not_reached_are_seen_at_once(
    lane: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thrown out of the staff chat, or a wrong CONTACT_EMAIL: /readyz and the log name it until it is mended."""
    refusing = [Refused("not enough rights", closed=True)]
    sender = ScriptedSender(lambda message: refusing[0] if refusing and message.lane == lane else None)
    async with bench(sender) as b:
        [key] = await b.commit([lane], kind=lane.partition(":")[0], lead="K7M2")
        await until(lambda: b.outbox.blocking() == {name: "refuses our messages (not enough rights)"})
        assert name in b.outbox.health()
        refusing.clear()
        await until(lambda: b.status(key) == "sent")
        assert b.outbox.health() == {}
    assert f"to='{name}'" in capsys.readouterr().out


async def test_one_message_that_is_refused_does_not_close_the_staff_chat() -> None:
    """What a visitor wrote cannot make the program call itself out of order."""
    sender = ScriptedSender(lambda message: Refused("can't parse entities") if message.lead == "BAD" else None)
    async with bench(sender) as b:
        [key] = await b.commit([STAFF], lead="BAD")
        await until(lambda: sender.tried.count(key) >= 3)
        assert b.outbox.health() == {}
        b.pass_time(days=1)
        await until(lambda: b.status(key) == "failed")
        assert "outbox" in b.outbox.health()
        assert b.outbox.blocking() == {}


async def test_a_hook_that_refuses_is_a_warning() -> None:
    """The CRM does not want what it gets: seen, and no reason to send visitors away."""
    sender = ScriptedSender(lambda message: Refused("401", closed=True) if message.lane == "webhook" else None)
    async with bench(sender) as b:
        await b.commit(["webhook"])
        await until(lambda: "lead webhook" in b.outbox.health())
        assert b.outbox.blocking() == {}


async def test_a_server_that_is_away_loses_nothing_however_long() -> None:
    """A mail server that was out of reach for a week gets everything when it is back."""
    away = [Later(None, "out of reach")]
    sender = ScriptedSender(lambda message: away[0] if away else None)
    async with bench(sender) as b:
        ids = await b.commit([PERSON, CONTACT], **RECEIPT)
        await until(lambda: len(sender.tried) >= 12)
        b.pass_time(days=7)
        tries = len(sender.tried)
        await until(lambda: len(sender.tried) >= tries + 6)
        away.clear()
        await until(lambda: all(b.status(key) == "sent" for key in ids))


@pytest.mark.parametrize(("lasting", "said"), [(300.0, {}), (-1.0, {"mail": "waits: 452"})])
async def test_mail_to_staff_that_is_put_off_is_given_up_loudly(lasting: float, said: Mapping[str, str]) -> None:
    """The contact person's mailbox is full for days: an operator hears of it, though not of a greylist."""
    sender = only(CONTACT, Deferred("452"))
    async with bench(sender, pauses=replace(QUICK, lasting=lasting)) as b:
        [key] = await b.commit([CONTACT], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 5)
        assert b.outbox.health() == said
        assert b.outbox.blocking() == {}
        b.pass_time(days=5)
        await until(lambda: b.status(key) == "failed")
        assert "mail: 1" in b.outbox.health()["outbox"]


DENIED = Refused("the mail server refused the mailbox (554)", closed=True)
PEOPLE = "mail:kim@utrecht.nl", "mail:bo@zeist.nl", "mail:do@wijk.nl"


def refusing(lanes: set[str]) -> ScriptedSender:
    """A mail server that passes on nothing to these."""
    return ScriptedSender(lambda message: DENIED if message.lane in lanes else None)


async def test_a_relay_that_refuses_everybody_is_told_once_and_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Staff read once that nobody gets mail, /readyz warns as long as it lasts; mended after a week, all leaves."""
    refused = set(PEOPLE)
    sender = refusing(refused)
    async with bench(sender) as b:
        keys = await b.commit([*PEOPLE, CONTACT], **RECEIPT)
        await until(lambda: all(sender.tried.count(key) >= 5 for key in keys[:3]))
        b.pass_time(days=7)
        tries = len(sender.tried)
        await until(lambda: len(sender.tried) >= tries + 6)
        await until(lambda: b.said(STAFF) == ["nobody is reached"])
        assert "mail to people" in b.outbox.health()
        assert b.outbox.blocking() == {}
        refused.clear()
        await until(lambda: all(b.status(key) == "sent" for key in keys))
        assert b.outbox.health() == {}
    assert capsys.readouterr().out.count("mail_to_people_refused") == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_once_a_relay_is_mended_all_that_waits_leaves_at_once(restarted: bool) -> None:
    """Nobody waits out the hours of a pause: the first mail that arrives, or one tried at a start, brings the rest."""
    storage, refused = FakeStorage(), set(PEOPLE)
    slow = replace(QUICK, deferred_first=7200.0, deferred_longest=7200.0, deferred_staff=900.0)
    async with bench(refusing(refused), storage, slow) as b:
        keys = await b.commit(PEOPLE, **RECEIPT)
        await until(lambda: all((storage.outbox.rows[key].error or "").startswith("denied: ") for key in keys))
        refused.clear()
        if not restarted:
            await b.commit([PERSON], **RECEIPT)
            await until(lambda: all(b.status(key) == "sent" for key in keys))
            assert b.outbox.health() == {}
    if restarted:
        storage.outbox.left.update(keys)
        async with bench(refusing(refused), storage, slow) as b:
            await until(lambda: all(b.status(key) == "sent" for key in keys))
            assert b.outbox.health() == {}


async def test_one_of_those_whom_a_relay_refuses_is_tried_more_often() -> None:
    """It is seen within a quarter of an hour that a relay was mended, by one mail; the others are let be."""
    slow = replace(QUICK, deferred_longest=7200.0, deferred_first=7200.0, deferred_staff=0.01)
    async with bench(sender := refusing(set(PEOPLE)), pauses=slow) as b:
        keys = await b.commit(PEOPLE, **RECEIPT)
        await until(lambda: max(sender.tried.count(key) for key in keys) >= 5)
        assert sorted(sender.tried.count(key) for key in keys)[:2] == [1, 1]


async def test_people_who_are_refused_at_the_same_moment_are_told_of_once() -> None:
    """Three receipts wait for the mail server, which then refuses all of them side by side: staff read it once."""
    sender = refusing(set(PEOPLE))
    async with bench(sender) as b:
        await until(lambda: b.storage.beats > 0)
        b.storage.free.clear()
        keys = await b.commit([*PEOPLE], **RECEIPT)
        await until(lambda: all(key in sender.tried for key in keys))
        b.storage.free.set()
        await until(lambda: all(sender.tried.count(key) >= 3 for key in keys))
        await until(lambda: b.said(STAFF) == ["nobody is reached"])


async def test_a_mailbox_that_refuses_us_alone_is_its_own_matter() -> None:
    """Others get their mail: staff read that this one does not, /readyz is content, and it is given up after a day."""
    sender = refusing({PERSON})
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: "mail to people" in b.outbox.health())
        await b.commit([PEOPLE[0]], **RECEIPT)
        await until(lambda: b.outbox.health() == {})
        tries = sender.tried.count(key)
        await until(lambda: sender.tried.count(key) >= tries + 3)
        assert b.outbox.health() == {}
        b.pass_time(days=1)
        await until(lambda: b.status(key) == "failed")
        assert b.outbox.health() == {}
        await until(lambda: b.said(STAFF) == ["nobody is reached", "this person is not"])


async def test_mail_to_a_colleague_says_nothing_of_others() -> None:
    """The relay takes what is for its own domain: that somebody there was reached does not end the warning."""
    sender = refusing({PERSON})
    async with bench(sender) as b:
        await b.commit([PERSON, "mail:bea@example.org"], **RECEIPT)
        await until(lambda: len(sender.delivered) == 2)
        assert "mail to people" in b.outbox.health()


async def test_a_person_who_goes_takes_the_warning_along() -> None:
    """Nobody is left whom mail does not reach."""
    async with bench(refusing({PERSON})) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: "mail to people" in b.outbox.health())
        del b.storage.outbox.rows[key]
        b.outbox.drop([key])
        await until(lambda: b.outbox.health() == {})


async def test_after_a_restart_a_refusing_relay_is_not_told_again() -> None:
    """What staff were told before the stop they are not told after it, whose mail is tried first; /readyz warns."""
    storage = FakeStorage()
    async with bench(refusing(set(PEOPLE)), storage) as b:
        keys = await b.commit(PEOPLE, **RECEIPT)
        await until(lambda: all((storage.outbox.rows[key].error or "").startswith("denied: ") for key in keys))
        await until(lambda: b.said(STAFF) == ["nobody is reached"])
    storage.outbox.left.add(keys[-1])
    async with bench(again := refusing({PERSON, *PEOPLE}), storage) as b:
        await until(lambda: "mail to people" in b.outbox.health())
        await b.commit([PERSON], **RECEIPT)
        await until(lambda: len(again.tried) >= 5)
        assert again.delivered == []


async def test_an_outage_in_between_leaves_a_refusing_relay_told() -> None:
    """The mail server is out of reach for a while, and goes on refusing: staff are told nothing twice."""
    answers = [DENIED, Later(None, "out of reach"), DENIED, Later(None, "out of reach")]
    sender = ScriptedSender(lambda message: (answers.pop(0) if answers else DENIED) if message.lane == PERSON else None)
    async with bench(sender) as b:
        [key] = await b.commit([PERSON], **RECEIPT)
        await until(lambda: sender.tried.count(key) >= 7)
        await until(lambda: b.said(STAFF) == ["nobody is reached"])
        await until(lambda: (b.storage.outbox.rows[key].error or "").startswith("denied: "))
