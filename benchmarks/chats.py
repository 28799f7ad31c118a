"""Chats that talk without a pause: whose turn it is, what they say, and what they saw (see benchmarks.botapi)."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

QUIET_SECONDS = 0.04  #: after this much silence an answer is taken to be over, while learning
PATIENCE_SECONDS = 2.0  #: a chat that misses a message goes on after this
START_SECONDS = 60.0  #: how long a bot may take to start, and to answer while learning
SETTLE_SECONDS = 0.005  #: a chat, between steps taken together: what a step leaves to do is counted with it
FIRST_CHAT = 10_000
Step = str | Mapping[str, str]

_CHAT = re.compile(rb'chat_id"?\s*[:=]\s*"?(-?\d+)')
_OFFSET = re.compile(rb'offset"?\s*[:=]\s*"?(-?\d+)')
_BUTTON = re.compile(r'"callback_data"\s*:\s*"((?:[^"\\]|\\.)*)"')
_PERSON = re.compile(rb"persoon(\d+)@")
_CLAIM = re.compile(rb"staff:claim:[\w-]+")
_EDITED = re.compile(rb'message_id"?\s*[:=]\s*"?(\d+)')


def tell(what: Mapping[str, Any]) -> None:
    """Print this as a line."""
    print(json.dumps(what), flush=True)


@dataclass(kw_only=True)
class Talker:
    """One chat: where it is in the script, and what it waits for."""

    number: int
    step: int = 0
    since: float = 0.0  #: when its update was there to be got
    heard: int = 0  #: messages that came since
    latest: float = 0.0  #: when the last one came
    body: bytes = b""  #: the last message that had buttons


@dataclass(kw_only=True)
class Seen:
    """What was measured."""

    latencies: list[float] = field(default_factory=list)
    noticed: list[float] = field(default_factory=list)  #: seconds from a last step until staff had it
    claimed: list[float] = field(default_factory=list)  #: seconds from a tap of staff's until the card showed it
    answered: int = 0
    messages: int = 0
    short: int = 0  #: answers that had fewer messages than the first time
    taps_missed: int = 0  #: taps on buttons that were not there

    def summary(self, seconds: float, expected: Sequence[int]) -> dict[str, Any]:
        """The figures as they are printed; latencies in ms."""
        ordered, noticed, claimed = (sorted(found) or [0.0] for found in (self.latencies, self.noticed, self.claimed))
        return {
            "updates": self.answered, "seconds": round(seconds, 3),
            "p50_ms": _at(ordered, 0.5), "p99_ms": _at(ordered, 0.99), "noticed_p95_ms": _at(noticed, 0.95),
            "claimed_p95_ms": _at(claimed, 0.95), "claimed": len(self.claimed),
            "messages": self.messages, "messages_per_step": list(expected), "short": self.short,
            "taps_missed": self.taps_missed,
        }  # fmt: skip


def _at(ordered: Sequence[float], share: float) -> float:
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)


class Load:
    """The chats and the queue of their updates."""

    def __init__(
        self, script: Sequence[Step], chats: int, *, staff: int = 0, together: bool = False, taps: bool = False
    ) -> None:
        self._script = script
        self._staff = staff
        self._together = together
        self._taps = taps
        self._tapped: tuple[int, float] | None = None  #: the card that staff tapped last, and when, until it is edited
        self._newest = FIRST_CHAT
        self._learner = Talker(number=FIRST_CHAT)
        self._waiting = [self._somebody() for _ in range(chats)]  #: who has not begun, or waits for the others
        self._talkers = {one.number: one for one in (self._learner, *self._waiting)}
        self._last: dict[int, float] = {}  #: when who is through took the last step, until staff have it
        self.expected: list[int] = []  #: messages that each step's answer has
        self.seen = Seen()
        self._next_update = 1
        self._next_message = 1
        self._pending: deque[tuple[int, bytes]] = deque()
        self._poll: Callable[[bytes], None] | None = None

    def _somebody(self) -> Talker:
        self._newest += 1
        return Talker(number=self._newest)

    async def learn(self) -> None:
        """Let one chat go through the script, and count the messages of each answer."""
        talker = self._learner
        for _ in self._script:
            self._say(talker)
            until = time.monotonic() + START_SECONDS
            while not talker.heard or time.monotonic() - talker.latest < QUIET_SECONDS:
                await asyncio.sleep(0.005)
                if time.monotonic() > until:
                    raise SystemExit("nobody answers")
            self.expected.append(talker.heard)
            talker.step += 1
        del self._talkers[talker.number]

    def start(self) -> None:
        """Let all who wait take their next step."""
        talkers, self._waiting = self._waiting, []
        for talker in talkers:
            self._say(talker)

    async def round(self) -> None:
        """Let all chats take each step of the script together; tell before each, and after the last."""
        for number in range(len(self._script)):
            tell({"step": number})
            self.start()
            while len(self._waiting) < len(self._talkers):
                await asyncio.sleep(0.01)
                self.nudge()
            await asyncio.sleep(SETTLE_SECONDS * len(self._talkers))
        tell({"step": len(self._script)})

    def nudge(self) -> None:
        """Let chats go on that miss part of an answer."""
        now = time.monotonic()
        for talker in list(self._talkers.values()):
            if talker.heard and now - talker.latest > PATIENCE_SECONDS and talker not in self._waiting:
                self.seen.short += 1
                self._advance(talker)

    def poll(self, body: bytes, answer: Callable[[bytes], None]) -> None:
        """getUpdates: confirm what is below the offset; answer now, or when there is something."""
        offset = int(found[1]) if (found := _OFFSET.search(body)) else 0
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()
        self._poll = answer
        self._give()

    def receive(self, body: bytes) -> bytes:
        """SendMessage and the like: the message, which may answer a chat's step."""
        chat = int(found[1]) if (found := _CHAT.search(body)) else 0
        self._next_message += 1
        return _message(chat, self._next_message)

    def edited(self, body: bytes) -> None:
        """A message was changed: the card that staff tapped, perhaps."""
        found = _EDITED.search(body)
        if self._tapped and found and int(found[1]) == self._tapped[0]:
            self.seen.claimed.append(time.monotonic() - self._tapped[1])
            self._tapped = None

    def hear(self, body: bytes) -> None:
        """A message for a chat arrived."""
        found = _CHAT.search(body)
        chat, now = int(found[1]) if found else 0, time.monotonic()
        if chat == self._staff:
            self._notice(body, now)
        talker = self._talkers.get(chat)
        if talker is None:
            return
        talker.heard += 1
        talker.latest = now
        if b"callback_data" in body:
            talker.body = body
        self.seen.messages += 1
        if talker is self._learner:
            return
        if talker.heard == 1:
            self.seen.latencies.append(now - talker.since)
        if talker.heard == self.expected[talker.step]:
            self._advance(talker)

    def _notice(self, body: bytes, now: float) -> None:
        """Staff read of somebody; messages may come before the person's own answer."""
        found = _PERSON.search(body)
        number = int(found[1]) if found else 0
        talker = self._talkers.get(number)
        since = self._last.pop(number, None) if talker is None else talker.since
        if since is not None:
            self.seen.noticed.append(now - since)
        if self._taps and self._tapped is None and (claim := _CLAIM.search(body)):
            self._claim(claim[0].decode())

    def _claim(self, button: str) -> None:
        """Staff tap the card that just came."""
        self._next_update += 1
        self._tapped = self._next_message, time.monotonic()
        self._queue(self._next_update - 1, _tapped(self._staff, button, self._next_update - 1, self._next_message))

    def _advance(self, talker: Talker) -> None:
        self.seen.answered += 1
        talker.step += 1
        if talker.step == len(self._script):
            talker = self._replaced(talker)
        if self._together:
            self._waiting.append(talker)
        else:
            self._say(talker)

    def _replaced(self, talker: Talker) -> Talker:
        """Who is new, in the place of somebody who is through."""
        del self._talkers[talker.number]
        self._last[talker.number] = talker.since
        new = self._somebody()
        self._talkers[new.number] = new
        return new

    def _say(self, talker: Talker) -> None:
        talker.heard = 0
        step = self._script[talker.step]
        update = self._next_update
        self._next_update += 1
        if isinstance(step, str):
            body = _text(talker.number, step.replace("{}", str(talker.number)), update)
        else:
            body = self._tap(talker, step["tap"], update)
        talker.since = talker.latest = time.monotonic()
        self._queue(update, body)

    def _queue(self, update: int, body: bytes) -> None:
        self._pending.append((update, body))
        if self._poll:
            asyncio.get_running_loop().call_soon(self._give)

    def _tap(self, talker: Talker, button: str, update: int) -> bytes:
        ids = _BUTTON.findall(talker.body.decode())
        data = next((one for one in ids if one.partition("@")[0] == button), None)
        if data is None:
            self.seen.taps_missed += 1
        return _tapped(talker.number, data or button, update)

    def _give(self) -> None:
        """Answer the poll that waits, if there is something to give."""
        if self._poll and self._pending:
            answer, self._poll = self._poll, None
            answer(b"[" + b",".join(body for _, body in list(self._pending)[:100]) + b"]")


def _person(chat: int) -> str:
    return f'{{"id":{chat},"is_bot":false,"first_name":"Chat","language_code":"nl"}}'


def _message(chat: int, number: int) -> bytes:
    return (
        b'{"message_id":%d,"date":1760000000,"chat":{"id":%d,"type":"private","first_name":"Chat"},'
        b'"from":{"id":4242,"is_bot":true,"first_name":"Bench","username":"bench_bot"},"text":"x"}' % (number, chat)
    )


def _text(chat: int, text: str, update: int) -> bytes:
    entities = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(text.split()[0])}}}]'
    return (
        f'{{"update_id":{update},"message":{{"message_id":{update},"date":1760000000,'
        f'"chat":{{"id":{chat},"type":"private","first_name":"Chat"}},"from":{_person(chat)},'
        f'"text":{json.dumps(text)}{entities if text.startswith("/") else ""}}}}}'
    ).encode()


def _tapped(chat: int, data: str, update: int, number: int | None = None) -> bytes:
    message = _message(chat, number or update).decode()
    return (
        f'{{"update_id":{update},"callback_query":{{"id":"{update}","from":{_person(abs(chat))},"chat_instance":"1",'
        f'"data":{json.dumps(data)},"message":{message}}}}}'
    ).encode()
