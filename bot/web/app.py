"""The HTTP house: routes with what stands around every request, and an answer for what cannot be answered."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.web.errors import ApiError, error_response
from bot.web.headers import SafeHeaders, Watch, safe_headers
from bot.web.shape import Shape

_CODES = {404: "not_found", 405: "method", 413: "too_large"}

Spoken = Callable[[Request], Mapping[str, str]]
"""Gives the words of errors in the language of whoever asks."""


def application(routes: Sequence[BaseRoute], spoken: Spoken, registry: CollectorRegistry, *, https: bool) -> Starlette:
    """The application that answers these routes, with what is around every request; ``registry`` gets its metrics."""
    answers = _ErrorAnswers(spoken)
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SafeHeaders, headers=safe_headers(https=https)),
            Middleware(Watch, registry=registry, paths=_paths(routes), failed=answers.failed),
            Middleware(Shape),
        ],
        exception_handlers={ApiError: answers.refused, HTTPException: answers.http},
    )
    # A redirect to the path without its last slash would repeat whatever Host header a stranger sends.
    app.router.redirect_slashes = False
    return app


def _paths(routes: Sequence[BaseRoute]) -> list[str]:
    return [route.path for route in routes if isinstance(route, Route) and "{" not in route.path]


class _ErrorAnswers:
    def __init__(self, spoken: Spoken) -> None:
        self._spoken = spoken

    async def refused(self, request: Request, error: Exception) -> Response:
        """What one of our endpoints refuses."""
        # Starlette's handler type is wider than what it passes
        return error_response(cast(ApiError, error), self._spoken(request))

    async def http(self, request: Request, error: Exception) -> Response:
        """The answer to what Starlette refuses, with its status and headers."""
        refused = cast(HTTPException, error)
        code = _CODES.get(refused.status_code, "invalid_json" if refused.status_code < 500 else "failed")
        status, headers = refused.status_code, refused.headers
        return error_response(ApiError(code), self._spoken(request), status=status, headers=headers)

    def failed(self, request: Request, code: str) -> Response:
        """The answer to what nobody expected: the code's status, with a sentence that says no more."""
        return error_response(ApiError(code), self._spoken(request))
