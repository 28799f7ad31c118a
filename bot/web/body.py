"""The body of a request, which has an end."""

import asyncio

from starlette.requests import Request

from bot.web.errors import ApiError


async def read_body(request: Request, *, most: int, seconds: float) -> bytes:
    """The body, of ``most`` bytes that arrive within ``seconds``. Raises ApiError, or ClientDisconnect."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:12]) > most:
        raise ApiError("too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise ApiError("too_large")
    except TimeoutError:
        raise ApiError("timeout") from None
    return bytes(body)
