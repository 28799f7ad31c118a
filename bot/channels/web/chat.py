"""The chat's own endpoints: a session, a message with its answer, what was said, and what is said next."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.bounds import PAGE_OF_LINES
from bot.channels.web.asked import Asked, parse_asked, read_object
from bot.channels.web.events import DATA_PATH, Listener, Listeners, Streams, as_message
from bot.channels.web.gate import Gate
from bot.channels.web.sessions import Session, clean_source
from bot.channels.web.stored import StoredChats
from bot.channels.web.words import Words
from bot.dialogue.answering.mydata import FILE_NAME
from bot.dialogue.events import Actor, Chosen, Event, Typed
from bot.dialogue.records import File
from bot.turns.batch import Answer
from bot.turns.desk import Desk, NotSaved
from bot.web.errors import ApiError
from bot.web.limits import Limits
from storage.errors import StorageError
from storage.records import Said

log = structlog.get_logger()

_NO_STORE = {"Cache-Control": "no-store"}
_SESSION = "Chat-Session"  #: tells the page whether its session came along: "known", "none", or "new" since this answer
_PAGE = PAGE_OF_LINES.most
_LARGEST_ID = 2**53  #: the largest whole number that JavaScript counts with


class ChatApi:
    """Translates requests to events, and answers to JSON."""

    def __init__(
        self,
        desk: Desk,
        chats: StoredChats,
        listeners: Listeners,
        gate: Gate,
        words: Words,
        limits: Limits,
        *,
        poll_seconds: float,
    ) -> None:
        self._desk = desk
        self._chats = chats
        self._listeners = listeners
        self._streams = Streams(listeners, chats, gave=gate.gave, poll_seconds=poll_seconds)
        self._gate = gate
        self._words = words
        self._limits = limits

    def routes(self) -> list[Route]:
        """The endpoints of the chat, under /api."""
        return [
            Route("/api/session", self.make_session, methods=["POST"]),
            Route("/api/chat", self.chat, methods=["GET", "POST"]),
            Route("/api/chat/events", self.events, methods=["GET"]),
            Route(DATA_PATH, self.data, methods=["GET"]),
        ]

    async def make_session(self, request: Request) -> Response:
        """
        A new session, as a cookie and as a token; the one that the request carries ends with it. The body may be empty,
        or name a language and a source.
        """
        self._gate.admit(request)
        empty = request.headers.get("content-length") == "0" or not request.headers.get("content-type")
        value = {} if empty else await read_object(request, self._limits.body_seconds)
        language = value.get("language")
        session = self._gate.mint(
            request,
            language=language if isinstance(language, str) and language in self._words.languages else None,
            source=clean_source(value.get("source")),
        )
        if left := self._gate.carried(request):
            await self._end(left)
            await self._heir(left, session)
        return JSONResponse({"session": session.token}, headers={**_NO_STORE, **self._gate.cookie_header(session)})

    async def _end(self, session: Session) -> None:
        try:
            await self._chats.end(session.chat)
        except StorageError:
            raise ApiError("unavailable", wait=2) from None
        self._listeners.end(session.chat)

    async def chat(self, request: Request) -> Response:
        """The conversation: what was said, or something new."""
        return await (self.answer(request) if request.method == "POST" else self.history(request))

    async def answer(self, request: Request) -> Response:
        """Answer one message. Answered only when it is stored; the same ``message_id`` gets the same answer."""
        self._gate.admit(request)
        session = self._gate.session(request)
        asked = parse_asked(await read_object(request, self._limits.body_seconds))
        language = self._language(request, asked, session)
        if asked.robot:
            return self._turn_away(language)
        used, over = await self._used(request, session, asked)
        self._gate.take(request, used, len(asked.text or ""))
        (answer,) = await self._submit(self._event(asked, used, language, self._gate.network(request)))
        if answer.removed:
            self._listeners.end(used.chat)
        fresh = used
        if answer.removed or over:
            fresh = await self._heir(used, self._gate.sessions.mint(language=language))
        headers = _NO_STORE if fresh == session else {**_NO_STORE, **self._gate.cookie_header(fresh), _SESSION: "new"}
        messages = [await self._filled(message, used, self._gate.address(request)) for message in answer.messages]
        ended = {"ended": True} if answer.removed or over else {}
        return JSONResponse({"messages": messages, **ended}, headers=headers)

    async def history(self, request: Request) -> Response:
        """
        A page of what was said: the latest, those before the message of ``?before=``, or what followed that of
        ``?after=``. Where there are more, ``more`` says so, and ``first`` and ``last`` say where to go on.
        """
        self._gate.admit(request)
        session = await self._reading(request)
        headers = {**_NO_STORE, _SESSION: "known" if session else "none"}
        after = _event_id(request.query_params.get("after"))
        before = _event_id(request.query_params.get("before"))
        said = await self._page(session, after, before) if session else ()
        if session:
            self._chats.shown(session.chat, said)
        body = {"messages": list(map(as_message, said)), "last": str(said[-1].id) if said else None}
        more = {"more": True, "first": str(said[0].id)} if len(said) >= _PAGE else {}
        return self._given(request, JSONResponse(body | more, headers=headers))

    async def data(self, request: Request) -> Response:
        """Everything that is kept of the person, as a file, made now; with ``?page`` as a page for people to read."""
        self._gate.admit(request)
        session = await self._reading(request)
        if session is None:
            raise ApiError("session")
        self._gate.file(session)
        file = await self._file(session)
        if "page" in request.query_params:
            return self._given(request, _download(file.page or "", file.page_name, "text/html"))
        return self._given(request, _download(file.content, file.name, "application/json"))

    async def _file(self, session: Session) -> File:
        """The same as JSON and as a page, made now."""
        content = await self._chats.data_of(session.chat)
        language = session.language or self._words.languages[0]
        return File(name=FILE_NAME, content=content, page=self._words.data_page(content, language))

    async def events(self, request: Request) -> Response:
        """What is said from now on, or after the message that ``Last-Event-ID`` (or ``?after=``) names."""
        self._gate.admit(request)
        session = await self._reading(request)
        if session is None:
            raise ApiError("session")
        after = _event_id(request.headers.get("last-event-id"))
        if after is None:
            after = _event_id(request.query_params.get("after"))
        if after is None:
            after = (await self._chats.latest([session.chat])).get(session.chat, 0)
        listener = self._listener(session.chat, self._gate.address(request))
        listener.seen = after
        leave = partial(self._listeners.leave, listener)
        return _Stream(self._streams.feed(listener), leave, seconds=self._limits.send_seconds)

    def _given(self, request: Request, response: Response) -> Response:
        self._gate.gave(self._gate.address(request), len(response.body))
        return response

    def _listener(self, chat: str, address: str) -> Listener:
        limits, open_ = self._limits, self._listeners
        if (
            len(open_) >= limits.all_streams
            or open_.count(chat) >= limits.streams
            or open_.of_address(address) >= limits.address_streams
        ):
            raise ApiError("slow_down", wait=30)
        return open_.listen(chat, address)

    async def _reading(self, request: Request) -> Session | None:
        session = await self._gate.current(request)
        if session is not None:
            self._gate.read(request, session)
        return session

    async def _page(self, session: Session, after: int | None, before: int | None) -> Sequence[Said]:
        if after is not None:
            return await self._chats.of(session.chat, after=after, most=_PAGE)
        return await self._chats.newest(session.chat, before=before or _LARGEST_ID, most=_PAGE)

    async def _used(self, request: Request, session: Session | None, asked: Asked) -> tuple[Session, bool]:
        """
        The session in which this is answered, which may be a new one, and whether it is over. In one that has ended
        what was answered before is given again: a browser that missed the answer to "remove everything" asks for it.
        """
        if session is not None:
            try:
                ended = bool(await self._chats.ended([session.chat]))
                again = ended and await self._chats.was_handled(session.chat, asked.message_id)
            except StorageError as problem:
                log.warning("not_saved", events=1, error=str(problem))
                raise ApiError("not_saved", wait=2) from None
            if again or not ended:
                return session, ended
            self._gate.refuse_bearer(request)
            return await self._heir(session, self._gate.mint(request)), False
        return self._gate.mint(request), False

    async def _heir(self, left: Session, fresh: Session) -> Session:
        try:
            await self._chats.carry(left.chat, fresh.chat)
        except StorageError as problem:
            log.info("counts_not_carried", error=type(problem).__name__)  # what was said is stored all the same
        return fresh

    async def _filled(self, message: Mapping[str, Any], session: Session, address: str) -> Mapping[str, Any]:
        """The message with its file: as it is with its answer, made anew where the answer is given once more."""
        file = message.get("file")
        if not file:
            return dict(message)
        if not file.get("content"):
            made = await self._file(session)
            file = {"name": made.name, "content": made.content, "page": made.page}
        self._gate.gave(address, len(file["content"]) + len(file.get("page", "")))
        return {**message, "file": {**file, "url": DATA_PATH}}

    async def _submit(self, event: Event) -> Sequence[Answer]:
        try:
            return await self._desk.submit([event])
        except NotSaved:
            raise ApiError("not_saved", wait=2) from None

    def _event(self, asked: Asked, session: Session, language: str, network: str | None) -> Event:
        rest: dict[str, Any] = {
            "id": asked.message_id,
            "chat": session.chat,
            "at": datetime.now(UTC),
            "actor": Actor(id=session.chat),
            "language": language,
            "source": asked.source or session.source,
            "network": network,
        }
        return Typed(text=asked.text or "", **rest) if asked.choice is None else Chosen(button=asked.choice, **rest)

    def _language(self, request: Request, asked: Asked, session: Session | None) -> str:
        """The client's language: as the page says, as its session says, as its browser says, or the default."""
        return self._words.choose(request, asked.language, session.language if session else None)

    def _turn_away(self, language: str) -> Response:
        """What a robot gets that filled in the hidden field. A person whose browser did so can read what to do."""
        log.debug("hidden_field_filled_in")  # anybody can, over and over
        text = self._words[language]["robot"]
        message: dict[str, Any] = {"id": "robot", "html": text, "text": text, "topic": None, "buttons": []}
        return JSONResponse({"messages": [message]}, headers=_NO_STORE)


def _download(content: str | bytes, name: str, media_type: str) -> Response:
    headers = {**_NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


class _Stream(EventSourceResponse):
    """An event stream that says when it is closed, also where it never began."""

    def __init__(self, content: AsyncIterator[ServerSentEvent], closed: Callable[[], None], *, seconds: float) -> None:
        super().__init__(content, send_timeout=seconds)
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until one of the two sides has enough."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._closed()


def _event_id(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 20:
        return None
    return min(int(text), _LARGEST_ID)
