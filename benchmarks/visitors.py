"""
Visitors of the web chat who talk without a pause, new ones all the time: ``benchmarks.web`` loads a server with them.

    python -m benchmarks.visitors --url http://127.0.0.1:8080 --visitors 64 --seconds 5

Each walks the whole of ``benchmarks.dialogue`` in a session of their own. It prints ``{"begun": true}`` when the
measured time begins, and at the end what was seen. HTTP is written and read by hand: a client library would cost more
than what it is to measure.
"""

import argparse
import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

from benchmarks.chats import Step, tell
from benchmarks.dialogue import DIALOGUE

WARM_SECONDS = 1.0
_NUMBERS = count(10_000)  #: a smaller number makes an address that looks mistyped


class Http(asyncio.Protocol):
    """One keep-alive connection: a request, its answer, the next request."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to ask."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not descend from asyncio's

    def data_received(self, data: bytes) -> None:
        """Take in what came; give the body once it is whole."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
        if found and len(body) >= length and self._answer and not self._answer.done():
            self._buffer = b""
            self._answer.set_result(body)

    def connection_lost(self, problem: Exception | None) -> None:
        """Nothing is answered any more."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))

    async def post(self, path: str, content: object, headers: str) -> Any:
        """Send this as JSON; give the JSON of the answer."""
        body = json.dumps(content).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n{headers}"
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None:
            raise ConnectionError("not connected")
        self._transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return json.loads(await self._answer)


@dataclass(kw_only=True)
class Seen:
    """What was measured."""

    waits: list[float] = field(default_factory=list)  #: seconds
    missed: int = 0  #: taps on buttons that were not there

    def summary(self, seconds: float) -> dict[str, Any]:
        """The figures as they are printed."""
        ordered = sorted(self.waits) or [0.0]
        return {
            "turns": len(self.waits), "seconds": round(seconds, 3), "missed": self.missed,
            "p50_ms": 1000 * ordered[len(ordered) // 2], "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
        }  # fmt: skip


async def visit(url: str, seen: list[Seen]) -> None:
    """One after another walks the dialogue, on one connection; what is seen goes to the last of ``seen``."""
    host, _, port = urlsplit(url).netloc.partition(":")
    _, http = await asyncio.get_running_loop().create_connection(lambda: Http(host), host, int(port))
    while True:
        number = next(_NUMBERS)
        headers = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
        token = (await http.post("/api/session", {}, headers))["session"]
        headers += f"Authorization: Bearer {token}\r\n"
        buttons: dict[str, str] = {}
        for _, step in DIALOGUE:
            said = _said(step, number, buttons, seen[-1])
            began = time.monotonic()
            answer = await http.post("/api/chat", {"message_id": str(uuid.uuid4()), **said}, headers)
            seen[-1].waits.append(time.monotonic() - began)
            rows = [row for message in answer["messages"] for row in message["buttons"]]
            buttons |= {one["id"].partition("@")[0]: one["id"] for row in rows for one in row}


def _said(step: Step, number: int, buttons: dict[str, str], seen: Seen) -> dict[str, str]:
    if isinstance(step, str):
        return {"text": step.replace("{}", str(number))}
    seen.missed += step["tap"] not in buttons
    return {"choice": buttons.get(step["tap"], step["tap"])}


async def run(url: str, visitors: int, seconds: float) -> None:
    """Let them talk, and print what was seen."""
    seen = [Seen()]
    visits = [asyncio.create_task(visit(url, seen)) for _ in range(visitors)]
    await _passes(WARM_SECONDS, visits)
    tell({"begun": True})
    seen.append(Seen())
    began = time.monotonic()
    await _passes(seconds, visits)
    tell(seen[-1].summary(time.monotonic() - began))


async def _passes(seconds: float, visits: list["asyncio.Task[None]"]) -> None:
    """Let so much time pass; a visit that ends has failed."""
    done, _ = await asyncio.wait(visits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="root address of the server")
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    uvloop.run(run(given.url, given.visitors, given.seconds))


if __name__ == "__main__":
    main()
