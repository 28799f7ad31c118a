"""
A lean Bot API server with chats that talk without a pause, to load a bot with: nothing is checked, little is parsed.

    python -m benchmarks.botapi --chats 64 --seconds 10 --script texts.json --port 0

It prints one JSON object a line: ``{"url": …}`` when it listens, ``{"begun": true}`` when the measured time begins, and
at the end what it saw; then it exits. With ``--seconds 0`` nobody talks, and it serves until it is ended.

A script is a list of steps, each a text or ``{"tap": "button id"}``, which every chat walks over and over. A chat takes
its next step when its last one is answered in full: one chat goes first, twice through the script and slowly, to learn
how many messages each step's answer has. Latency is from an update being there to be got until the first message back.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import uvloop

QUIET_SECONDS = 0.04  #: after this much silence an answer is taken to be over, while learning
PATIENCE_SECONDS = 2.0  #: a chat that misses a message goes on after this
START_SECONDS = 60.0  #: how long a bot may take to start, and to answer while learning
WARM_SECONDS = 1.0  #: how long all chats talk before the measured time begins
FIRST_CHAT = 10_000
Step = str | Mapping[str, str]

_CHAT = re.compile(rb'chat_id"?\s*[:=]\s*"?(-?\d+)')
_OFFSET = re.compile(rb'offset"?\s*[:=]\s*"?(-?\d+)')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_BUTTON = re.compile(r'"callback_data"\s*:\s*"((?:[^"\\]|\\.)*)"')
_RESULTS: Mapping[bytes, bytes] = {
    b"getMe": b'{"id":4242,"is_bot":true,"first_name":"Bench","username":"bench_bot"}',
    b"getWebhookInfo": b'{"url":"","has_custom_certificate":false,"pending_update_count":0}',
    b"getMyCommands": b"[]",
    b"getMyDescription": b'{"description":""}',
    b"getMyShortDescription": b'{"short_description":""}',
    b"getChatMenuButton": b'{"type":"default"}',
}


@dataclass(kw_only=True)
class Talker:
    """One chat: where it is in the script, and what it waits for."""

    number: int
    step: int = 0  #: counts on over the rounds of the script
    since: float = 0.0  #: when its update was there to be got
    heard: int = 0  #: messages that came since
    latest: float = 0.0  #: when the last one came
    body: bytes = b""  #: the last message, for its buttons


@dataclass(kw_only=True)
class Seen:
    """What was measured."""

    latencies: list[float] = field(default_factory=list)
    answered: int = 0
    messages: int = 0
    short: int = 0  #: answers that had fewer messages than the first time
    taps_missed: int = 0  #: taps on buttons that were not there

    def summary(self, seconds: float, expected: Sequence[Sequence[int]]) -> dict[str, Any]:
        """The figures as they are printed; latencies in ms."""
        ordered = sorted(self.latencies) or [0.0]
        return {
            "updates": self.answered, "seconds": round(seconds, 3),
            "updates_per_second": round(self.answered / seconds, 1),
            "p50_ms": _at(ordered, 0.5), "p95_ms": _at(ordered, 0.95), "p99_ms": _at(ordered, 0.99),
            "messages": self.messages, "messages_per_step": list(expected[-1]), "short": self.short,
            "taps_missed": self.taps_missed,
        }  # fmt: skip


def _at(ordered: Sequence[float], share: float) -> float:
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)


class Load:
    """The chats and the queue of their updates."""

    def __init__(self, script: Sequence[Step], chats: int) -> None:
        self._script = script
        self._talkers = {FIRST_CHAT + number: Talker(number=FIRST_CHAT + number) for number in range(chats + 1)}
        self._learner = self._talkers[FIRST_CHAT]
        self.expected: list[list[int]] = [[], []]  #: messages a step's answer has, the first time and later
        self._learning = True
        self.seen = Seen()
        self._next_update = 1
        self._next_message = 1
        self._pending: deque[tuple[int, bytes]] = deque()
        self._poll: Callable[[bytes], None] | None = None

    async def learn(self) -> None:
        """Let one chat go twice through the script, and count the messages of each answer."""
        talker = self._learner
        for number in range(2 * len(self._script)):
            self._say(talker)
            until = time.monotonic() + START_SECONDS
            while not talker.heard or time.monotonic() - talker.latest < QUIET_SECONDS:
                await asyncio.sleep(0.005)
                if time.monotonic() > until:
                    raise SystemExit("nobody answers")
            self.expected[number // len(self._script)].append(talker.heard)
            talker.step += 1
        self._learning = False

    def start(self) -> None:
        """Let all chats begin."""
        for talker in self._talkers.values():
            if talker is not self._learner:
                self._say(talker)

    def nudge(self) -> None:
        """Let chats go on that miss part of an answer."""
        now = time.monotonic()
        for talker in self._talkers.values():
            if talker.heard and talker is not self._learner and now - talker.latest > PATIENCE_SECONDS:
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

    def hear(self, body: bytes) -> None:
        """A message for a chat arrived."""
        found = _CHAT.search(body)
        talker = self._talkers.get(int(found[1])) if found else None
        if talker is None:
            return
        now = time.monotonic()
        talker.heard += 1
        talker.latest, talker.body = now, body
        self.seen.messages += 1
        if self._learning:
            return
        if talker.heard == 1:
            self.seen.latencies.append(now - talker.since)
        if talker.heard >= self._expected(talker):
            self._advance(talker)

    def _expected(self, talker: Talker) -> int:
        once, place = divmod(talker.step, len(self._script))
        return self.expected[min(once, 1)][place]

    def _advance(self, talker: Talker) -> None:
        self.seen.answered += 1
        talker.step += 1
        if talker is not self._learner:
            self._say(talker)

    def _say(self, talker: Talker) -> None:
        talker.heard = 0
        step = self._script[talker.step % len(self._script)]
        update = self._next_update
        self._next_update += 1
        body = _text(talker.number, step, update) if isinstance(step, str) else self._tap(talker, step["tap"], update)
        talker.since = talker.latest = time.monotonic()
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


def _tapped(chat: int, data: str, update: int) -> bytes:
    message = _message(chat, update).decode()
    return (
        f'{{"update_id":{update},"callback_query":{{"id":"{update}","from":{_person(chat)},"chat_instance":"1",'
        f'"data":{json.dumps(data)},"message":{message}}}}}'
    ).encode()


class Connection(asyncio.Protocol):
    """One keep-alive HTTP connection of the bot's."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not descend from asyncio's

    def data_received(self, data: bytes) -> None:
        """Take in what came; handle each request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._handle(head.split(b" ", 2)[1].rpartition(b"/")[2], body)

    def _handle(self, method: bytes, body: bytes) -> None:
        if method == b"getUpdates":
            self._load.poll(body, self._answer)
        elif method == b"sendMessage":
            self._answer(self._load.receive(body))
            self._load.hear(body)
        elif method.startswith((b"edit", b"sendDocument")):
            self._answer(self._load.receive(body))
        else:
            self._answer(_RESULTS.get(method, b"true"))

    def _answer(self, result: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % (len(result) + 22) + b'{"ok":true,"result": ' + result + b"}")


def _tell(what: Mapping[str, Any]) -> None:
    print(json.dumps(what), flush=True)


async def serve(script: Sequence[Step], *, chats: int, seconds: float, port: int) -> None:
    """Serve, let the chats talk, and print what was seen."""
    load = Load(script, chats)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(load), "127.0.0.1", port)
    _tell({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"})
    if seconds <= 0:
        await server.serve_forever()
    await load.learn()
    load.start()
    await asyncio.sleep(WARM_SECONDS)
    load.seen = Seen()
    began = time.monotonic()
    _tell({"begun": True})
    while (left := began + seconds - time.monotonic()) > 0:
        await asyncio.sleep(min(left, 0.5))
        load.nudge()
    _tell(load.seen.summary(time.monotonic() - began, load.expected))


def main(arguments: Sequence[str]) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=64, help="how many chats talk at once")
    parser.add_argument("--seconds", type=float, default=10, help="measured time; 0: nobody talks")
    parser.add_argument("--script", type=Path, required=True, help="JSON list of texts and taps")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    given = parser.parse_args(arguments)
    script = json.loads(given.script.read_text())
    uvloop.run(serve(script, chats=given.chats, seconds=given.seconds, port=given.port))


if __name__ == "__main__":
    main(sys.argv[1:])
