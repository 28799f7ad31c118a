"""From the body of a request to what was asked, with a reason when it cannot be understood."""

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.bounds import BODY, TEXT
from bot.channels.web.sessions import clean_source
from bot.web.body import read_body
from bot.web.errors import ApiError

TEXT_LIMIT = TEXT.most  #: characters of a message

_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_CHOICE_LIMIT = 64  #: bytes, as Telegram has it


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One message from a web client."""

    message_id: str
    text: str | None  #: what was typed; None where a button was tapped
    choice: str | None  #: that button's id
    language: str | None
    source: str | None
    robot: bool  #: the field that people do not see was filled in


async def read_object(request: Request, seconds: float) -> dict[str, Any]:
    """The JSON object in the body, which arrives within ``seconds``. Raises ApiError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError("media_type")
    body = await read_body(request, most=BODY.most, seconds=seconds)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError("invalid_json") from None
    if not isinstance(value, dict):
        raise ApiError("invalid_json")
    return value


def parse_asked(value: dict[str, Any]) -> Asked:
    """What a client's JSON object asks. Raises ApiError."""
    message_id = value.get("message_id")
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise ApiError("message_id")
    text, choice = _content(value.get("text"), value.get("choice"))
    language = value.get("language")
    return Asked(
        message_id=message_id,
        text=text,
        choice=choice,
        language=language if isinstance(language, str) else None,
        source=clean_source(value.get("source")),
        robot=bool(value.get("website")),
    )


def _content(text: object, choice: object) -> tuple[str | None, str | None]:
    if (text is None) == (choice is None):
        raise ApiError("text_or_choice")
    given = choice if text is None else text
    if not isinstance(given, str):
        raise ApiError("text_or_choice")
    given = _storable(given)
    if not given.strip():
        raise ApiError("empty")
    if text is not None:
        if len(given.strip()) > TEXT_LIMIT:
            raise ApiError("too_long")
        return (given.strip() if len(given) > TEXT_LIMIT else given), None
    if len(given.encode()) > _CHOICE_LIMIT:
        raise ApiError("text_or_choice")
    return None, given


def _storable(text: str) -> str:
    """The text with half characters (JSON can hold a lone surrogate, UTF-8 cannot) replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
