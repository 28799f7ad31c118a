"""
A lean Bot API server with chats that talk without a pause, to load a bot with: nothing is checked, little is parsed.

    python -m benchmarks.botapi --chats 64 --seconds 10 --script steps.json --port 0

It prints one JSON object a line: ``{"url": …}`` when it listens, ``{"begun": true}`` when the measured time begins, and
at the end what it saw; then it exits. With ``--seconds 0`` nobody talks, and it serves until it is ended. With
``--together`` all chats take each step at the same time, and a line ``{"step": n}`` is printed before each and after
the last, so that what a step costs can be read from outside.

A script is a list of steps, each a text or ``{"tap": "button id"}``; ``{}`` in a text is the chat's number. A chat
takes its next step when its last one is answered in full; who is through the script is followed by somebody new. One
chat goes first, slowly, to learn how many messages each step's answer has; an edit of an earlier message is no answer.
Latency is from an update being there to be got until the first message back; ``noticed`` is from the script's last
step until a message with the chat's number reaches the staff chat (``--staff``). With ``--taps`` somebody there picks
up a card as it comes, one after the other; ``claimed`` is from that tap until the card is edited.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.chats import Load, Seen, tell

WARM_SECONDS = 1.0  #: how long all chats talk before the measured time begins

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_RESULTS: Mapping[bytes, bytes] = {
    b"getMe": b'{"id":4242,"is_bot":true,"first_name":"Bench","username":"bench_bot"}',
    b"getWebhookInfo": b'{"url":"","has_custom_certificate":false,"pending_update_count":0}',
    b"getMyCommands": b"[]",
    b"getMyDescription": b'{"description":""}',
    b"getMyShortDescription": b'{"short_description":""}',
    b"getChatMenuButton": b'{"type":"default"}',
}


class Connection(asyncio.Protocol):
    """One keep-alive HTTP connection of the bot's."""

    def __init__(self, load: Load, delay: float) -> None:
        self._load = load
        self._delay = delay
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
        elif self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._serve, method, body)
        else:
            self._serve(method, body)

    def _serve(self, method: bytes, body: bytes) -> None:
        if method == b"sendMessage":
            self._answer(self._load.receive(body))
            self._load.hear(body)
        elif method.startswith((b"edit", b"sendDocument")):
            self._answer(self._load.receive(body))
            self._load.edited(body)
        else:
            self._answer(_RESULTS.get(method, b"true"))

    def _answer(self, result: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % (len(result) + 22) + b'{"ok":true,"result": ' + result + b"}")


async def serve(load: Load, *, seconds: float, port: int, delay: float, together: bool) -> None:
    """Serve, let the chats talk, and print what was seen."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(load, delay), "127.0.0.1", port)
    tell({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"})
    if seconds <= 0:
        await server.serve_forever()
    await load.learn()
    if together:
        await load.round()  # the first time only warms up
        await load.round()
        return
    load.start()
    await asyncio.sleep(WARM_SECONDS)
    load.seen = Seen()
    began = time.monotonic()
    tell({"begun": True})
    while (left := began + seconds - time.monotonic()) > 0:
        await asyncio.sleep(min(left, 0.5))
        load.nudge()
    tell(load.seen.summary(time.monotonic() - began, load.expected))


def main(arguments: Sequence[str]) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=64, help="how many chats talk at once")
    parser.add_argument("--seconds", type=float, default=10, help="measured time; 0: nobody talks")
    parser.add_argument("--script", type=Path, required=True, help="JSON list of texts and taps")
    parser.add_argument("--staff", type=int, default=0, help="the staff chat")
    parser.add_argument("--delay", type=float, default=0, help="seconds that each call but getUpdates takes")
    parser.add_argument("--together", action="store_true", help="all chats take each step at the same time")
    parser.add_argument("--taps", action="store_true", help="staff pick up cards, one after the other")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    given = parser.parse_args(arguments)
    script = json.loads(given.script.read_text())
    load = Load(script, given.chats, staff=given.staff, together=given.together, taps=given.taps)
    seconds, together = given.seconds, given.together
    uvloop.run(serve(load, seconds=seconds, port=given.port, delay=given.delay, together=together))


if __name__ == "__main__":
    main(sys.argv[1:])
