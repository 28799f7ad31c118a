"""The web application, put together from what the composition root gives."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.desk import Desk
from bot.channels.web.chat import ChatApi
from bot.channels.web.events import Listeners, Transcript
from bot.channels.web.gate import Gate
from bot.channels.web.page import Pages
from bot.channels.web.sessions import Sessions
from bot.channels.web.words import Wording, Words
from bot.web.headers import SafeHeaders, Watch, safe_headers
from bot.web.health import Check, Health
from bot.web.limits import Limits
from bot.web.peers import Network
from bot.web.problems import Problem, problem_response

_CODES = {404: "not_found", 405: "method", 413: "too_large"}


def _now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def web_app(
    *,
    desk: Desk,
    transcript: Transcript,
    listeners: Listeners,
    sessions: Sessions,
    wording: Wording,
    languages: Sequence[str],
    public_url: str,
    trusted_proxies: Sequence[Network] = (),
    metrics_token: str | None = None,
    checks: Mapping[str, Check] | None = None,
    registry: CollectorRegistry | None = None,
    routes: Sequence[BaseRoute] = (),
    embedders: Sequence[str] = (),
    limits: Limits | None = None,
    session_days: int = 90,
    poll_seconds: float = 1.0,
    now: Callable[[], datetime] = _now,
) -> Starlette:
    """
    The whole web channel.

    ``languages``: codes, the default first. ``checks``: name -> what /readyz asks. ``registry``: the metrics that
    /metrics shows; the web channel adds its own. ``routes``: more endpoints, the Telegram webhook for one.
    ``embedders``: origins of sites that may show the chat inside their page; elsewhere the widget opens a tab.
    ``session_days``: how long a browser keeps a conversation. ``poll_seconds``: how soon a message that another
    process stored reaches an open page.
    """
    # The library logs every event it sends, message and all, at level debug.
    logging.getLogger("sse_starlette.sse").setLevel(logging.INFO)
    limits = limits or Limits()
    registry = registry or CollectorRegistry()
    words = Words(wording, languages)
    gate = Gate(sessions=sessions, public_url=public_url, trusted_proxies=trusted_proxies, limits=limits)
    chat = ChatApi(
        desk=desk, transcript=transcript, listeners=listeners, gate=gate, words=words, limits=limits,
        poll_seconds=poll_seconds, session_days=session_days, now=now,
    )  # fmt: skip
    health = Health(checks=checks or {}, registry=registry, metrics_token=metrics_token, public_url=public_url)
    pages = Pages(words=words, gate=gate, embedders=embedders, session_days=session_days)
    own = [*pages.routes(), *chat.routes(), *health.routes()]
    return _answering([*own, *routes], _Problems(words, gate), registry, https=public_url.startswith("https:"))


def _answering(
    routes: Sequence[BaseRoute], problems: "_Problems", registry: CollectorRegistry, *, https: bool
) -> Starlette:
    """The application that answers these routes, with what is around every request."""
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SafeHeaders, headers=safe_headers(https=https)),
            Middleware(Watch, registry=registry, paths=_paths(routes), failed=problems.failed),
        ],
        exception_handlers={Problem: problems.problem, HTTPException: problems.http},
    )
    # A redirect to the path without its last slash would repeat whatever Host header a stranger sends.
    app.router.redirect_slashes = False
    return app


def _paths(routes: Sequence[BaseRoute]) -> list[str]:
    """The fixed paths among these routes."""
    return [route.path for route in routes if isinstance(route, Route) and "{" not in route.path]


class _Problems:
    """Answers what cannot be answered, in the language of whoever asked."""

    def __init__(self, words: Words, gate: Gate) -> None:
        self._words = words
        self._gate = gate

    async def problem(self, request: Request, error: Exception) -> Response:
        """What one of our endpoints refuses."""
        problem = cast(Problem, error)  # Starlette's handler type is wider than what it passes
        return problem_response(problem, self._spoken(request))

    async def http(self, request: Request, error: Exception) -> Response:
        """What Starlette refuses."""
        refused = cast(HTTPException, error)
        code = _CODES.get(refused.status_code, "invalid_json" if refused.status_code < 500 else "failed")
        status, headers = refused.status_code, refused.headers
        return problem_response(Problem(code), self._spoken(request), status=status, headers=headers)

    def failed(self, request: Request, code: str) -> Response:
        """What nobody expected."""
        return problem_response(Problem(code), self._spoken(request))

    def _spoken(self, request: Request) -> Mapping[str, str]:
        """The words in the language of the session, else of the browser."""
        return self._words[self._words.choose(request, self._gate.language(request))]
