"""One connection: what a stranger may do with it before a request of theirs is answered."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.bounds import BODY_PIECES, HEADERS
from bot.web.doors import Doors

#: how long an idle connection is kept: longer than proxies keep theirs (Caddy: 120), so none closes under a request
KEEP_ALIVE_SECONDS = 130
_CROWDED = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_quiet = logging.getLogger("uvicorn.error.connection")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a connection may take, in seconds."""

    headers: float = 10.0  #: from its or a request's first sign to the end of the headers
    body: float = 20.0  #: from there to the end of the body
    reader: float = 30.0  #: how long an answer waits for its reader


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether this line is about more than a reader who left, which asyncio tells line by line."""
    return record.msg != "socket.send() raised exception."


def server_config(app: Any, doors: Doors, patience: Patience = Patience(), **options: Any) -> uvicorn.Config:
    """
    How ``app`` is served: connections watched by ``doors``; ``options``: uvicorn's own.

    What any stranger can do is counted, not logged: warnings about one connection are left out, our errors are not.
    """
    _quiet.setLevel(logging.ERROR)
    logging.getLogger("asyncio").addFilter(_is_ours)
    return uvicorn.Config(
        app,
        **{
            "http": type("Guarded", (Guarded,), {"doors": doors, "patience": patience}),
            "ws": "none",
            "log_config": None,
            "access_log": False,
            "proxy_headers": False,
            "server_header": False,
            "lifespan": "off",
            "timeout_graceful_shutdown": 1,
            "timeout_keep_alive": KEEP_ALIVE_SECONDS,
            **options,
        },
    )


class _Requests(h11.Connection):
    """Reads requests; a body in very many pieces, a byte each say, is none: each piece costs as much as a large one."""

    _pieces = 0

    def next_event(self) -> Any:
        """What has arrived. Raises RemoteProtocolError."""
        event = super().next_event()
        if isinstance(event, h11.Data):
            self._pieces += 1
            if self._pieces > BODY_PIECES.most:
                raise h11.RemoteProtocolError("a body in too many pieces")
        elif isinstance(event, h11.Request):
            self._pieces = 0
        return event


class Guarded(H11Protocol):
    """
    uvicorn's connection, with the times that it does not know (RFC 9112 leaves them to the server): a request that
    does not arrive, and an answer that nobody reads, hold nothing.
    """

    doors: Doors
    patience: Patience

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = _Requests(h11.SERVER, HEADERS.most)
        self.logger = _quiet
        self._phase = ""
        self._late: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._key: str | None = None
        self._held: bytes | None = None  #: what came too soon: the beginning of the next request

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return not self._asked or self.cycle.response_complete

    @property
    def _asked(self) -> bool:
        return bool(self.cycle)

    def leave(self) -> None:
        """Close at once, whatever was going to be written."""
        self.doors.leave(self._key, self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection is there; one too many is told so, and closed."""
        super().connection_made(transport)
        self._key = self.doors.key(self.client[0] if self.client else None)
        if not self.doors.enter(self._key, self):
            transport.write(_CROWDED)
            transport.close()
            return
        self._watch("headers")

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.doors.leave(self._key, self)
        self._watch("")
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request; where its address asks too fast, it is read later, and nothing more until then."""
        if self._held is not None:
            self._held += data
            return
        begins = self.idle and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        pause = self.doors.pause(self._key) if begins else 0.0
        if not pause:
            self._read(data)
            return
        self._held = data
        self.flow.pause_reading()
        self.loop.call_later(pause, self._read_held)

    def _read_held(self) -> None:
        """It is time for what came too soon."""
        data, self._held = self._held or b"", None
        if not self.transport.is_closing():
            self.flow.resume_reading()
            self._read(data)

    def _read(self, data: bytes) -> None:
        """Read part of a request. What cannot be read is refused, and the connection closed."""
        if self.transport.is_closing():
            return
        if self._too_large(data):
            self.doors.refuse("large")
            self.transport.write(_LARGE)
            self.transport.close()
            return
        try:
            super().data_received(data)
        except Exception:  # nothing a stranger sends may end in a traceback
            self.doors.refuse("malformed")
            self.transport.abort()
            return
        self._watch(self._awaited())

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read as HTTP."""
        self.doors.refuse("malformed")
        if not self.idle:  # whoever reads the body learns that no more of it comes, and answers nothing
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:  # in the middle of an answer there is nothing more to say
            self.transport.abort()

    def on_response_complete(self) -> None:
        """An answer is given; the next request that is here already, or half of it, is read when its time has come."""
        pause = self.doors.pause(self._key) if self.conn.trailing_data[0] else 0.0
        if pause:
            self.loop.call_later(pause, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        super().on_response_complete()
        self._watch(self._awaited())

    def pause_writing(self) -> None:
        """The reader takes nothing any more."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.patience.reader, self._give_up, "unread")

    def resume_writing(self) -> None:
        """The reader reads on."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _too_large(self, data: bytes) -> bool:
        """Whether the headers that are arriving take more than they may. h11 counts them only when they do not end."""
        if self.conn.their_state is not h11.IDLE:
            return False
        arrived = self.conn.trailing_data[0] + data[: HEADERS.most + 4]
        end = min((at for at in (arrived.find(b"\r\n\r\n"), arrived.find(b"\n\n")) if at >= 0), default=len(arrived))
        return end > HEADERS.most

    def _awaited(self) -> str:
        """What has begun to arrive and is not all here: "headers", "body", or nothing."""
        if self.transport.is_closing():
            return ""
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        begun = not self._asked or bool(self.conn.trailing_data[0])
        return "headers" if self.conn.their_state is h11.IDLE and begun else ""

    def _watch(self, phase: str) -> None:
        if phase == self._phase:
            return
        self._phase = phase
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if phase:
            seconds = self.patience.headers if phase == "headers" else self.patience.body
            self._late = self.loop.call_later(seconds, self._give_up, "late")

    def _give_up(self, why: str) -> None:
        self.doors.refuse(why)
        if why == "late":
            self.transport.close()  # in good order: a browser opens connections that it may use later
        else:
            self.transport.abort()
