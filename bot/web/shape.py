"""Requests of a shape that no browser sends, and that two programs may read in two ways: refused, and closed."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bounds import HEADER_LINES, HEADERS


class Shape:
    """
    Refuses what RFC 9112 leaves to the server: a length given twice over (6.1: the way of request smuggling), chunks in
    HTTP/1.0, more headers than a browser ever sends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, if it may be asked."""
        status = _refused(scope) if scope["type"] == "http" else None
        if status is None:
            await self._app(scope, receive, send)
        else:
            await Response(status_code=status, headers={"Connection": "close"})(scope, receive, send)


def _refused(scope: Scope) -> int | None:
    """The status with which this request is refused, if it is."""
    headers = Headers(scope=scope)
    if scope["http_version"] not in ("1.0", "1.1"):
        return 505
    if len(headers) > HEADER_LINES.most or sum(len(name) + len(value) for name, value in headers.raw) > HEADERS.most:
        return 431
    if "transfer-encoding" in headers and ("content-length" in headers or scope["http_version"] == "1.0"):
        return 400
    return None
