"""What a request is refused with, and how it is told: JSON with a code and a kind sentence."""

import math
from collections.abc import Mapping

from starlette.responses import JSONResponse

#: code -> HTTP status; the sentence stands in messages/<language>/page.toml as "error_<code>"
STATUSES: Mapping[str, int] = {
    "invalid_json": 400,
    "session": 401,
    "cross_site": 403,
    "forbidden": 403,
    "not_found": 404,
    "method": 405,
    "timeout": 408,
    "too_large": 413,
    "media_type": 415,
    "message_id": 422,
    "text_or_choice": 422,
    "empty": 422,
    "too_long": 422,
    "slow_down": 429,
    "failed": 500,
    "not_saved": 503,
    "unavailable": 503,
}


class ApiError(Exception):
    """The request is answered with this error. ``wait``: seconds after which trying again makes sense."""

    def __init__(self, code: str, *, wait: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.wait = wait


def error_response(
    error: ApiError, words: Mapping[str, str], *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that tells this error in the words of one language."""
    body = {"error": {"code": error.code, "message": words[f"error_{error.code}"]}}
    extra = {"Cache-Control": "no-store", **(headers or {})}
    if error.wait is not None:
        extra["Retry-After"] = str(max(1, math.ceil(error.wait)))
    return JSONResponse(body, status_code=status or STATUSES[error.code], headers=extra)
