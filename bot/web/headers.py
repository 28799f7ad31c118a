"""Around every request: the headers that keep a page safe, the count and the time, and no traceback for anyone."""

import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from sse_starlette.sse import SendTimeoutError
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.errors import StorageError

log = structlog.get_logger()

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types page"
)
WORKER_POLICY = "default-src 'none'; connect-src 'self'"  #: what a worker fetches for the page is held against its own


def safe_headers(*, https: bool) -> Mapping[str, str]:
    """Headers for every response that does not set its own."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


class SafeHeaders:
    """Adds the safe headers, and ``X-Frame-Options`` where nothing may frame the response."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                framed = "content-security-policy" in headers  # who has a policy of its own says who may frame it
                for name, value in self._headers.items():
                    if not (framed and name == "X-Frame-Options"):
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


class Watch:
    """Counts and times requests, and turns what nobody expected into a plain answer and one line in the log."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        registry: CollectorRegistry,
        paths: Sequence[str],
        failed: Callable[[Request, str], Response],
    ) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._failed = failed
        self._requests = Counter("course_bot_http_requests", "Requests answered", ("path", "status"), registry=registry)
        self._seconds = Histogram(
            "course_bot_http_seconds", "Time to the start of the response", ("path",), registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, path, status = time.perf_counter(), self._label(scope["path"]), 0

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._requests.labels(path, str(status)).inc()
                self._seconds.labels(path).observe(time.perf_counter() - begun)
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except (SendTimeoutError, ClientDisconnect):
            log.debug("client_gone", path=path)
        except Exception as error:
            self._tell(path, error)
            if status == 0:
                code = "unavailable" if isinstance(error, StorageError) else "failed"
                await self._failed(Request(scope), code)(scope, receive, send_counted)

    def _label(self, path: str) -> str:
        """The path where we know it: strangers cannot make figures grow."""
        return path if path in self._paths else "/static/" if path.startswith("/static/") else "other"

    @staticmethod
    def _tell(path: str, error: Exception) -> None:
        """Say what failed and where in the code; not the error's text, which may hold what a person wrote."""
        trace, place = error.__traceback__, ""
        while trace is not None:
            place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
            trace = trace.tb_next
        log.error("request_failed", path=path, error=type(error).__name__, place=place)
