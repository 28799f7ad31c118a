"""Calls to the Bot API: python-telegram-bot's ``BaseRequest`` on aiohttp, which takes a fifth of httpx's time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.fields import number, one_line, part, words

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
KEEP_ALIVE_SECONDS = 60.0
LONGEST_WAIT = 86_400  #: seconds; what a 429 can make us wait
CONNECTIONS = 64  #: at a time
_JSON = {"Content-Type": "application/json"}


class TooManyRequests(TelegramError):
    """429: wait so many ``seconds``. PTB's own RetryAfter cannot be made without a deprecation warning."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"told to wait {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that is sent: the parameter that it is, its name and its content."""

    parameter: str
    name: str
    content: bytes


class AiohttpRequest(BaseRequest):
    """One keep-alive session. Nothing it raises or logs holds the address, which contains the bot's token."""

    __slots__ = ("_proxy", "_read_seconds", "_session")

    def __init__(self, read_seconds: float = READ_SECONDS, *, proxy: str | None = None) -> None:
        """``read_seconds``: how long an answer may take when a call does not say so itself; ``proxy``: an address."""
        self._read_seconds = read_seconds
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds an answer may take."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the session; the first call does it too."""
        self._opened()

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of the answer. Raises TooManyRequests, TimedOut, or NetworkError for other trouble."""
        seconds = self._read_seconds if read_timeout is self.DEFAULT_NONE else read_timeout
        return await self._exchange(method, url, _body(request_data), seconds)

    async def call(self, url: str, parameters: Mapping[str, Any], read_seconds: float | None = None) -> Any:
        """
        The plain JSON result of a method: for what is called most, and for what PTB would log where it cannot read it.

        Raises PTB's error for what Telegram refuses, what ``do_request`` raises, TelegramError for a nonsense answer.
        """
        seconds = self._read_seconds if read_seconds is None else read_seconds
        return self._result(*await self._exchange("POST", url, _json_body(parameters), seconds))

    async def upload(self, url: str, parameters: Mapping[str, Any], file: Upload, read_seconds: float) -> Any:
        """As ``call``, with a file among the parameters."""
        form = aiohttp.FormData({name: _as_field(value) for name, value in parameters.items()})
        form.add_field(file.parameter, file.content, filename=file.name, content_type="application/octet-stream")
        return self._result(*await self._exchange("POST", url, {"data": form}, read_seconds))

    def _result(self, status: int, payload: bytes) -> Any:
        answer = self.parse_json_payload(payload)
        if "result" in answer:
            return answer["result"]
        raise _error(status, answer)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )
        return self._session

    async def _exchange(self, method: str, url: str, body: dict[str, Any], seconds: float) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=seconds + CONNECT_SECONDS, connect=CONNECT_SECONDS, sock_read=seconds)
        try:
            async with self._opened().request(method, url, timeout=timeout, **body) as answer:
                status, payload = answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except aiohttp.ClientHttpProxyError as problem:
            raise NetworkError(f"the proxy answers {problem.status}") from None
        except (aiohttp.ClientError, OSError) as problem:
            raise NetworkError(type(problem).__name__) from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooManyRequests(_retry_after(payload))
        if status >= HTTPStatus.MULTIPLE_CHOICES and not payload.startswith(b"{"):
            raise NetworkError(f"something on the way answers {status}")  # a proxy's page is no word of Telegram's
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. Raises TelegramError for anything else, without logging what it was."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict) or ("result" not in answer and "error_code" not in answer):
            raise TelegramError("the answer is not the Bot API's")
        return answer


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return _json_body(data.parameters)
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime_type)
    return {"data": form}


def _as_field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _json_body(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": json.dumps(parameters).encode(), "headers": _JSON}


_REFUSALS: Mapping[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}


def _error(status: int, answer: Mapping[str, Any]) -> TelegramError:
    moved = number(part(answer, "parameters"), "migrate_to_chat_id")
    if moved:
        return ChatMigrated(moved)
    description = one_line(words(answer, "description")).removeprefix("Bad Request: ").removeprefix("Forbidden: ")
    return _REFUSALS.get(status, NetworkError)(f"{description[:1].upper()}{description[1:]}" or str(status))


def _retry_after(payload: bytes) -> float:
    """The seconds that a 429 names, a day at most; one, where it names none."""
    try:
        seconds = number(part(json.loads(payload), "parameters"), "retry_after")
    except (ValueError, AttributeError):
        seconds = None
    return 1.0 if seconds is None else float(min(max(seconds, 0), LONGEST_WAIT))
