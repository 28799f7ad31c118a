"""The chat's own endpoints: a session, a message with its answer, what was said, and what is said next."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.desk import Answered, Desk
from bot.channels.web.asked import Asked, parse_asked, read_object
from bot.channels.web.events import Listeners, Streams, Transcript, as_message
from bot.channels.web.gate import Gate
from bot.channels.web.sessions import Session, clean_source
from bot.channels.web.words import Words
from bot.dialogue.records import Event
from bot.turns.desk import NotSaved
from bot.web.limits import Limits
from bot.web.problems import Problem

log = structlog.get_logger()

_NO_STORE = {"Cache-Control": "no-store"}
_SESSION = "Chat-Session"  #: tells the page whether its session came along: "known", "none", or "new" since this answer
_LARGEST_ID = 2**53  #: the largest whole number that JavaScript counts with
_SEND_SECONDS = 30  #: a reader that takes nothing for so long has gone


class ChatApi:
    """Translates requests to events, and answers to JSON."""

    def __init__(
        self,
        *,
        desk: Desk,
        transcript: Transcript,
        listeners: Listeners,
        gate: Gate,
        words: Words,
        limits: Limits,
        poll_seconds: float,
        session_days: int,
        now: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._transcript = transcript
        self._listeners = listeners
        self._streams = Streams(listeners, transcript, poll_seconds=poll_seconds)
        self._gate = gate
        self._words = words
        self._limits = limits
        self._session_days = session_days
        self._now = now

    def routes(self) -> list[Route]:
        """The endpoints."""
        return [
            Route("/api/session", self.make_session, methods=["POST"]),
            Route("/api/chat", self.chat, methods=["GET", "POST"]),
            Route("/api/chat/events", self.events, methods=["GET"]),
        ]

    async def make_session(self, request: Request) -> Response:
        """A new session, as a cookie and as a token. The body may be empty, or name a language and a source."""
        self._gate.admit(request)
        empty = request.headers.get("content-length") == "0" or not request.headers.get("content-type")
        value = {} if empty else await read_object(request)
        language = value.get("language")
        session = self._gate.mint(
            request,
            language=language if isinstance(language, str) and language in self._words.languages else None,
            source=clean_source(value.get("source")),
        )
        return JSONResponse({"session": session.token}, headers={**_NO_STORE, **self._keep(session)})

    async def chat(self, request: Request) -> Response:
        """The conversation: what was said, or something new."""
        return await (self.answer(request) if request.method == "POST" else self.history(request))

    async def answer(self, request: Request) -> Response:
        """Answer one message. Answered only when it is stored; the same ``message_id`` gets the same answer."""
        self._gate.admit(request)
        session = self._gate.session(request)
        asked = parse_asked(await read_object(request))
        language = self._language(request, asked, session)
        if asked.robot:
            return self._turn_away(language)
        headers: Mapping[str, str] = _NO_STORE
        if session is None:
            session = self._gate.mint(request)
            headers = {**_NO_STORE, **self._keep(session), _SESSION: "new"}
        self._gate.take(session)
        (answer,) = await self._submit(self._event(asked, session, language))
        return JSONResponse({"messages": list(map(dict, answer.messages))}, headers=headers)

    async def history(self, request: Request) -> Response:
        """The conversation so far, or what followed the message of ``?after=``; and whether there is a session."""
        self._gate.admit(request)
        session = self._gate.session(request)
        after = _event_id(request.query_params.get("after")) or 0
        said = await self._transcript.of(session.chat, after=after) if session else ()
        last = str(said[-1].id) if said else None
        headers = {**_NO_STORE, _SESSION: "known" if session else "none"}
        return JSONResponse({"messages": list(map(as_message, said)), "last": last}, headers=headers)

    async def events(self, request: Request) -> Response:
        """What is said from now on, or after the message that ``Last-Event-ID`` (or ``?after=``) names."""
        self._gate.admit(request)
        session = self._gate.session(request)
        if session is None:
            raise Problem("session")
        if len(self._listeners) >= self._limits.all_streams:
            raise Problem("slow_down", wait=30)
        if self._listeners.count(session.chat) >= self._limits.streams:
            raise Problem("slow_down", wait=30)
        after = _event_id(request.headers.get("last-event-id"))
        if after is None:
            after = _event_id(request.query_params.get("after"))
        if after is None:
            after = (await self._transcript.latest([session.chat])).get(session.chat, 0)
        return EventSourceResponse(self._streams.feed(session.chat, after), send_timeout=_SEND_SECONDS)

    async def _submit(self, event: Event) -> Sequence[Answered]:
        """The desk's answer to this event. Raises Problem when it is not saved."""
        try:
            return await self._desk.submit([event])
        except NotSaved:
            raise Problem("not_saved", wait=2) from None

    def _event(self, asked: Asked, session: Session, language: str) -> Event:
        """What was asked, as an event of this session's chat."""
        return Event(
            id=asked.message_id,
            chat=session.chat,
            at=self._now(),
            kind=asked.kind,
            text=asked.text,
            language=language,
            source=asked.source or session.source,
        )

    def _language(self, request: Request, asked: Asked, session: Session | None) -> str:
        """The client's language: as the page says, as its session says, as its browser says, or the default."""
        return self._words.choose(request, asked.language, session.language if session else None)

    def _turn_away(self, language: str) -> Response:
        """What a robot gets that filled in the hidden field. A person whose browser did so can read what to do."""
        log.info("hidden_field_filled_in")
        text = self._words[language]["robot"]
        message: dict[str, Any] = {"id": "robot", "html": text, "text": text, "topic": None, "buttons": []}
        return JSONResponse({"messages": [message]}, headers=_NO_STORE)

    def _keep(self, session: Session) -> Mapping[str, str]:
        """The header that makes a browser keep this session."""
        return self._gate.cookie_header(session, self._session_days)


def _event_id(text: str | None) -> int | None:
    """The id of a message, as a client gives it back; None when it is none."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 20:
        return None
    return min(int(text), _LARGEST_ID)
