"""What an operator's tools ask: does it live, is it ready, how busy is it."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.addresses.hosts import host_of_header, is_loopback
from bot.web.errors import ApiError
from bot.web.origins import is_same_origin
from bot.web.peers import is_local

log = structlog.get_logger()

Check = Callable[[], Awaitable[str | None]]
"""Gives None when all is well, else one line that says what is not, without a secret."""

CHECK_SECONDS = 3.0


class Warned(str):
    """What a check gives where an operator should look, though the program serves everybody as it should."""


class Health:
    """The operator's endpoints."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        registry: CollectorRegistry,
        *,
        token: str | None,
        public_url: str,
        seconds: float,
    ) -> None:
        self._checks = checks
        self._seconds = seconds
        self._registry = registry
        self._token = token
        self._private = is_loopback(urlsplit(public_url).hostname)
        self._public_url = public_url
        self._asking: asyncio.Future[list[str | None]] | None = None
        self._failing: set[str] = set()  # names of the parts of which the log knows that they do not answer

    def routes(self) -> list[Route]:
        """The endpoints /healthz, /readyz and /metrics."""
        return [
            Route("/healthz", self.lives, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def lives(self, request: Request) -> Response:
        """200 as long as this process answers at all, whatever else is away."""
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    async def ready(self, request: Request) -> Response:
        """Whether every part answers; 503 with the reasons when one does not. Warnings change nothing but the body."""
        outcomes = await self._outcomes()
        parts = dict(zip(self._checks, outcomes, strict=True))
        warnings = {name: reason for name, reason in parts.items() if isinstance(reason, Warned)}
        reasons = {name: reason for name, reason in parts.items() if reason is not None and name not in warnings}
        body = {
            "status": "unavailable" if reasons else "ready",
            "checks": {name: reason or "ok" for name, reason in parts.items()},
            "reasons": reasons,
            "warnings": warnings,
        }
        self._log(reasons)
        shown = body if self._is_operator(request) else _for_strangers(body)
        return JSONResponse(shown, status_code=503 if reasons else 200, headers={"Cache-Control": "no-store"})

    async def _outcomes(self) -> list[str | None]:
        """What every check says. Who asks at the same time gets the same: a crowd asks the database once."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(
                asyncio.gather(*(_run(check, self._seconds) for check in self._checks.values()))
            )
        return await asyncio.shield(self._asking)

    def _log(self, reasons: Mapping[str, str]) -> None:
        """Say once of each part why it does not answer, and once that it does again."""
        for name in reasons.keys() - self._failing:
            log.warning("not_ready", part=name, reason=reasons[name])
        for name in self._failing - reasons.keys():
            log.info("ready_again", part=name)
        self._failing = set(reasons)

    async def metrics(self, request: Request) -> Response:
        """The figures, for whoever has the token; without one, while nobody else comes here. Raises ApiError."""
        if not self._is_operator(request):
            raise ApiError("forbidden")
        return Response(generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _is_operator(self, request: Request) -> bool:
        """
        Whether this request has the token. Without one: while people reach the program on this machine only, whether
        it comes from this machine, and from no page of another site, by whatever name that calls it.
        """
        if self._token is None:
            here = is_loopback(host_of_header(request.headers.get("host", "")))
            return self._private and here and is_local(request) and is_same_origin(request, self._public_url)
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())


def _for_strangers(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same for who is no operator: which part does not answer, not what it said, which may name hosts and users."""
    reasons = dict.fromkeys(body["reasons"], "no answer")
    return {"status": body["status"], "checks": dict.fromkeys(body["checks"], "ok") | reasons, "reasons": reasons}


async def _run(check: Check, seconds: float) -> str | None:
    """What this check says; one that hangs or fails is a reason by itself."""
    try:
        async with asyncio.timeout(seconds):
            return await check()
    except TimeoutError:
        return f"no answer within {seconds:g} seconds"
    except Exception as error:
        return type(error).__name__
